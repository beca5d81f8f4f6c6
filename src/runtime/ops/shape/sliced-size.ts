/** How many elements a slice `start:stop:step` has, with Python's rules, also where sizes are symbols. */
import {
  addSizes,
  compareSizes,
  floorDivideSizes,
  type Size,
  subtractSizes,
  unknownSize,
} from "../../tensor";

/** The first position and the number of elements of a slice of `length` elements. */
export interface SliceBounds {
  readonly first: number;
  readonly count: number;
}

/** Python's bounds: negative positions count from the end, those beyond either end stop there. `step` is not 0. */
export function sliceBounds(
  length: number,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): SliceBounds {
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (position: number): number =>
    Math.min(Math.max(position < 0 ? position + length : position, lowest), highest);
  const first = start === undefined ? (step > 0 ? lowest : highest) : clamp(start);
  const last = stop === undefined ? (step > 0 ? highest : lowest) : clamp(stop);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) };
}

/** The size of a slice; unknown where it depends on how a symbol compares with a number. */
export function slicedSize(size: Size, start: Size | undefined, stop: Size | undefined, step: number): Size {
  if (typeof size === "number" && typeof start !== "object" && typeof stop !== "object") {
    return sliceBounds(size, start, stop, step).count;
  }
  if (step < 0) {
    if (start !== undefined || stop !== undefined) return unknownSize();
    return ceilDivide(size, -step);
  }
  // A start that is a number counts as lying within a symbolic size: `x[1:]` of N elements has N - 1.
  const first = typeof start === "number" && start >= 0 ? start : boundary(size, start ?? 0);
  const last = boundary(size, stop ?? size);
  if (first === undefined || last === undefined) return unknownSize();
  const length = subtractSizes(last, first);
  if (typeof length === "number" && length <= 0) return 0;
  return ceilDivide(length, step);
}

/** A position within 0 … size, or undefined where it may lie beyond the end. One counted from the end counts as lying within. */
function boundary(size: Size, position: Size): Size | undefined {
  if (typeof position === "number" && position < 0) return addSizes(size, position);
  if (position === 0 || compareSizes(position, size) === "equal") return position;
  if (isNonNegative(subtractSizes(size, position))) return position;
  if (isNonNegative(subtractSizes(position, size))) return size;
  return undefined;
}

/** Whether no choice of sizes makes it negative. */
function isNonNegative(size: Size): boolean {
  return typeof size === "number"
    ? size >= 0
    : [...size.terms.values()].every((coefficient) => coefficient >= 0);
}

function ceilDivide(size: Size, divisor: number): Size {
  if (divisor === 1) return size;
  const divides =
    typeof size !== "number" && [...size.terms.values()].every((count) => count % divisor === 0);
  return floorDivideSizes(divides ? size : addSizes(size, divisor - 1), divisor);
}
