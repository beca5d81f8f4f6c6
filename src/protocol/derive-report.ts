/**
 * Passes that the panel begins by itself: backward from any node with any cotangent, forward along any tangent; and the
 * summands of a gradient. Knows nothing of how they are computed.
 */
import type { TensorSummary } from "./session";
import type { Picture, StepEquation } from "./step-report";

/** What a pass begins with, at its node. */
export type SeedChoice =
  | { readonly kind: "ones" }
  | { readonly kind: "one-hot"; readonly index: readonly number[] }
  | { readonly kind: "random"; readonly seed: number }
  /** The gradient of a root at the node. */
  | { readonly kind: "upstream"; readonly root: number }
  /** Numbers as people paste them: nested brackets, as NumPy, PyTorch, JSON and a spec write them. */
  | { readonly kind: "numbers"; readonly text: string };

export interface DeriveReport {
  /** Reads the pass as a root does: gradients (or tangents) of `root: pass` are its own. Null where `problem` says why. */
  readonly pass: number | null;
  readonly problem: string | null;
  readonly seed: Picture | null;
  /** What each named node that it reaches has got, in order of making. */
  readonly rows: readonly DerivedRow[];
  /** The pass as an expression of the language; null where only numbers too many to write would tell it. */
  readonly line: string | null;
}

export interface DerivedRow {
  readonly node: number;
  /** "pending" where a hole stands in its way. */
  readonly value: TensorSummary | "pending";
}

/** A gradient as the exact sum of what arrives over each of its paths. */
export interface ContributionsReport {
  readonly total: Picture | null;
  readonly parts: readonly ContributionPart[];
}

export interface ContributionPart {
  /** The named node through which it comes; null for what the pass begins with. */
  readonly through: string | null;
  /** "vjp W" where a hand-written rule made it. */
  readonly rule: string | null;
  readonly equation: StepEquation;
  readonly value: Picture | null;
  /** The id by which it is read, as a value. */
  readonly tensor: number | null;
  /** ⟨part, total⟩ / ‖total‖²: all of them sum to 1. Null where the total is 0 or not finite. */
  readonly share: number | null;
  /** What is left of the gradient without it. */
  readonly rest: Picture | null;
}
