/** One fused loop as data: equal specs are one function. Knows nothing of instructions. */
import type { DType, Shape } from "../../tensor";
import type { FoldOperation } from "../program/value";
import type { LaneOperation } from "./lane-program";

/** An operand: the function's parameter of the same number is the address of its first element. */
export interface LoopInput {
  readonly dtype: DType;
  /** In elements, along each axis of the loop. */
  readonly strides: readonly number[];
}

/** A result as large as the loop, row-major; addresses follow those of the inputs. */
export interface LoopStore {
  readonly dtype: DType;
  readonly operation: number;
}

/** A result without the folded axes; addresses follow those of the stores. */
export interface LoopFold {
  readonly dtype: DType;
  readonly operation: number;
  readonly fold: FoldOperation;
}

export interface LoopSpec {
  readonly shape: Shape;
  /** The same for all folds; all false where there is none. */
  readonly folded: readonly boolean[];
  readonly inputs: readonly LoopInput[];
  readonly operations: readonly LaneOperation[];
  readonly stores: readonly LoopStore[];
  readonly folds: readonly LoopFold[];
}

/** Equal exactly for specs that are alike. */
export function textOf(spec: object): string {
  return JSON.stringify(spec, (_, value: unknown) =>
    typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
      ? Object.is(value, -0)
        ? "-0"
        : String(value)
      : value,
  );
}
