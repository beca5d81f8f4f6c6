/** Tensors as text to paste elsewhere: NumPy source and CSV. No DOM, no fetching. */
import { type DType, exactNumber } from "./number-format";

const numpyTypes: Readonly<Record<DType, string>> = {
  float64: "np.float64",
  float32: "np.float32",
  int: "np.int64",
  bool: "np.bool_",
};

/** `np.array([[1.0, np.nan]], dtype=np.float32)`; reads back to the same array with `import numpy as np`. */
export function numpyText(shape: readonly number[], data: ArrayLike<number>, dtype: DType): string {
  const brackets = nested(shape, 0, 0, data, (x) => numpyNumber(x, dtype)).text;
  // An empty list does not say how many columns it has.
  const reshaped = shape.includes(0) ? `.reshape(${tuple(shape)})` : "";
  return `np.array(${brackets}, dtype=${numpyTypes[dtype]})${reshaped}`;
}

/** A list as a spec writes it, `[[1.0, nan], [2.5, -inf]]`, its lines indented as deep as a statement goes on; reads back to the same tensor. */
export function specText(shape: readonly number[], data: ArrayLike<number>, dtype: DType): string {
  // Numbers are floats where nothing says otherwise.
  const before = dtype === "int" ? "int(" : "";
  const after = dtype === "int" ? ")" : "";
  const brackets = shape.includes(0)
    ? `zeros(${bracketed(shape)})`
    : nested(shape, 0, 0, data, (x) => specNumber(x, dtype), " ".repeat(6) + before).text;
  return `${before}${brackets}${after}`;
}

function bracketed(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function specNumber(x: number, dtype: DType): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  const text = exactNumber(x, dtype);
  return (dtype === "float32" || dtype === "float64") && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** One line a row, decimal points, no header. */
export function csvText(rows: number, columns: number, data: ArrayLike<number>, dtype: DType): string {
  let text = "";
  for (let row = 0; row < rows; row++) {
    const cells = Array.from({ length: columns }, (_, column) =>
      csvNumber(data[row * columns + column]!, dtype),
    );
    text += `${cells.join(",")}\n`;
  }
  return text;
}

function tuple(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

function numpyNumber(x: number, dtype: DType): string {
  if (Number.isNaN(x)) return "np.nan";
  if (!Number.isFinite(x)) return x > 0 ? "np.inf" : "-np.inf";
  if (dtype === "bool") return x === 0 ? "False" : "True";
  const text = exactNumber(x, dtype);
  return dtype !== "int" && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function csvNumber(x: number, dtype: DType): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  return dtype === "bool" ? String(x) : exactNumber(x, dtype);
}

function nested(
  shape: readonly number[],
  axis: number,
  at: number,
  data: ArrayLike<number>,
  print: (x: number) => string,
  before = "np.array(",
): { readonly text: string; readonly next: number } {
  if (axis === shape.length) return { text: print(data[at]!), next: at + 1 };
  const parts: string[] = [];
  let next = at;
  for (let i = 0; i < shape[axis]!; i++) {
    const part = nested(shape, axis + 1, next, data, print, before);
    parts.push(part.text);
    next = part.next;
  }
  const deep = axis < shape.length - 1;
  const separator = deep ? `,\n${" ".repeat(before.length + axis + 1)}` : ", ";
  return { text: `[${parts.join(separator)}]`, next };
}
