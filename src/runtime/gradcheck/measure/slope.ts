/**
 * The Taylor test: how fast the remainder f(x + t·v) − f(x) − t·⟨g, v⟩ falls with t along a random direction of all leaves. It falls
 * with t² where g is the gradient and with t where it is not, however small the numbers are.
 */
import type { Tensor } from "../../tensor";
import type { Node } from "../../graph";
import { dot } from "./answers";
import { flips, piecesOf } from "./branches";
import type { SlopeOutcome } from "../outcome";
import { randomDirection } from "./direction";
import { lineOf } from "./line";
import { roundingIn } from "./rounding";

export interface SlopeInput {
  readonly base: (node: Node) => Tensor;
  readonly root: Node;
  readonly cotangent: Float64Array;
  /** With the gradient that is tested. None may be made of another. */
  readonly leaves: readonly { readonly node: Node; readonly gradient: Float64Array }[];
  readonly poll: () => void;
}

export interface Slope extends SlopeOutcome {
  /** Whether the remainders are far above rounding and fall as those of a wrong gradient do, over two decades. */
  readonly isWrong: boolean;
  /** Along which the leaves have moved. */
  readonly directions: readonly Float64Array[];
}

/** Half decades from 0.1 down; finer ones where the last of them may still be beyond the scale that a function lives on. */
const exponents = Array.from({ length: 15 }, (_, i) => -1 - i / 2);
const finerExponents = Array.from({ length: 14 }, (_, i) => -8.5 - i / 2);
/** A remainder counts from this many times the rounding error of f on. */
const aboveRounding = 30;

/**
 * The slope of log remainder against log t. Where every remainder is rounding the root is linear along the direction, as far as numbers
 * tell, and the gradient right to all orders: the slope is given as 2. Null where kinks are everywhere in the way.
 */
export function taylorSlope({ base, root, cotangent, leaves, poll }: SlopeInput): Slope | null {
  const directions = directionsOf(leaves, base);
  const line = lineOf(
    base,
    leaves.map(({ node }, k) => ({ node, direction: directions[k]! })),
    root,
  );
  const { replay } = line;
  const rounding = contract(cotangent, roundingIn(replay, root, line.at(0), line.computed), Math.hypot);
  replay.run(line.at(0));
  const start = Float64Array.from(replay.valueOf(root).data);
  const pieces = piecesOf(replay);
  const slopeAlong = leaves.reduce((sum, { gradient }, k) => sum + dot(gradient, directions[k]!), 0);
  const steps: number[] = [];
  const remainders: number[] = [];
  const floor = aboveRounding * Math.max(rounding, 2 ** -52 * Math.abs(slopeAlong) * 1e-3);
  for (const [turn, exponent] of [...exponents, ...finerExponents].entries()) {
    if (turn >= exponents.length && !isUnsettled(steps, remainders, floor)) break;
    poll();
    const t = 10 ** exponent;
    replay.run(line.at(t));
    const end = replay.valueOf(root).data;
    const rise = contract(
      cotangent,
      Float64Array.from(end, (y, i) => y - start[i]!),
      plus,
    );
    const remainder = Math.abs(rise - t * slopeAlong);
    if (!Number.isFinite(remainder) || flips(pieces, piecesOf(replay), 1).length > 0) continue;
    steps.push(t);
    remainders.push(remainder);
  }
  if (steps.length < 3) return null;
  const telling = steps.filter((_, i) => remainders[i]! > floor);
  const points = steps
    .map((t, i) => [Math.log10(t), Math.log10(remainders[i]!)] as const)
    .filter((_, i) => remainders[i]! > floor);
  // The smallest steps show the limit; larger ones may be anything.
  const last = points.slice(-5);
  const known = { steps, remainders, rounding: floor, directions };
  if (last.length < 2) return { ...known, value: 2, chosen: null, isWrong: false };
  // What falls at once to nothing is linear where steps are small enough.
  const fallen = remainders[points.length] ?? Infinity;
  const isSudden =
    fallen <= floor && last.at(-1)![1] > Math.log10(10 * floor) && points.length < steps.length;
  const read = pointsOfLimit(last);
  const value = isSudden ? 2 : regression(read);
  const local = last.slice(1).map(([x, y], i) => (y - last[i]![1]) / (x - last[i]![0]));
  const isWrong = last.length === 5 && local.every((slope) => Math.abs(slope - 1) < 0.15);
  const chosen = isSudden ? null : { from: telling.at(-1)!, to: telling.at(-read.length)! };
  return { ...known, value, chosen, isWrong };
}

/** Whether the finest remainder is above rounding, and the last ones have not fallen with the square of the step. */
function isUnsettled(steps: readonly number[], remainders: readonly number[], floor: number): boolean {
  if (!((remainders.at(-1) ?? 0) > floor)) return false;
  const slopes = [-1, -2].map((i) => {
    const [t, before] = [steps.at(i) ?? NaN, steps.at(i - 1) ?? NaN];
    return Math.log((remainders.at(i) ?? NaN) / (remainders.at(i - 1) ?? NaN)) / Math.log(t / before);
  });
  return !slopes.every((slope) => Math.abs(slope - 2) < 0.2);
}

type Point = readonly [number, number];

/** The finest points, and a few more where those agree: the slope is theirs. */
function pointsOfLimit(points: readonly Point[]): readonly Point[] {
  const few = points.slice(-3);
  return Math.abs(regression(few) - regression(points)) < 0.2 ? points : few;
}

/** In units of max(1, |x|), of length 1 over all leaves. */
function directionsOf(leaves: SlopeInput["leaves"], base: SlopeInput["base"]): Float64Array[] {
  const directions = leaves.map(({ gradient }, k) => randomDirection(gradient.length, 11 + k));
  const length = Math.sqrt(directions.reduce((sum, direction) => sum + dot(direction, direction), 0)) || 1;
  directions.forEach((direction, k) => {
    const x = base(leaves[k]!.node).data;
    for (let i = 0; i < direction.length; i++)
      direction[i] = (direction[i]! / length) * Math.max(1, Math.abs(x[i]!));
  });
  return directions;
}

/** The least squares line's slope. */
function regression(points: readonly Point[]): number {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

function contract(c: Float64Array, x: ArrayLike<number>, add: (a: number, b: number) => number): number {
  let sum = 0;
  for (let i = 0; i < c.length; i++) if (x[i] !== 0) sum = add(sum, c[i]! * x[i]!);
  return sum;
}

function plus(a: number, b: number): number {
  return a + b;
}
