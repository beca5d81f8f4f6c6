/** `amin`: the smallest element over some dimensions or all; ties share the gradient. */
import { isRejected } from "../rejection";
import { defineOp } from "../define-op";
import { any, flag, integers, maybe } from "../parameters";
import { averageOfTies, extremeBranch, extremeValue, refuseEmpty, shareAmongTies } from "./extremum";
import { foldGroups, reducedShape } from "./groups";

export const amin = defineOp({
  name: "amin",
  inputs: { x: any() },
  attributes: { dim: maybe(integers([])), keepdim: flag(false) },
  doc: "The smallest element over the dimensions `dim` (all of them where left out); `keepdim = true` leaves them as 1. Elements that tie share the gradient equally.",
  formula: "y = minᵢ xᵢ",
  derivative: "x̄ᵢ = ȳ / (number of ties) where xᵢ = y, else 0",
  shape({ inputs: { x }, attributes }) {
    const shape = refuseEmpty(x.shape, attributes) ?? reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dim }, output }) {
    return foldGroups(x, dim, output, (values) => extremeValue(values, "smallest"));
  },
  vjp: {
    // x̄ᵢ = ȳ [xᵢ = y] / #{j : xⱼ = y}
    x: ({ build, inputs: { x }, output, attributes, cotangent }) =>
      shareAmongTies(build, x, output, attributes, cotangent, "miss"),
  },
  jvp: {
    // ẏ = Σᵢ ẋᵢ [xᵢ = y] / #{j : xⱼ = y}
    x: ({ build, inputs: { x }, output, attributes, tangent }) =>
      averageOfTies(build, x, output, attributes, tangent, "miss"),
  },
  branch: ({ inputs: { x }, attributes }) => extremeBranch(x, attributes, "smallest"),
  samples: [
    { inputs: { x: { shape: [2, 3, 4], like: "distinct" } } },
    { inputs: { x: { shape: [2, 3, 4], like: "distinct" } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [2, 3, 4], like: "distinct" } }, attributes: { dim: [0, -1], keepdim: true } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2], like: "distinct" } }, attributes: { dim: [1, 2] } },
    { inputs: { x: { shape: [] } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [3, 4], like: "labels", below: 2 } }, attributes: { dim: [1] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [2] } },
    { inputs: { x: { shape: [0, 3] } } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: [0] } },
  ],
});
