/** Diagonals of two dimensions: their length, symbolic or not, and where their elements lie. */
import {
  compareSizes,
  type Dim,
  dim as dimension,
  type Shape,
  stridesOf,
  subtractSizes,
  unknownSize,
} from "../../tensor";
import { reject, type Rejected } from "../rejection";
import { axisOf, resolveAxis } from "./axis";
import type { View } from "./strided-copy";

export interface DiagonalAttributes {
  readonly offset: number;
  readonly dim1: number;
  readonly dim2: number;
}

/** The shape without `dim1` and `dim2`, with the diagonal as its last dimension. */
export function diagonalShape(
  shape: readonly Dim[],
  { offset, dim1, dim2 }: DiagonalAttributes,
): readonly Dim[] | Rejected {
  if (shape.length < 2) {
    return reject({ kind: "rank", input: "x", found: shape.length, needs: "at least 2 dimensions" });
  }
  const first = resolveAxis("dim1", dim1, shape.length);
  if (typeof first !== "number") return first;
  const second = resolveAxis("dim2", dim2, shape.length);
  if (typeof second !== "number") return second;
  if (first === second) {
    const message = `dim1 and dim2 must be different dimensions, not both ${String(first)}`;
    return reject({ kind: "attribute", attribute: "dim2", message });
  }
  const rest = shape.filter((_, axis) => axis !== first && axis !== second);
  return [...rest, diagonalDimension(shape[first] ?? dimension(1), shape[second] ?? dimension(1), offset)];
}

/** The elements of a diagonal of a tensor of `shape`. */
export function diagonalView(shape: Shape, { offset, dim1, dim2 }: DiagonalAttributes): View {
  const [row, column] = [axisOf(dim1, shape.length), axisOf(dim2, shape.length)];
  const strides = stridesOf(shape);
  const [down, right] = [strides[row] ?? 0, strides[column] ?? 0];
  const rest = shape.flatMap((_, axis) => (axis === row || axis === column ? [] : [axis]));
  const length = diagonalLength(shape[row] ?? 0, shape[column] ?? 0, offset);
  return {
    shape: [...rest.map((axis) => shape[axis] ?? 1), length],
    strides: [...rest.map((axis) => strides[axis] ?? 0), down + right],
    offset: length === 0 ? 0 : offset >= 0 ? offset * right : -offset * down,
  };
}

function diagonalLength(rows: number, columns: number, offset: number): number {
  return Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));
}

function diagonalDimension(rows: Dim, columns: Dim, offset: number): Dim {
  if (typeof rows.size === "number" && typeof columns.size === "number") {
    const length = diagonalLength(rows.size, columns.size, offset);
    return length === rows.size ? rows : dimension(length);
  }
  // Of sizes that are not known, only those of a square matrix tell which side is the shorter one.
  if (compareSizes(rows.size, columns.size) !== "equal") return dimension(unknownSize());
  return offset === 0 ? rows : dimension(subtractSizes(rows.size, Math.abs(offset)));
}
