/** `cumsum`: running sums along one dimension. */
import { defineOp } from "../define-op";
import { integer, numeric, required } from "../parameters";
import { resolveAxis } from "../shape/axis";
import { mapLanes } from "./lanes";

export const cumsum = defineOp({
  name: "cumsum",
  inputs: { x: numeric() },
  attributes: { dim: required(integer(0)) },
  doc: "The running sums along `dim`: each element is the sum of all up to it.",
  formula: "yᵢ = Σⱼ≤ᵢ xⱼ",
  derivative: "x̄ⱼ = Σᵢ≥ⱼ ȳᵢ",
  shape({ inputs: { x }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    return typeof axis === "number" ? x : axis;
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return mapLanes(x, dim, output, (values, result) => {
      let total = 0;
      for (let i = 0; i < values.length; i++) result[i] = total += values[i] ?? 0;
    });
  },
  vjp: {
    // x̄ⱼ = Σᵢ≥ⱼ ȳᵢ: the running sum from the end
    x: ({ build, attributes: { dim }, cotangent }) =>
      build.flip(build.apply("cumsum", [build.flip(cotangent, [dim])], { dim }), [dim]),
  },
  // ẏᵢ = Σⱼ≤ᵢ ẋⱼ
  jvp: { x: ({ build, attributes: { dim }, tangent }) => build.apply("cumsum", [tangent], { dim }) },
  samples: [
    { inputs: { x: { shape: [3, 4] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: -2 } },
    { inputs: { x: { shape: [2, 1, 2, 3, 2] } }, attributes: { dim: 3 } },
    { inputs: { x: { shape: [3, 4], like: "mask" } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 0 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 1 } },
  ],
});
