/**
 * The precision in which kernels with sums compute: float64 throughout, rounded once into the result's dtype.
 * Knows nothing of operators.
 */
import { allocate, tensor, type DType, type Shape, type Tensor } from "../tensor";

/** The elements as doubles: the tensor's own storage where it already is (do not write to it). */
export function doublesOf(value: Tensor): Float64Array {
  return value.data instanceof Float64Array ? value.data : new Float64Array(value.data);
}

/** A tensor of `values`, which it then owns, rounded to `dtype`. */
export function roundedTo(
  output: { readonly dtype: DType; readonly shape: Shape },
  values: Float64Array,
): Tensor {
  const { dtype, shape } = output;
  if (dtype === "float64" || dtype === "int") return tensor(dtype, shape, values);
  const data = allocate(dtype, values.length);
  data.set(values);
  return tensor(dtype, shape, data);
}
