/**
 * What the losses between two tensors of broadcasting shapes share: shape, forward loop, and how the slope of one
 * element's loss becomes both derivative rules. Knows nothing of any one loss.
 */
import {
  broadcastShapes,
  broadcastTo,
  elementCount,
  promote,
  type DType,
  type Shape,
  type Tensor,
} from "../../tensor";
import { broadcastDims } from "../broadcast-dims";
import type { Builder, Ref } from "../builder";
import type { OperandType } from "../parameters";
import { isRejected, type Rejected } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { reduce, reducedShape, reducedValues, spread, type Reduction } from "./reduction";

/** Both operands broadcast, then reduced. */
export function pairwiseShape(
  { x, y }: { readonly x: OperandType; readonly y: OperandType },
  how: Reduction,
): OperandType | Rejected {
  const shape = broadcastDims([
    { input: "x", shape: x.shape },
    { input: "y", shape: y.shape },
  ]);
  if (isRejected(shape)) return shape;
  return { shape: reducedShape(shape, how), dtype: promote(x.dtype, y.dtype) };
}

interface Pair<T> {
  readonly x: T;
  readonly y: T;
}

interface Output {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The reduced losses of all pairs of elements; a mean is over `divisor` where it is given. */
export function pairwiseLoss(
  inputs: Pair<Tensor>,
  output: Output,
  how: Reduction,
  loss: (x: number, y: number, position: number) => number,
  divisor?: number,
): Tensor {
  return roundedTo(output, reducedValues(pairwiseElements(inputs, loss), how, divisor));
}

/** A number for each pair of elements. */
export function pairwiseElements(
  inputs: Pair<Tensor>,
  value: (x: number, y: number, position: number) => number,
): Float64Array {
  const shape = commonShape(inputs);
  const x = doublesOf(broadcastTo(inputs.x, shape));
  const y = doublesOf(broadcastTo(inputs.y, shape));
  const values = new Float64Array(elementCount(shape));
  for (let i = 0; i < values.length; i++) values[i] = value(x[i]!, y[i]!, i);
  return values;
}

/** Whole numbers, one for each pair of elements, that tell the smooth pieces of the loss apart. */
export function pairwiseBranch(inputs: Pair<Tensor>, piece: (x: number, y: number) => number): Tensor {
  return { dtype: "int", shape: commonShape(inputs), data: pairwiseElements(inputs, piece) };
}

interface RuleContext {
  readonly build: Builder;
  readonly inputs: Pair<Ref>;
}

export interface PairReduction {
  readonly how: Reduction;
  /** What a mean divides by, where it is not the number of elements. */
  readonly divisor?: Ref;
}

/** The cotangent of an operand: the elements' cotangents times their `slope`, summed to its shape. */
export function pullBack(
  { build, inputs, cotangent }: RuleContext & { readonly cotangent: Ref },
  operand: Ref,
  slope: Ref,
  { how, ...divisor }: PairReduction,
): Ref {
  const shares = spread(build, cotangent, how, { shape: commonShape(inputs), ...divisor });
  return build.sumTo(build.mul(shares, slope), operand.shape);
}

/** The tangent of the loss when an operand moves: the elements' `slope` times its tangent, reduced. */
export function pushForward(
  { build, inputs, tangent }: RuleContext & { readonly tangent: Ref },
  slope: Ref,
  { how, divisor }: PairReduction,
): Ref {
  return reduce(build, build.expand(build.mul(slope, tangent), commonShape(inputs)), how, divisor);
}

function commonShape({ x, y }: Pair<{ readonly shape: Shape }>): readonly number[] {
  const shape = broadcastShapes(x.shape, y.shape);
  if (shape === undefined) throw new Error("loss: shapes do not broadcast");
  return shape;
}
