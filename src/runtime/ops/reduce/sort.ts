/** `sort`: the elements along one dimension in order. */
import { defineOp } from "../define-op";
import { any, flag, integer } from "../parameters";
import { resolveAxis } from "../shape/axis";
import { mapLanes } from "./lanes";
import { orderBranch, readAt, returnTo, sortedPositions } from "./order";

export const sort = defineOp({
  name: "sort",
  inputs: { x: any() },
  attributes: { dim: integer(-1), descending: flag(false) },
  doc: "The elements of `x` in order along `dim` (the values; `argsort` gives the positions). NaN counts as the largest.",
  formula: "y₀ ≤ y₁ ≤ …, the elements of x",
  derivative: "x̄ = ȳ put back to where the elements came from",
  shape({ inputs: { x }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    return typeof axis === "number" ? x : axis;
  },
  forward({ inputs: { x }, attributes: { dim, descending }, output }) {
    return mapLanes(x, dim, output, (values, result) => {
      const positions = sortedPositions(values, descending ? "descending" : "ascending");
      positions.forEach((position, k) => (result[k] = values[position] ?? 0));
    });
  },
  vjp: {
    // y = P x with a permutation P that is constant nearby: x̄ = Pᵀ ȳ
    x: ({ build, inputs: { x }, attributes, cotangent }) =>
      returnTo(build, x, build.apply("argsort", [x], attributes), attributes.dim, cotangent),
  },
  jvp: {
    // ẏ = P ẋ
    x: ({ build, inputs: { x }, attributes, tangent }) =>
      readAt(build, build.apply("argsort", [x], attributes), attributes.dim, tangent),
  },
  branch: ({ inputs: { x }, attributes: { dim } }) => orderBranch(x, dim),
  samples: [
    { inputs: { x: { shape: [3, 4], like: "distinct" } } },
    { inputs: { x: { shape: [3, 4], like: "distinct" } }, attributes: { dim: 0, descending: true } },
    { inputs: { x: { shape: [2, 1, 3, 2, 2], like: "distinct" } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [2, 0] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] } }, attributes: { dim: -3 } }],
});
