/** `sum`: the sum over some dimensions or all. */
import { isRejected } from "../rejection";
import { defineOp } from "../define-op";
import { flag, integers, maybe, numeric } from "../parameters";
import { foldGroups, reducedShape, spread, sumGroups } from "./groups";
import { pairwiseSum } from "./pairwise-sum";

export const sum = defineOp({
  name: "sum",
  inputs: { x: numeric() },
  attributes: { dim: maybe(integers([])), keepdim: flag(false) },
  doc: "The sum over the dimensions `dim` (all of them where left out); `keepdim = true` leaves them as 1. Whole numbers and truth values give a whole number; the sum of nothing is 0.",
  formula: "y = Σᵢ xᵢ",
  derivative: "x̄ᵢ = ȳ for every i in the sum",
  shape({ inputs: { x }, attributes }) {
    const shape = reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return foldGroups(x, dim, output, (values) => pairwiseSum(values));
  },
  // y = Σ xᵢ, so x̄ᵢ = ȳ
  vjp: { x: ({ build, inputs: { x }, attributes: { dim }, cotangent }) => spread(build, cotangent, x, dim) },
  // ẏ = Σ ẋᵢ
  jvp: { x: ({ build, attributes, tangent }) => sumGroups(build, tangent, attributes) },
  samples: [
    { inputs: { x: { shape: [2, 3, 4] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [-1, 0], keepdim: true } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2] } }, attributes: { dim: [1, 4] } },
    { inputs: { x: { shape: [] } }, attributes: { dim: [0], keepdim: true } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [3, 4], like: "mask" } }, attributes: { dim: [0] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [0, -2] } },
    { inputs: { x: { shape: [] } }, attributes: { dim: [1] } },
  ],
});
