/** `take`: what `x[index]` means for an int tensor. */
import { elementCount } from "../../tensor";
import { defineOp } from "../define-op";
import { any, int, integer } from "../parameters";
import { reject } from "../rejection";
import { axisOf, resolveAxis } from "./axis";
import { fromStart, refuseIndices } from "./index-range";
import { readRows } from "./rows";

export const take = defineOp({
  name: "take",
  inputs: { x: any(), index: int() },
  attributes: { dim: integer(0) },
  doc: "`x[index]` with an int tensor of any shape, which takes the place of the dimension `dim`; positions count from the end where negative.",
  formula: "y[…, i, j, …] = x[…, index[i, j], …]",
  derivative: "x̄ = Σ ȳ at the places that were read",
  shape({ inputs: { x, index }, attributes: { dim } }) {
    if (x.shape.length === 0) {
      return reject({ kind: "rank", input: "x", found: 0, needs: "at least 1 dimension" });
    }
    const axis = resolveAxis("dim", dim, x.shape.length);
    if (typeof axis !== "number") return axis;
    return { shape: x.shape.toSpliced(axis, 1, ...index.shape), dtype: x.dtype };
  },
  forward({ inputs: { x, index }, attributes: { dim }, output }) {
    const axis = axisOf(dim, x.shape.length);
    const size = x.shape[axis] ?? 1;
    const fault = refuseIndices("index", index, size, { lowest: -size });
    return fault ?? { dtype: x.dtype, shape: output.shape, data: readRows(x, axis, index) };
  },
  vjp: {
    // Each copy hands its ȳ back to the part that it was read from.
    x: ({ build, inputs: { x, index }, attributes: { dim }, cotangent }) => {
      const axis = axisOf(dim, x.shape.length);
      const count = elementCount(index.shape);
      const rows = build.reshape(cotangent, x.shape.toSpliced(axis, 1, count));
      const positions = fromStart(build, build.reshape(index, [count]), x.shape[axis] ?? 1);
      return build.apply("index_add", [build.zerosLike(x), positions, rows], { dim: axis });
    },
  },
  jvp: {
    x: ({ build, inputs: { index }, attributes, tangent }) =>
      build.apply("take", [tangent, index], attributes),
  },
  samples: [
    { inputs: { x: { shape: [4, 3] }, index: { shape: [5], like: "labels", below: 4 } } },
    {
      inputs: { x: { shape: [2, 4, 3] }, index: { shape: [2, 3], like: "labels", below: 4 } },
      attributes: { dim: 1 },
    },
    {
      inputs: { x: { shape: [4, 3] }, index: { shape: [], like: "labels", below: 3 } },
      attributes: { dim: -1 },
    },
    { inputs: { x: { shape: [4, 3] }, index: { shape: [0], like: "labels", below: 3 } } },
  ],
  refused: [
    { inputs: { x: { shape: [] }, index: { shape: [1], like: "labels", below: 1 } } },
    {
      inputs: { x: { shape: [3] }, index: { shape: [1], like: "labels", below: 1 } },
      attributes: { dim: 1 },
    },
  ],
});
