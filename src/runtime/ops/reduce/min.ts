/** `min`: the smallest element of all, or the first along one dimension. */
import { defineOp } from "../define-op";
import { any, flag, integer, maybe } from "../parameters";
import { isRejected } from "../rejection";
import { extremeBranch, extremeValue, readExtreme, refuseEmpty, returnToExtreme } from "./extremum";
import { foldGroups, oneDimension, reducedShape } from "./groups";

export const min = defineOp({
  name: "min",
  inputs: { x: any() },
  attributes: { dim: maybe(integer(0)), keepdim: flag(false) },
  doc: "The smallest element of all, or the values along `dim`. Without `dim`, elements that tie share the gradient equally; with it, the first of them gets all.",
  formula: "y = minᵢ xᵢ",
  derivative: "x̄ᵢ = ȳ where xᵢ is the smallest, else 0",
  shape({ inputs: { x }, attributes }) {
    const reduction = oneDimension(attributes);
    const shape = refuseEmpty(x.shape, reduction) ?? reducedShape(x.shape, reduction);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes, output }) {
    return foldGroups(x, oneDimension(attributes).dim, output, (values) => extremeValue(values, "smallest"));
  },
  // x̄ᵢ = ȳ [i = argmin x] along a dimension; ȳ [xᵢ = y] / #{j : xⱼ = y} over all
  vjp: { x: (context) => returnToExtreme(context, "argmin") },
  // ẏ = ẋ at i = argmin x along a dimension; Σᵢ ẋᵢ [xᵢ = y] / #{j : xⱼ = y} over all
  jvp: { x: (context) => readExtreme(context, "argmin") },
  branch: ({ inputs: { x }, attributes }) => extremeBranch(x, oneDimension(attributes), "smallest"),
  samples: [
    { inputs: { x: { shape: [2, 3, 4], like: "distinct" } } },
    { inputs: { x: { shape: [2, 3, 4], like: "distinct" } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [2, 3, 4], like: "distinct" } }, attributes: { dim: -1, keepdim: true } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2], like: "distinct" } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [3, 4], like: "labels", below: 2 } }, attributes: { dim: 1 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [0, 3] } } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 0 } },
  ],
});
