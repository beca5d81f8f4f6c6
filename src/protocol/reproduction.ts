/** Minimal reproductions (schema 1): the smallest specs that were found to fail in the same way as a check or gradcheck. Made by the engine. */
import type { ExplanationKind, Range } from "./results";

export interface ReproductionReport {
  readonly schema: 1;
  readonly files: readonly FileReproductions[];
}

export interface FileReproductions {
  readonly file: string;
  /** Errors that the checker finds. */
  readonly errors: number;
  readonly reproductions: readonly Reproduction[];
  readonly milliseconds: number;
}

/** What is asked about: a check or gradcheck of a run by its order, or an op or net by itself. */
export interface FailureTarget {
  readonly kind: "check" | "gradcheck" | "op" | "net";
  /** Of the run, op or net. */
  readonly name: string;
  /** The order of the check or gradcheck among those of its report; 0 for an op or net. */
  readonly index: number;
}

export interface Reproduction {
  readonly of: FailureTarget;
  /** "check dW in run weak". */
  readonly title: string;
  readonly range: Range;
  /** A whole spec, formatted: it fails as the original does; null where the original cannot be executed alone. */
  readonly text: string | null;
  /** What it fails with, from executing the text. */
  readonly kind: ExplanationKind | null;
  readonly message: string;
  /** Whether it needs no file beside it. */
  readonly selfContained: boolean;
  readonly lines: { readonly before: number; readonly after: number };
  /** Versions that were tried. */
  readonly tried: number;
}
