/**
 * How much of a computed value is rounding: the same nodes are computed again with every result nudged by about a unit in
 * its last place, at random, and the spread is measured. This sees cancellation that no bound on the result would. After J. Vignes,
 * "A stochastic arithmetic for reliable scientific computation", Mathematics and Computers in Simulation 35 (1993).
 */
import { isFloat, tensor, torchGenerator, type Tensor } from "../../tensor";
import type { Node } from "../../graph";
import { hasPieces, pieceOf } from "./branches";
import { coneOf, isDiscrete } from "./cone";
import { Replay, type Adjust, type ReplayStep } from "./replay";

const unit = 2 ** -52;
/** Single precision's, for constants that were rounded to it on entering the graph. */
const singleUnit = 2 ** -24;
const runs = 6;
/** The spread of a few runs is no bound: what is taken for rounding may be this many times as large. */
const safety = 4;

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
  { from, rounded = () => false }: RoundingOptions = {},
): Float64Array {
  const sources = sourcesOf(node, new Set(from));
  const replay = new Replay(base, sources, [node]);
  const moved = sources.map((source) => [source, base(source)] as const);
  return spread(replay, node, (nudge) =>
    moved.map(([source, value]) => [source, rounded(source) ? nudge(value, singleUnit) : value] as const),
  );
}

/** The same for a replay whose moving nodes stay where they are: only what depends on them rounds anew. */
export function roundingIn(
  replay: Replay,
  root: Node,
  at: readonly (readonly [Node, Tensor])[],
): Float64Array {
  return spread(replay, root, () => at);
}

type Nudge = (value: Tensor, size: number) => Tensor;

function spread(
  replay: Replay,
  root: Node,
  moved: (nudge: Nudge) => readonly (readonly [Node, Tensor])[],
): Float64Array {
  const draw = torchGenerator(0);
  const nudge: Nudge = (value, size) => {
    const signs = draw.rand(value.shape, "float64");
    const data = Float64Array.from(value.data, (x, i) => x * (1 + (signs.data[i]! < 0.5 ? size : -size)));
    return tensor("float64", value.shape, data);
  };
  replay.run(moved((value) => value));
  const exact = Float64Array.from(replay.valueOf(root).data);
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
  const error = exact.map((x) => safety * unit * Math.abs(x) || 0);
  for (let run = 0; run < runs; run++) {
    replay.run(moved(nudge), adjust);
    const noisy = replay.valueOf(root).data;
    for (let i = 0; i < error.length; i++)
      error[i] = Math.max(error[i]!, safety * Math.abs(noisy[i]! - exact[i]!) || 0);
  }
  replay.run(moved((value) => value));
  return error;
}

function piece(step: ReplayStep): Tensor | undefined {
  return isDiscrete(step.node) ? undefined : pieceOf(step);
}

function same(a: Tensor | undefined, b: Tensor | undefined): boolean {
  return a === undefined || b === undefined || a.data.every((value, i) => value === b.data[i]);
}

function sourcesOf(root: Node, cut: ReadonlySet<Node>): Node[] {
  return coneOf([root], cut).filter((node) => node.kind === "source" || cut.has(node));
}
