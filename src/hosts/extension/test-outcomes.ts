/** What became of each test of a run, op or net: from its report. Knows no editor. */
import {
  worstStatus,
  type CheckReport,
  type GradcheckReport,
  type LoopTurn,
  type Range,
  type Status,
  type TargetReport,
} from "../../protocol";
import { explained, gradcheckVerdict, gradchecksOf, indexText, numberText } from "./verdict-text";

export interface TestOutcome {
  readonly status: Status;
  readonly message: string;
  /** For a comparison: what stood on either side, a line each, since an editor writes both at the end of the check's line. */
  readonly difference: { readonly expected: string; readonly actual: string } | null;
  readonly milliseconds: number | null;
}

/** The outcome of the check or gradcheck at a place in a run; the turns of a loop count together. */
export function outcomeAt(report: TargetReport, range: Range): TestOutcome | undefined {
  const there = (each: { readonly range: Range }): boolean => each.range.start.line === range.start.line;
  const checks = report.run?.checks.filter(there) ?? [];
  if (checks.length > 0) return ofChecks(checks);
  const gradchecks = gradchecksOf(report).filter(there);
  return gradchecks.length > 0 ? ofGradchecks(gradchecks) : undefined;
}

/** The outcome of an op or net that is checked by itself. */
export function outcomeAlone(report: TargetReport): TestOutcome {
  return ofGradchecks(gradchecksOf(report));
}

function ofChecks(checks: readonly CheckReport[]): TestOutcome {
  const status = worstStatus(checks.map((check) => check.status));
  const worst = checks.find((check) => check.status === status);
  const element = worst?.worst ?? null;
  const difference =
    element === null || status === "passed"
      ? null
      : {
          expected: `${entryText(element.index)}${String(element.expected)} ± ${numberText(element.tolerance)}`,
          actual: `${entryText(element.index)}${String(element.actual)}`,
        };
  const turn = worst === undefined || worst.at === null ? "" : ` (${turnText(worst.at)})`;
  return { status, message: `${worst?.message ?? ""}${turn}`, difference, milliseconds: null };
}

/** Which element it is; a scalar has but one. */
function entryText(index: readonly number[]): string {
  return index.length === 0 ? "" : `${indexText(index)}: `;
}

function turnText(turn: LoopTurn): string {
  return Object.entries(turn)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join(", ");
}

function ofGradchecks(gradchecks: readonly GradcheckReport[]): TestOutcome {
  const status =
    gradchecks.length === 0 ? "undecided" : worstStatus(gradchecks.map(({ verdict }) => verdict));
  const explanations = gradchecks.flatMap(({ blame }) => blame.map(explained));
  return {
    status,
    message: [gradcheckVerdict(gradchecks), ...explanations].join("\n"),
    difference: null,
    milliseconds: gradchecks.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  };
}
