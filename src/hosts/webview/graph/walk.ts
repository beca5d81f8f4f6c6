/** Walking a drawing: the next box in a direction, what a box comes from and leads to. No DOM. */
import { type Drawing, middle, type PlacedBox, type Point } from "./drawing";
import type { FoldedGraph, Line } from "./folded-graph";

export type Step = "up" | "down" | "left" | "right";

/** How much farther a box counts for each unit that it lies to the side. */
const sideways = 2.5;

/** The nearest box in a direction, boxes on a line with the one left behind before others; null at the edge. */
export function nextBox(drawing: Drawing, from: PlacedBox, step: Step): PlacedBox | null {
  const here = middle(from);
  let best: PlacedBox | null = null;
  let least = Infinity;
  const parents = new Map(drawing.boxes.map(({ box }) => [box.key, box.parent]));
  for (const placed of drawing.boxes) {
    if (placed === from || isAround(parents, placed, from) || isAround(parents, from, placed)) continue;
    const { ahead, aside } = offset(here, middle(placed), step);
    if (ahead <= 1) continue;
    const distance = ahead + sideways * aside;
    if (distance < least) [best, least] = [placed, distance];
  }
  return best;
}

function offset(from: Point, to: Point, step: Step): { readonly ahead: number; readonly aside: number } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  switch (step) {
    case "up":
      return { ahead: -dy, aside: Math.abs(dx) };
    case "down":
      return { ahead: dy, aside: Math.abs(dx) };
    case "left":
      return { ahead: -dx, aside: Math.abs(dy) };
    case "right":
      return { ahead: dx, aside: Math.abs(dy) };
  }
}

/** Whether the first holds the second. */
function isAround(parents: ReadonlyMap<string, string | null>, outer: PlacedBox, inner: PlacedBox): boolean {
  if (outer.depth >= inner.depth) return false;
  for (let key = inner.box.parent; key !== null; key = parents.get(key) ?? null)
    if (key === outer.box.key) return true;
  return false;
}

export type Kin = "ancestors" | "descendants";

/** The graph of one box and all that it comes from, or leads to, by edges. */
export function kinOf(graph: FoldedGraph, key: string, kin: Kin): FoldedGraph {
  const next = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    const [here, there] = kin === "descendants" ? [from, to] : [to, from];
    const known = next.get(here);
    if (known === undefined) next.set(here, [there]);
    else known.push(there);
  }
  const kept = new Set([key]);
  for (const each of kept) for (const other of next.get(each) ?? []) kept.add(other);
  const boxes = new Map(graph.boxes.map((box) => [box.key, box]));
  // Containers stay around what is kept.
  for (const each of [...kept])
    for (
      let parent = boxes.get(each)?.parent ?? null;
      parent !== null;
      parent = boxes.get(parent)?.parent ?? null
    )
      kept.add(parent);
  const isKept = ({ from, to }: Line): boolean => kept.has(from) && kept.has(to);
  return {
    boxOf: graph.boxOf,
    boxes: graph.boxes.filter((box) => kept.has(box.key)),
    edges: graph.edges.filter(isKept),
    flows: graph.flows.filter(isKept),
  };
}
