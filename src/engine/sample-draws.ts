/**
 * The draws that an op or a net is checked with: one, and others where its numbers stay on one side of something that the body branches
 * on, so that a rule that is wrong on the other side alone is found. Knows nothing of rules.
 */
import type { Net, Op } from "../language/syntax";
import { isFault } from "../runtime/ops";
import type { ApplyNode, Graph, Node } from "../runtime/graph";
import type { Tensor } from "../runtime/tensor";
import type { RunContext } from "./execute-run";
import { otherDomains } from "./sample-domains";
import { sampleDeclaration, samplesOf, type DeclarationSample, type SampledWith } from "./sample-declaration";

/** Seeds that are looked through, and draws that are kept. */
const mostSeeds = 8;
const mostDraws = 3;
/** Larger bodies are drawn once. */
const mostNodes = 2000;

/** At least one, that which takes the most branches first; what cannot be applied is told by it. */
export function sampleDraws(
  context: Pick<RunContext, "module" | "library" | "poll">,
  declaration: Op | Net,
  sizes: Omit<SampledWith, "seed"> = {},
): readonly [DeclarationSample, ...DeclarationSample[]] {
  const first = inDomain(context, declaration, sizes);
  const taken = piecesOf(first);
  const draws = [{ draw: first, branches: countOf(taken) }];
  const isOpen = (): boolean => [...taken.values()].some((pieces) => pieces.size === 1);
  for (let seed = 1; seed < mostSeeds && draws.length < mostDraws && isOpen(); seed++) {
    const draw = sampleDeclaration(context, declaration, { ...sizes, seed, domains: first.domains });
    if (!isFiniteDraw(draw)) continue;
    const pieces = piecesOf(draw);
    if (adds(pieces, taken)) draws.push({ draw, branches: countOf(pieces) });
  }
  draws.sort((a, b) => b.branches - a.branches);
  const [best = first, ...others] = draws.map(({ draw }) => draw);
  return [best, ...others];
}

type Pieces = Map<number, Set<number>>;

function countOf(pieces: Pieces): number {
  return [...pieces.values()].reduce((count, { size }) => count + size, 0);
}

/** Whether something that was on one side alone is on another; it is noted. */
function adds(pieces: Pieces, taken: Pieces): boolean {
  let isNew = false;
  for (const [node, found] of pieces) {
    const known = taken.get(node);
    if (known?.size !== 1) continue;
    for (const piece of found) {
      isNew ||= !known.has(piece);
      known.add(piece);
    }
  }
  return isNew;
}

/** The first draw that gives numbers; what nowhere does as it is. */
function inDomain(
  context: Pick<RunContext, "module" | "library" | "poll">,
  declaration: Op | Net,
  sizes: Omit<SampledWith, "seed">,
): DeclarationSample {
  const first = sampleDeclaration(context, declaration, sizes);
  if ("reason" in first.applied || isFiniteDraw(first)) return first;
  const sampled = new Set(samplesOf(declaration.body.statements).keys());
  for (const domains of otherDomains(declaration.inputs, sampled)) {
    const draw = sampleDeclaration(context, declaration, { ...sizes, domains });
    if (isFiniteDraw(draw)) return draw;
  }
  return first;
}

/** Whether the value is finite everywhere. */
export function isFiniteDraw({ machine, applied }: DeclarationSample): boolean {
  if ("reason" in applied) return false;
  const value = machine.evaluator.evaluate(applied.root);
  return !isFault(value) && value.data.every(Number.isFinite);
}

/** The smooth pieces, and truth values, that each node of a sample takes; of those that depend on what is drawn. */
function piecesOf({ machine, applied }: DeclarationSample): Pieces {
  const found: Pieces = new Map();
  if ("reason" in applied || machine.graph.nodes.length > mostNodes) return found;
  const valueOf = (node: Node): Tensor | undefined => {
    const value = machine.evaluator.evaluate(node);
    return isFault(value) ? undefined : value;
  };
  for (const node of drawnFrom(
    machine.graph,
    applied.leaves.map((leaf) => leaf.node),
  )) {
    const pieces = node.op.branch === undefined ? truthOf(node, valueOf) : branchOf(node, valueOf);
    if (pieces !== undefined) found.set(node.id, new Set(pieces.data));
  }
  return found;
}

function truthOf(node: ApplyNode, valueOf: (node: Node) => Tensor | undefined): Tensor | undefined {
  return node.dtype === "bool" ? valueOf(node) : undefined;
}

function branchOf(node: ApplyNode, valueOf: (node: Node) => Tensor | undefined): Tensor | undefined {
  const output = valueOf(node);
  const inputs: Record<string, Tensor | readonly Tensor[] | undefined> = {};
  for (const [name, operand] of Object.entries(node.operands)) {
    if (operand === undefined) continue;
    const values = ("kind" in operand ? [operand] : operand).map(valueOf);
    if (values.some((value) => value === undefined)) return undefined;
    const known = values as Tensor[];
    inputs[name] = "kind" in operand ? known[0] : known;
  }
  return output && node.op.branch?.({ inputs, attributes: node.attributes, output });
}

/** Steps that some of the leaves go into. */
function drawnFrom(graph: Graph, leaves: readonly Node[]): ApplyNode[] {
  const reached = new Set<Node>(leaves);
  return graph.nodes.filter((node): node is ApplyNode => {
    if (node.kind !== "apply" || !node.inputs.some((input) => reached.has(input))) return false;
    reached.add(node);
    return true;
  });
}
