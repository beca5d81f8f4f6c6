/** `logsumexp`: the logarithm of a sum of exponentials, without overflow. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { flag, float, integers, required } from "../parameters";
import { isRejected } from "../rejection";
import { foldGroups, keepDims, reducedShape, sumGroups } from "./groups";
import { pairwiseSum } from "./pairwise-sum";

export const logsumexp = defineOp({
  name: "logsumexp",
  inputs: { x: float() },
  attributes: { dim: required(integers([])), keepdim: flag(false) },
  doc: "log Σ exp x over the dimensions `dim`, computed from the largest element, so that nothing overflows.",
  formula: "y = log Σᵢ exp xᵢ",
  derivative: "x̄ᵢ = ȳ · exp(xᵢ − y): softmax",
  shape({ inputs: { x }, attributes }) {
    const shape = reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return foldGroups(x, dim, output, logOfSum);
  },
  vjp: {
    // x̄ᵢ = ȳ exp(xᵢ − y)
    x: ({ build, inputs: { x }, output, attributes: { dim }, cotangent }) =>
      build.mul(keepDims(build, cotangent, x, dim), weights(build, x, output, dim)),
  },
  jvp: {
    // ẏ = Σᵢ ẋᵢ exp(xᵢ − y)
    x: ({ build, inputs: { x }, output, attributes, tangent }) =>
      sumGroups(build, build.mul(tangent, weights(build, x, output, attributes.dim)), attributes),
  },
  samples: [
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [1], keepdim: true } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [0, -1] } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2] } }, attributes: { dim: [2, 4] } },
    { inputs: { x: { shape: [] } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: [0] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [1, -1] } },
  ],
});

/** log Σ exp vᵢ = m + log Σ exp(vᵢ − m) with m the largest, or 0 where that is infinite. */
export function logOfSum(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const shift = Math.abs(largest) === Infinity ? 0 : largest;
  return shift + Math.log(pairwiseSum(values.map((value) => Math.exp(value - shift))));
}

/** exp(xᵢ − y) */
function weights(build: Builder, x: Ref, output: Ref, dim: readonly number[]): Ref {
  return build.exp(build.sub(x, keepDims(build, output, x, dim)));
}
