/** What a gradcheck is asked and what it answers, as numbers and nodes. Knows nothing of ranges, which its caller finds by origin. */
import type { Application, Graph, Node } from "../graph";
import type { ThreadHost } from "../compile";
import type { Correction } from "./correction";

export type Verdict = "passed" | "failed" | "undecided" | "pending";

/** |actual − expected| ≤ absolute + relative · |expected|. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

export const defaultTolerance: Tolerance = { absolute: 1e-8, relative: 1e-6 };

export interface GradcheckInput {
  readonly graph: Graph;
  /** Any float node. */
  readonly root: Node;
  /**
   * What plain autodiff and differences are taken of, where the rules in force give the same value another way: for the gradient that
   * they give, the one that autodiff gives. By default the root.
   */
  readonly truth?: Node;
  /** Float nodes; inner ones are cut and treated as inputs. */
  readonly leaves: readonly { readonly name: string; readonly node: Node }[];
  readonly tolerance?: Tolerance;
  /** "full" compares every entry whatever it costs. */
  readonly effort?: "default" | "full";
  /** Threads that help where that takes long; the outcome does not depend on them. */
  readonly threads?: ThreadHost | undefined;
  /** Called often; it may throw to cancel. */
  readonly poll?: (done: number, total: number) => void;
  /** The names of values in scope: for messages and candidate factors. */
  readonly nameOf?: (node: Node) => string | undefined;
  /** All names of a value, in the order of their definition: `dz = da` gives one value two. */
  readonly namesOf?: (node: Node) => readonly string[];
  /** Where a value gets a name, opaque as the origins of nodes are. */
  readonly definedAt?: ((node: Node, name: string) => unknown) | undefined;
  /** What is written where a node was recorded: it says by which of its names a value is used there. */
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
}

export interface GradcheckOutcome {
  readonly verdict: Verdict;
  /** Why it is not simply passed, or how much of it was sampled. */
  readonly reason: string | null;
  /** How many entries were compared with differences. */
  readonly entries: number;
  readonly worstError: number;
  readonly leaves: readonly LeafOutcome[];
  /** |⟨u, J v⟩ − ⟨Jᵀ u, v⟩| for each input with a vjp and a jvp rule, relative to the size of the summands. */
  readonly adjoint: readonly {
    readonly application: Application;
    readonly rule: string;
    readonly error: number;
  }[];
  readonly slope: SlopeOutcome | null;
  readonly kinks: readonly Kink[];
  /** What is wrong, in the order in which the error spreads, from the root backwards. */
  readonly blame: readonly Blame[];
}

export interface LeafOutcome {
  readonly name: string;
  readonly verdict: Verdict;
  /** Why it is not passed, or null. */
  readonly reason: string | null;
  readonly entries: number;
  readonly worstError: number;
  readonly worst: WorstEntry | null;
  /** By entry, |rule − difference| in units of max(1, |difference|); NaN where no difference was taken. */
  readonly errors?: Float64Array;
}

export interface WorstEntry {
  readonly index: number[];
  readonly rule: number;
  readonly autodiff: number;
  readonly forward: number;
  readonly finiteDifference: number;
}

/** The remainder |f(x + t·v) − f(x) − t·⟨g, v⟩| by step t: it falls with t² where g is the gradient, with t where it is not. */
export interface SlopeOutcome {
  readonly value: number;
  readonly steps: number[];
  readonly remainders: number[];
  /** The finest and the coarsest step of those that the slope is read from; null where every remainder is rounding. */
  readonly chosen: { readonly from: number; readonly to: number } | null;
  /** Remainders up to this say nothing: they are rounding. */
  readonly rounding: number;
}

/** An element at which an operator changes from one smooth piece to another within the step. */
export interface Kink {
  readonly node: Node;
  readonly op: string;
  readonly index: number[];
}

export interface Blame extends BlamedPlace {
  readonly explanation: Explanation;
  /** Where else the same line is wrong in the same way: other members of a family, other applications of one op. */
  readonly also?: readonly BlamedPlace[];
}

export interface BlamedPlace {
  /** Undefined where an operator's own derivative is at fault. */
  readonly application: Application | undefined;
  /** "vjp W", "jvp W", "forward" (an operator's derivative is not that of its values) or "sum at node". */
  readonly rule: string;
  /** Where the error appears first: the input of the rule, or an inner value of its expression. */
  readonly node: Node;
  /** What that inner value is called inside of the application; nothing where it is the rule itself that is wrong. */
  readonly value?: string;
  /** The worst element. */
  readonly index: number[];
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
  /** How far the best candidate is from the truth, relative to it. */
  readonly fit: number;
  readonly runnerUp: { readonly kind: ExplanationKind; readonly fit: number } | null;
  /** What puts it right, all of it together; nothing where no known mistake fits. */
  readonly corrections: readonly Correction[];
  /** What puts it right in another way, where another mistake fits as well. */
  readonly otherCorrections?: readonly Correction[];
  readonly message: string;
}

const severity: Readonly<Record<Verdict, number>> = { passed: 0, undecided: 1, pending: 2, failed: 3 };

export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = "passed";
  for (const verdict of verdicts) if (severity[verdict] > severity[worst]) worst = verdict;
  return worst;
}
