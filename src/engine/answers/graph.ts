/** The computation of a target as nodes and edges, and how the chosen root's cotangents flow back through it. */
import type { GraphEdge, GraphFlow, GraphNode, GraphReport, Question } from "../../protocol";
import type { BackwardPass, Node } from "../../runtime/graph";
import { isFloat, type Tensor } from "../../runtime/tensor";
import { originPlace } from "../places";
import type { Row, Target } from "../target";

/** More than can be laid out, folded or not. */
const mostNodes = 20_000;

export function answerGraph(target: Target, { root }: Question): GraphReport {
  const chosen = root ?? target.defaultRoot;
  const rows = new Map<Node, Row>();
  for (const row of target.rows)
    if (row.named.role !== "gradient" && !rows.has(row.node)) rows.set(row.node, row);
  const all = forwardNodes([...rows.keys()]).filter((node) => rows.has(node) || !isBareNumber(node));
  const drawn = all.slice(0, mostNodes);
  const position = new Map(drawn.map((node, index) => [node, index]));
  const pass = target.pass(chosen);
  return {
    root: chosen,
    nodes: drawn.map((node) => graphNode(target, node, rows.get(node), pass)),
    edges: drawn.flatMap((node) => edgesInto(node, position)),
    flows: pass === undefined ? [] : drawn.flatMap((node) => flowsInto(target, pass, node, position)),
    omitted: all.length - drawn.length,
  };
}

/** The nodes and all that they were computed from, in topological order. */
function forwardNodes(nodes: readonly Node[]): Node[] {
  const found = new Set(nodes);
  for (const node of found) for (const input of node.inputs) found.add(input);
  return [...found].sort((a, b) => a.id - b.id);
}

/** A number written in an expression; it needs no node of its own. */
function isBareNumber(node: Node): boolean {
  return node.kind === "source" && node.shape.length === 0;
}

function graphNode(
  target: Target,
  node: Node,
  row: Row | undefined,
  pass: BackwardPass | undefined,
): GraphNode {
  const op = node.kind === "apply" ? node.op.name : "";
  const place = row?.named.place ?? originPlace(node.origin);
  return {
    named: row === undefined ? null : (target.idOf(node) ?? null),
    label: row === undefined ? op || "constant" : target.nameOf(row),
    group: row?.named.owner === undefined ? "" : target.nameOf(row).slice(0, -row.named.name.length - 1),
    role: row?.named.role ?? (node.kind === "apply" ? "operator" : "constant"),
    op,
    shape: node.shape,
    dtype: node.dtype,
    range: place === undefined ? null : target.places.rangeOf(place),
    file: place === undefined ? null : target.places.otherFile(place),
    gradient: gradientNorm(target, node, pass),
  };
}

function gradientNorm(target: Target, node: Node, pass: BackwardPass | undefined): GraphNode["gradient"] {
  if (pass === undefined || !isFloat(node.dtype)) return null;
  const gradient = pass.gradient(node);
  if (gradient === undefined) return "zero";
  return gradient === "pending" ? gradient : normOf(target, gradient);
}

function normOf(target: Target, node: Node): number | null {
  const value = target.evaluate(node);
  return typeof value === "string" ? null : norm(value);
}

function norm({ data }: Tensor): number {
  let largest = 0;
  for (const element of data) largest = Math.max(largest, Math.abs(element));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const element of data) sum += (element / largest) ** 2;
  return largest * Math.sqrt(sum);
}

function edgesInto(node: Node, position: ReadonlyMap<Node, number>): GraphEdge[] {
  if (node.kind === "source") return [];
  const to = position.get(node);
  return Object.entries(node.operands).flatMap(([input, operand]) => {
    const operands: readonly Node[] = operand === undefined ? [] : "kind" in operand ? [operand] : operand;
    return operands.flatMap((each) => {
      const from = position.get(each);
      return from === undefined || to === undefined ? [] : [{ from, to, input }];
    });
  });
}

function flowsInto(
  target: Target,
  pass: BackwardPass,
  node: Node,
  position: ReadonlyMap<Node, number>,
): GraphFlow[] {
  if (!isFloat(node.dtype)) return [];
  const to = position.get(node);
  return pass.contributions(node).flatMap(({ through, rule, value }) => {
    const from = through === undefined ? undefined : position.get(through);
    if (from === undefined || to === undefined) return [];
    return [{ from, to, rule: rule ?? null, norm: normOf(target, value) }];
  });
}
