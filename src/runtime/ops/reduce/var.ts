/** `var`: the variance over some dimensions or all. */
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { isRejected } from "../rejection";
import { correctionOf, deviationAttributes, deviations, sampleVariance } from "./deviation";
import { foldGroups, groupSize, keepDims, reducedShape, sumGroups } from "./groups";

export const variance = defineOp({
  name: "var",
  inputs: { x: float() },
  attributes: deviationAttributes,
  doc: "The variance over the dimensions `dim` (all of them where left out). The sum of squares is divided by n − 1, by n with `unbiased = false`, by n − `correction` where that is given.",
  formula: "y = Σᵢ (xᵢ − μ)² / (n − c), μ = (1/n) Σᵢ xᵢ",
  derivative: "x̄ᵢ = ȳ · 2 (xᵢ − μ) / (n − c)",
  shape({ inputs: { x }, attributes }) {
    const shape = reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes, output }) {
    const correction = correctionOf(attributes);
    return foldGroups(x, attributes.dim, output, (values) => sampleVariance(values, correction));
  },
  vjp: {
    // x̄ᵢ = ȳ · 2 (xᵢ − μ) / (n − c); the part through μ is Σ (xᵢ − μ) = 0
    x: ({ build, inputs: { x }, attributes, cotangent }) => {
      const factor = build.constant(2 / (groupSize(x.shape, attributes.dim) - correctionOf(attributes)));
      const scaled = build.mul(keepDims(build, cotangent, x, attributes.dim), factor);
      return build.mul(scaled, deviations(build, x, attributes.dim));
    },
  },
  jvp: {
    // ẏ = Σᵢ 2 (xᵢ − μ) ẋᵢ / (n − c)
    x: ({ build, inputs: { x }, attributes, tangent }) => {
      const factor = build.constant(2 / (groupSize(x.shape, attributes.dim) - correctionOf(attributes)));
      const slopes = build.mul(factor, deviations(build, x, attributes.dim));
      return sumGroups(build, build.mul(slopes, tangent), attributes);
    },
  },
  samples: [
    { inputs: { x: { shape: [2, 3, 4] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [0, -1], keepdim: true } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { dim: [1], unbiased: false } },
    { inputs: { x: { shape: [3, 5] } }, attributes: { dim: [1], correction: 2 } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2] } }, attributes: { dim: [2, 4] } },
    { inputs: { x: { shape: [] } }, attributes: { unbiased: false } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [0, 0] } },
  ],
});
