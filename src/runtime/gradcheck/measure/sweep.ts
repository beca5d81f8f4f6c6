/**
 * The derivative of Σ ⟨weight, end⟩ with respect to every element of one node, by moving them: as many at once as stand side by side, each
 * by a step of its own up and down. Knows nothing of what the elements are made of.
 */
import { tensor, type Tensor } from "../../tensor";
import type { ThreadHost } from "../../compile";
import type { ApplyNode, Node } from "../../graph";
import { compiledCone, type Cone } from "./cone-module";
import type { End } from "./ends";
import { laneNumbers, turnsOf, type Lanes } from "./lanes";
import { doublesOf } from "./pulls";
import { Replay } from "./replay";
import { sharedTurns, worthThreads } from "./shared-turns";
import { turnOf, type TurnJob } from "./turns";

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
  /** What it is estimated to take. */
  readonly milliseconds: number;
  /** Threads that help with what takes long. */
  readonly threads?: ThreadHost | undefined;
  /** Called before each turn; it may throw to cancel. */
  readonly poll: () => void;
}

/** By cotangent, a number for each element of the start; NaN where an operator refuses the moved ones. */
export function sweep(input: SweepInput): Float64Array[] {
  const { base, start, ends, lanes, moves, threads, milliseconds, poll } = input;
  const cone = coneOf(input);
  const at = doublesOf(base(start)).slice();
  const steps = moves === "from 0 to 1" ? at.map(() => 0.5) : at.map(moves);
  const isWhole = moves === "from 0 to 1";
  const job: TurnJob = {
    at,
    up: at.map((x, i) => (isWhole ? 1 : x + steps[i]!)),
    down: at.map((x, i) => (isWhole ? 0 : x - steps[i]!)),
    // The distance between the two points as rounded.
    widths: at.map((x, i) => x + steps[i]! - (x - steps[i]!)),
    order: turnsOf(start.shape, lanes),
    lanes: lanes.count,
    ends: ends.map(({ node, weights }, e) => ({
      weights,
      laneOf: laneNumbers(node.shape, lanes.places[e]!),
    })),
  };
  const turns = Math.ceil(at.length / lanes.count);
  if (threads !== undefined && milliseconds > worthThreads) {
    const written = ends[0]!.weights.map(() => at.length);
    const shared = sharedTurns({ turnOf, job, turns, written, cone, threads, milliseconds, poll });
    if (shared !== undefined) return shared;
  }
  const slopes = ends[0]!.weights.map(() => new Float64Array(at.length));
  const turn = turnOf(job, cone, slopes);
  for (let index = 0; index < turns; index++) {
    poll();
    turn(index);
  }
  return slopes;
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
