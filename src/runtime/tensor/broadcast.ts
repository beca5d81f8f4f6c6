/**
 * NumPy's broadcasting on shapes that are numbers: which shape two operands give, and how to walk them in it without copying.
 * Knows nothing of operators; symbolic shapes broadcast elsewhere.
 */
import { allocate } from "./dtype";
import { cast, elementCount, stridesOf, type Shape, type Tensor } from "./tensor";

/** The shape that both stretch to, aligned at the last dimension; undefined where two sizes differ and neither is 1. */
export function broadcastShapes(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) return undefined;
    shape.push(sizeA === 1 ? sizeB : sizeA);
  }
  return shape;
}

/**
 * The strides with which a contiguous tensor of `shape` is read as one of shape `to`: 0 on every stretched or added axis. Throws if it
 * does not stretch to it (our own bug: shapes are checked before).
 */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const strides = stridesOf(shape);
  const added = to.length - shape.length;
  const fits = added >= 0 && shape.every((size, axis) => size === 1 || size === to[axis + added]);
  if (!fits) throw new Error(`broadcast: [${shape.join(", ")}] does not stretch to [${to.join(", ")}]`);
  return to.map((_, axis) => (axis < added || shape[axis - added] === 1 ? 0 : strides[axis - added]!));
}

/**
 * What is called for each run of consecutive elements of the result: elements `start` … `start + length - 1` of the result come from
 * elements `offsets[k] + i·steps[k]` of operand k. Both arrays are borrowed: they change when the call returns.
 */
export type RunVisitor = (
  start: number,
  length: number,
  offsets: readonly number[],
  steps: readonly number[],
) => void;

/**
 * Walks operands with the given strides over a contiguous result of `shape`, in order, in the longest runs along which every operand
 * has a constant step: operands of equal shape, and scalars beside them, make one run of all elements.
 */
export function forEachRun(shape: Shape, strides: readonly (readonly number[])[], visit: RunVisitor): void {
  const count = elementCount(shape);
  if (count === 0) return;
  const merged = mergeAxes(shape, strides);
  const inner = merged.sizes.length - 1;
  const length = merged.sizes[inner]!;
  const steps = merged.strides.map((operand) => operand[inner]!);
  const offsets = strides.map(() => 0);
  const position = new Array<number>(inner).fill(0);
  for (let start = 0; start < count; start += length) {
    visit(start, length, offsets, steps);
    advance(position, offsets, merged);
  }
}

interface Axes {
  readonly sizes: readonly number[];
  /** For each operand, its stride along each axis. */
  readonly strides: readonly (readonly number[])[];
}

/** Drops axes of size 1 and joins neighbours that every operand crosses with one stride. At least one axis is left. */
function mergeAxes(shape: Shape, strides: readonly (readonly number[])[]): Axes {
  const sizes: number[] = [];
  const merged: number[][] = strides.map(() => []);
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const last = sizes.length - 1;
    const joins = last >= 0 && strides.every((operand, k) => merged[k]![last] === operand[axis]! * size);
    if (joins) sizes[last] = sizes[last]! * size;
    else sizes.push(size);
    for (const [k, operand] of strides.entries()) merged[k]![sizes.length - 1] = operand[axis]!;
  }
  if (sizes.length > 0) return { sizes, strides: merged };
  return { sizes: [1], strides: strides.map(() => [0]) };
}

/** Moves to the next position of the outer axes, the last one fastest. */
function advance(position: number[], offsets: number[], axes: Axes): void {
  for (let axis = position.length - 1; axis >= 0; axis--) {
    const next = position[axis]! + 1;
    const wraps = next === axes.sizes[axis];
    position[axis] = wraps ? 0 : next;
    const moved = wraps ? 1 - next : 1;
    for (let k = 0; k < offsets.length; k++) offsets[k] = offsets[k]! + moved * axes.strides[k]![axis]!;
    if (!wraps) return;
  }
}

/** The tensor's values repeated to fill `shape`, which it stretches to. */
export function broadcastTo(value: Tensor, shape: Shape): Tensor {
  const strides = broadcastStrides(value.shape, shape);
  const source = value.data;
  if (source.length === elementCount(shape)) return { dtype: value.dtype, shape, data: source };
  const data = allocate(value.dtype, elementCount(shape));
  forEachRun(shape, [strides], (start, length, [offset], [step]) => {
    if (step === 0) data.fill(source[offset!]!, start, start + length);
    else for (let i = 0; i < length; i++) data[start + i] = source[offset! + i * step!]!;
  });
  return { dtype: value.dtype, shape, data };
}

/**
 * The adjoint of `broadcastTo`: sums over the axes along which `shape` was stretched to the value's shape. Sums are made in float64 and
 * rounded once at the end; booleans are counted as `int`.
 */
export function reduceToShape(value: Tensor, shape: Shape): Tensor {
  const strides = broadcastStrides(shape, value.shape);
  const source = value.data;
  const count = elementCount(shape);
  const dtype = value.dtype === "bool" ? "int" : value.dtype;
  if (source.length === count) return { ...cast(value, dtype), shape };
  const sums = new Float64Array(count);
  forEachRun(value.shape, [strides], (start, length, [offset], [step]) => {
    const end = start + length;
    if (step === 0) {
      let sum = 0;
      for (let i = start; i < end; i++) sum += source[i]!;
      sums[offset!] = sums[offset!]! + sum;
    } else {
      for (let i = start, at = offset!; i < end; i++, at += step!) sums[at] = sums[at]! + source[i]!;
    }
  });
  return { dtype, shape, data: dtype === "float32" ? Float32Array.from(sums) : sums };
}
