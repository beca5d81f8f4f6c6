/** Words and numbers as the terminal report and its siblings for machines say them. Knows no layout. */
import { formatNumber } from "../../../runtime/tensor";
import type { CheckReport, Explanation, LoopTurn, Range, Status } from "../../../protocol";
import type { Ink } from "./paint";
import { printable } from "./text-width";

export const marks: Readonly<Record<Status, string>> = {
  passed: "✓",
  failed: "✗",
  error: "✗",
  undecided: "?",
  pending: "…",
};

export const inks: Readonly<Record<Status, Ink>> = {
  passed: "passed",
  failed: "failed",
  error: "failed",
  undecided: "undecided",
  pending: "pending",
};

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${String(count)} ${count === 1 ? noun : many}`;
}

/** A duration in the unit that suits it. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 0.9995) return `${formatNumber(milliseconds * 1000, 3)} µs`;
  if (milliseconds < 999.5) return `${formatNumber(milliseconds, 3)} ms`;
  return `${formatNumber(milliseconds / 1000, 3)} s`;
}

/** `i = 0, l = 1`. */
export function turnText(at: LoopTurn): string {
  return Object.entries(at)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join(", ");
}

export function indexText(index: readonly number[]): string {
  return `[${index.join(", ")}]`;
}

/** `file:line:column`, counted from 1 as editors and terminals do. */
export function placeText(file: string, { start }: Range): string {
  return `${printable(file)}:${String(start.line + 1)}:${String(start.character + 1)}`;
}

/** The text at a range, on one line. */
export function sourceAt(text: string | undefined, { start, end }: Range): string | undefined {
  if (text === undefined) return undefined;
  const lines = text.split(/\r\n|\r|\n/).slice(start.line, end.line + 1);
  if (lines.length === 0) return undefined;
  const last = lines.length - 1;
  lines[last] = lines[last]!.slice(0, end.line === start.line + last ? end.character : undefined);
  lines[0] = lines[0]!.slice(start.character);
  return printable(
    lines
      .map((line) => line.trim())
      .join(" ")
      .trim(),
  );
}

/** What a check is called: its label, else its condition, else its line. */
export function checkName(check: CheckReport, text: string | undefined): string {
  if (check.label !== null) return printable(check.label);
  const condition = sourceAt(text, check.range)?.replace(/^check\s+/, "");
  return condition === undefined || condition === ""
    ? `line ${String(check.range.start.line + 1)}`
    : condition;
}

/** `fit 1e-16; runner-up: sign (0.3)`: how good the explanation is, and the next best; null where there is no evidence. */
export function evidenceText({ kind, fit, runnerUp }: Explanation): string | null {
  if (kind === "unknown") return null;
  const second = runnerUp === null ? "" : `; runner-up: ${runnerUp.kind} (${formatNumber(runnerUp.fit, 2)})`;
  return `fit error ${formatNumber(fit, 2)}${second}`;
}
