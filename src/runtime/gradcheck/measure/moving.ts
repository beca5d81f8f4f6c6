/**
 * What single entries of a leaf make of the root as they move, computed by a compiled module in float64: what `Replay` computes, many
 * times faster. Where a leaf only enters one matrix product or linear layer, what a moving entry adds to that layer's result is known
 * (one column, or one row), and the product itself is not computed again. Several threads help with many entries. Knows nothing of
 * derivatives.
 */
import { isFloat, type Tensor } from "../../tensor";
import type { ThreadHost } from "../../compile";
import type { Node } from "../../graph";
import { compiledCone, type Cone } from "./cone-module";
import { coneOf, dependentsIn } from "./cone";
import { enteringOf, type Entering } from "./entering";
import { entryTurnOf, type EntryJob } from "./entry-turns";
import { sharedTurns, worthThreads } from "./shared-turns";

/** How an entry moves: the points it moves to, one or two, and what the root's change between them is divided by. */
export interface EntryMove {
  readonly changes: readonly number[];
  readonly width: number;
}

export interface MovingInput {
  readonly base: (node: Node) => Tensor;
  readonly leaf: Node;
  readonly root: Node;
  readonly cotangents: readonly Float64Array[];
  /** How an entry moves by one of the steps that its caller counts. */
  readonly moveOf: (entry: number, step: number) => EntryMove;
  /** What the root's elements at one point are estimated to take, in milliseconds. */
  readonly milliseconds: number;
}

export interface Ahead {
  readonly threads: ThreadHost | undefined;
  /** Called for each share of the entries that is done; it may throw to cancel. */
  readonly poll: (share: number) => void;
}

/** A turn of several entries takes no longer than this, in milliseconds, and has at most so many. */
const turnTime = 1;
const mostTogether = 64;

/** What has been written for entries that moved by a step, and where. */
interface Known {
  readonly places: ReadonlyMap<number, number>;
  readonly written: readonly Float64Array[];
}

export class Moving {
  readonly #cone: Cone;
  readonly #at: Float64Array;
  readonly #entering: Entering;
  readonly #input: MovingInput;
  readonly #known = new Map<number, Known>();

  /** What moves in the cone is the leaf, or the result of the layer that it enters. */
  constructor(cone: Cone, entering: Entering, input: MovingInput) {
    this.#cone = cone;
    this.#at = cone.moved.slice();
    this.#entering = entering;
    this.#input = input;
  }

  /** By cotangent, where an entry moves by a step; undefined where an operator refuses one of its points. */
  slopes(entry: number, step = 0): number[] | undefined {
    const known = this.#known.get(step);
    const place = known?.places.get(entry);
    const written = place === undefined ? this.#written(entry, step) : known!.written;
    const slopes = written.map((each) => each[place ?? 0]!);
    return slopes.pop() === 1 ? undefined : slopes;
  }

  /** Has several threads compute entries by some steps, where that is worth it: the same bits, earlier. */
  ahead(entries: readonly number[], steps: readonly number[], { threads, poll }: Ahead): boolean {
    const job = this.#job(entries, steps);
    const milliseconds = this.#input.milliseconds * job.changes.length;
    if (threads === undefined || milliseconds < worthThreads) return false;
    const turns = Math.ceil(job.widths.length / job.together);
    const tell = (): void => {
      poll(1 / turns);
    };
    const shared = { turns, written: this.#space(job.widths.length), cone: this.#cone, threads };
    const found = sharedTurns({ turnOf: entryTurnOf, job, ...shared, milliseconds, poll: tell });
    if (found === undefined) return false;
    const places = new Map(entries.map((entry, place) => [entry, place]));
    steps.forEach((step, i) => {
      const own = (each: Float64Array): Float64Array => each.subarray(i * entries.length);
      this.#known.set(step, { places, written: found.map(own) });
    });
    return true;
  }

  #written(entry: number, step: number): readonly Float64Array[] {
    const written = this.#space(1).map((length) => new Float64Array(length));
    entryTurnOf(this.#job([entry], [step]), this.#cone, written)(0);
    return written;
  }

  /** Numbers by cotangent, and who was refused. */
  #space(moves: number): number[] {
    return [...this.#input.cotangents, "refused"].map(() => moves);
  }

  #job(entries: readonly number[], steps: readonly number[]): EntryJob {
    const { cotangents, moveOf, milliseconds } = this.#input;
    const places = new Int32Array(5 * entries.length * steps.length);
    const moves = steps.flatMap((step) => entries.map((entry) => moveOf(entry, step)));
    const points = moves[0]?.changes.length ?? 1;
    let factors: ArrayLike<number> | undefined;
    for (let i = 0; i < moves.length; i++) {
      const entered = this.#entering(entries[i % entries.length]!);
      const { first, count, step, factorAt, factorStep } = entered;
      places.set([first, count, step, factorAt, factorStep], 5 * i);
      ({ factors } = entered);
    }
    return {
      at: this.#at,
      places,
      factors,
      changes: Float64Array.from(moves.flatMap(({ changes }) => changes)),
      points,
      widths: Float64Array.from(moves, ({ width }) => width),
      cotangents,
      together: Math.max(1, Math.min(mostTogether, Math.floor(turnTime / (points * milliseconds)))),
    };
  }
}

/** Undefined where nothing can be compiled, or where the root does not depend on the leaf. */
export function movingOf(input: MovingInput): Moving | undefined {
  const { base, leaf, root } = input;
  const moved = new Set([leaf]);
  const dependents = dependentsIn(coneOf([root], moved), moved);
  if (dependents.at(-1) !== root || !isFloat(root.dtype)) return undefined;
  const entered = enteringOf(leaf, dependents, base);
  const layer = entered?.node === root ? undefined : entered;
  const start = layer?.node ?? leaf;
  const skipped = new Set<Node>(layer?.skipped ?? []);
  const cone = compiledCone(
    base,
    start,
    dependents.filter((node) => !skipped.has(node)),
    [root],
  );
  if (cone === undefined) return undefined;
  const whole = (entry: number) => ({
    first: entry,
    count: 1,
    step: 1,
    factors: undefined,
    factorAt: 0,
    factorStep: 0,
  });
  return new Moving(cone, layer?.entering ?? whole, input);
}
