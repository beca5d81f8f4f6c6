/**
 * Trainings that give way: where a host hears nothing while a run is elaborated, a training that lasts leaves the elaboration,
 * is carried through in turns between which the host hears, and is handed to the elaboration that begins again. Knows nothing
 * of steps.
 */
import type { Misstep, TrainingResult } from "../language/check";

/** What was carried through, by the number of the training in its run. */
export type CarriedTrainings<T> = Map<number, T>;

export type TrainingTurns = Generator<void, TrainingResult | Misstep, void>;

/** How long a training may last before it leaves the elaboration, and how long a turn is, in milliseconds. */
const patience = 100;
const turn = 40;

/** Thrown through an elaboration, whose next attempt finds the training done. */
export class TrainingPause extends Error {
  readonly #turns: TrainingTurns;
  readonly #now: () => number;
  readonly #done: (result: TrainingResult | Misstep) => void;

  constructor(turns: TrainingTurns, now: () => number, done: (result: TrainingResult | Misstep) => void) {
    super("a training goes on outside of the elaboration");
    this.#turns = turns;
    this.#now = now;
    this.#done = done;
  }

  /** Goes on to the end. Rejects where `breathe` does. */
  async finish(breathe: () => Promise<void>): Promise<void> {
    try {
      for (;;) {
        await breathe();
        const result = advance(this.#turns, this.#now, turn);
        if (result === undefined) continue;
        this.#done(result);
        return;
      }
    } finally {
      this.#turns.return({ message: "", origin: undefined, step: 0 });
    }
  }
}

/** The result, or, after a while, a pause whose end tells `done`. */
export function inTurns(
  turns: TrainingTurns,
  now: () => number,
  done: (result: TrainingResult | Misstep) => void,
): TrainingResult | Misstep {
  const result = advance(turns, now, patience);
  if (result === undefined) throw new TrainingPause(turns, now, done);
  return result;
}

/** The result, if it comes in time. */
function advance(
  turns: TrainingTurns,
  now: () => number,
  milliseconds: number,
): TrainingResult | Misstep | undefined {
  const end = now() + milliseconds;
  do {
    const next = turns.next();
    if (next.done === true) return next.value;
  } while (now() < end);
  return undefined;
}
