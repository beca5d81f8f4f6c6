/** `linear_recurrence`: yᵢ = aᵢ yᵢ₋₁ + bᵢ, which cumulative products differentiate to. */
import { allocate, compareSizes, promote } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, integer, required } from "../parameters";
import { reject } from "../rejection";
import { axisOf, resolveAxis } from "../shape/axis";
import { lanesOf } from "./lanes";
import { delayed } from "./products-of-others";

export const linearRecurrence = defineOp({
  name: "linear_recurrence",
  inputs: { a: float(), b: float() },
  attributes: { dim: required(integer(0)) },
  doc: "The recurrence yᵢ = aᵢ · yᵢ₋₁ + bᵢ along `dim`, from 0: with a = 1 it is `cumsum(b)`. (Not in PyTorch.)",
  formula: "yᵢ = aᵢ yᵢ₋₁ + bᵢ, y₋₁ = 0",
  derivative: "b̄ᵢ = ȳᵢ + aᵢ₊₁ b̄ᵢ₊₁ from the end, āᵢ = b̄ᵢ yᵢ₋₁",
  shape({ inputs: { a, b }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, a.shape.length);
    if (typeof axis !== "number") return axis;
    if (b.shape.length !== a.shape.length) {
      return reject({
        kind: "rank",
        input: "b",
        found: b.shape.length,
        needs: `${String(a.shape.length)} dimensions`,
      });
    }
    for (const [k, left] of a.shape.entries()) {
      const right = b.shape[k];
      if (right === undefined || compareSizes(left.size, right.size) !== "different") continue;
      return reject({
        kind: "unequal-dimensions",
        rule: "`linear_recurrence` needs operands of one shape",
        left: { input: "a", axis: k, dim: left },
        right: { input: "b", axis: k, dim: right },
      });
    }
    return { shape: a.shape, dtype: promote(a.dtype, b.dtype) };
  },
  forward({ inputs: { a, b }, attributes: { dim }, output }) {
    const { outer, length, inner } = lanesOf(output.shape, axisOf(dim, output.shape.length));
    const data = allocate(output.dtype, outer * length * inner);
    for (let i = 0; i < outer * inner; i++) {
      const start = Math.floor(i / inner) * length * inner + (i % inner);
      let value = 0;
      for (let k = 0; k < length; k++) {
        const at = start + k * inner;
        // The first a multiplies nothing, so that it may be infinite.
        value = (k === 0 ? 0 : (a.data[at] ?? 0) * value) + (b.data[at] ?? 0);
        data[at] = value;
      }
    }
    return { dtype: output.dtype, shape: output.shape, data };
  },
  vjp: {
    // āᵢ = b̄ᵢ yᵢ₋₁
    a: ({ build, inputs: { a }, output, attributes: { dim }, cotangent }) =>
      build.mul(reverseRecurrence(build, a, cotangent, dim), previous(build, output, dim)),
    // b̄ᵢ = ȳᵢ + aᵢ₊₁ b̄ᵢ₊₁
    b: ({ build, inputs: { a }, attributes: { dim }, cotangent }) =>
      reverseRecurrence(build, a, cotangent, dim),
  },
  jvp: {
    // ẏᵢ = aᵢ ẏᵢ₋₁ + ȧᵢ yᵢ₋₁
    a: ({ build, inputs: { a }, output, attributes: { dim }, tangent }) =>
      build.apply("linear_recurrence", [a, build.mul(tangent, previous(build, output, dim))], { dim }),
    // ẏᵢ = aᵢ ẏᵢ₋₁ + ḃᵢ
    b: ({ build, inputs: { a }, attributes: { dim }, tangent }) =>
      build.apply("linear_recurrence", [a, tangent], { dim }),
  },
  samples: [
    { inputs: { a: { shape: [5] }, b: { shape: [5] } }, attributes: { dim: 0 } },
    { inputs: { a: { shape: [2, 3, 2] }, b: { shape: [2, 3, 2] } }, attributes: { dim: 1 } },
    { inputs: { a: { shape: [] }, b: { shape: [] } }, attributes: { dim: -1 } },
    { inputs: { a: { shape: [0, 2] }, b: { shape: [0, 2] } }, attributes: { dim: 0 } },
  ],
  refused: [
    { inputs: { a: { shape: [2, 3] }, b: { shape: [2, 2] } }, attributes: { dim: 0 } },
    { inputs: { a: { shape: [2, 3] }, b: { shape: [3] } }, attributes: { dim: 0 } },
    { inputs: { a: { shape: [2] }, b: { shape: [2] } }, attributes: { dim: 1 } },
  ],
});

/** rᵢ = uᵢ + aᵢ₊₁ rᵢ₊₁ along `dim`, from the end: the adjoint of the recurrence in b. */
export function reverseRecurrence(build: Builder, a: Ref, u: Ref, dim: number): Ref {
  if (a.shape.length === 0 || (a.shape[axisOf(dim, a.shape.length)] ?? 0) <= 1) return u;
  const axis = axisOf(dim, a.shape.length);
  // The element that comes around multiplies nothing.
  const backwards = build.apply("roll", [build.flip(a, [axis])], { shifts: [1], dims: [axis] });
  return build.flip(build.apply("linear_recurrence", [backwards, build.flip(u, [axis])], { dim: axis }), [
    axis,
  ]);
}

/** yᵢ₋₁ along `dim`, 0 at the first place. */
function previous(build: Builder, y: Ref, dim: number): Ref {
  const axis = axisOf(dim, y.shape.length);
  return y.shape.length === 0 || (y.shape[axis] ?? 0) <= 1 ? build.zerosLike(y) : delayed(build, y, axis, 0);
}
