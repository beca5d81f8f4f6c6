/** `argsort`: the positions that sort along one dimension. */
import { defineOp } from "../define-op";
import { constant, flag, integer } from "../parameters";
import { resolveAxis } from "../shape/axis";
import { mapLanes } from "./lanes";
import { sortedPositions } from "./order";

export const argsort = defineOp({
  name: "argsort",
  inputs: { x: constant("any") },
  attributes: { dim: integer(-1), descending: flag(false) },
  doc: "The positions that sort `x` along `dim`; equal elements keep their order, NaN counts as the largest.",
  formula: "x[y₀] ≤ x[y₁] ≤ …",
  derivative: "none: positions are whole numbers",
  shape({ inputs: { x }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    return typeof axis === "number" ? { shape: x.shape, dtype: "int" } : axis;
  },
  forward({ inputs: { x }, attributes: { dim, descending }, output }) {
    return mapLanes(x, dim, output, (values, result) => {
      result.set(sortedPositions(values, descending ? "descending" : "ascending"));
    });
  },
  vjp: {},
  jvp: {},
  samples: [
    { inputs: { x: { shape: [3, 4], like: "distinct" } } },
    { inputs: { x: { shape: [3, 4], like: "distinct" } }, attributes: { dim: 0, descending: true } },
    { inputs: { x: { shape: [2, 6], like: "labels", below: 2 } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [2, 0] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2 } }],
});
