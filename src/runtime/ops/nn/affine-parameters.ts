/** The optional weight and bias of a normalisation: checks, and how they meet the values in rules. Knows nothing of any one operator. */
import { compareSizes, type Dim } from "../../tensor";
import type { Builder, Ref } from "../builder";
import type { OperandType } from "../parameters";
import { reject, type DimRef, type Rejected } from "../rejection";

/** Refuses a parameter whose shape is not that of the dimensions `of`; `rule` says which they are. */
export function checkParameter(
  input: string,
  parameter: OperandType | undefined,
  of: readonly DimRef[],
  rule: string,
): Rejected | undefined {
  if (parameter === undefined) return undefined;
  if (parameter.shape.length !== of.length) {
    const needs = `${of.length === 1 ? "a vector" : `of ${String(of.length)} dimensions`}: ${rule}`;
    return reject({ kind: "rank", input, found: parameter.shape.length, needs });
  }
  for (const [axis, left] of of.entries()) {
    const right = { input, axis, dim: parameter.shape[axis]! };
    if (compareSizes(left.dim.size, right.dim.size) === "different") {
      return reject({ kind: "unequal-dimensions", rule, left, right });
    }
  }
  return undefined;
}

/** The dimensions of an input as references, from `first` on. */
export function dimRefs(input: string, shape: readonly Dim[], first = 0): DimRef[] {
  return shape.slice(first).map((dim, i) => ({ input, axis: first + i, dim }));
}

/** A vector of channels, shaped to broadcast along axis 1 of a tensor of the given rank. */
export function alongChannels(build: Builder, vector: Ref, rank: number): Ref {
  return build.reshape(vector, [vector.shape[0]!, ...new Array<number>(rank - 2).fill(1)]);
}

/** `value · weight`, or the value itself where there is no weight. */
export function scaledBy(build: Builder, value: Ref, weight: Ref | undefined): Ref {
  return weight === undefined ? value : build.mul(value, weight);
}

/** Sums over all dimensions but the channels'. */
export function sumToChannels(build: Builder, value: Ref): Ref {
  return build.sum(
    value,
    [...value.shape.keys()].filter((axis) => axis !== 1),
  );
}
