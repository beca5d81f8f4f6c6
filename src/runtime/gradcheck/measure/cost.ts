/** How long computing nodes takes, estimated from their sizes, so that what is sampled does not depend on the machine's load. */
import { elementCount } from "../../tensor";
import { targetHere } from "../../compile";
import type { ApplyNode } from "../../graph";
import type { ReplayStep } from "./replay";

/** In milliseconds, for one run of the reference kernels. */
export function costOf(steps: readonly ReplayStep[]): number {
  let sum = 0;
  for (const { node } of steps) sum += costOfNode(node);
  return sum;
}

/** In milliseconds, for one run of a compiled module. */
export function compiledCost(steps: readonly ReplayStep[]): number {
  return costOf(steps) / speedup;
}

/** As `costOf`, for nodes that are laid out later. */
export function costOfNodes(nodes: readonly ApplyNode[]): number {
  let sum = 0;
  for (const node of nodes) sum += costOfNode(node);
  return sum;
}

/** What a module of so many nodes takes before its first run, in milliseconds. */
export function moduleOverhead(nodes: number): number {
  return 4 + 0.2 * nodes;
}

/** What comparing a leaf's entries costs, in milliseconds: each by replays, and what a compiled module takes before its first. */
export interface EntryCost {
  readonly replay: number;
  readonly overhead: number;
}

/** An entry takes two runs of the one and one of the other; modules are made of both, and some entries computed both ways. */
export function entryCost(differences: readonly ReplayStep[], forward: readonly ReplayStep[]): EntryCost {
  const replay = 2 * costOf(differences) + costOf(forward);
  const overhead = moduleOverhead(differences.length + forward.length) + recomputed * replay;
  return { replay, overhead };
}

/** How many entries so many milliseconds are enough for. */
export function entriesWithin(milliseconds: number, { replay, overhead }: EntryCost): number {
  const compiled = targetHere() === undefined ? 0 : ((milliseconds - overhead) * speedup) / replay;
  return Math.floor(Math.max(milliseconds / replay, compiled));
}

export function isWorthCompiling(entries: number, { replay, overhead }: EntryCost): boolean {
  return entries * replay > 2 * overhead;
}

/** What so many entries cost where each is moved by itself, by replays or by a module. */
export function oneByOne(entries: number, { replay, overhead }: EntryCost): number {
  const compiled = targetHere() === undefined ? Infinity : overhead + (entries * replay) / speedup;
  return Math.min(entries * replay, compiled);
}

/** Entries that are moved by themselves too where all are computed at once, besides a direction of all of them. */
export const recheckedOfAll = 1;

/** Entries that are computed by the reference evaluator too where a compiled module computes the others. */
export const recomputed = 4;

/** How much faster a module is than the reference kernels, at the least. */
export const speedup = 20;

const perCall = 0.001;
const perElement = 4e-6;
const perProduct = 1.2e-6;

const contractions: ReadonlySet<string> = new Set([
  "matmul",
  "linear",
  "einsum",
  "dot",
  "outer",
  "conv1d",
  "conv2d",
  "conv_transpose2d",
  "scaled_dot_product_attention",
]);

function costOfNode(node: ApplyNode): number {
  const sizes = node.inputs.map(({ shape }) => elementCount(shape));
  const result = elementCount(node.shape);
  const elements = sizes.reduce((sum, size) => sum + size, result);
  const products = contractions.has(node.op.name)
    ? // Σ over the contracted index: √(|A|·|B|·|C|) for matrices, an overestimate for convolutions.
      Math.sqrt((sizes[0] ?? 1) * (sizes[1] ?? 1) * result)
    : 0;
  return perCall + elements * perElement + products * perProduct;
}
