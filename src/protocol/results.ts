/**
 * The result model (schema 1): what the panel, the lenses, the Test Explorer, the terminal report, JUnit, SARIF and
 * `--json` all read. Made by the engine. Knows nothing of how results are made or shown.
 */

import type { Correction } from "./correction";

export const resultSchema = 1;

/** Zero-based, end exclusive, as in LSP. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Report {
  readonly schema: typeof resultSchema;
  readonly files: readonly FileReport[];
}

export interface FileReport {
  readonly file: string;
  readonly diagnostics: readonly DiagnosticReport[];
  readonly runs?: readonly RunReport[];
  readonly ops?: readonly SampledReport[];
  readonly nets?: readonly SampledReport[];
}

export type Severity = "error" | "warning" | "information" | "hint";

export interface DiagnosticReport {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly { readonly range: Range; readonly file: string; readonly message: string }[];
  readonly fixes?: readonly FixReport[];
}

/** A way out of a problem: a title, and edits. */
export interface FixReport {
  readonly title: string;
  /** Where the edits are of another file than the one that the report is of. */
  readonly file?: string;
  readonly edits: readonly { readonly range: Range; readonly newText: string }[];
}

export type Status = "error" | "failed" | "pending" | "undecided" | "passed";

const severityOfStatus: Readonly<Record<Status, number>> = {
  error: 4,
  failed: 3,
  pending: 2,
  undecided: 1,
  passed: 0,
};

/** The worst of several: error > failed > pending > undecided > passed. */
export function worstStatus(statuses: Iterable<Status>): Status {
  let worst: Status = "passed";
  for (const status of statuses) if (severityOfStatus[status] > severityOfStatus[worst]) worst = status;
  return worst;
}

export interface RunReport {
  readonly name: string;
  readonly range: Range;
  readonly milliseconds: number;
  readonly status: Status;
  readonly error: null | { readonly code: string; readonly message: string; readonly range: Range };
  readonly checks: readonly CheckReport[];
  readonly gradchecks: readonly GradcheckReport[];
  readonly shown: readonly ValueReport[];
  /** What `show` names and has no value, with the reason: a hole, a fault, an error above. */
  readonly withheld?: readonly WithheldReport[];
  readonly plots?: readonly PlotReport[];
  readonly values?: readonly ValueReport[];
}

/** The turn of each `for` around a statement: index name → its value (functions and layers by name). */
export type LoopTurn = Readonly<Record<string, number | string>>;

export interface CheckReport {
  readonly label: string | null;
  readonly range: Range;
  readonly at: LoopTurn | null;
  readonly status: "passed" | "failed" | "pending" | "error";
  readonly message: string;
  readonly worst: null | {
    readonly index: readonly number[];
    readonly actual: Numeric;
    readonly expected: Numeric;
    readonly difference: Numeric;
    readonly tolerance: Numeric;
  };
  readonly explanation: Explanation | null;
  /** Where a side is a gradient by hand rules, and the other the derivative: those rules that are wrong. */
  readonly blame?: readonly BlameReport[];
}

/** A number in a report; in JSON, NaN and infinities are the strings "NaN", "Infinity", "-Infinity". */
export type Numeric = number;

export interface ValueReport {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float64" | "float32" | "int" | "bool";
  readonly data: ArrayLike<Numeric>;
  readonly range: Range;
  /** The loop turn in which it was shown, where there is one. */
  readonly at?: LoopTurn;
}

export interface PlotReport {
  readonly range: Range;
  readonly at: LoopTurn | null;
  /** The first is the abscissa, unless there is one only, which stands against the index. */
  readonly series: readonly ValueReport[];
}

export interface WithheldReport {
  readonly name: string;
  readonly range: Range;
  readonly status: "pending" | "error";
  readonly reason: string;
}

export type Verdict = "passed" | "failed" | "undecided" | "pending";

export interface SampledReport {
  readonly name: string;
  readonly range: Range;
  readonly gradcheck: GradcheckReport;
}

export interface GradcheckReport {
  readonly of: string;
  readonly range: Range;
  readonly at: LoopTurn | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly entries: number;
  readonly worstError: Numeric;
  readonly milliseconds: number;
  readonly leaves: readonly LeafReport[];
  readonly adjoint: readonly { readonly op: string; readonly rule: string; readonly error: Numeric }[];
  readonly slope: null | {
    readonly value: Numeric;
    readonly steps: readonly number[];
    readonly remainders: readonly Numeric[];
    /** The finest and the coarsest step of those that the value is read from; null where every remainder is rounding. */
    readonly chosen?: null | { readonly from: number; readonly to: number };
    /** Remainders up to this say nothing: they are rounding. */
    readonly rounding?: Numeric;
  };
  readonly kinks: readonly {
    readonly node: string;
    readonly op: string;
    readonly range: Range;
    readonly index: readonly number[];
  }[];
  readonly blame: readonly BlameReport[];
  /** The gradients' own derivatives, where they were asked for; the verdict above is the worse of both. */
  readonly secondOrder?: GradcheckReport;
}

export interface LeafReport {
  readonly name: string;
  readonly verdict: Verdict;
  readonly entries: number;
  /**
   * In a session: the id by which slices of the error at each entry are asked for, |rule − difference| in units of max(1, |difference|);
   * NaN where an entry was not compared with differences.
   */
  readonly errors?: number;
  readonly worst: null | {
    readonly index: readonly number[];
    readonly rule: Numeric;
    readonly autodiff: Numeric;
    readonly forward: Numeric;
    readonly finiteDifference: Numeric;
  };
}

export interface BlameReport {
  readonly op: string;
  /** "vjp W", "jvp W", "forward" or "sum at node". */
  readonly rule: string;
  readonly node: string;
  /** Of the rule, or of the named value that is the first wrong one. */
  readonly range: Range;
  /** Where a value is blamed, the rule that is wrong by way of it. */
  readonly ruleRange?: Range;
  /** Where the ranges are in another file than the run. */
  readonly file?: string;
  readonly index: readonly number[];
  readonly explanation: Explanation;
  /** Where else the same line is wrong in the same way: other members of a family, other applications of the op. */
  readonly also?: readonly {
    readonly rule: string;
    readonly node: string;
    /** Of the value; of a rule, where the op is applied. */
    readonly range: Range;
    readonly file?: string;
    readonly index: readonly number[];
  }[];
}

export type ExplanationKind =
  | "sign"
  | "factor"
  | "transposed"
  | "missing-factor"
  | "evaluated-at-output"
  | "missing-cotangent"
  | "overwritten-sum"
  | "missing-reduction"
  | "other-argument"
  | "unknown";

export interface Explanation {
  readonly kind: ExplanationKind;
  /** What the rule as written must be multiplied by to be right; 1 where it is right as it is, and something else is not. */
  readonly factor: number | null;
  readonly expression: string | null;
  readonly fit: Numeric;
  readonly runnerUp: null | { readonly kind: ExplanationKind; readonly fit: Numeric };
  /** What puts it right, all of it together; left out where hosts have no use for it. */
  readonly corrections?: readonly Correction[];
  /** What puts it right in another way, where another mistake fits as well. */
  readonly otherCorrections?: readonly Correction[];
  readonly message: string;
  /** Edits that mend it: tried, and found to be right. */
  readonly fix?: FixReport;
  /** Of the mistake that fits as well. */
  readonly otherFix?: FixReport;
}
