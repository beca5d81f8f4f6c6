/** `scatter_add`: elements added at the places that an index names along one dimension. */
import { allocate, promote, stridesOf } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { int, integer, numeric, required } from "../parameters";
import { reject } from "../rejection";
import { axisOf } from "./axis";
import { refuseIndices } from "./index-range";
import { lanePositions, refuseLaneIndex, refuseLarger } from "./lane-index";
import { viewPositions } from "./strided-copy";

export const scatterAdd = defineOp({
  name: "scatter_add",
  inputs: { x: numeric(), index: int(), src: numeric() },
  attributes: { dim: required(integer(0)) },
  callOrder: ["x", "dim", "index", "src"],
  doc: "`x` with each element of `src` added where the index at its place says along `dim`; its other positions are the place's own. Several may fall on one element.",
  formula: "y = x, then y[i, index[i, j, …], …] += src[i, j, …] with dim = 1",
  derivative: "x̄ = ȳ, s̄rc = ȳ at the places that were added to: gather",
  shape({ inputs: { x, index, src }, attributes: { dim } }) {
    const refused = refuseLaneIndex("scatter_add", x.shape, index.shape, dim);
    if (refused !== undefined) return refused;
    const empty = index.shape.some(({ size }) => size === 0);
    if (!empty && Math.max(src.shape.length, 1) !== Math.max(index.shape.length, 1)) {
      const needs = `${String(index.shape.length)} dimensions, as \`index\` has`;
      return reject({ kind: "rank", input: "src", found: src.shape.length, needs });
    }
    const larger = empty ? undefined : refuseLarger("scatter_add", index.shape, "src", src.shape, undefined);
    return larger ?? { shape: x.shape, dtype: promote(x.dtype, src.dtype) };
  },
  forward({ inputs: { x, index, src }, attributes: { dim }, output }) {
    const fault = refuseIndices("index", index, x.shape[axisOf(dim, x.shape.length)] ?? 1, { lowest: 0 });
    if (fault !== undefined) return fault;
    const positions = lanePositions(x.shape, index, dim);
    const read = viewPositions({ shape: index.shape, strides: stridesOf(src.shape), offset: 0 });
    // Sums are kept in float64 and rounded once.
    const totals = Float64Array.from(x.data);
    for (let i = 0; i < positions.length; i++) {
      const to = positions[i] ?? 0;
      totals[to] = (totals[to] ?? 0) + (src.data[read[i] ?? 0] ?? 0);
    }
    const data = allocate(output.dtype, totals.length);
    data.set(totals);
    return { dtype: output.dtype, shape: output.shape, data };
  },
  vjp: {
    // y = x + …, so x̄ = ȳ
    x: ({ cotangent }) => cotangent,
    // Each element of src reads the ȳ of where it went; those beyond the index went nowhere.
    src: ({ build, inputs: { index, src }, attributes, cotangent }) =>
      padded(build, build.apply("gather", [cotangent, index], attributes), src),
  },
  jvp: {
    x: ({ tangent }) => tangent,
    src: ({ build, inputs: { x, index }, attributes, tangent }) =>
      build.apply("scatter_add", [build.zerosLike(x), index, tangent], attributes),
  },
  samples: [
    {
      inputs: {
        x: { shape: [3, 4] },
        index: { shape: [2, 4], like: "labels", below: 3 },
        src: { shape: [2, 4] },
      },
      attributes: { dim: 0 },
    },
    {
      inputs: {
        x: { shape: [2, 3, 4] },
        index: { shape: [2, 2, 5], like: "labels", below: 4 },
        src: { shape: [3, 2, 6] },
      },
      attributes: { dim: -1 },
    },
    {
      inputs: { x: { shape: [] }, index: { shape: [], like: "labels", below: 1 }, src: { shape: [] } },
      attributes: { dim: 0 },
    },
    {
      inputs: {
        x: { shape: [3] },
        index: { shape: [0], like: "labels", below: 3 },
        src: { shape: [2] },
      },
      attributes: { dim: 0 },
    },
  ],
  refused: [
    {
      inputs: {
        x: { shape: [2, 3] },
        index: { shape: [4, 3], like: "labels", below: 2 },
        src: { shape: [3, 3] },
      },
      attributes: { dim: 0 },
    },
    {
      inputs: {
        x: { shape: [2, 3] },
        index: { shape: [1, 4], like: "labels", below: 2 },
        src: { shape: [1, 4] },
      },
      attributes: { dim: 0 },
    },
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [2], like: "labels", below: 2 }, src: { shape: [2] } },
      attributes: { dim: 0 },
    },
  ],
});

/** `part` in the first places of zeros like `whole`. */
function padded(build: Builder, part: Ref, whole: Ref): Ref {
  if (part.shape.some((size) => size === 0)) return build.zerosLike(whole);
  const missing = whole.shape.map((size, axis) => size - (part.shape[axis] ?? size));
  if (missing.every((count) => count === 0)) return build.reshape(part, whole.shape);
  return build.apply("pad", [part], { pad: missing.toReversed().flatMap((count) => [0, count]) });
}
