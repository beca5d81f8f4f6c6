/** One step of a backward pass in equations and small pictures: what arrives at a node, and what it gives to each input. */

export interface StepReport {
  /** The names that the step is told in: `∂J/∂z`. */
  readonly cotangent: StepTensor;
  readonly terms: readonly StepTerm[];
}

/** What the node gives to one of its inputs. */
export interface StepTerm {
  /** The input, by its position among the graph's nodes. */
  readonly to: number;
  /** The gradient that is added to: `∂J/∂W`. */
  readonly gradient: StepEquation;
  /** The share that is added, in the names of the file. */
  readonly share: StepEquation;
  /** "vjp W" where a hand-written rule made it. */
  readonly rule: string | null;
  /** What the cotangent is multiplied with: the named values in the equation. */
  readonly factors: readonly StepTensor[];
  readonly value: Picture | null;
  /** What had arrived before; null where this is the first. */
  readonly before: Picture | null;
  /** What stands there after the step. */
  readonly after: Picture | null;
  /** Whether nothing arrives any more. */
  readonly isComplete: boolean;
}

export interface StepEquation {
  readonly text: string;
  readonly tex: string;
}

export interface StepTensor {
  readonly name: StepEquation;
  /** Null where it has no value. */
  readonly picture: Picture | null;
}

/** A tensor as small as a thumbnail: each cell the element of its block that is farthest from zero. */
export interface Picture {
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** rows × columns, row-major. */
  readonly data: Float64Array;
  /** Whether every element is there. */
  readonly whole: boolean;
  readonly norm: number;
}
