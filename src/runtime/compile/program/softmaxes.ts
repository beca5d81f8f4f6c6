/**
 * Softmax, its logarithm and the cross entropy of few classes as folds and elementwise expressions: they then share their
 * exponentials with each other and with their derivatives. Where there is more to compute, their kernels go through memory less
 * often. Knows nothing of kernels.
 */
import { scalarBuilder as s, variable } from "../../ops";
import { elementCount, isFloat } from "../../tensor";
import type { Access } from "./access";
import type { ExpandedCall, Expansion } from "./expansions";
import { axisOf } from "./view-operators";

/** So many elements stay in the nearest caches from one loop to the next. */
const most = 16_384;

const [x, y] = [variable(0), variable(1)];

interface Exponentials {
  readonly largest: Access;
  /** exp(x − largest) */
  readonly powers: Access;
  /** Their sum along the axis, in float64. */
  readonly total: Access;
  readonly kept: { readonly shape: readonly number[]; readonly dtype: ExpandedCall["dtype"] };
}

/** The axis of x, if there are few enough elements. */
function smallAxis({ operands, dtype }: ExpandedCall, dim: unknown): number | undefined {
  const { shape } = operands.x!;
  if (typeof dim !== "number" || shape.length === 0 || !isFloat(dtype)) return undefined;
  return elementCount(shape) <= most ? axisOf(dim, shape.length) : undefined;
}

function exponentials({ record, operands, dtype }: ExpandedCall, axis: number): Exponentials {
  const operand = operands.x!;
  const { shape } = operand;
  const folded = shape.map((_, k) => k === axis);
  const largest = record.fold("max", operand, folded, dtype);
  const powers = record.elementwise(s.exp(s.sub(x, y)), [operand, largest], { shape, dtype });
  const total = record.fold("sum", powers, folded, "float64");
  return { largest, powers, total, kept: { shape: total.shape, dtype } };
}

/** x − largest − log Σ exp(x − largest) */
function logProbabilities(call: ExpandedCall, axis: number): Access {
  const { record, operands, dtype } = call;
  const { shape } = operands.x!;
  const { largest, total, kept } = exponentials(call, axis);
  const logarithm = record.elementwise(s.log(x), [total], kept);
  const below = s.sub(s.sub(x, y), variable(2));
  return record.elementwise(below, [operands.x!, largest, logarithm], { shape, dtype });
}

const softmax: Expansion = (call) => {
  const axis = smallAxis(call, call.attributes.dim);
  if (axis === undefined) return undefined;
  const { record, shape, dtype } = call;
  const { powers, total, kept } = exponentials(call, axis);
  const rounded = record.elementwise(x, [total], kept);
  return record.elementwise(s.div(x, y), [powers, rounded], { shape, dtype });
};

const logSoftmax: Expansion = (call) => {
  const axis = smallAxis(call, call.attributes.dim);
  return axis === undefined ? undefined : logProbabilities(call, axis);
};

const crossEntropy: Expansion = (call) => {
  const { record, operands, attributes, shape, dtype } = call;
  const axis = smallAxis(call, operands.x!.shape.length > 1 ? 1 : 0);
  if (axis === undefined) return undefined;
  const { target, weight } = operands;
  const given = weight === undefined ? { target: target! } : { target: target!, weight };
  return record.kernel("nll_loss", { x: logProbabilities(call, axis), ...given }, attributes, {
    shape,
    dtype,
  });
};

/** Tried before the kernels of these operators. */
export const softmaxes: Readonly<Record<string, Expansion>> = {
  softmax,
  log_softmax: logSoftmax,
  cross_entropy: crossEntropy,
};
