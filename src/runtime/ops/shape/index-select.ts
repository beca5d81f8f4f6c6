/** `index_select`: the rows that a list of indices names, along one dimension. */
import { dim as dimension, type Dim } from "../../tensor";
import { defineOp } from "../define-op";
import { any, int, integer, required, type OperandType } from "../parameters";
import { reject, type Rejected } from "../rejection";
import { axisOf, resolveAxis } from "./axis";
import { refuseIndices } from "./index-range";
import { readRows } from "./rows";

export const indexSelect = defineOp({
  name: "index_select",
  inputs: { x: any(), index: int() },
  attributes: { dim: required(integer(0)) },
  callOrder: ["x", "dim", "index"],
  doc: "The parts of `x` at the positions `index` along `dim`, in that order; a position may occur several times.",
  formula: "y[…, k, …] = x[…, index[k], …]",
  derivative: "x̄ = Σ ȳ at the places that were read: index_add",
  shape({ inputs: { x, index }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    if (typeof axis !== "number") return axis;
    const chosen = indexDimension(index);
    if ("rejected" in chosen) return chosen;
    if (x.shape.length === 0 && typeof chosen.size === "number" && chosen.size !== 1) {
      return reject({
        kind: "size",
        at: { input: "index", axis: 0, dim: chosen },
        needs: "1, because `x` is a scalar",
      });
    }
    return { shape: x.shape.map((own, k) => (k === axis ? chosen : own)), dtype: x.dtype };
  },
  forward({ inputs: { x, index }, attributes: { dim }, output }) {
    const axis = axisOf(dim, x.shape.length);
    const fault = refuseIndices("index", index, x.shape[axis] ?? 1, { lowest: 0 });
    return fault ?? { dtype: x.dtype, shape: output.shape, data: readRows(x, axis, index) };
  },
  vjp: {
    // Each copy hands its ȳ back to the part that it was read from.
    x: ({ build, inputs: { x, index }, attributes, cotangent }) =>
      build.apply("index_add", [build.zerosLike(x), index, cotangent], attributes),
  },
  jvp: {
    x: ({ build, inputs: { index }, attributes, tangent }) =>
      build.apply("index_select", [tangent, index], attributes),
  },
  samples: [
    {
      inputs: { x: { shape: [4, 3] }, index: { shape: [3], like: "labels", below: 4 } },
      attributes: { dim: 0 },
    },
    {
      inputs: { x: { shape: [2, 1, 3, 2, 2] }, index: { shape: [5], like: "labels", below: 3 } },
      attributes: { dim: -3 },
    },
    { inputs: { x: { shape: [3] }, index: { shape: [], like: "labels", below: 3 } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [] }, index: { shape: [1], like: "labels", below: 1 } }, attributes: { dim: 0 } },
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [0], like: "labels", below: 3 } },
      attributes: { dim: 1 },
    },
  ],
  refused: [
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [1, 1], like: "labels", below: 2 } },
      attributes: { dim: 0 },
    },
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [1], like: "labels", below: 2 } },
      attributes: { dim: 2 },
    },
    { inputs: { x: { shape: [] }, index: { shape: [2], like: "labels", below: 1 } }, attributes: { dim: 0 } },
  ],
});

/** The dimension that a list of indices makes: its own, or 1 for a single number. */
export function indexDimension(index: OperandType): Dim | Rejected {
  if (index.shape.length > 1) {
    return reject({ kind: "rank", input: "index", found: index.shape.length, needs: "1 dimension" });
  }
  return index.shape[0] ?? dimension(1);
}
