/**
 * What a test of the tests tells (schema 1): for every rule and hand-derived value of a file, the mistakes planted in it, and which of
 * them the file's own checks and gradchecks would miss. Made by the engine.
 */
import type { Range } from "./results";

export interface StrengthReport {
  readonly schema: 1;
  readonly files: readonly FileStrength[];
}

export interface FileStrength {
  readonly file: string;
  /** Errors that the checker finds: with them some tests cannot be tested. */
  readonly errors: number;
  readonly subjects: readonly SubjectStrength[];
  /** Runs that were not repeated for every mutant, with the reason. */
  readonly skipped: readonly { readonly run: string; readonly reason: string }[];
  /** Mutants that there was no time for. */
  readonly untried: number;
  readonly milliseconds: number;
}

/** A rule, or a value that is derived by hand and compared in a check. */
export interface SubjectStrength {
  /** "linear vjp W", "Net dz", "run check 2". */
  readonly name: string;
  readonly kind: "rule" | "value" | "check";
  readonly range: Range;
  readonly mutants: readonly MutantReport[];
  /** Mutants that the checker refuses by their shapes: nobody can make those mistakes unseen. */
  readonly refused: number;
}

export type MutantKind = "sign" | "transpose" | "factor" | "term" | "reduction";

export interface MutantReport {
  readonly kind: MutantKind;
  /** "`W.T` without its transpose". */
  readonly title: string;
  /** What is changed, and to what. */
  readonly range: Range;
  readonly newText: string;
  /**
   * "equivalent": it gives the same for all inputs tried, so that no test can tell. "masked": a test fails without it
   * already, or there is an error, so that nothing can be said.
   */
  readonly outcome: "caught" | "missed" | "equivalent" | "masked";
  /** The first check or gradcheck that catches it, or masks it; null where an error does. */
  readonly by: null | {
    readonly run: string;
    readonly kind: "check" | "gradcheck";
    readonly name: string;
    readonly range: Range;
  };
  /** Of a missed one: what would catch it, tried: a sentence, and statements to add or the changed run. */
  readonly suggestion: null | { readonly title: string; readonly text: string };
}
