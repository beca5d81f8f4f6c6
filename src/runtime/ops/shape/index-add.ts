/** `index_add`: rows added at the positions that a list of indices names, along one dimension. */
import { promote } from "../../tensor";
import { defineOp } from "../define-op";
import { int, integer, numeric, required } from "../parameters";
import { roundedTo } from "../working-precision";
import { axisOf, resolveAxis } from "./axis";
import { refuseIndices } from "./index-range";
import { indexDimension } from "./index-select";
import { addRows } from "./rows";
import { refuseOtherShape } from "./same-shape";

export const indexAdd = defineOp({
  name: "index_add",
  inputs: { x: numeric(), index: int(), source: numeric() },
  attributes: { dim: required(integer(0)) },
  callOrder: ["x", "dim", "index", "source"],
  doc: "`x` with the parts of `source` along `dim` added at the positions `index`; several may fall on one.",
  formula: "y = x, then y[…, index[k], …] += source[…, k, …]",
  derivative: "x̄ = ȳ, s̄ource = ȳ at the places that were added to: index_select",
  shape({ inputs: { x, index, source }, attributes: { dim } }) {
    const axis = resolveAxis("dim", dim, x.shape.length);
    if (typeof axis !== "number") return axis;
    const chosen = indexDimension(index);
    if ("rejected" in chosen) return chosen;
    const shape = x.shape.map((own, k) => (k === axis ? chosen : own));
    const rule = "`index_add` needs a `source` of the shape that `index_select` gives";
    const refused = refuseOtherShape(rule, "source", source.shape, { shape, input: "x" });
    return refused ?? { shape: x.shape, dtype: promote(x.dtype, source.dtype) };
  },
  forward({ inputs: { x, index, source }, attributes: { dim }, output }) {
    const axis = axisOf(dim, x.shape.length);
    const fault = refuseIndices("index", index, x.shape[axis] ?? 1, { lowest: 0 });
    return fault ?? roundedTo(output, addRows(x, axis, index, source));
  },
  vjp: {
    // y = x + …, so x̄ = ȳ
    x: ({ cotangent }) => cotangent,
    // Each part of source reads the ȳ of where it went.
    source: ({ build, inputs: { source, index }, attributes, cotangent }) =>
      build.reshape(build.apply("index_select", [cotangent, index], attributes), source.shape),
  },
  jvp: {
    x: ({ tangent }) => tangent,
    source: ({ build, inputs: { x, index }, attributes, tangent }) =>
      build.apply("index_add", [build.zerosLike(x), index, tangent], attributes),
  },
  samples: [
    {
      inputs: {
        x: { shape: [3, 4] },
        index: { shape: [5], like: "labels", below: 3 },
        source: { shape: [5, 4] },
      },
      attributes: { dim: 0 },
    },
    {
      inputs: {
        x: { shape: [2, 3, 2] },
        index: { shape: [2], like: "labels", below: 3 },
        source: { shape: [2, 2, 2] },
      },
      attributes: { dim: -2 },
    },
  ],
  refused: [
    {
      inputs: {
        x: { shape: [3, 4] },
        index: { shape: [2], like: "labels", below: 3 },
        source: { shape: [3, 4] },
      },
      attributes: { dim: 0 },
    },
    {
      inputs: {
        x: { shape: [3, 4] },
        index: { shape: [2], like: "labels", below: 3 },
        source: { shape: [2, 3] },
      },
      attributes: { dim: 0 },
    },
  ],
});
