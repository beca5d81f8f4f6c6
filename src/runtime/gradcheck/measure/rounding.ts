/**
 * How much of a computed value is rounding: the same nodes are computed again with every result nudged by about a unit in
 * its last place, at random, and the spread is measured. This sees cancellation that no bound on the result would. After J. Vignes,
 * "A stochastic arithmetic for reliable scientific computation", Mathematics and Computers in Simulation 35 (1993).
 */
import { isFloat, tensor, type Tensor } from "../../tensor";
import type { Node } from "../../graph";
import { hasPieces, pieceOf } from "./branches";
import { coneOf, isDiscrete } from "./cone";
import { costOf } from "./cost";
import { Replay, type Adjust, type ReplayStep } from "./replay";

const unit = 2 ** -52;
/** Single precision's, for constants that were rounded to it on entering the graph. */
const singleUnit = 2 ** -24;
const runs = 6;
/** The spread of a few runs is no bound: what is taken for rounding may be this many times as large. */
const safety = 4;
/** Milliseconds, by estimate, beyond which half as many runs must do, with as much more of safety. */
const dear = 15;

export interface RoundingOptions {
  /** Where exact values start: by default at all sources. */
  readonly from?: readonly Node[];
  /** Sources that were rounded to float32. */
  readonly rounded?: (source: Node) => boolean;
}

/** The estimated rounding error of each element of `node`, from all operators between `from` and it. */
export function roundingOf(
  base: (node: Node) => Tensor,
  node: Node,
  options: RoundingOptions = {},
): Float64Array {
  return roundingsOf(base, [node], options)[0]!;
}

/** The same of several nodes: what they have in common is computed once. */
export function roundingsOf(
  base: (node: Node) => Tensor,
  nodes: readonly Node[],
  { from, rounded = () => false }: RoundingOptions = {},
): Float64Array[] {
  const sources = sourcesOf(nodes, new Set(from));
  const replay = new Replay(base, sources, nodes);
  const moved = sources.map((source) => [source, base(source)] as const);
  return spread(replay, nodes, (nudge) =>
    moved.map(([source, value]) => [source, rounded(source) ? nudge(value, singleUnit) : value] as const),
  );
}

/** The same for a replay whose moving nodes stay where they are: only what depends on them rounds anew, and those of `computed`. */
export function roundingIn(
  replay: Replay,
  root: Node,
  at: readonly (readonly [Node, Tensor])[],
  computed: ReadonlySet<Node> = new Set(),
): Float64Array {
  if (computed.size === 0) return spread(replay, [root], () => at)[0]!;
  const [error] = spread(replay, [root], (nudge) =>
    at.map(([node, value]) => [node, computed.has(node) ? nudge(value, unit) : value] as const),
  );
  // The replay is lent: its owner goes on from where it was.
  replay.run(at);
  return error!;
}

type Nudge = (value: Tensor, size: number) => Tensor;

function spread(
  replay: Replay,
  roots: readonly Node[],
  moved: (nudge: Nudge) => readonly (readonly [Node, Tensor])[],
): Float64Array[] {
  const isUp = coin();
  const nudge: Nudge = ({ shape, data }, size) => {
    const [up, down] = [1 + size, 1 - size];
    const nudged = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) nudged[i] = data[i]! * (isUp() ? up : down);
    return tensor("float64", shape, nudged);
  };
  replay.run(moved((value) => value));
  const exact = roots.map((root) => Float64Array.from(replay.valueOf(root).data));
  const steady = new Map(
    replay.steps
      .filter(hasPieces)
      .map((step) => [step, { value: replay.valueOf(step.node), piece: piece(step) }]),
  );
  // A nudge must not cross a kink: pieces are part of what is computed, not of how precisely.
  const adjust: Adjust = (value, step) => {
    const before = steady.get(step);
    if (before !== undefined && isDiscrete(step.node)) return before.value;
    if (!isFloat(value.dtype)) return value;
    return nudge(before === undefined || same(before.piece, piece(step)) ? value : before.value, unit);
  };
  // A result is rounded itself, whatever a few runs happen to show.
  const isDear = costOf(replay.steps) > dear;
  const margin = isDear ? 2 * safety : safety;
  const errors = exact.map((values) => values.map((x) => margin * unit * Math.abs(x) || 0));
  for (let run = 0; run < (isDear ? runs / 2 : runs); run++) {
    replay.run(moved(nudge), adjust);
    for (const [r, root] of roots.entries()) {
      const [noisy, still, error] = [replay.valueOf(root).data, exact[r]!, errors[r]!];
      for (let i = 0; i < error.length; i++)
        error[i] = Math.max(error[i]!, margin * Math.abs(noisy[i]! - still[i]!) || 0);
    }
  }
  return errors;
}

/** Thrown for every element of every step, so that it must be quick: Marsaglia's xorshift32. */
function coin(): () => boolean {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state > 0;
  };
}

function piece(step: ReplayStep): Tensor | undefined {
  return isDiscrete(step.node) ? undefined : pieceOf(step);
}

function same(a: Tensor | undefined, b: Tensor | undefined): boolean {
  return a === undefined || b === undefined || a.data.every((value, i) => value === b.data[i]);
}

function sourcesOf(roots: readonly Node[], cut: ReadonlySet<Node>): Node[] {
  return coneOf(roots, cut).filter((node) => node.kind === "source" || cut.has(node));
}
