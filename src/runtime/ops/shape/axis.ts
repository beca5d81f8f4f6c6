/** Which axes the `dim` and `dims` of a call name: counted from the end where negative. Knows no operator. */
import { reject, type Rejected } from "../rejection";

/** The axis that `dim` names, 0 … rank-1; a scalar counts as having one axis, as in PyTorch. Refuses one out of range. */
export function resolveAxis(attribute: string, dim: number, rank: number): number | Rejected {
  const count = Math.max(rank, 1);
  if (dim < -count || dim >= count) return reject({ kind: "dim-out-of-range", attribute, found: dim, rank });
  return dim < 0 ? dim + count : dim;
}

/** The axes that `dims` names, in that order. Refuses one out of range and one named twice. */
export function resolveAxes(attribute: string, dims: readonly number[], rank: number): number[] | Rejected {
  const axes: number[] = [];
  for (const dim of dims) {
    const axis = resolveAxis(attribute, dim, rank);
    if (typeof axis !== "number") return axis;
    if (axes.includes(axis)) {
      const message = `${attribute} names dimension ${String(axis)} more than once`;
      return reject({ kind: "attribute", attribute, message });
    }
    axes.push(axis);
  }
  return axes;
}

/** The axis of a `dim` that a shape rule has accepted. */
export function axisOf(dim: number, rank: number): number {
  return dim < 0 ? dim + Math.max(rank, 1) : dim;
}

/** The axes of `dims` that a shape rule has accepted. */
export function axesOf(dims: readonly number[], rank: number): number[] {
  return dims.map((dim) => axisOf(dim, rank));
}
