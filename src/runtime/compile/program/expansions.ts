/**
 * Operators that are written as elementwise expressions and folds, so that they fuse with what stands around them. They
 * compute what their references do; sums run in float64, expressions in the operands' type unless that would lose digits.
 */
import { scalarBuilder as s, variable, type AttributeValue, type ScalarExpression } from "../../ops";
import { broadcastShapes, type DType, type Shape } from "../../tensor";
import { foldedAxes } from "./fold-operators";
import { einsum } from "./einsum";
import { normalizations } from "./normalizations";
import type { Access } from "./access";
import { takeAt } from "./places";
import type { FoldOperation } from "./value";
import { axisOf, diagonalOf } from "./view-operators";

/** What an expansion is written with. */
export interface Recorder {
  elementwise(
    expression: ScalarExpression,
    operands: readonly Access[],
    type: { readonly shape: Shape; readonly dtype: DType },
  ): Access;
  /** The folded axes stay as 1. */
  fold(operation: FoldOperation, operand: Access, folded: readonly boolean[], dtype: DType): Access;
  /** The matrix product, of batches where there are three dimensions; undefined where no kernel takes it. */
  product(x: Access, y: Access, dtype: DType): Access | undefined;
  /** An operator of single operands; undefined where no kernel takes it. */
  kernel(
    op: string,
    operands: Readonly<Record<string, Access>>,
    attributes: Readonly<Record<string, AttributeValue>>,
    type: { readonly shape: Shape; readonly dtype: DType },
  ): Access | undefined;
  /** The truth value, of shape [], and a fault of the run where it is false. */
  check(condition: Access): Access;
  /** In another shape of as many elements. */
  reshape(access: Access, shape: Shape): Access;
}

export interface ExpandedCall {
  readonly record: Recorder;
  /** Those that are one tensor. */
  readonly operands: Readonly<Record<string, Access | undefined>>;
  /** Those of a list. */
  readonly list: readonly Access[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Undefined where this application is not one for it. */
export type Expansion = (call: ExpandedCall) => Access | undefined;

const [x, y] = [variable(0), variable(1)];
const number = (value: number): ScalarExpression => s.constant(value);

/** Losses between two tensors that broadcast, as one element's loss. */
function pairwise(element: (attributes: ExpandedCall["attributes"]) => ScalarExpression): Expansion {
  return (call) => {
    const { x: first, y: second } = call.operands as { x: Access; y: Access };
    const shape = broadcastShapes(first.shape, second.shape)!;
    return reducedLoss(call, element(call.attributes), [first, second], shape);
  };
}

function reducedLoss(
  { record, attributes, dtype, shape, operands }: ExpandedCall,
  element: ScalarExpression,
  elements: readonly Access[],
  common: Shape,
): Access {
  const losses = record.elementwise(element, elements, { shape: common, dtype });
  const every = common.map(() => true);
  switch (attributes.reduction) {
    case "none":
      return losses;
    case "sum":
      return record.reshape(record.fold("sum", losses, every, dtype), shape);
    case "batchmean": {
      const total = record.reshape(record.fold("sum", losses, every, "float64"), shape);
      return record.elementwise(s.div(x, number(operands.x?.shape[0] ?? 1)), [total], { shape, dtype });
    }
    default:
      return record.reshape(record.fold("mean", losses, every, dtype), shape);
  }
}

const distance = s.abs(s.sub(x, y));

/** The sum over `dim` of an expression of one operand, in float64, its axes kept as 1. */
function sumOf({ record, attributes }: ExpandedCall, expression: ScalarExpression, operand: Access): Access {
  const wide = record.elementwise(expression, [operand], { shape: operand.shape, dtype: "float64" });
  return record.fold("sum", wide, foldedAxes(attributes.dim, operand.shape.length), "float64");
}

/** A number for each group, brought to the result's shape. */
function finished({ record, shape, dtype }: ExpandedCall, last: ScalarExpression, groups: Access): Access {
  return record.elementwise(last, [record.reshape(groups, shape)], { shape, dtype });
}

function variance(call: ExpandedCall, last: (value: ScalarExpression) => ScalarExpression): Access {
  const operand = call.operands.x!;
  const { attributes, record } = call;
  const folded = foldedAxes(attributes.dim, operand.shape.length);
  const count = operand.shape.reduce((product, size, axis) => product * (folded[axis]! ? size : 1), 1);
  const correction = attributes.correction ?? (attributes.unbiased === true ? 1 : 0);
  const mean = record.fold("mean", operand, folded, "float64");
  const squares = record.elementwise(s.square(s.sub(x, y)), [operand, mean], {
    shape: operand.shape,
    dtype: "float64",
  });
  const total = record.fold("sum", squares, folded, "float64");
  return finished(call, last(s.div(x, number(Math.max(0, count - Number(correction))))), total);
}

function norm(call: ExpandedCall): Access {
  const operand = call.operands.x!;
  const p = Number(call.attributes.p ?? 2);
  const folded = foldedAxes(call.attributes.dim, operand.shape.length);
  if (Math.abs(p) === Infinity) {
    const { shape } = operand;
    const magnitudes = call.record.elementwise(s.abs(x), [operand], { shape, dtype: call.dtype });
    return finished(call, x, call.record.fold(p > 0 ? "max" : "min", magnitudes, folded, call.dtype));
  }
  if (p === 0)
    return finished(call, x, sumOf(call, s.where(s.notEqual(x, number(0)), number(1), number(0)), operand));
  if (p === 1) return finished(call, x, sumOf(call, s.abs(x), operand));
  if (p === 2) return finished(call, s.sqrt(x), sumOf(call, s.square(x), operand));
  return finished(call, s.pow(x, number(1 / p)), sumOf(call, s.pow(s.abs(x), number(p)), operand));
}

/** The greatest element is taken off first, so that no exponential overflows; infinite ones are left. */
function logsumexp(call: ExpandedCall): Access {
  const operand = call.operands.x!;
  const { record, dtype, attributes } = call;
  const folded = foldedAxes(attributes.dim, operand.shape.length);
  const largest = record.fold("max", operand, folded, dtype);
  const shift = s.where(s.equal(s.abs(y), number(Infinity)), number(0), y);
  const powers = record.elementwise(s.exp(s.sub(x, shift)), [operand, largest], {
    shape: operand.shape,
    dtype,
  });
  const total = record.fold("sum", powers, folded, "float64");
  const kept = { shape: total.shape, dtype };
  return record.reshape(record.elementwise(s.add(shift, s.log(x)), [total, largest], kept), call.shape);
}

/** x divided by its norms along one dimension, or by eps where those are smaller. */
function normalize(call: ExpandedCall): Access {
  const operand = call.operands.x!;
  const { attributes, record, shape, dtype } = call;
  const axis = axisOf(attributes.dim, operand.shape.length);
  const kept = operand.shape.map((size, k) => (k === axis ? 1 : size));
  const norms = norm({ ...call, attributes: { p: attributes.p, dim: [axis] }, shape: kept });
  return record.elementwise(s.div(x, s.maximum(y, number(Number(attributes.eps)))), [operand, norms], {
    shape,
    dtype,
  });
}

function cosineSimilarity(call: ExpandedCall): Access {
  const { x1: first, x2: second } = call.operands as { x1: Access; x2: Access };
  const { attributes, record } = call;
  const shape = broadcastShapes(first.shape, second.shape)!;
  const axis = axisOf(attributes.dim, shape.length);
  const folded = shape.map((_, k) => k === axis);
  const wide = { shape, dtype: "float64" } as const;
  const unit = (operand: Access): Access => {
    const squares = record.elementwise(s.square(x), [operand], wide);
    const total = record.fold("sum", squares, folded, "float64");
    const bounded = s.maximum(s.sqrt(y), number(Number(attributes.eps)));
    return record.elementwise(s.div(x, bounded), [operand, total], wide);
  };
  const products = record.elementwise(s.mul(x, y), [unit(first), unit(second)], wide);
  return finished(call, x, record.fold("sum", products, folded, "float64"));
}

/** (1 − y)·x + scale · softplus(−x), scale = 1 + (positive weight − 1)·y */
function binaryCrossEntropyWithLogits(call: ExpandedCall): Access {
  const { x: scores, y: targets, weight, pos_weight: positive } = call.operands;
  const operands = [scores!, targets!];
  const next = (operand: Access): ScalarExpression => variable(operands.push(operand) - 1);
  const softplus = s.add(s.maximum(s.neg(x), number(0)), s.log1p(s.exp(s.neg(s.abs(x)))));
  const scaled =
    positive === undefined
      ? softplus
      : s.mul(s.add(number(1), s.mul(s.sub(next(positive), number(1)), y)), softplus);
  const loss = s.add(s.mul(s.sub(number(1), y), x), scaled);
  const weighted = weight === undefined ? loss : s.mul(loss, next(weight));
  return reducedLoss(call, weighted, operands, scores!.shape);
}

/** (y − 1) · max(log(1 − x), −100) − y · max(log x, −100), of probabilities x alone. */
function binaryCrossEntropy(call: ExpandedCall): Access {
  const { x: probabilities, y: targets, weight } = call.operands;
  const { record } = call;
  const { shape } = probabilities!;
  const inside = s.and(s.greaterEqual(x, number(0)), s.lessEqual(x, number(1)));
  const each = record.elementwise(inside, [probabilities!], { shape, dtype: "bool" });
  const every = record.fold(
    "all",
    each,
    shape.map(() => true),
    "bool",
  );
  const operands = [probabilities!, targets!, record.check(record.reshape(every, []))];
  const bounded = (value: ScalarExpression): ScalarExpression => s.maximum(value, number(-100));
  const absent = s.mul(s.sub(y, number(1)), bounded(s.log1p(s.neg(x))));
  const loss = s.sub(absent, s.mul(y, bounded(s.log(x))));
  const weighted = weight === undefined ? loss : s.mul(loss, variable(operands.push(weight) - 1));
  return reducedLoss(call, s.where(variable(2), weighted, number(NaN)), operands, shape);
}

function dot({ operands, record, dtype, shape }: ExpandedCall): Access {
  const { x: first, y: second } = operands as { x: Access; y: Access };
  const products = record.elementwise(s.mul(x, y), [first, second], { shape: first.shape, dtype });
  return record.reshape(record.fold("sum", products, [true], dtype), shape);
}

function outer({ operands, record, dtype, shape }: ExpandedCall): Access {
  const { x: first, y: second } = operands as { x: Access; y: Access };
  return record.elementwise(s.mul(x, y), [record.reshape(first, [shape[0]!, 1]), second], { shape, dtype });
}

/** Each dimension becomes a pair: which copy, which reads the same elements, and the place in it. */
function repeat({ operands, attributes, record, shape }: ExpandedCall): Access | undefined {
  const operand = operands.x!;
  const { repeats } = attributes;
  if (typeof repeats !== "object") return undefined;
  const added = repeats.length - operand.shape.length;
  const tiles: Access = {
    ...operand,
    shape: repeats.flatMap((times, axis) => [times, operand.shape[axis - added] ?? 1]),
    strides: repeats.flatMap((_, axis) => [0, operand.strides[axis - added] ?? 0]),
  };
  return record.reshape(tiles, shape);
}

function trace({ operands, record, shape, dtype }: ExpandedCall): Access {
  const elements = diagonalOf(operands.x!, { offset: 0, dim1: 0, dim2: 1 });
  return record.reshape(record.fold("sum", elements, [true], dtype), shape);
}

export const expansions: Readonly<Record<string, Expansion>> = {
  mse_loss: pairwise(() => s.square(s.sub(x, y))),
  l1_loss: pairwise(() => distance),
  huber_loss: pairwise(({ delta }) => {
    const bound = number(Number(delta));
    const far = s.mul(bound, s.sub(distance, s.mul(number(0.5), bound)));
    return s.where(s.greater(distance, bound), far, s.mul(s.mul(number(0.5), distance), distance));
  }),
  smooth_l1_loss: pairwise(({ beta }) => {
    const bound = number(Number(beta));
    const near = s.div(s.mul(s.mul(number(0.5), distance), distance), bound);
    return s.where(s.less(distance, bound), near, s.sub(distance, s.mul(number(0.5), bound)));
  }),
  kl_div: pairwise(({ log_target: isLog }) => {
    if (isLog === true) return s.mul(s.exp(y), s.sub(y, x));
    return s.sub(s.where(s.equal(y, number(0)), number(0), s.mul(y, s.log(y))), s.mul(y, x));
  }),
  binary_cross_entropy: binaryCrossEntropy,
  binary_cross_entropy_with_logits: binaryCrossEntropyWithLogits,
  var: (call) => variance(call, (value) => value),
  std: (call) => variance(call, (value) => s.sqrt(value)),
  norm,
  normalize,
  logsumexp,
  cosine_similarity: cosineSimilarity,
  dot,
  outer,
  einsum,
  repeat,
  take_at: takeAt,
  trace,
  ...normalizations,
};

/** Equal for equal expressions. */
export function expressionKey(expression: ScalarExpression): string {
  switch (expression.kind) {
    case "variable":
      return `v${expression.index}`;
    case "constant":
      return Object.is(expression.value, -0) ? "-0" : String(expression.value);
    case "intrinsic":
      return `${expression.name}(${expression.operands.map(expressionKey).join(",")})`;
  }
}
