/** The `weight` of the binary cross entropies: a constant that broadcasts to the scores. Knows nothing of graphs. */
import { broadcastTo, compareSizes, formatDims, type Tensor } from "../../tensor";
import { broadcastDims } from "../broadcast-dims";
import type { OperandType } from "../parameters";
import { isRejected, reject, type Rejected } from "../rejection";
import { doublesOf } from "../working-precision";

/** Refuses a target of another shape than `x`. */
export function checkSameShape(x: OperandType, y: OperandType): Rejected | undefined {
  if (x.shape.length !== y.shape.length) {
    const needs = `${formatDims(x.shape)}, the shape of \`x\``;
    return reject({ kind: "rank", input: "y", found: y.shape.length, needs });
  }
  for (const [axis, dim] of x.shape.entries()) {
    const other = y.shape[axis]!;
    if (compareSizes(dim.size, other.size) !== "different") continue;
    return reject({
      kind: "unequal-dimensions",
      rule: "scores and targets need one shape",
      left: { input: "x", axis, dim },
      right: { input: "y", axis, dim: other },
    });
  }
  return undefined;
}

/** Refuses a weight that does not broadcast to `x`. */
export function checkWeight(
  x: OperandType,
  weight: OperandType | undefined,
  input: string,
): Rejected | undefined {
  if (weight === undefined) return undefined;
  if (weight.shape.length > x.shape.length) {
    const needs = `of at most ${String(x.shape.length)} dimensions, to broadcast to \`x\``;
    return reject({ kind: "rank", input, found: weight.shape.length, needs });
  }
  const joined = broadcastDims([
    { input: "x", shape: x.shape },
    { input, shape: weight.shape },
  ]);
  if (isRejected(joined)) return joined;
  const added = x.shape.length - weight.shape.length;
  for (const [axis, dim] of weight.shape.entries()) {
    const own = x.shape[axis + added]!;
    if (own.size !== 1 || dim.size === 1 || typeof dim.size !== "number") continue;
    const left = { input: "x", axis: axis + added, dim: own };
    return reject({ kind: "broadcast", left, right: { input, axis, dim } });
  }
  return undefined;
}

/** The weight of each element of `x`, or undefined for ones. */
export function weightsOf(weight: Tensor | undefined, x: Tensor): Float64Array | undefined {
  return weight === undefined ? undefined : doublesOf(broadcastTo(weight, x.shape));
}
