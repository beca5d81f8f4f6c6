/** Checks as text: a line each; the turns of a loop together while they pass; a failure with its worst element. */
import { blamedName, type BlameReport, type CheckReport } from "../../../protocol";
import { formatNumber } from "../../../runtime/tensor";
import { explanationText } from "./explanation-text";
import type { Page } from "./page";
import { cutTo, indented, printable, wrapWords } from "./text-width";
import { checkName, inks, marks, placeText, plural, sourceAt, turnText } from "./wording";

/** Failures of one check in a loop that are told in full. */
const toldFailures = 5;

/** All turns of one `check`; they share its place. */
export function checkText(page: Page, file: string, turns: readonly CheckReport[]): string[] {
  const passed = turns.filter(({ status }) => status === "passed");
  const others = turns.filter(({ status }) => status !== "passed");
  const lines =
    passed.length > 1
      ? [passedTurns(page, file, passed, others.length)]
      : passed.flatMap((check) => oneCheck(page, file, check));
  lines.push(...others.slice(0, toldFailures).flatMap((check) => oneCheck(page, file, check)));
  const untold = others.length - toldFailures;
  if (untold > 0) lines.push(page.paint("faint", `  and ${plural(untold, "more turn")} like these`));
  return lines;
}

function passedTurns(page: Page, file: string, passed: readonly CheckReport[], others: number): string {
  const count =
    others === 0
      ? `all ${String(passed.length)} turns`
      : `${String(passed.length)} of ${String(passed.length + others)} turns`;
  return `${page.paint("passed", marks.passed)} ${nameOf(page, file, passed[0]!)}${page.paint("faint", `  ${count}`)}`;
}

function oneCheck(page: Page, file: string, check: CheckReport): string[] {
  const { paint, width, source } = page;
  const { status, at, range, label, message, worst, explanation, blame = [] } = check;
  const mark = paint(inks[status], marks[status]);
  const turn = at === null ? "" : paint("faint", `  ${turnText(at)}`);
  const head = `${mark} ${nameOf(page, file, check)}${turn}`;
  if (status === "passed") return [head];
  if (status === "pending") return [`${head}${paint("faint", `  pending: ${printable(message)}`)}`];
  const lines = [`${head}${paint("faint", `  ${placeText(file, range)}`)}`];
  const written = label === null ? undefined : sourceAt(source(file), range);
  if (written !== undefined) lines.push(`  ${paint("faint", cutTo(written, width - 10))}`);
  lines.push(...indented(wrapWords(printable(message), width - 8), 2));
  if (worst !== null && worst.tolerance > 0)
    lines.push(
      `  ${paint("faint", `${formatNumber(worst.difference)} apart, ${formatNumber(worst.tolerance)} allowed`)}`,
    );
  if (explanation !== null) lines.push(...indented(explanationText(page, explanation, 8), 2));
  for (const each of blame) lines.push(...indented(blamedLine(page, file, each), 2));
  return lines;
}

/** Where the rule stands that makes a side wrong, or the value in it. */
function blamedLine({ paint, source, width }: Page, file: string, blame: BlameReport): string[] {
  const { range } = blame;
  const at = blame.file ?? file;
  const quoted = sourceAt(source(at), range);
  return [
    `${paint("failed", printable(blamedName(blame)))}${paint("faint", `  ${placeText(at, range)}`)}`,
    ...(quoted === undefined ? [] : [`  ${paint("faint", cutTo(printable(quoted), width - 12))}`]),
  ];
}

function nameOf({ source, width }: Page, file: string, check: CheckReport): string {
  return cutTo(
    checkName(check, source(file)),
    Math.max(24, width - (check.status === "passed" && check.at === null ? 6 : 30)),
  );
}
