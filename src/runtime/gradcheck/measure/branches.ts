/**
 * Where a program changes from one smooth piece to another between two points: operators with kinks (ReLU, max, sort …)
 * say by `branch` which piece each element is on, and whole numbers and truth values are pieces themselves.
 */
import type { Tensor } from "../../tensor";
import { isDiscrete } from "./cone";
import type { Kink } from "../outcome";
import { computed, type Replay, type ReplayStep } from "./replay";

/** The pieces of every operator that has several, at the last run of a replay. */
export type Pieces = ReadonlyMap<ReplayStep, Tensor>;

export function hasPieces(step: ReplayStep): boolean {
  return step.node.op.branch !== undefined || isDiscrete(step.node);
}

/** The piece that each element of a step is on, from its inputs as they stand. */
export function pieceOf(step: ReplayStep): Tensor {
  const { node, inputs, output } = step;
  return node.op.branch?.({ inputs, attributes: node.attributes, output }) ?? computed(step);
}

export function piecesOf(replay: Replay): Pieces {
  const pieces = new Map<ReplayStep, Tensor>();
  for (const step of replay.steps) if (hasPieces(step)) pieces.set(step, pieceOf(step));
  return pieces;
}

/** The elements whose pieces differ between `a` and `b`, at most `limit` of each operator. */
export function flips(a: Pieces, b: Pieces, limit = 4): Kink[] {
  const kinks: Kink[] = [];
  for (const [step, piece] of a) {
    const other = b.get(step);
    if (other === undefined) continue;
    let found = 0;
    for (let i = 0; i < piece.data.length && found < limit; i++) {
      if (piece.data[i] === other.data[i]) continue;
      kinks.push({ node: step.node, op: step.node.op.name, index: unravel(i, piece.shape) });
      found++;
    }
  }
  return kinks;
}

export function isSameKink(a: Kink, b: Kink): boolean {
  return a.node === b.node && a.index.every((n, axis) => n === b.index[axis]);
}

/** The multi-index of a row-major position. */
export function unravel(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  for (let axis = shape.length - 1, left = position; axis >= 0; axis--) {
    const size = shape[axis]!;
    index[axis] = left % size;
    left = Math.floor(left / size);
  }
  return index;
}
