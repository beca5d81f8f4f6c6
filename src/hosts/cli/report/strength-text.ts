/** What a file's tests would miss, as text: each rule and hand-derived value with its missed mutants and what would catch them. */
import type { FileStrength, MutantReport, SubjectStrength } from "../../../protocol";
import type { Page } from "./page";
import { indented, printable, wrapWords } from "./text-width";
import { placeText, plural } from "./wording";

export function strengthText(page: Page, report: FileStrength): string[] {
  const { paint } = page;
  const { file, subjects, skipped, untried, errors } = report;
  const lines = [paint("strong", printable(file)), ""];
  if (errors > 0)
    lines.push(
      paint("failed", `  ${plural(errors, "error")}: nnspec check ${printable(file)} tells them`),
      "",
    );
  for (const subject of subjects) lines.push(...indented(subjectText(page, file, subject), 2), "");
  if (subjects.length === 0 && errors === 0)
    lines.push(
      paint("faint", "  Nothing is derived by hand here: no rules, and no checks of derivatives."),
      "",
    );
  for (const { run, reason } of skipped)
    lines.push(paint("warning", `  run ${printable(run)} was not repeated: ${printable(reason)}`));
  if (untried > 0)
    lines.push(
      paint(
        "warning",
        `  ${plural(untried, "mutant")} not tried for lack of time; --limit SECONDS gives more`,
      ),
    );
  return lines;
}

function subjectText(page: Page, file: string, { name, range, mutants, refused }: SubjectStrength): string[] {
  const { paint } = page;
  const caught = mutants.filter(({ outcome }) => outcome === "caught");
  const counts = [
    caught.length > 0 ? `${String(caught.length)} caught` : "",
    refused > 0 ? `${String(refused)} refused by their shapes` : "",
  ].filter((text) => text !== "");
  const missed = mutants.filter(({ outcome }) => outcome === "missed");
  const masked = mutants.filter(({ outcome }) => outcome === "masked");
  const mark =
    missed.length > 0
      ? paint("failed", "✗")
      : masked.length > 0
        ? paint("warning", "?")
        : paint("passed", "✓");
  const head = `${mark} ${printable(name)}${paint("faint", `  ${placeText(file, range)}  ${counts.join(", ")}`)}`;
  const equal = mutants.filter(({ outcome }) => outcome === "equivalent");
  return [
    head,
    ...missedText(page, missed),
    ...maskedText(page, masked),
    ...equal.map(({ title }) => paint("faint", `  equivalent for all inputs tried: ${printable(title)}`)),
  ];
}

/** By what is to be mended first: an error, or the first test that fails. */
function maskedText({ paint }: Page, masked: readonly MutantReport[]): string[] {
  const [first] = masked;
  if (first === undefined) return [];
  const why =
    first.by === null ? "it has an error" : `${first.by.kind} ${printable(first.by.name)} fails already`;
  return [paint("warning", `  ${plural(masked.length, "mutant")} cannot be judged: ${why}; mend it first`)];
}

/** What catches several is told once, under all of them. */
function missedText({ paint, width }: Page, missed: readonly MutantReport[]): string[] {
  return missed.flatMap(({ title, suggestion }, i) => {
    const lines = [`  ${paint("failed", "missed:")} ${printable(title)}`];
    if (suggestion === null || missed[i + 1]?.suggestion?.text === suggestion.text) return lines;
    lines.push(...indented(wrapWords(printable(suggestion.title), width - 8), 4));
    lines.push(
      ...indented(
        suggestion.text.split("\n").map((line) => paint("note", printable(line))),
        6,
      ),
    );
    return lines;
  });
}

export function strengthSummary({ paint }: Page, files: readonly FileStrength[]): string[] {
  const mutants = files.flatMap(({ subjects }) => subjects.flatMap((subject) => subject.mutants));
  if (mutants.length === 0) return [];
  const count = (outcome: MutantReport["outcome"]): number =>
    mutants.filter((mutant) => mutant.outcome === outcome).length;
  const parts = [
    paint("passed", `${String(count("caught"))} caught`),
    ...(count("missed") > 0 ? [paint("failed", `${String(count("missed"))} missed`)] : []),
    ...(count("masked") > 0 ? [paint("warning", `${String(count("masked"))} cannot be judged`)] : []),
    ...(count("equivalent") > 0 ? [paint("faint", `${String(count("equivalent"))} equivalent`)] : []),
  ];
  return [`mutants     ${parts.join(", ")}`];
}
