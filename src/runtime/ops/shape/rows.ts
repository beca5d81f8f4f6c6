/** Reads and adds up whole rows along one axis at positions that an index names. Knows no operator. */
import { allocate, type Tensor, type TensorData } from "../../tensor";

interface RowLayout {
  /** How many blocks of rows there are, how many rows in each, and how many elements in a row. */
  readonly blocks: number;
  readonly rows: number;
  readonly width: number;
}

function layoutOf({ shape }: Tensor, axis: number): RowLayout {
  const product = (sizes: readonly number[]): number => sizes.reduce((count, size) => count * size, 1);
  return {
    blocks: product(shape.slice(0, axis)),
    rows: shape[axis] ?? 1,
    width: product(shape.slice(axis + 1)),
  };
}

/** The rows of `x` along `axis` at the positions `index`, those before 0 counted from the end. */
export function readRows(x: Tensor, axis: number, index: Tensor): TensorData {
  const { blocks, rows, width } = layoutOf(x, axis);
  const count = index.data.length;
  const data = allocate(x.dtype, blocks * count * width);
  for (let block = 0; block < blocks; block++) {
    for (let k = 0; k < count; k++) {
      const position = index.data[k] ?? 0;
      const start = (block * rows + (position < 0 ? position + rows : position)) * width;
      data.set(x.data.subarray(start, start + width), (block * count + k) * width);
    }
  }
  return data;
}

/** `x` in float64 with each row of `source` added at the position that `index` names. */
export function addRows(x: Tensor, axis: number, index: Tensor, source: Tensor): Float64Array {
  const { blocks, rows, width } = layoutOf(x, axis);
  const count = index.data.length;
  const totals = Float64Array.from(x.data);
  for (let block = 0; block < blocks; block++) {
    for (let k = 0; k < count; k++) {
      const to = (block * rows + (index.data[k] ?? 0)) * width;
      const from = (block * count + k) * width;
      for (let i = 0; i < width; i++) totals[to + i] = (totals[to + i] ?? 0) + (source.data[from + i] ?? 0);
    }
  }
  return totals;
}
