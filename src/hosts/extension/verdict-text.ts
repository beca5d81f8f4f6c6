/** Verdicts in a few words: for lenses, the status bar and line ends. Knows no editor. */
import {
  worstStatus,
  type BlameReport,
  type CheckReport,
  type GradcheckReport,
  type Status,
  type TargetReport,
  type TensorSummary,
} from "../../protocol";
import type { Action } from "./document-results";

export const marks: Readonly<Record<Status, string>> = {
  passed: "✓",
  failed: "✗",
  error: "✗",
  pending: "○",
  undecided: "?",
};

export interface LensState {
  readonly running: boolean;
  readonly stale: boolean;
  /** The newest report for this action. */
  readonly report: TargetReport | undefined;
}

/** The lens's words: what it does, or what came of it. */
export function lensTitle(action: Action, title: string, { running, stale, report }: LensState): string {
  if (running) return `$(loading~spin) ${plainTitle(title)}…`;
  if (report === undefined) return title;
  const [status, verdict] = verdictOf(action, report);
  if (verdict === undefined) return title;
  if (!stale) return `${marks[status]} ${verdict}`;
  return `${title} · ${pastTense[status]} before the last edit`;
}

const pastTense: Readonly<Record<Status, string>> = {
  passed: "passed",
  failed: "failed",
  error: "stopped with an error",
  pending: "was pending",
  undecided: "was undecided",
};

/** Without the sign in front. */
function plainTitle(title: string): string {
  return title.replace(/^\P{L}+/u, "");
}

function verdictOf(action: Action, report: TargetReport): readonly [Status, string | undefined] {
  switch (action) {
    case "run":
      return [report.run?.status ?? report.status, runVerdict(report)];
    case "gradcheck": {
      const gradchecks = gradchecksOf(report);
      const error = report.run === null ? null : report.run.error;
      if (error !== null) return ["error", `Gradcheck: ${shorten(error.message, lensLimit)}`];
      return [worstStatus(gradchecks.map(({ verdict }) => verdict)), gradcheckVerdict(gradchecks)];
    }
    case "forward":
    case "backward":
    case "inspect":
      return [report.status, undefined];
  }
}

/** Each gradcheck once: that of an op or net alone may stand in both places. */
export function gradchecksOf({ sampled, gradchecks }: TargetReport): readonly GradcheckReport[] {
  if (sampled === null) return gradchecks;
  const own = sampled.gradcheck;
  return [
    own,
    ...gradchecks.filter(({ of, range }) => of !== own.of || range.start.line !== own.range.start.line),
  ];
}

function runVerdict({ run }: TargetReport): string | undefined {
  if (run === null) return undefined;
  if (run.error !== null) return `Run: ${shorten(run.error.message, lensLimit)}`;
  const { checks } = run;
  const time = durationText(run.milliseconds);
  const bad = checks.filter(({ status }) => status === "failed" || status === "error").length;
  const pending = checks.filter(({ status }) => status === "pending").length;
  if (bad > 0) return `Run: ${String(bad)} of ${count(checks.length, "check")} failed · ${time}`;
  const gradcheck = run.gradchecks.find(({ verdict }) => verdict === "failed");
  if (gradcheck !== undefined) return `Run: gradcheck ${gradcheck.of} failed · ${time}`;
  if (pending > 0) return `Run: ${String(pending)} of ${count(checks.length, "check")} pending · ${time}`;
  return checks.length === 0
    ? `Run finished · ${time}`
    : `Run passed · ${count(checks.length, "check")} · ${time}`;
}

/** `Gradcheck passed · 23 entries · worst 3.1e-10 · 1.8 ms`, or what is wrong first. */
export function gradcheckVerdict(gradchecks: readonly GradcheckReport[]): string {
  if (gradchecks.length === 0) return "Gradcheck: nothing to check";
  const failed = gradchecks.find(({ verdict }) => verdict === "failed");
  if (failed !== undefined) return blameText(failed);
  const open = gradchecks.find(({ verdict }) => verdict !== "passed");
  if (open !== undefined) {
    return `Gradcheck ${open.verdict}${open.reason === null ? "" : `: ${shorten(open.reason, lensLimit)}`}`;
  }
  const entries = gradchecks.reduce((sum, each) => sum + each.entries, 0);
  const worst = Math.max(...gradchecks.map(({ worstError }) => worstError));
  const milliseconds = gradchecks.reduce((sum, each) => sum + each.milliseconds, 0);
  return `Gradcheck passed · ${count(entries, "entry", "entries")} · worst ${numberText(worst)} · ${durationText(milliseconds)}`;
}

/** `vjp W: transposed (m.s1, entry [2, 0])`, or `m.dz: transposed (entry [2, 0], in vjp W)`. */
function blameText({ of, blame, leaves }: GradcheckReport): string {
  const [first] = blame;
  if (first !== undefined) {
    const { rule, ruleRange, node, index, explanation } = first;
    const { kind, factor } = explanation;
    const wrong = kind === "unknown" ? "wrong" : kind.replaceAll("-", " ");
    const what = kind === "factor" && factor !== null ? `factor ${numberText(factor)} missing` : wrong;
    if (ruleRange !== undefined) return `${node}: ${what} (entry ${indexText(index)}, in ${rule})`;
    return `${rule}: ${what} (${node}, entry ${indexText(index)})`;
  }
  const leaf = leaves.find(({ verdict }) => verdict === "failed");
  if (leaf === undefined) return `Gradcheck of ${of} failed`;
  return `Gradcheck failed: ${leaf.name}${leaf.worst === null ? "" : `, entry ${indexText(leaf.worst.index)}`}`;
}

/** The explanation, with the rule that it is about in front. */
export function explained({ rule, ruleRange, explanation: { message } }: BlameReport): string {
  return ruleRange !== undefined || message.startsWith(`${rule}:`) ? message : `${rule}: ${message}`;
}

/** What stands behind a check's line: its mark, and its message where it did not pass. Several are loop turns. */
export function checkText(checks: readonly CheckReport[]): {
  readonly status: Status;
  readonly text: string;
} {
  const status = worstStatus(checks.map((check) => check.status));
  const turns = checks.length > 1 ? ` ×${String(checks.length)}` : "";
  const worst = checks.find((check) => check.status === status);
  if (status === "passed" || worst === undefined) return { status, text: `${marks[status]}${turns}` };
  const of =
    turns === ""
      ? ""
      : ` ${String(checks.filter((check) => check.status === status).length)} of ${String(checks.length)}:`;
  return { status, text: `${marks[status]}${of} ${shorten(worst.message, lineEndLimit)}` };
}

/** What stands behind a node's line: the number, or a few statistics. */
export function summaryText(summary: TensorSummary): string {
  const { count: elements, mean, deviation, min, max, nan, infinite } = summary;
  const odd = [
    nan > 0 ? `${String(nan)} NaN` : "",
    infinite > 0 ? `${String(infinite)} infinite` : "",
  ].filter((text) => text !== "");
  if (odd.length > 0) return odd.join(", ");
  if (elements === 1) return numberText(mean);
  if (elements === 0) return "empty";
  return `μ ${numberText(mean)}\u00a0 σ ${numberText(deviation)}\u00a0 [${numberText(min)}, ${numberText(max)}]`;
}

/** Three significant digits, and no whole one less: 2024 is not 2020. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (magnitude < 1e-3 || magnitude >= 1e5) return value.toExponential(1);
  const whole = Math.floor(Math.log10(magnitude)) + 1;
  return String(Number(value.toPrecision(Math.max(3, whole))));
}

export function durationText(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
  if (milliseconds >= 10) return `${milliseconds.toFixed(0)} ms`;
  return `${milliseconds.toFixed(milliseconds < 0.1 ? 2 : 1)} ms`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

export function indexText(index: readonly number[]): string {
  return `[${index.join(", ")}]`;
}

/** A lens shares its line with others; a line's end has more room. */
const lensLimit = 60;
const lineEndLimit = 110;

function shorten(text: string, limit: number): string {
  const line = text.replaceAll("`", "").replace(/\s+/g, " ").trim();
  return line.length > limit ? `${line.slice(0, limit - 1).trimEnd()}…` : line;
}
