/** Between a folded graph and the layout engine's own form of one. Knows nothing of how either is made or shown. */
import type { ElkExtendedEdge, ElkLabel, ElkNode } from "elkjs/lib/elk-api";
import { boxHeight, boxWidth, headHeight, type Measure, smallSize } from "./box-size";
import type { Direction, Drawing, PlacedBox, PlacedLine, Point } from "./drawing";
import type { Box, FoldedGraph, Line } from "./folded-graph";

/** More edges than this go without the shapes that flow along them: nobody could read them. */
const mostLabels = 400;
/** From here on the layout takes fewer pains. */
const many = 250;

export function toElk(graph: FoldedGraph, direction: Direction, measure: Measure): ElkNode {
  const nodes = new Map<string, ElkNode>();
  const root: ElkNode = {
    id: "root",
    children: [],
    edges: [],
    layoutOptions: layoutOptions(graph, direction),
  };
  for (const box of graph.boxes) {
    const node = elkNode(box, measure);
    nodes.set(box.key, node);
    const around = (box.parent === null ? undefined : nodes.get(box.parent)) ?? root;
    (around.children ??= []).push(node);
  }
  const labelled = graph.edges.length <= mostLabels;
  root.edges = [
    ...graph.edges.map((line) => elkEdge(line, line.from, line.to, labelled ? labelOf(line, measure) : null)),
    ...flowsOfTheirOwn(graph).map((line) => elkEdge(line, line.to, line.from, null)),
  ];
  return root;
}

function layoutOptions({ boxes }: FoldedGraph, direction: Direction): Record<string, string> {
  const isLarge = boxes.length > many;
  return {
    "elk.algorithm": "layered",
    "elk.direction": direction === "down" ? "DOWN" : "RIGHT",
    "elk.hierarchyHandling": "INCLUDE_CHILDREN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.json.shapeCoords": "ROOT",
    "elk.json.edgeCoords": "ROOT",
    "elk.spacing.nodeNode": "18",
    "elk.spacing.edgeNode": "12",
    "elk.spacing.edgeEdge": "10",
    "elk.spacing.edgeLabel": "2",
    "elk.layered.spacing.nodeNodeBetweenLayers": "26",
    "elk.layered.spacing.edgeNodeBetweenLayers": "12",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
    "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    "elk.layered.nodePlacement.strategy": isLarge ? "BRANDES_KOEPF" : "NETWORK_SIMPLEX",
    "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
    "elk.layered.thoroughness": isLarge ? "2" : "7",
    "elk.padding": "[top=12,left=12,bottom=12,right=12]",
  };
}

function elkNode(box: Box, measure: Measure): ElkNode {
  const size = { width: boxWidth(box, measure), height: boxHeight };
  if (box.fold !== "open") return { id: box.key, ...size };
  return {
    id: box.key,
    children: [],
    layoutOptions: {
      "elk.padding": `[top=${String(headHeight)},left=12,bottom=12,right=12]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${String(size.width)},${String(boxHeight)})`,
    },
  };
}

function elkEdge(line: Line, from: string, to: string, label: ElkLabel | null): ElkExtendedEdge {
  return { id: idOf(line), sources: [from], targets: [to], ...(label === null ? {} : { labels: [label] }) };
}

function labelOf({ shapes }: Line, measure: Measure): ElkLabel {
  const text = shapes.length > 2 ? `${String(shapes.length)} shapes` : shapes.join(", ");
  return {
    text,
    width: Math.ceil(measure(text, smallSize)) + 8,
    height: smallSize + 5,
    layoutOptions: { "elk.edgeLabels.inline": "true", "elk.edgeLabels.placement": "CENTER" },
  };
}

/** Flows that go another way than back along an edge: a hand-written rule leads past its op's body. */
function flowsOfTheirOwn({ edges, flows }: FoldedGraph): readonly Line[] {
  const ways = new Set(edges.map(({ from, to }) => wayOf(from, to)));
  return flows.filter(({ from, to }) => !ways.has(wayOf(to, from)));
}

function wayOf(from: string, to: string): string {
  return `${from} ${to}`;
}

function idOf({ key }: Line): string {
  return `line ${key}`;
}

export function fromElk(graph: FoldedGraph, laidOut: ElkNode, direction: Direction): Drawing {
  const places = new Map<string, ElkNode>();
  const collect = (node: ElkNode): void => {
    for (const child of node.children ?? []) {
      places.set(child.id, child);
      collect(child);
    }
  };
  collect(laidOut);
  const depths = new Map<string, number>();
  const boxes = graph.boxes.flatMap((box): PlacedBox[] => {
    const place = places.get(box.key);
    if (place === undefined) return [];
    const depth = box.parent === null ? 0 : (depths.get(box.parent) ?? 0) + 1;
    depths.set(box.key, depth);
    const { x = 0, y = 0, width = 0, height = 0 } = place;
    return [{ box, depth, x, y, width, height }];
  });
  const routes = new Map((laidOut.edges ?? []).map((edge) => [edge.id, edge]));
  const edges = graph.edges.flatMap((line) => placedLine(line, routes.get(idOf(line)), false));
  const byWay = new Map(edges.map((placed) => [wayOf(placed.line.from, placed.line.to), placed]));
  const flows = graph.flows.flatMap((line): PlacedLine[] => {
    const edge = byWay.get(wayOf(line.to, line.from));
    if (edge === undefined) return placedLine(line, routes.get(idOf(line)), true);
    return [{ line, points: edge.points.toReversed(), label: edge.label }];
  });
  return { width: laidOut.width ?? 0, height: laidOut.height ?? 0, direction, boxes, edges, flows };
}

function placedLine(line: Line, edge: ElkExtendedEdge | undefined, isReversed: boolean): PlacedLine[] {
  const sections = edge?.sections ?? [];
  const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }): Point[] => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
  if (points.length < 2) return [];
  const label = edge?.labels?.[0];
  const { x = 0, y = 0, width = 0, height = 0, text = "" } = label ?? {};
  return [
    {
      line,
      points: isReversed ? points.toReversed() : points,
      label: label === undefined ? null : { x, y, width, height, text },
    },
  ];
}
