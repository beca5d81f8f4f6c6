/** `softmax`: exponentials that sum to 1 along one dimension. */
import { defineOp } from "../define-op";
import { float, integer, required } from "../parameters";
import { resolveAxis } from "../shape/axis";
import { sumAlong } from "./groups";
import { mapLanes } from "./lanes";
import { pairwiseSum } from "./pairwise-sum";

export const softmax = defineOp({
  name: "softmax",
  inputs: { x: float() },
  attributes: { dim: required(integer(-1)) },
  doc: "Exponentials along `dim`, scaled to sum to 1; computed from the largest element, so that nothing overflows.",
  formula: "yᵢ = exp xᵢ / Σⱼ exp xⱼ",
  derivative: "x̄ᵢ = yᵢ (ȳᵢ − Σⱼ ȳⱼ yⱼ)",
  shape({ inputs: { x }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    return typeof axis === "number" ? x : axis;
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return mapLanes(x, dim, output, (values, result) => {
      const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
      for (let i = 0; i < values.length; i++) result[i] = Math.exp((values[i] ?? 0) - largest);
      const total = pairwiseSum(result);
      for (let i = 0; i < values.length; i++) result[i] = (result[i] ?? 0) / total;
    });
  },
  vjp: {
    // ∂yᵢ/∂xⱼ = yᵢ ([i = j] − yⱼ), so x̄ᵢ = yᵢ (ȳᵢ − Σⱼ ȳⱼ yⱼ)
    x: ({ build, output: y, attributes: { dim }, cotangent }) =>
      build.mul(y, build.sub(cotangent, sumAlong(build, build.mul(cotangent, y), dim))),
  },
  jvp: {
    // The Jacobian is symmetric: ẏᵢ = yᵢ (ẋᵢ − Σⱼ yⱼ ẋⱼ)
    x: ({ build, output: y, attributes: { dim }, tangent }) =>
      build.mul(y, build.sub(tangent, sumAlong(build, build.mul(tangent, y), dim))),
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
