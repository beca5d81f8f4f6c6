/**
 * One turn of a sweep: the elements of one set of lanes move up and down together, and each is told what the ends make of it. Its text
 * runs in other threads as well (`shared-turns.ts`): it knows what it is given, and nothing of this file's imports.
 */
import type { Cone } from "./cone-module";

/** All that turns share, as data that can be posted. */
export interface TurnJob {
  /** The start's elements, where each of them moves up and down, and how far apart those are. */
  readonly at: Float64Array;
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly widths: Float64Array;
  /** Those that move together next to each other, so many at a time. */
  readonly order: Int32Array;
  readonly lanes: number;
  /** By cotangent what an end's elements are worth, and which lane each of them belongs to; undefined where there is one. */
  readonly ends: readonly {
    readonly weights: readonly Float64Array[];
    readonly laneOf: Int32Array | undefined;
  }[];
}

/** Does a turn, and writes its elements' slopes, by cotangent. */
export function turnOf(
  job: TurnJob,
  cone: Pick<Cone, "moved" | "results" | "run">,
  slopes: readonly Float64Array[],
): (index: number) => void {
  const { at, up, down, widths, order, lanes, ends } = job;
  const { moved } = cone;
  const above = cone.results.map(({ length }) => new Float64Array(length));
  const sums = slopes.map(() => new Float64Array(lanes));
  moved.set(at);
  return (index) => {
    const turn = order.subarray(index * lanes, (index + 1) * lanes);
    for (const i of turn) moved[i] = up[i]!;
    const runsAbove = cone.run();
    cone.results.forEach((result, e) => above[e]!.set(result));
    for (const i of turn) moved[i] = down[i]!;
    const runsBelow = cone.run();
    for (const sum of sums) sum.fill(runsAbove && runsBelow ? 0 : NaN);
    for (const [e, { weights, laneOf }] of ends.entries()) {
      const [high, low] = [above[e]!, cone.results[e]!];
      for (const [k, weight] of weights.entries()) {
        const sum = sums[k]!;
        // Elements that do not differ do not round.
        if (laneOf === undefined) {
          let all = sum[0]!;
          for (let i = 0; i < weight.length; i++) {
            const difference = high[i]! - low[i]!;
            if (difference !== 0) all += weight[i]! * difference;
          }
          sum[0] = all;
          continue;
        }
        for (let i = 0; i < weight.length; i++) {
          const difference = high[i]! - low[i]!;
          if (difference !== 0) sum[laneOf[i]!] = sum[laneOf[i]!]! + weight[i]! * difference;
        }
      }
    }
    // Not before: an end may lie where the start does.
    for (const i of turn) moved[i] = at[i]!;
    for (const [k, sum] of sums.entries()) {
      const into = slopes[k]!;
      for (let lane = 0; lane < turn.length; lane++) {
        const i = turn[lane]!;
        into[i] = sum[lane]! / widths[i]!;
      }
    }
  };
}
