/** Lanes: the rows of a tensor along one axis, which softmax, cumulative sums and sorting treat one by one. */
import { allocate, type DType, type Shape, type Tensor } from "../../tensor";
import { axisOf } from "../shape/axis";

/** Fills `result` from the lane `values`. Both arrays are handed out again for every lane: copy to keep. */
export type LaneMap = (values: Float64Array, result: Float64Array) => void;

/** Maps each lane of `x` along `dim` to the lane of the result at the same place; its length may differ. */
export function mapLanes(
  x: Tensor,
  dim: number,
  output: { readonly shape: Shape; readonly dtype: DType },
  map: LaneMap,
): Tensor {
  const axis = axisOf(dim, x.shape.length);
  const { outer, length, inner } = lanesOf(x.shape, axis);
  const produced = output.shape[axis] ?? 1;
  const data = allocate(output.dtype, outer * produced * inner);
  const values = new Float64Array(length);
  const result = new Float64Array(produced);
  for (let i = 0; i < outer * inner; i++) {
    const row = Math.floor(i / inner);
    const from = row * length * inner + (i % inner);
    for (let k = 0; k < length; k++) values[k] = x.data[from + k * inner] ?? 0;
    map(values, result);
    const to = row * produced * inner + (i % inner);
    for (let k = 0; k < produced; k++) data[to + k * inner] = result[k] ?? 0;
  }
  return { dtype: output.dtype, shape: output.shape, data };
}

/** The element counts before, along and after an axis; a scalar is one lane of one element. */
export function lanesOf(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  const product = (sizes: Shape): number => sizes.reduce((count, size) => count * size, 1);
  return {
    outer: product(shape.slice(0, axis)),
    length: shape[axis] ?? 1,
    inner: product(shape.slice(axis + 1)),
  };
}
