/** What a file's tests would miss, as Markdown. Knows no editor. */
import type { FileStrength, MutantReport, SubjectStrength } from "../../protocol";

export function strengthSummary(report: FileStrength): string {
  const mutants = report.subjects.flatMap((subject) => subject.mutants);
  const count = (outcome: MutantReport["outcome"]): number =>
    mutants.filter((mutant) => mutant.outcome === outcome).length;
  if (mutants.length === 0) return "Nothing that is derived by hand was found to test the tests with.";
  const missed = count("missed");
  const verdict =
    missed === 0
      ? `The tests would notice all ${String(count("caught"))} planted mistakes`
      : `The tests would miss ${String(missed)} of ${String(missed + count("caught"))} planted mistakes`;
  const masked = count("masked");
  if (masked > 0 && missed + count("caught") === 0)
    return "The tests fail already: mend what is wrong first, then test them.";
  const unsaid = masked === 0 ? "" : `; ${String(masked)} more are masked by tests that fail already`;
  const untried = report.untried === 0 ? "" : `; for ${String(report.untried)} there was no time`;
  return `${verdict}${unsaid}${untried}.`;
}

export function strengthReport(name: string, report: FileStrength): string {
  const lines = [`# The strength of the tests of ${name}`, "", strengthSummary(report), ""];
  for (const subject of report.subjects) lines.push(...subjectLines(subject), "");
  for (const { run, reason } of report.skipped) lines.push(`- run \`${run}\` was not repeated: ${reason}`);
  return `${lines.join("\n").trimEnd()}\n`;
}

function subjectLines({ name, range, mutants, refused }: SubjectStrength): string[] {
  const caught = mutants.filter(({ outcome }) => outcome === "caught");
  const lines = [`## ${name}, line ${String(range.start.line + 1)}`, ""];
  for (const { outcome, title, by, suggestion } of mutants) {
    if (outcome === "caught") continue;
    const mask = outcome === "masked" && by !== null ? ` — ${by.kind} \`${by.name}\` fails already` : "";
    lines.push(`- ${outcome === "missed" ? "**missed**" : outcome}: ${title}${mask}`);
    if (suggestion === null) continue;
    lines.push(
      `  ${suggestion.title}`,
      "",
      "  ```nnspec",
      ...suggestion.text.split("\n").map((line) => `  ${line}`),
    );
    lines.push("  ```", "");
  }
  for (const { title, by } of caught)
    lines.push(
      `- caught: ${title}${by === null ? "" : ` — by ${by.kind} \`${by.name}\` in run \`${by.run}\``}`,
    );
  if (refused > 0) lines.push(`- ${String(refused)} more are refused by their shapes`);
  return lines;
}
