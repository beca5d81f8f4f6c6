/** How a loop's dimensions become as few as possible. Knows nothing of instructions. */
import { bytesOf } from "./lane-memory";
import type { LoopSpec } from "./loop-spec";

export interface LoopAxis {
  readonly size: number;
  readonly folded: boolean;
}

/** Something that is walked along with the loop: an input, a store or a fold's result, in the order of their parameters. */
export interface Place {
  readonly bytes: number;
  /** In bytes, along each axis. */
  readonly strides: readonly number[];
}

export interface LoopWalk {
  /** At least one. */
  readonly axes: readonly LoopAxis[];
  readonly places: readonly Place[];
}

/** Drops axes of size 1 and joins neighbours that everything crosses with one stride. */
export function walkOf(spec: LoopSpec): LoopWalk {
  const all = [
    ...spec.inputs.map(({ strides }) => strides),
    ...spec.stores.map(() => rowMajor(spec, () => true)),
    ...spec.folds.map(() => rowMajor(spec, (axis) => !spec.folded[axis]!)),
  ];
  const axes: { size: number; folded: boolean }[] = [];
  const merged: number[][] = all.map(() => []);
  for (const [axis, size] of spec.shape.entries()) {
    if (size === 1) continue;
    const folded = spec.folded[axis]!;
    const last = axes.at(-1);
    if (last?.folded === folded && all.every((strides, k) => merged[k]!.at(-1) === strides[axis]! * size)) {
      last.size *= size;
      for (const [k, strides] of all.entries()) merged[k]![axes.length - 1] = strides[axis]!;
    } else {
      axes.push({ size, folded });
      for (const [k, strides] of all.entries()) merged[k]!.push(strides[axis]!);
    }
  }
  if (axes.length === 0) {
    axes.push({ size: 1, folded: spec.folded.some(Boolean) || spec.folds.length > 0 });
    for (const strides of merged) strides.push(0);
  }
  const dtypes = [...spec.inputs, ...spec.stores, ...spec.folds].map(({ dtype }) => dtype);
  const places = merged.map((strides, k) => {
    const bytes = bytesOf(dtypes[k]!);
    return { bytes, strides: strides.map((stride) => stride * bytes) };
  });
  return { axes, places };
}

/** The kept axis with the most turns, the outermost of equal ones: what shares of the loop are made of. */
export function dividedAxis(axes: readonly LoopAxis[]): number | undefined {
  let best: number | undefined;
  let most = 1;
  for (const [axis, { size, folded }] of axes.entries()) {
    const turns = axis === axes.length - 1 ? Math.floor(size / vectorTurn) : size;
    if (folded || turns <= most) continue;
    best = axis;
    most = turns;
  }
  return best;
}

/** The elements of a turn along the last axis, at most. */
const vectorTurn = 16;

/** The strides of a result that has only the chosen axes. */
function rowMajor(spec: LoopSpec, has: (axis: number) => boolean): number[] {
  const strides = spec.shape.map(() => 0);
  let stride = 1;
  for (let axis = spec.shape.length - 1; axis >= 0; axis--) {
    if (!has(axis)) continue;
    strides[axis] = stride;
    stride *= spec.shape[axis]!;
  }
  return strides;
}
