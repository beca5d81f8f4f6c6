/**
 * The derivative of Σ ⟨weight, end⟩ with respect to every element of one node, by moving them: as many at once as stand side by side, each
 * by a step of its own up and down. Knows nothing of what the elements are made of.
 */
import { tensor, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { compiledCone, type Cone } from "./cone-module";
import type { End } from "./ends";
import { laneNumbers, turnsOf, type Lanes } from "./lanes";
import { doublesOf } from "./pulls";
import { Replay } from "./replay";

/** How an element moves: up and down by a step, or, where what is computed is linear in it, from 0 to 1. */
export type Moves = ((x: number) => number) | "from 0 to 1";

export interface SweepInput {
  readonly base: (node: Node) => Tensor;
  readonly start: Node;
  /** What moves with the start, in order. */
  readonly dependents: readonly ApplyNode[];
  readonly ends: readonly End[];
  readonly lanes: Lanes;
  readonly moves: Moves;
  readonly compiled: boolean;
  /** Called before each turn; it may throw to cancel. */
  readonly poll: () => void;
}

/** By cotangent, a number for each element of the start; NaN where an operator refuses the moved ones. */
export function sweep(input: SweepInput): Float64Array[] {
  const { base, start, ends, lanes, moves } = input;
  const cone = coneOf(input);
  const at = doublesOf(base(start)).slice();
  const steps = moves === "from 0 to 1" ? at.map(() => 0.5) : at.map(moves);
  const { moved } = cone;
  const above = cone.results.map(({ length }) => new Float64Array(length));
  const sums = ends[0]!.weights.map(() => new Float64Array(lanes.count));
  const slopes = sums.map(() => new Float64Array(at.length));
  const order = turnsOf(start.shape, lanes);
  const laneOf = ends.map(({ node }, e) => laneNumbers(node.shape, lanes.places[e]!));
  moved.set(at);
  for (let first = 0; first < at.length; first += lanes.count) {
    input.poll();
    const turn = order.subarray(first, first + lanes.count);
    for (const i of turn) moved[i] = moves === "from 0 to 1" ? 1 : at[i]! + steps[i]!;
    const runsAbove = cone.run();
    cone.results.forEach((result, e) => above[e]!.set(result));
    for (const i of turn) moved[i] = moves === "from 0 to 1" ? 0 : at[i]! - steps[i]!;
    const runsBelow = cone.run();
    for (const sum of sums) sum.fill(runsAbove && runsBelow ? 0 : NaN);
    ends.forEach(({ weights }, e) => {
      weights.forEach((weight, k) => {
        addDifference(sums[k]!, weight, above[e]!, cone.results[e]!, laneOf[e]);
      });
    });
    // Not before: an end may lie where the start does.
    for (const i of turn) moved[i] = at[i]!;
    for (const [k, sum] of sums.entries()) {
      const into = slopes[k]!;
      for (let lane = 0; lane < turn.length; lane++) {
        const i = turn[lane]!;
        // The distance between the two points as rounded.
        into[i] = sum[lane]! / (at[i]! + steps[i]! - (at[i]! - steps[i]!));
      }
    }
  }
  return slopes;
}

/** Elements that do not differ do not round. */
function addDifference(
  sums: Float64Array,
  weight: Float64Array,
  above: Float64Array,
  below: Float64Array,
  laneOf: Int32Array | undefined,
): void {
  if (laneOf === undefined) {
    let sum = 0;
    for (let i = 0; i < weight.length; i++) {
      const difference = above[i]! - below[i]!;
      if (difference !== 0) sum += weight[i]! * difference;
    }
    sums[0] = sums[0]! + sum;
    return;
  }
  for (let i = 0; i < weight.length; i++) {
    const difference = above[i]! - below[i]!;
    if (difference !== 0) sums[laneOf[i]!] = sums[laneOf[i]!]! + weight[i]! * difference;
  }
}

function coneOf({ base, start, dependents, ends, compiled }: SweepInput): Cone {
  const wanted = ends.map(({ node }) => node);
  const module = compiled ? compiledCone(base, start, dependents, wanted) : undefined;
  if (module !== undefined) return module;
  const moved = new Float64Array(base(start).data.length);
  const at = tensor("float64", start.shape, moved);
  const replay = new Replay(base, [start], wanted);
  return {
    moved,
    get results() {
      return wanted.map((node) => doublesOf(replay.valueOf(node)));
    },
    run() {
      replay.run([[start, at]]);
      return true;
    },
  };
}
