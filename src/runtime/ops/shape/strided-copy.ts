/** Copies a strided view into contiguous storage: the one kernel of permute, expand, slice, flip and their kin. */
import { allocate, elementCount, type Shape, type Tensor } from "../../tensor";

/** A way to walk through a tensor's storage: `strides[axis]` elements further for each step along `axis`, from `offset`. */
export interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The elements that `view` shows of `x`, as a tensor of their own. */
export function copyView(x: Tensor, view: View): Tensor {
  const positions = viewPositions(view);
  const data = allocate(x.dtype, positions.length);
  for (let i = 0; i < positions.length; i++) data[i] = x.data[positions[i] ?? 0] ?? 0;
  return { dtype: x.dtype, shape: view.shape, data };
}

/** A copy of `x` in which the elements that `view` shows are those of `source`, in row-major order. */
export function writeView(x: Tensor, view: View, source: Tensor): Tensor {
  const positions = viewPositions(view);
  const data = allocate(x.dtype, x.data.length);
  data.set(x.data);
  for (let i = 0; i < positions.length; i++) data[positions[i] ?? 0] = source.data[i] ?? 0;
  return { dtype: x.dtype, shape: x.shape, data };
}

/** The storage positions that a view visits, in row-major order. */
export function viewPositions({ shape, strides, offset }: View): Int32Array {
  const positions = new Int32Array(elementCount(shape));
  if (positions.length === 0) return positions;
  positions[0] = offset;
  // Axis by axis from the last: the block so far is repeated, moved by one stride each time.
  let filled = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    const stride = strides[axis] ?? 0;
    for (let step = 1; step < size; step++) {
      const start = step * filled;
      for (let i = 0; i < filled; i++) positions[start + i] = (positions[i] ?? 0) + step * stride;
    }
    filled *= size;
  }
  return positions;
}
