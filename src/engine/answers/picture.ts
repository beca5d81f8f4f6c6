/** Tensors as thumbnails. Knows nothing of graphs. */
import type { Picture } from "../../protocol";
import { norm } from "./norm";

const most = 24;

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The last dimension across, all others down; of each block its element farthest from zero, NaN before all. */
export function pictureOf({ shape, data }: Numbers): Picture {
  const width = shape.at(-1) ?? 1;
  const height = width === 0 ? 0 : data.length / width;
  const [rows, columns] = [Math.min(height, most), Math.min(width, most)];
  const cells = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const [top, bottom] = [Math.floor((r * height) / rows), Math.floor(((r + 1) * height) / rows)];
      const [left, right] = [Math.floor((c * width) / columns), Math.floor(((c + 1) * width) / columns)];
      cells[r * columns + c] = farthest(data, width, top, bottom, left, right);
    }
  return {
    shape,
    rows,
    columns,
    data: cells,
    whole: rows === height && columns === width,
    norm: norm(data),
  };
}

function farthest(
  data: ArrayLike<number>,
  width: number,
  top: number,
  bottom: number,
  left: number,
  right: number,
): number {
  let found = data[top * width + left] ?? NaN;
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) {
      const value = data[row * width + column] ?? NaN;
      if (Number.isNaN(value)) return NaN;
      if (Math.abs(value) > Math.abs(found)) found = value;
    }
  return found;
}

/** The elementwise sum of tensors of one shape. */
export function sumOf(parts: readonly Numbers[]): (Numbers & { readonly data: Float64Array }) | null {
  const [first, ...rest] = parts;
  if (first === undefined) return null;
  const data = Float64Array.from(first.data);
  for (const part of rest)
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) + (part.data[i] ?? 0);
  return { shape: first.shape, data };
}
