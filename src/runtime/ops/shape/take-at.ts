/** `take_at`: what `x[i, j]` means for int tensors: element by element, not row by row. */
import {
  allocate,
  broadcastShapes,
  broadcastStrides,
  elementCount,
  type Shape,
  stridesOf,
  type Tensor,
} from "../../tensor";
import { broadcastDims } from "../broadcast-dims";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { any, int, integer, many } from "../parameters";
import { type Fault, isRejected, reject } from "../rejection";
import { axisOf, resolveAxis } from "./axis";
import { fromStart, refuseIndices } from "./index-range";
import { readRows } from "./rows";
import { viewPositions } from "./strided-copy";

export const takeAt = defineOp({
  name: "take_at",
  inputs: { x: any(), indices: many(int()) },
  attributes: { dim: integer(0) },
  doc: "`x[i, j, …]` with int tensors: they are broadcast together and name one element each of the dimensions `dim`, `dim + 1`, …, whose place they take. Positions count from the end where negative.",
  formula: "y[…, k, …] = x[…, i[k], j[k], …]",
  derivative: "x̄ = Σ ȳ at the places that were read",
  shape({ inputs: { x, indices }, attributes: { dim } }) {
    if (x.shape.length < Math.max(indices.length, 1)) {
      const needs = `at least ${String(indices.length)} dimensions, one for each index`;
      return reject({ kind: "rank", input: "x", found: x.shape.length, needs });
    }
    const axis = resolveAxis("dim", dim, x.shape.length);
    if (typeof axis !== "number") return axis;
    if (indices.length === 0 || axis + indices.length > x.shape.length) {
      const message = `\`take_at\` has ${String(indices.length)} indices for the ${String(x.shape.length - axis)} dimensions from ${String(axis)} on.`;
      return reject({ kind: "other", input: "indices", message });
    }
    const places = broadcastDims(indices.map(({ shape }) => ({ input: "indices", shape })));
    if (isRejected(places)) return places;
    return { shape: x.shape.toSpliced(axis, indices.length, ...places), dtype: x.dtype };
  },
  forward({ inputs: { x, indices }, attributes: { dim }, output }) {
    const axis = axisOf(dim, x.shape.length);
    const sizes = x.shape.slice(axis, axis + indices.length);
    const places = jointPlaces(indices, sizes);
    if ("fault" in places) return places;
    const joined = { ...x, shape: x.shape.toSpliced(axis, sizes.length, elementCount(sizes)) };
    return { dtype: x.dtype, shape: output.shape, data: readRows(joined, axis, places) };
  },
  vjp: {
    // Each copy hands its ȳ back to the element that it was read from.
    x: ({ build, inputs: { x, indices }, attributes: { dim }, cotangent }) => {
      const axis = axisOf(dim, x.shape.length);
      const sizes = x.shape.slice(axis, axis + indices.length);
      const places = joinedIndex(build, indices, sizes);
      const flat = x.shape.toSpliced(axis, sizes.length, elementCount(sizes));
      const rows = build.reshape(
        cotangent,
        x.shape.toSpliced(axis, sizes.length, elementCount(places.shape)),
      );
      const zeros = build.full(0, { shape: flat, dtype: x.dtype });
      return build.reshape(build.apply("index_add", [zeros, places, rows], { dim: axis }), x.shape);
    },
  },
  jvp: {
    x: ({ build, inputs: { indices }, attributes, tangent }) =>
      build.apply("take_at", [tangent, ...indices], attributes),
  },
  samples: [
    {
      inputs: {
        x: { shape: [4, 3] },
        indices: [
          { shape: [5], like: "labels", below: 4 },
          { shape: [5], like: "labels", below: 3 },
        ],
      },
    },
    {
      inputs: {
        x: { shape: [2, 4, 3, 2] },
        indices: [
          { shape: [2, 1], like: "labels", below: 4 },
          { shape: [3], like: "labels", below: 3 },
        ],
      },
      attributes: { dim: -3 },
    },
    { inputs: { x: { shape: [4, 3] }, indices: [{ shape: [2, 2], like: "labels", below: 4 }] } },
  ],
  refused: [
    {
      inputs: {
        x: { shape: [4, 3] },
        indices: [
          { shape: [2], like: "labels", below: 3 },
          { shape: [3], like: "labels", below: 3 },
        ],
      },
    },
    {
      inputs: {
        x: { shape: [4] },
        indices: [
          { shape: [2], like: "labels", below: 3 },
          { shape: [2], like: "labels", below: 3 },
        ],
      },
    },
    {
      inputs: {
        x: { shape: [4, 3] },
        indices: [
          { shape: [2], like: "labels", below: 3 },
          { shape: [2], like: "labels", below: 3 },
        ],
      },
      attributes: { dim: 1 },
    },
  ],
});

/** The indices as one, into the dimensions that they index joined in row-major order; or the first that is out of range. */
function jointPlaces(indices: readonly Tensor[], sizes: Shape): Tensor | Fault {
  const shape = indices.reduce<Shape>((joined, index) => broadcastShapes(joined, index.shape) ?? joined, []);
  const strides = stridesOf(sizes);
  const data = allocate("int", elementCount(shape));
  for (const [k, index] of indices.entries()) {
    const size = sizes[k] ?? 1;
    const fault = refuseIndices("indices", index, size, { lowest: -size });
    if (fault !== undefined) return fault;
    const read = viewPositions({ shape, strides: broadcastStrides(index.shape, shape), offset: 0 });
    for (let i = 0; i < data.length; i++) {
      const place = index.data[read[i] ?? 0] ?? 0;
      data[i] = (data[i] ?? 0) + (place < 0 ? place + size : place) * (strides[k] ?? 1);
    }
  }
  return { dtype: "int", shape, data };
}

/** The same, flat, as a rule writes it. */
function joinedIndex(build: Builder, indices: readonly Ref[], sizes: Shape): Ref {
  const strides = stridesOf(sizes);
  const scaled = indices.map((index, k) => {
    const place = fromStart(build, index, sizes[k] ?? 1);
    return build.mul(place, build.full(strides[k] ?? 1, { shape: [], dtype: "int" }));
  });
  const places = scaled.reduce((sum, place) => build.add(sum, place));
  return build.reshape(places, [elementCount(places.shape)]);
}
