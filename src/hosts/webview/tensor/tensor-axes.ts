/** How a tensor of any rank lies as a matrix: its last two dimensions, with one index for each leading one. */
import { shapeText } from "../look/number-format";
import type { Cell, Grid } from "./viewport";

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

/** `m.z[3, 1]`; a scalar's name alone. */
export function elementName(name: string, index: readonly number[]): string {
  return index.length === 0 ? name : `${name}${shapeText(index)}`;
}
