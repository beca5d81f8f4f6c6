/** Sorting with NaN as the largest number, as in NumPy and PyTorch; equal elements keep their order. */
import type { Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { mapLanes } from "./lanes";

/** The positions of `values` in ascending or descending order. */
export function sortedPositions(values: Float64Array, order: "ascending" | "descending"): Uint32Array {
  const positions = Uint32Array.from(values, (_, position) => position);
  const sign = order === "ascending" ? 1 : -1;
  return positions.sort((a, b) => sign * compareNumbers(values[a] ?? 0, values[b] ?? 0) || a - b);
}

function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

/** Reads the elements of each lane at the positions `index`. */
export function readAt(build: Builder, index: Ref, dim: number, x: Ref): Ref {
  return build.apply("gather", [x, index], { dim });
}

/** Its adjoint: adds `cotangent` up at the positions `index` of zeros like `x`. */
export function returnTo(build: Builder, x: Ref, index: Ref, dim: number, cotangent: Ref): Ref {
  return build.apply("scatter_add", [build.zerosLike(x), index, cotangent], { dim });
}

/** Each lane's order; elements that tie have a number of their own. */
export function orderBranch(x: Tensor, dim: number): Tensor {
  return mapLanes(x, dim, { shape: x.shape, dtype: "int" }, (values, result) => {
    const positions = sortedPositions(values, "ascending");
    positions.forEach((position, k) => {
      const value = values[position];
      const tied = value === values[positions[k - 1] ?? -1] || value === values[positions[k + 1] ?? -1];
      result[k] = tied ? -1 : position;
    });
  });
}
