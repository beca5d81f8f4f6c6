/** How a tensor of any rank lies as a matrix: its last two dimensions, with one index for each leading one. */
import { shapeText } from "../look/number-format";
import type { AxisNames } from "./heat-map-axes";
import type { Cell, Grid } from "./viewport";

export type { AxisNames };

/** A scalar is 1 × 1 and a vector one row; an empty tensor has no cells. */
export function matrixOf(shape: readonly number[]): Grid {
  return { rows: shape.length >= 2 ? shape.at(-2)! : 1, columns: shape.length >= 1 ? shape.at(-1)! : 1 };
}

/** The sizes of the dimensions that get a slider. */
export function leadingSizes(shape: readonly number[]): readonly number[] {
  return shape.slice(0, Math.max(0, shape.length - 2));
}

/** Indices for the leading dimensions: the wished ones as far as they fit, 0 for the rest. */
export function leadingIndices(shape: readonly number[], wished: readonly number[]): readonly number[] {
  return leadingSizes(shape).map((size, axis) =>
    Math.min(Math.max(0, wished[axis] ?? 0), Math.max(0, size - 1)),
  );
}

/** The full index of a cell in a tensor of that shape. */
export function fullIndex(
  shape: readonly number[],
  leading: readonly number[],
  cell: Cell,
): readonly number[] {
  if (shape.length === 0) return [];
  if (shape.length === 1) return [cell.column];
  return [...leadingIndices(shape, leading), cell.row, cell.column];
}

/** The leading indices and the cell of a full index; null where it is not one of that shape. */
export function placeOfIndex(
  shape: readonly number[],
  index: readonly number[],
): { readonly leading: readonly number[]; readonly cell: Cell } | null {
  if (index.length !== shape.length) return null;
  if (index.some((at, axis) => !Number.isInteger(at) || at < 0 || at >= shape[axis]!)) return null;
  if (index.length === 0) return { leading: [], cell: { row: 0, column: 0 } };
  const cell = { row: index.length >= 2 ? index.at(-2)! : 0, column: index.at(-1)! };
  return { leading: index.slice(0, Math.max(0, index.length - 2)), cell };
}

/** `m.z[3, 1]`, with names `m.z[N = 3, n_hidden = 1]`; a scalar's name alone. */
export function elementName(name: string, index: readonly number[], dims: DimensionNames = []): string {
  return index.length === 0 ? name : `${name}[${index.map((at, axis) => named(dims[axis], at)).join(", ")}]`;
}

/** What each dimension is called; empty or null where it has no name. */
export type DimensionNames = readonly (string | null)[];

/** The names of the matrix's two axes; a vector lies along its columns. */
export function axisNames(shape: readonly number[], dims: DimensionNames): AxisNames {
  if (dims.length !== shape.length) return { rows: null, columns: null };
  return { rows: dims.at(-2) ?? null, columns: dims.at(-1) ?? null };
}

/** `[N = 5, 3]` */
export function namedShape(shape: readonly number[], dims: DimensionNames): string {
  return dims.length === shape.length
    ? `[${shape.map((size, axis) => named(dims[axis], size)).join(", ")}]`
    : shapeText(shape);
}

function named(name: string | null | undefined, value: number): string {
  return name === null || name === undefined ? String(value) : `${name} = ${String(value)}`;
}
