/** The tensor: a dtype, a shape and contiguous row-major storage. Knows nothing of operators or graphs. */
import { allocate, type DType, type TensorData } from "./dtype";

export type Shape = readonly number[];

/** A dense tensor. `data` is row-major, contiguous, and belongs to the tensor: nobody writes to it after construction. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TensorData;
}

/** The number of elements of a shape: the product of its sizes, 1 for a scalar. */
export function elementCount(shape: Shape): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/** Wraps storage as a tensor. Throws if the storage has another length than the shape (our own bug). */
export function tensor(dtype: DType, shape: Shape, data: TensorData): Tensor {
  if (data.length !== elementCount(shape)) {
    throw new Error(`tensor: ${String(data.length)} elements for shape [${shape.join(", ")}]`);
  }
  return { dtype, shape, data };
}

/** A tensor of one repeated value. */
export function full(dtype: DType, shape: Shape, value: number): Tensor {
  const data = allocate(dtype, elementCount(shape));
  if (value !== 0) data.fill(value);
  return { dtype, shape, data };
}

/** A tensor of shape []. */
export function scalar(value: number, dtype: DType = "float64"): Tensor {
  return full(dtype, [], value);
}

/** A tensor from row-major numbers, rounded to the dtype. */
export function fromArray(dtype: DType, shape: Shape, values: ArrayLike<number>): Tensor {
  const data = allocate(dtype, elementCount(shape));
  data.set(values);
  return tensor(dtype, shape, data);
}

/** The same values in another dtype; floats are rounded to it, and truncated toward zero for `int`; bool is `!= 0`. */
export function cast(value: Tensor, dtype: DType): Tensor {
  if (value.dtype === dtype) return value;
  const data = allocate(dtype, value.data.length);
  for (let i = 0; i < data.length; i++) {
    const element = value.data[i] ?? 0;
    data[i] = dtype === "bool" ? Number(element !== 0) : dtype === "int" ? Math.trunc(element) : element;
  }
  return { dtype, shape: value.shape, data };
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}
