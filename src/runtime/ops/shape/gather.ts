/** `gather`: for each place, the element that an index names along one dimension. */
import { allocate } from "../../tensor";
import { defineOp } from "../define-op";
import { any, int, integer, required } from "../parameters";
import { axisOf } from "./axis";
import { refuseIndices } from "./index-range";
import { lanePositions, refuseLaneIndex } from "./lane-index";

export const gather = defineOp({
  name: "gather",
  inputs: { x: any(), index: int() },
  attributes: { dim: required(integer(0)) },
  callOrder: ["x", "dim", "index"],
  doc: "A tensor of the shape of `index`: at each place the element of `x` whose position along `dim` is the index there, and whose other positions are the place's own.",
  formula: "y[i, j, …] = x[i, index[i, j, …], …] with dim = 1",
  derivative: "x̄ = Σ ȳ at the places that were read: scatter_add",
  shape({ inputs: { x, index }, attributes: { dim } }) {
    return refuseLaneIndex("gather", x.shape, index.shape, dim) ?? { shape: index.shape, dtype: x.dtype };
  },
  forward({ inputs: { x, index }, attributes: { dim }, output }) {
    const fault = refuseIndices("index", index, x.shape[axisOf(dim, x.shape.length)] ?? 1, { lowest: 0 });
    if (fault !== undefined) return fault;
    const positions = lanePositions(x.shape, index, dim);
    const data = allocate(x.dtype, positions.length);
    for (let i = 0; i < positions.length; i++) data[i] = x.data[positions[i] ?? 0] ?? 0;
    return { dtype: x.dtype, shape: output.shape, data };
  },
  vjp: {
    // Each place hands its ȳ back to the element that it read.
    x: ({ build, inputs: { x, index }, attributes, cotangent }) =>
      build.apply("scatter_add", [build.zerosLike(x), index, cotangent], attributes),
  },
  jvp: {
    x: ({ build, inputs: { index }, attributes, tangent }) =>
      build.apply("gather", [tangent, index], attributes),
  },
  samples: [
    {
      inputs: { x: { shape: [3, 4] }, index: { shape: [3, 2], like: "labels", below: 4 } },
      attributes: { dim: 1 },
    },
    {
      inputs: { x: { shape: [2, 3, 4] }, index: { shape: [5, 2, 4], like: "labels", below: 2 } },
      attributes: { dim: -3 },
    },
    {
      inputs: { x: { shape: [4] }, index: { shape: [6], like: "labels", below: 4 } },
      attributes: { dim: 0 },
    },
    { inputs: { x: { shape: [] }, index: { shape: [], like: "labels", below: 1 } }, attributes: { dim: 0 } },
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [2, 0], like: "labels", below: 3 } },
      attributes: { dim: 1 },
    },
  ],
  refused: [
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [1, 4], like: "labels", below: 2 } },
      attributes: { dim: 0 },
    },
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [2], like: "labels", below: 2 } },
      attributes: { dim: 0 },
    },
    {
      inputs: { x: { shape: [2, 3] }, index: { shape: [2, 3], like: "labels", below: 2 } },
      attributes: { dim: 2 },
    },
  ],
});
