/** `cumprod`: running products along one dimension. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { integer, numeric, required } from "../parameters";
import { axisOf, resolveAxis } from "../shape/axis";
import { mapLanes } from "./lanes";
import { reverseRecurrence } from "./linear-recurrence";
import { delayed } from "./products-of-others";

export const cumprod = defineOp({
  name: "cumprod",
  inputs: { x: numeric() },
  attributes: { dim: required(integer(0)) },
  doc: "The running products along `dim`: each element is the product of all up to it.",
  formula: "yᵢ = Πⱼ≤ᵢ xⱼ",
  derivative: "x̄ⱼ = Σᵢ≥ⱼ ȳᵢ · Πₖ≤ᵢ, ₖ≠ⱼ xₖ",
  shape({ inputs: { x }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    return typeof axis === "number" ? x : axis;
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return mapLanes(x, dim, output, (values, result) => {
      let product = 1;
      for (let i = 0; i < values.length; i++) result[i] = product *= values[i] ?? 0;
    });
  },
  vjp: {
    // yᵢ = xᵢ yᵢ₋₁, so with rᵢ = ȳᵢ + xᵢ₊₁ rᵢ₊₁: x̄ᵢ = rᵢ yᵢ₋₁. No division, so zeros are no trouble.
    x: ({ build, inputs: { x }, output, attributes: { dim }, cotangent }) =>
      build.mul(reverseRecurrence(build, x, cotangent, dim), previous(build, output, dim)),
  },
  jvp: {
    // ẏᵢ = xᵢ ẏᵢ₋₁ + ẋᵢ yᵢ₋₁
    x: ({ build, inputs: { x }, output, attributes: { dim }, tangent }) =>
      build.apply("linear_recurrence", [x, build.mul(tangent, previous(build, output, dim))], { dim }),
  },
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

/** yᵢ₋₁ along `dim`, 1 at the first place. */
function previous(build: Builder, y: Ref, dim: number): Ref {
  const axis = axisOf(dim, y.shape.length);
  return (y.shape[axis] ?? 1) <= 1 ? build.onesLike(y) : delayed(build, y, axis, 1);
}
