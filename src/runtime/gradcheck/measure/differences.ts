/**
 * Central differences of ⟨cotangent, root⟩ along one entry or one direction of a leaf, for several cotangents at once, with
 * their own error estimate and the kinks in their way. The step is adapted where the first disagrees.
 */
import { tensor, type Tensor } from "../../tensor";
import type { Node } from "../../graph";
import { compiledCost } from "./cost";
import { alongDirection, alongEntry } from "./direction";
import { flips, hasPieces, isSameKink, piecesOf, unravel, type Pieces } from "./branches";
import type { Kink } from "../outcome";
import type { Fields } from "./fields";
import { movingOf, type Ahead, type EntryMove, type Moving } from "./moving";
import { doublesOf } from "./pulls";
import { Replay } from "./replay";
import { roundingIn } from "./rounding";

/** A derivative by cotangent, with what is known of its error. */
export interface Difference {
  readonly slopes: readonly number[];
  /** Estimated rounding and truncation error by cotangent; 0 where it was not estimated. */
  readonly errors: readonly number[];
  /** What flips within the smallest step that was tried; empty where the difference is smooth. */
  readonly kinks: readonly Kink[];
  /** On a kink: the slopes to the left and to the right, by cotangent. */
  readonly sides: readonly (readonly [number, number])[];
  /** By how much those are uncertain. */
  readonly sideErrors: readonly number[];
}

/** The step where rounding and truncation balance: the cube root of the rounding unit. */
const relativeStep = 6e-6;

/** The first step of an element with this value. */
export function firstStep(x: number): number {
  return relativeStep * Math.max(1, Math.abs(x));
}

/** Steps are this many times the first: powers of 8, from what a function may need that lives on tiny inputs to what rounding may. */
const power = 8;
const finest = -8;
const coarsest = 5;

/** An entry of the leaf, or a direction of its shape. */
export type Move = number | Float64Array;

interface Trial {
  readonly slopes: number[];
  readonly smooth: boolean;
}

export class Differences {
  readonly #leaf: Node;
  readonly #root: Node;
  readonly #poll: () => void;
  readonly #cotangents: readonly Float64Array[];
  readonly #base: Float64Array;
  readonly #at: Tensor;
  readonly #replay: Replay;
  readonly #value: (node: Node) => Tensor;
  readonly #hasPieces: boolean;
  #moving: Moving | undefined;
  #noise: readonly number[] | undefined;
  #pieces: Pieces | undefined;

  constructor(
    base: (node: Node) => Tensor,
    leaf: Node,
    root: Node,
    cotangents: readonly Float64Array[],
    poll: () => void,
  ) {
    this.#leaf = leaf;
    this.#root = root;
    this.#poll = poll;
    this.#cotangents = cotangents;
    this.#base = doublesOf(base(leaf));
    this.#at = tensor("float64", leaf.shape, this.#base.slice());
    this.#replay = new Replay(base, [leaf], [root]);
    this.#value = base;
    this.#hasPieces = this.#replay.steps.some(hasPieces);
  }

  /**
   * Has differences of single entries computed by a compiled module from now on, careful ones where nothing has kinks, unless those
   * of `sample` are then other ones than the replay's by more than rounding.
   */
  accelerate(sample: readonly number[]): void {
    const [base, leaf, root, cotangents] = [this.#value, this.#leaf, this.#root, this.#cotangents];
    const moveOf = (entry: number, exponent: number): EntryMove => this.#moveOf(entry, exponent);
    const milliseconds = compiledCost(this.steps);
    const moving = movingOf({ base, leaf, root, cotangents, moveOf, milliseconds });
    if (moving === undefined) return;
    const noise = this.noise();
    const agrees = sample.every((entry) => {
      const [slow, fast] = [this.quick(entry), moving.slopes(entry)];
      const step = this.stepFor(entry);
      return fast?.every((slope, k) => {
        const expected = slow[k]!;
        const allowed = 10 * (noise[k]! / step) + 1e-9 * Math.abs(expected) + 1e-12;
        return Object.is(slope, expected) || Math.abs(slope - expected) <= allowed;
      });
    });
    if (agrees) this.#moving = moving;
  }

  /** Has several threads compute quick differences, or what careful ones begin with, where that is worth it. */
  ahead(entries: readonly number[], kind: "quick" | "careful", help: Ahead): boolean {
    if (kind === "careful" && this.#hasPieces) return false;
    return this.#moving?.ahead(entries, kind === "quick" ? [0] : [-1, 1], help) ?? false;
  }

  /**
   * The differences of all entries at once, by cotangent, unless those of `sample` or along a random direction are then other ones
   * than the plain ones by more than rounding.
   */
  all(
    fields: Fields,
    sample: readonly number[],
    direction: Float64Array,
    poll: () => void,
  ): readonly Float64Array[] | undefined {
    const found = fields.of(this.#leaf, poll);
    const agrees = [...sample, direction].every((move) => {
      const { slopes, smooth } = this.#trial(move, this.stepFor(move));
      // On a kink the one is as good as the other.
      return !smooth || slopes.every((slope, k) => this.#agrees(slope, found[k]!, move, k));
    });
    return agrees ? found : undefined;
  }

  #agrees(slope: number, field: Float64Array, move: Move, k: number): boolean {
    if (typeof move === "number" && Object.is(slope, field[move])) return true;
    const [sum, size, length] =
      typeof move === "number" ? alongEntry(field, move) : alongDirection(field, move);
    const miss = Math.abs(slope - sum);
    const allowed = 1e-7 * size + 1e-8 * length;
    return miss <= allowed || miss <= allowed + 10 * (this.noise()[k]! / this.stepFor(move));
  }

  /** The operators that are computed again for each step. */
  get steps(): Replay["steps"] {
    return this.#replay.steps;
  }

  stepFor(move: Move): number {
    if (typeof move === "number") return firstStep(this.#base[move]!);
    let size = 0;
    for (let i = 0; i < move.length; i++)
      size = Math.max(size, Math.abs(move[i]!) / Math.max(1, Math.abs(this.#base[i]!)));
    return size === 0 ? relativeStep : relativeStep / size;
  }

  /** One central difference, unjudged. */
  quick(move: Move): number[] {
    const fast = typeof move === "number" ? this.#moving?.slopes(move) : undefined;
    return fast ?? this.#central(move, this.stepFor(move));
  }

  /** As far as the entry itself moves once it is rounded. */
  #moveOf(entry: number, exponent: number): EntryMove {
    const step = this.stepFor(entry) * power ** exponent;
    const x = this.#base[entry]!;
    return { changes: [x + step - x, x - step - x], width: this.#width(entry, step) };
  }

  /**
   * The best difference that a range of steps gives, with its error and kinks. Steps are tried around the first, then larger and
   * finer ones, until `accepts` is satisfied.
   */
  careful(move: Move, accepts: (difference: Difference) => boolean): Difference {
    const first = this.stepFor(move);
    const trials = new Map<number, Trial>();
    const trial = (exponent: number): Trial => {
      let made = trials.get(exponent);
      if (made === undefined) trials.set(exponent, (made = this.#trialAt(move, exponent)));
      return made;
    };
    const stepOf = (exponent: number): number => first * power ** exponent;
    let clear = 0;
    while (!trial(clear).smooth && clear > finest) clear--;
    if (!trial(clear).smooth) return this.#onKink(move, stepOf(finest), trial(0).slopes);
    const smooth = [clear - 1, clear];
    let best = this.#best(smooth, trial, stepOf);
    // Larger steps are of use as long as they reach no kink.
    for (
      let exponent = clear + 1;
      clear === 0 && exponent <= coarsest && trial(exponent).smooth;
      exponent++
    ) {
      smooth.push(exponent);
      best = this.#best(smooth, trial, stepOf);
      if (accepts(best)) break;
    }
    for (let exponent = clear - 2; exponent >= this.#finestFor(move) && !accepts(best); exponent--) {
      smooth.unshift(exponent);
      best = this.#best(smooth, trial, stepOf);
    }
    return accepts(best) ? best : this.#unlessJump(best, move, trial, stepOf);
  }

  /** Where the function still rises by the same in ever smaller steps, it jumps: as good as a kink. */
  #unlessJump(
    best: Difference,
    move: Move,
    trial: (exponent: number) => Trial,
    stepOf: (exponent: number) => number,
  ): Difference {
    const last = this.#finestFor(move);
    const rises = [last, last + 1].map((exponent) =>
      trial(exponent).slopes.map((slope) => slope * stepOf(exponent)),
    );
    const noise = this.noise();
    const jumps = rises[0]!.some((rise, k) => {
      const larger = Math.abs(rises[1]![k]!);
      return Math.abs(rise) > 100 * noise[k]! && larger < 2 * Math.abs(rise) && larger > 0.5 * Math.abs(rise);
    });
    if (!jumps) return best;
    const kink = this.#jumpAt(move, stepOf(last));
    return kink === undefined
      ? best
      : { ...best, kinks: [kink], sides: best.slopes.map(() => [-Infinity, Infinity]) };
  }

  /** The first operator whose value jumps between the two sides. */
  #jumpAt(move: Move, step: number): Kink | undefined {
    const values = [step, -step].map((t) => {
      const seen: Tensor[] = [];
      this.#rootAt(move, t, () => {
        for (const { node } of this.#replay.steps) seen.push(this.#replay.valueOf(node));
      });
      return seen;
    });
    for (const [i, { node }] of this.#replay.steps.entries()) {
      const [above, below] = [values[0]![i]!.data, values[1]![i]!.data];
      const at = above.findIndex(
        (x, j) =>
          Math.abs(x - below[j]!) > 1e-4 * Math.max(1e-300, Math.abs(x), Math.abs(below[j]!)) &&
          Math.abs(x - below[j]!) > 1e3 * step,
      );
      if (at >= 0) return { node, op: node.op.name, index: unravel(at, node.shape) };
    }
    return undefined;
  }

  /** Down to steps that are as small beside a tiny entry as the first is beside 1. */
  #finestFor(move: Move): number {
    const x = typeof move === "number" ? Math.abs(this.#base[move]!) : 0;
    return x > 1e-30 && x < 1 ? Math.min(finest, Math.floor(Math.log(x) / Math.log(power))) : finest;
  }

  /** ⟨cotangent, root⟩'s rounding error, by cotangent. */
  noise(): readonly number[] {
    if (this.#noise !== undefined) return this.#noise;
    const error = roundingIn(this.#replay, this.#root, [[this.#leaf, this.#at]]);
    this.#noise = this.#cotangents.map((cotangent) => {
      let sum = 0;
      for (let i = 0; i < error.length; i++) sum += (cotangent[i]! * error[i]!) ** 2;
      return Math.sqrt(sum);
    });
    return this.#noise;
  }

  /**
   * Of several steps (in ascending order), the one whose truncation (judged by the next larger step) and rounding are least, among
   * those that all finer steps confirm within their own rounding: beyond a function's scale, differences may agree on nonsense.
   */
  #best(
    exponents: readonly number[],
    trial: (exponent: number) => Trial,
    stepOf: (exponent: number) => number,
  ): Difference {
    const noise = this.noise();
    const slopes: number[] = [];
    const errors: number[] = [];
    for (let k = 0; k < this.#cotangents.length; k++) {
      const at = exponents.map((exponent) => trial(exponent).slopes[k]!);
      const rounding = exponents.map((exponent) => noise[k]! / stepOf(exponent));
      let best = { slope: at[0]!, error: Infinity };
      for (let i = 0; i < at.length; i++) {
        // D(h) = f′ + c·h + …: D(8h) − D(h) = 7·c·h where the second derivative jumps, and 63·c·h² where it does not.
        const truncation = i + 1 < at.length ? Math.abs(at[i + 1]! - at[i]!) / 4 : Infinity;
        const error = truncation + rounding[i]!;
        const confirmed = at.every((finer, j) => j >= i || Math.abs(finer - at[i]!) <= error + rounding[j]!);
        if (confirmed && error < best.error) best = { slope: at[i]!, error };
      }
      slopes.push(best.slope);
      errors.push(best.error);
    }
    return { slopes, errors, kinks: [], sides: [], sideErrors: errors };
  }

  #onKink(move: Move, step: number, slopes: number[]): Difference {
    const kinks: Kink[] = [];
    const start = this.#rootAt(move, 0);
    const sides = [step, -step].map((t) => {
      const end = this.#rootAt(move, t, this.#collecting(kinks));
      // As far as the entry itself moves once it is rounded.
      const x = typeof move === "number" ? this.#base[move]! : 0;
      return this.#cotangents.map((cotangent) => dotOfDifference(cotangent, end, start) / (x + t - x));
    });
    return {
      slopes,
      errors: slopes.map(() => 0),
      kinks,
      sides: slopes.map((_, k) => [sides[1]![k]!, sides[0]![k]!]),
      sideErrors: this.noise().map((noise) => noise / step),
    };
  }

  /** What flips within the first step of an entry. */
  kinksNear(entry: number): Kink[] {
    const kinks: Kink[] = [];
    const step = this.stepFor(entry);
    for (const t of [step, -step]) this.#rootAt(entry, t, this.#collecting(kinks));
    return kinks;
  }

  #collecting(kinks: Kink[]): () => void {
    const pieces = this.#piecesAtBase();
    return () => {
      for (const kink of flips(pieces, piecesOf(this.#replay)))
        if (!kinks.some((known) => isSameKink(known, kink))) kinks.push(kink);
    };
  }

  /** By a step that is a power of the first. */
  #trialAt(move: Move, exponent: number): Trial {
    const isPlain = typeof move !== "number" || this.#hasPieces;
    const slopes = isPlain ? undefined : this.#moving?.slopes(move, exponent);
    if (slopes === undefined) return this.#trial(move, this.stepFor(move) * power ** exponent);
    this.#poll();
    return { slopes, smooth: true };
  }

  #trial(move: Move, step: number): Trial {
    this.#poll();
    const base = this.#piecesAtBase();
    let smooth = true;
    const slopes = this.#central(move, step, () => {
      smooth &&= base.size === 0 || flips(base, piecesOf(this.#replay), 1).length === 0;
    });
    return { slopes, smooth };
  }

  #central(move: Move, step: number, visit?: () => void): number[] {
    const above = this.#rootAt(move, step, visit);
    const below = this.#rootAt(move, -step, visit);
    const width = this.#width(move, step);
    return this.#cotangents.map((cotangent) => dotOfDifference(cotangent, above, below) / width);
  }

  /** The distance between the two points as rounded. */
  #width(move: Move, step: number): number {
    if (typeof move !== "number") return 2 * step;
    const x = this.#base[move]!;
    return x + step - (x - step);
  }

  /** The root's elements where the leaf has moved; `visit` sees the whole run, and the leaf is back afterwards. */
  #rootAt(move: Move, step: number, visit?: () => void): Float64Array {
    const data = this.#at.data;
    if (typeof move === "number") data[move] = this.#base[move]! + step;
    else for (let i = 0; i < data.length; i++) data[i] = this.#base[i]! + step * move[i]!;
    this.#replay.run([[this.#leaf, this.#at]]);
    visit?.();
    // A copy: the root may share its storage with the leaf.
    const root = new Float64Array(this.#replay.valueOf(this.#root).data);
    if (typeof move === "number") data[move] = this.#base[move]!;
    else data.set(this.#base);
    return root;
  }

  #piecesAtBase(): Pieces {
    if (this.#pieces === undefined) {
      if (!this.#hasPieces) return (this.#pieces = new Map());
      this.#replay.run([[this.#leaf, this.#at]]);
      this.#pieces = piecesOf(this.#replay);
    }
    return this.#pieces;
  }
}

/** ⟨c, a − b⟩; elements that do not differ do not round. */
function dotOfDifference(c: Float64Array, a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < c.length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) sum += c[i]! * difference;
  }
  return sum;
}
