/** Shapes, types and origins in words, for messages and hints. */
import { formatDims, type Dim, type DType } from "../../runtime/tensor";

/** `[N, 3]`, `int[N]`, `bool[]`. */
export function formatType(value: {
  readonly shape: readonly Dim[] | undefined;
  readonly dtype: DType;
}): string {
  const element = value.dtype === "int" || value.dtype === "bool" ? value.dtype : "";
  return `${element}${value.shape === undefined ? "[...]" : formatDims(value.shape)}`;
}

/** "float", "int" or "bool", as people say it. */
export function formatElement(dtype: DType): string {
  return dtype === "int" || dtype === "bool" ? dtype : "float";
}
