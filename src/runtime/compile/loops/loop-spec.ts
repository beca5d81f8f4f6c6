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

/** Equal exactly for specs that are alike: every number told apart, -0 and NaN among them. */
export function textOf(spec: unknown): string {
  if (typeof spec === "number") return Object.is(spec, -0) ? "-0" : String(spec);
  if (typeof spec === "string") return JSON.stringify(spec);
  if (typeof spec !== "object" || spec === null) return String(spec);
  if (Array.isArray(spec)) {
    let items = "[";
    for (const item of spec as readonly unknown[]) items += `${textOf(item)},`;
    return `${items}]`;
  }
  let text = "{";
  for (const [name, value] of Object.entries(spec))
    if (value !== undefined) text += `${name}:${textOf(value)},`;
  return `${text}}`;
}
