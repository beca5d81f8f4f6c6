/** `prod`: the product along one dimension or of all. */
import { elementCount } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { flag, integer, maybe, numeric } from "../parameters";
import { isRejected } from "../rejection";
import { axisOf } from "../shape/axis";
import { foldGroups, keepDims, oneDimension, reducedShape } from "./groups";
import { productsOfOthers } from "./products-of-others";

export const prod = defineOp({
  name: "prod",
  inputs: { x: numeric() },
  attributes: { dim: maybe(integer(0)), keepdim: flag(false) },
  doc: "The product along `dim`, or of all elements. Whole numbers and truth values give a whole number; the product of nothing is 1.",
  formula: "y = Πᵢ xᵢ",
  derivative: "x̄ᵢ = ȳ · Πⱼ≠ᵢ xⱼ (the product of the others, so zeros are no trouble)",
  shape({ inputs: { x }, attributes }) {
    const shape = reducedShape(x.shape, oneDimension(attributes));
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes, output }) {
    return foldGroups(x, oneDimension(attributes).dim, output, (values) =>
      values.reduce((product, value) => product * value, 1),
    );
  },
  vjp: {
    // y = Π xⱼ, so x̄ᵢ = ȳ Πⱼ≠ᵢ xⱼ
    x: ({ build, inputs: { x }, attributes, cotangent }) =>
      build.mul(
        keepDims(build, cotangent, x, oneDimension(attributes).dim),
        others(build, x, attributes.dim),
      ),
  },
  jvp: {
    // ẏ = Σᵢ ẋᵢ Πⱼ≠ᵢ xⱼ
    x: ({ build, inputs: { x }, attributes: { dim, keepdim }, tangent }) => {
      const moved = build.mul(tangent, others(build, x, dim));
      if (x.shape.length === 0) return moved;
      return build.sum(moved, dim === undefined ? undefined : [dim], keepdim);
    },
  },
  samples: [
    { inputs: { x: { shape: [2, 3, 2] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: -1, keepdim: true } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [3, 4], like: "mask" } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 0 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: -2 } },
  ],
});

/** For each element the product of all others in its group, in x's shape. */
function others(build: Builder, x: Ref, dim: number | undefined): Ref {
  const whole = dim === undefined || x.shape.length === 0;
  const lane = whole ? build.reshape(x, [elementCount(x.shape)]) : x;
  return build.reshape(productsOfOthers(build, lane, whole ? 0 : axisOf(dim, x.shape.length)), x.shape);
}
