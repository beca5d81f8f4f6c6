/** `log_softmax`: the logarithm of softmax, without underflow. */
import { defineOp } from "../define-op";
import { float, integer, required } from "../parameters";
import { resolveAxis } from "../shape/axis";
import { sumAlong } from "./groups";
import { mapLanes } from "./lanes";
import { pairwiseSum } from "./pairwise-sum";

export const logSoftmax = defineOp({
  name: "log_softmax",
  inputs: { x: float() },
  attributes: { dim: required(integer(-1)) },
  doc: "The logarithm of `softmax` along `dim`, computed without the division, so that nothing underflows.",
  formula: "yᵢ = xᵢ − log Σⱼ exp xⱼ",
  derivative: "x̄ᵢ = ȳᵢ − exp(yᵢ) Σⱼ ȳⱼ",
  shape({ inputs: { x }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    return typeof axis === "number" ? x : axis;
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return mapLanes(x, dim, output, (values, result) => {
      const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
      const total = Math.log(pairwiseSum(values.map((value) => Math.exp(value - largest))));
      for (let i = 0; i < values.length; i++) result[i] = (values[i] ?? 0) - largest - total;
    });
  },
  vjp: {
    // ∂yᵢ/∂xⱼ = [i = j] − exp yⱼ, so x̄ᵢ = ȳᵢ − exp(yᵢ) Σⱼ ȳⱼ
    x: ({ build, output: y, attributes: { dim }, cotangent }) =>
      build.sub(cotangent, build.mul(build.exp(y), sumAlong(build, cotangent, dim))),
  },
  jvp: {
    // ẏᵢ = ẋᵢ − Σⱼ exp(yⱼ) ẋⱼ
    x: ({ build, output: y, attributes: { dim }, tangent }) =>
      build.sub(tangent, sumAlong(build, build.mul(build.exp(y), tangent), dim)),
  },
  samples: [
    { inputs: { x: { shape: [3, 4] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { dim: -1 } },
    { inputs: { x: { shape: [2, 1, 3, 2, 2] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: -1 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 0 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: -2 } },
  ],
});
