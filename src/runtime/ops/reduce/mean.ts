/** `mean`: the average over some dimensions or all. */
import { isRejected } from "../rejection";
import { defineOp } from "../define-op";
import { flag, float, integers, maybe } from "../parameters";
import { foldGroups, groupSize, reducedShape, spread, sumGroups } from "./groups";
import { pairwiseSum } from "./pairwise-sum";

export const mean = defineOp({
  name: "mean",
  inputs: { x: float() },
  attributes: { dim: maybe(integers([])), keepdim: flag(false) },
  doc: "The average over the dimensions `dim` (all of them where left out); `keepdim = true` leaves them as 1. The mean of nothing is NaN.",
  formula: "y = (1/n) Σᵢ xᵢ",
  derivative: "x̄ᵢ = ȳ / n",
  shape({ inputs: { x }, attributes }) {
    const shape = reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return foldGroups(x, dim, output, (values) => pairwiseSum(values) / values.length);
  },
  vjp: {
    // y = (1/n) Σ xᵢ, so x̄ᵢ = ȳ / n
    x: ({ build, inputs: { x }, attributes: { dim }, cotangent }) =>
      build.div(spread(build, cotangent, x, dim), build.constant(groupSize(x.shape, dim))),
  },
  jvp: {
    // ẏ = Σᵢ (ẋᵢ / n), divided first, so that of nothing it is 0
    x: ({ build, inputs: { x }, attributes, tangent }) =>
      sumGroups(build, build.div(tangent, build.constant(groupSize(x.shape, attributes.dim))), attributes),
  },
  samples: [
    { inputs: { x: { shape: [2, 3, 4] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [-1, 0], keepdim: true } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2] } }, attributes: { dim: [2, 4] } },
    { inputs: { x: { shape: [] } }, attributes: { dim: [-1] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: [0] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [-3] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [1, 1] } },
  ],
});
