/** The element types of tensors and their storage. Knows nothing else. */

/** `int` holds whole numbers exactly up to 2^53 (stored as doubles); `bool` holds 0 and 1. */
export type DType = "float64" | "float32" | "int" | "bool";

export type FloatDType = "float64" | "float32";

export type TensorData = Float64Array | Float32Array | Uint8Array;

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === "float64" || dtype === "float32";
}

/** Zero-filled storage for `count` elements of `dtype`. */
export function allocate(dtype: DType, count: number): TensorData {
  switch (dtype) {
    case "float64":
    case "int":
      return new Float64Array(count);
    case "float32":
      return new Float32Array(count);
    case "bool":
      return new Uint8Array(count);
  }
}

const rank: Readonly<Record<DType, number>> = { bool: 0, int: 1, float32: 2, float64: 3 };

/** The type that an operation on both gives: bool < int < float32 < float64, as in PyTorch for tensors of one rank. */
export function promote(a: DType, b: DType): DType {
  return rank[a] >= rank[b] ? a : b;
}
