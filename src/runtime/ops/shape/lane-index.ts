/** What `gather` and `scatter_add` share: an index tensor that moves along one dimension and stays put in the others. */
import { type Dim, type Shape, stridesOf, subtractSizes, type Tensor } from "../../tensor";
import { reject, type Rejected } from "../rejection";
import { axisOf, resolveAxis } from "./axis";
import { viewPositions } from "./strided-copy";

/** Refuses an index of another rank than `x`, or one that is larger in a dimension it does not move along. */
export function refuseLaneIndex(
  name: string,
  x: readonly Dim[],
  index: readonly Dim[],
  dim: number,
): Rejected | undefined {
  const axis = resolveAxis("dim", dim, x.length);
  if (typeof axis !== "number") return axis;
  // An empty index moves nothing, whatever its shape; a scalar counts as one dimension. Both as in PyTorch.
  if (index.some(({ size }) => size === 0)) return undefined;
  if (Math.max(index.length, 1) !== Math.max(x.length, 1)) {
    const needs = `${String(Math.max(x.length, 1))} dimensions, as \`x\` has`;
    return reject({ kind: "rank", input: "index", found: index.length, needs });
  }
  return refuseLarger(name, index, "x", x, axis);
}

/** Refuses an index that is certainly larger than the operand `input`, except along `axis`. */
export function refuseLarger(
  name: string,
  index: readonly Dim[],
  input: string,
  shape: readonly Dim[],
  axis: number | undefined,
): Rejected | undefined {
  for (const [position, own] of index.entries()) {
    const other = shape[position];
    if (position === axis || other === undefined) continue;
    const excess = subtractSizes(own.size, other.size);
    if (typeof excess !== "number" || excess <= 0) continue;
    return reject({
      kind: "unequal-dimensions",
      rule: `\`${name}\` needs an index no larger than \`${input}\`${axis === undefined ? "" : " but for the dimension it moves along"}`,
      left: { input: "index", axis: position, dim: own },
      right: { input, axis: position, dim: other },
    });
  }
  return undefined;
}

/** For each element of `index`, in row-major order, the position in a tensor of `shape` that it stands for. */
export function lanePositions(shape: Shape, index: Tensor, dim: number): Int32Array {
  const axis = axisOf(dim, shape.length);
  const strides = stridesOf(shape);
  const positions = viewPositions({
    shape: index.shape,
    strides: index.shape.map((_, position) => (position === axis ? 0 : (strides[position] ?? 0))),
    offset: 0,
  });
  const along = strides[axis] ?? 1;
  return positions.map((position, k) => position + (index.data[k] ?? 0) * along);
}
