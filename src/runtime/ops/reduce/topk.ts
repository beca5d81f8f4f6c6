/** `topk`: the largest or smallest elements along one dimension. */
import { compareSizes, dim as dimension, formatSize } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { any, flag, integer, required } from "../parameters";
import { reject } from "../rejection";
import { axisOf, resolveAxis } from "../shape/axis";
import { mapLanes } from "./lanes";
import { orderBranch, readAt, returnTo, sortedPositions } from "./order";

export const topk = defineOp({
  name: "topk",
  inputs: { x: any() },
  attributes: { k: required(integer(1)), dim: integer(-1), largest: flag(true) },
  doc: "The `k` largest elements along `dim`, the largest first; with `largest = false` the smallest, the smallest first. (The values; `argsort` gives positions.)",
  formula: "y₀ ≥ y₁ ≥ … ≥ yₖ₋₁, the k largest elements of x",
  derivative: "x̄ = ȳ put back to where the elements came from",
  shape({ inputs: { x }, attributes: { k, dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    if (typeof axis !== "number") return axis;
    const own = x.shape[axis];
    const size = own?.size ?? 1;
    if (k < 0 || (typeof size === "number" && k > size)) {
      const message = `k must be 0 … ${formatSize(size)}, not ${String(k)}`;
      return reject({ kind: "attribute", attribute: "k", message });
    }
    const kept = own !== undefined && compareSizes(size, k) === "equal" ? own : dimension(k);
    return { shape: x.shape.map((other, position) => (position === axis ? kept : other)), dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dim, largest }, output }) {
    return mapLanes(x, dim, output, (values, result) => {
      const positions = sortedPositions(values, largest ? "descending" : "ascending");
      for (let k = 0; k < result.length; k++) result[k] = values[positions[k] ?? 0] ?? 0;
    });
  },
  vjp: {
    // Each chosen element hands its ȳ back to where it stood.
    x: ({ build, inputs: { x }, attributes, cotangent }) =>
      returnTo(build, x, chosen(build, x, attributes), attributes.dim, cotangent),
  },
  jvp: {
    x: ({ build, inputs: { x }, attributes, tangent }) =>
      readAt(build, chosen(build, x, attributes), attributes.dim, tangent),
  },
  branch: ({ inputs: { x }, attributes: { dim } }) => orderBranch(x, dim),
  samples: [
    { inputs: { x: { shape: [3, 4], like: "distinct" } }, attributes: { k: 2 } },
    { inputs: { x: { shape: [4, 3], like: "distinct" } }, attributes: { k: 3, dim: 0, largest: false } },
    { inputs: { x: { shape: [2, 1, 3, 2, 2], like: "distinct" } }, attributes: { k: 1, dim: -3 } },
    { inputs: { x: { shape: [2, 3], like: "distinct" } }, attributes: { k: 0 } },
    { inputs: { x: { shape: [] } }, attributes: { k: 1 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { k: 4 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { k: -1 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { k: 1, dim: 2 } },
  ],
});

/** The positions of the chosen elements along the dimension. */
function chosen(
  build: Builder,
  x: Ref,
  { k, dim, largest }: { readonly k: number; readonly dim: number; readonly largest: boolean },
): Ref {
  const order = build.apply("argsort", [x], { dim, descending: largest });
  const axis = axisOf(dim, x.shape.length);
  return x.shape.length === 0 ? order : build.slice(order, axis, 0, k, 1);
}
