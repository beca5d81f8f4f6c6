/**
 * Turns in which entries of a node move one after another, each by itself: the root is computed at one point or two for each, and what
 * lies between, or what it is at the one, is contracted with the cotangents. Its text runs in other threads as well
 * (`shared-turns.ts`): it knows what it is given, and nothing of this file's imports.
 */
import type { Cone } from "./cone-module";

/** All that turns share, as data that can be posted. */
export interface EntryJob {
  /** The elements of what moves in the cone, as they stand. */
  readonly at: Float64Array;
  /** By entry an `Entry` of the layer's: first, count, step, factorAt and factorStep. */
  readonly places: Int32Array;
  /** Undefined where they are all 1. */
  readonly factors: ArrayLike<number> | undefined;
  /** By entry, how far it moves to each of its points. */
  readonly changes: Float64Array;
  /** One, or two, whose results are subtracted. */
  readonly points: number;
  /** By entry, what the result is divided by. */
  readonly widths: Float64Array;
  readonly cotangents: readonly Float64Array[];
  /** Entries that one turn moves. */
  readonly together: number;
}

/** Does a turn: writes its entries' slopes, by cotangent, and behind those 1 for each entry whose points an operator refuses. */
export function entryTurnOf(
  job: EntryJob,
  cone: Pick<Cone, "moved" | "results" | "run">,
  written: readonly Float64Array[],
): (turn: number) => void {
  const { at, places, factors, changes, points, widths, cotangents, together } = job;
  const { moved } = cone;
  const above = new Float64Array(cone.results[0]!.length);
  const refused = written[cotangents.length]!;
  moved.set(at);
  return (turn) => {
    const end = Math.min(widths.length, (turn + 1) * together);
    for (let entry = turn * together; entry < end; entry++) {
      const [first, count, step] = [places[5 * entry]!, places[5 * entry + 1]!, places[5 * entry + 2]!];
      const [factorAt, factorStep] = [places[5 * entry + 3]!, places[5 * entry + 4]!];
      let isRefused = false;
      for (let point = 0; point < points; point++) {
        if (point === 1) above.set(cone.results[0]!);
        const change = changes[points * entry + point]!;
        let [i, factor] = [first, factorAt];
        for (let n = 0; n < count; n++) {
          moved[i] = at[i]! + change * (factors === undefined ? 1 : factors[factor]!);
          i += step;
          factor += factorStep;
        }
        if (!cone.run()) isRefused = true;
      }
      const last = cone.results[0]!;
      for (let k = 0; k < cotangents.length; k++) {
        const cotangent = cotangents[k]!;
        let sum = 0;
        for (let i = 0; i < cotangent.length; i++) {
          const difference = points === 1 ? last[i]! : above[i]! - last[i]!;
          // Elements that do not differ do not round.
          if (difference !== 0) sum += cotangent[i]! * difference;
        }
        written[k]![entry] = sum / widths[entry]!;
      }
      refused[entry] = isRefused ? 1 : 0;
      // Not before: the root may lie where what moves does.
      for (let n = 0, i = first; n < count; n++, i += step) moved[i] = at[i]!;
    }
  };
}
