/** `std`: the standard deviation over some dimensions or all. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { isRejected } from "../rejection";
import {
  correctionOf,
  type DeviationAttributes,
  deviationAttributes,
  deviations,
  sampleVariance,
} from "./deviation";
import { foldGroups, groupSize, keepDims, reducedShape, sumGroups } from "./groups";
import { zeroBranch } from "./zero-branch";

export const std = defineOp({
  name: "std",
  inputs: { x: float() },
  attributes: deviationAttributes,
  doc: "The standard deviation over the dimensions `dim` (all of them where left out): the square root of `var`. The gradient at a constant is 0.",
  formula: "y = √(Σᵢ (xᵢ − μ)² / (n − c)), μ = (1/n) Σᵢ xᵢ",
  derivative: "x̄ᵢ = ȳ (xᵢ − μ) / ((n − c) y), and 0 where y = 0",
  shape({ inputs: { x }, attributes }) {
    const shape = reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes, output }) {
    const correction = correctionOf(attributes);
    return foldGroups(x, attributes.dim, output, (values) => Math.sqrt(sampleVariance(values, correction)));
  },
  vjp: {
    // x̄ᵢ = ȳ ∂y/∂xᵢ
    x: ({ build, inputs: { x }, output, attributes, cotangent }) =>
      build.mul(keepDims(build, cotangent, x, attributes.dim), slopes(build, x, output, attributes)),
  },
  jvp: {
    // ẏ = Σᵢ ẋᵢ ∂y/∂xᵢ
    x: ({ build, inputs: { x }, output, attributes, tangent }) =>
      sumGroups(build, build.mul(tangent, slopes(build, x, output, attributes)), attributes),
  },
  branch: ({ inputs: { x }, attributes }) =>
    zeroBranch(
      foldGroups(x, attributes.dim, { shape: [], dtype: "float64" }, (values) => sampleVariance(values, 0)),
    ),
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

/** ∂y/∂xᵢ = (xᵢ − μ) / ((n − c) y), and 0 where y = 0. The divisor avoids 0, so that its own derivative stays finite there. */
function slopes(build: Builder, x: Ref, output: Ref, attributes: DeviationAttributes): Ref {
  const { dim } = attributes;
  const degrees = groupSize(x.shape, dim) - correctionOf(attributes);
  const y = keepDims(build, output, x, dim);
  const zero = build.equal(y, build.zerosLike(y));
  const divisor = build.mul(build.where(zero, build.onesLike(y), y), build.constant(degrees));
  return build.where(zero, build.zerosLike(x), build.div(deviations(build, x, dim), divisor));
}
