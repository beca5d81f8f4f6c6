/** `argmin`: where the smallest element stands. */
import { defineOp } from "../define-op";
import { constant, flag, integer, maybe } from "../parameters";
import { isRejected } from "../rejection";
import { firstExtreme, refuseEmpty } from "./extremum";
import { foldGroups, oneDimension, reducedShape } from "./groups";

export const argmin = defineOp({
  name: "argmin",
  inputs: { x: constant("any") },
  attributes: { dim: maybe(integer(0)), keepdim: flag(false) },
  doc: "The position of the first smallest element along `dim`, or among all elements in row-major order; NaN counts as beyond every number.",
  formula: "y = the first i with xᵢ = minⱼ xⱼ",
  derivative: "none: positions are whole numbers",
  shape({ inputs: { x }, attributes }) {
    const reduction = oneDimension(attributes);
    const shape = refuseEmpty(x.shape, reduction) ?? reducedShape(x.shape, reduction);
    return isRejected(shape) ? shape : { shape, dtype: "int" };
  },
  forward({ inputs: { x }, attributes, output }) {
    return foldGroups(x, oneDimension(attributes).dim, output, (values) => firstExtreme(values, "smallest"));
  },
  vjp: {},
  jvp: {},
  samples: [
    { inputs: { x: { shape: [2, 3, 4] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: -1, keepdim: true } },
    { inputs: { x: { shape: [3, 5], like: "labels", below: 2 } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 1 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: -3 } },
    { inputs: { x: { shape: [0, 3] } } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 0 } },
  ],
});
