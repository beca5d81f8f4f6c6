/** Readers of the answers that draw the computation. */
import type { GraphEdge, GraphFlow, GraphGroup, GraphNode, GraphReport } from "../../../protocol";
import { count, list, Malformed, nullable, numeric, oneOf, type Reader, record, text } from "./decode";
import { range } from "./read-reports";

const graphNode = record<GraphNode>({
  named: nullable(count),
  name: nullable(text),
  text,
  role: oneOf("parameter", "input", "draw", "value", "gradient", "operator", "constant"),
  op: text,
  group: nullable(count),
  shape: list(count),
  dtype: oneOf("float64", "float32", "int", "bool"),
  range: nullable(range),
  file: nullable(text),
  gradient: nullable(oneOf("flows", "zero", "pending")),
  norm: nullable(numeric),
});

const graphGroup = record<GraphGroup>({
  kind: oneOf("net", "op"),
  name: text,
  of: text,
  parent: nullable(count),
  result: nullable(count),
});

export const graph: Reader<GraphReport> = (value, path) => {
  const read = record<GraphReport>({
    root: nullable(count),
    nodes: list(graphNode),
    groups: list(graphGroup),
    edges: list(record<GraphEdge>({ from: count, to: count, input: text })),
    flows: list(record<GraphFlow>({ from: count, to: count, rule: nullable(text), norm: nullable(numeric) })),
    omitted: count,
  })(value, path);
  const { nodes, groups, edges, flows } = read;
  if (![...edges, ...flows].every(({ from, to }) => from < nodes.length && to < nodes.length))
    throw new Malformed(path, "a graph: an edge has no such node");
  const isOuter = (outer: number | null, inner: number): boolean => outer === null || outer < inner;
  if (!groups.every(({ parent }, index) => isOuter(parent, index)))
    throw new Malformed(path, "a graph: a group is not inside an earlier one");
  if (!nodes.every(({ group }) => isOuter(group, groups.length)))
    throw new Malformed(path, "a graph: a node has no such group");
  return read;
};
