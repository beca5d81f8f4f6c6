/** A run as text: what it shows, its plots, its checks and its gradient checks. */
import type { CheckReport, GradcheckReport, RunReport, ValueReport } from "../../../protocol";
import { checkText } from "./check-text";
import { gradcheckText, type ReportOptions } from "./gradcheck-text";
import type { Page } from "./page";
import { plotText } from "./plot-text";
import { indented, printable, wrapWords } from "./text-width";
import { durationText, inks, marks, placeText } from "./wording";
import { valueText } from "./value-text";

export interface RunTextOptions extends ReportOptions {
  /** Whether the run's error has been told with its excerpt already. */
  readonly errorTold: boolean;
}

export function runText(page: Page, file: string, run: RunReport, options: RunTextOptions): string[] {
  const { paint } = page;
  const { status, name, milliseconds, error, shown, plots = [], values = [] } = run;
  const word = status === "passed" ? "" : paint(inks[status], `  ${status}`);
  const lines = [
    `${paint(inks[status], marks[status])} ${paint("strong", `run ${printable(name)}`)}${word}  ${paint("faint", durationText(milliseconds))}`,
  ];
  if (error !== null)
    lines.push(
      ...indented(options.errorTold ? [toldError(page, file, error)] : errorText(page, file, error), 2),
    );
  lines.push(
    ...indented(
      shown.flatMap((value) => valueText(page, value)),
      2,
    ),
  );
  for (const each of run.withheld ?? []) {
    const status = paint(inks[each.status], each.status);
    lines.push(
      ...indented([`${printable(each.name)}  ${status}${paint("faint", `: ${printable(each.reason)}`)}`], 2),
    );
  }
  lines.push(
    ...indented(
      plots.flatMap((plot) => plotText(page, plot)),
      2,
    ),
  );
  lines.push(...indented(allValues(page, values), 2));
  for (const turns of groupedByPlace(run.checks)) lines.push(...indented(checkText(page, file, turns), 2));
  for (const each of run.gradchecks) lines.push(...indented(gradcheckText(page, file, each, options), 2));
  return lines;
}

type RunError = NonNullable<RunReport["error"]>;

function toldError({ paint }: Page, file: string, { code, range }: RunError): string {
  return `${paint("failed", `error[${code}]`)}${paint("faint", `  ${placeText(file, range)}, above`)}`;
}

function errorText({ paint, width }: Page, file: string, error: RunError): string[] {
  const head = `error[${error.code}]`;
  const [first = "", ...rest] = wrapWords(`${head}: ${printable(error.message)}`, width - 4);
  const [last = "", ...others] = [first.slice(head.length), ...rest].reverse();
  const lines = [...others.reverse(), `${last}${paint("faint", `  ${placeText(file, error.range)}`)}`];
  lines[0] = paint("failed", head) + (lines[0] ?? "");
  return lines;
}

function allValues(page: Page, values: readonly ValueReport[]): string[] {
  if (values.length === 0) return [];
  return [page.paint("faint", "all values"), ...values.flatMap((value) => valueText(page, value))];
}

/** The turns of one statement together, in the order of the file. */
function groupedByPlace(checks: readonly CheckReport[]): readonly (readonly CheckReport[])[] {
  const groups = new Map<string, CheckReport[]>();
  for (const check of checks) {
    const { line, character } = check.range.start;
    const key = `${String(line)}:${String(character)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [check]);
    else group.push(check);
  }
  return [...groups.values()];
}

/** An op or net that was checked on sampled inputs. */
export function sampledText(
  page: Page,
  file: string,
  kind: "op" | "net",
  { name, gradcheck }: { readonly name: string; readonly gradcheck: GradcheckReport },
  options: ReportOptions,
): string[] {
  return gradcheckText(page, file, { ...gradcheck, of: `${kind} ${name}` }, options);
}
