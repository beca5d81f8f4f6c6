/** `any`: whether any element is not 0, over some dimensions or all. */
import { defineOp } from "../define-op";
import { constant, flag, integers, maybe } from "../parameters";
import { isRejected } from "../rejection";
import { foldGroups, reducedShape } from "./groups";

export const anyTrue = defineOp({
  name: "any",
  inputs: { x: constant("any") },
  attributes: { dim: maybe(integers([])), keepdim: flag(false) },
  doc: "Whether any element is not 0 (is true), over the dimensions `dim` or all of them. Of nothing it is false; NaN is not 0.",
  formula: "y = ∨ᵢ (xᵢ ≠ 0)",
  derivative: "none: the result is a truth value",
  shape({ inputs: { x }, attributes }) {
    const shape = reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: "bool" };
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return foldGroups(x, dim, output, (values) => Number(values.some((value) => value !== 0)));
  },
  vjp: {},
  jvp: {},
  samples: [
    { inputs: { x: { shape: [3, 4], like: "mask" } } },
    { inputs: { x: { shape: [2, 3, 2], like: "mask" } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [2, 3, 2], like: "mask" } }, attributes: { dim: [-1, 0], keepdim: true } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [], like: "mask" } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: [0] } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3], like: "mask" } }, attributes: { dim: [2] } }],
});
