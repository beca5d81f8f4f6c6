/** The steps of a backward pass in their order: one for each node shown whose cotangent goes on to others. No DOM. */
import type { GraphReport } from "../../../protocol";
import type { Detail, FoldedGraph } from "../graph/folded-graph";

export interface ReplayStep {
  /** The node whose cotangent goes on, by its position. */
  readonly node: number;
  /** The node, and the nameless steps of its making, by which it goes on. */
  readonly through: readonly number[];
  /** The nodes that are given something, by their positions. */
  readonly inputs: readonly number[];
}

export function replaySteps({ nodes, flows }: GraphReport, detail: Detail): readonly ReplayStep[] {
  const isShown = (position: number): boolean => detail === "operators" || nodes[position]?.named !== null;
  const out: number[][] = nodes.map(() => []);
  const into: number[][] = nodes.map(() => []);
  for (const { from, to } of flows) {
    out[from]?.push(to);
    into[to]?.push(from);
  }
  // A nameless step belongs to the last node shown that must have passed before it can: the earliest of its consumers.
  const owners = new Map<number, number>();
  for (let position = nodes.length - 1; position >= 0; position--) {
    if (isShown(position)) owners.set(position, position);
    else {
      const consumers = (into[position] ?? []).flatMap((from) => owners.get(from) ?? []);
      if (consumers.length > 0) owners.set(position, Math.min(...consumers));
    }
  }
  const through = new Map<number, number[]>();
  for (const [position, owner] of owners) {
    if ((out[position] ?? []).length === 0) continue;
    const known = through.get(owner);
    if (known === undefined) through.set(owner, [position]);
    else known.push(position);
  }
  return [...through]
    .sort(([a], [b]) => b - a)
    .map(([node, ways]) => ({
      node,
      through: ways,
      inputs: [...new Set(ways.flatMap((way) => out[way] ?? []))].filter((to) => isShown(to)),
    }))
    .filter(({ inputs }) => inputs.length > 0);
}

/** What of a drawing a step is about: the boxes of the node and what it gives to, and the flows between them. */
export function stepHighlights(
  { boxOf }: Pick<FoldedGraph, "boxOf">,
  { node, inputs }: ReplayStep,
): { readonly boxes: ReadonlySet<string>; readonly lines: ReadonlySet<string> } {
  const from = boxOf[node] ?? null;
  const targets = inputs.flatMap((input) => boxOf[input] ?? []);
  return {
    boxes: new Set([...(from === null ? [] : [from]), ...targets]),
    lines: new Set(from === null ? [] : targets.map((to) => `${from}→${to}`)),
  };
}
