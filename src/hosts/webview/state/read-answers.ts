/** Readers of the answers to the panel's questions, one row a kind. */
import type { AnswerOf, GraphEdge, GraphFlow, GraphNode, GraphReport, QuestionKind } from "../../../protocol";
import { count, list, Malformed, nullable, numeric, oneOf, type Reader, record, text } from "./decode";
import { range } from "./read-reports";

const graphNode = record<GraphNode>({
  named: nullable(count),
  label: text,
  group: text,
  role: oneOf("parameter", "input", "draw", "value", "gradient", "operator", "constant"),
  op: text,
  shape: list(count),
  dtype: oneOf("float64", "float32", "int", "bool"),
  range: nullable(range),
  file: nullable(text),
  gradient: (value, path) =>
    value === "zero" || value === "pending" ? value : nullable(numeric)(value, path),
});

const graph: Reader<GraphReport> = (value, path) => {
  const read = record<GraphReport>({
    root: nullable(count),
    nodes: list(graphNode),
    edges: list(record<GraphEdge>({ from: count, to: count, input: text })),
    flows: list(record<GraphFlow>({ from: count, to: count, rule: nullable(text), norm: nullable(numeric) })),
    omitted: count,
  })(value, path);
  const { nodes, edges, flows } = read;
  if (![...edges, ...flows].every(({ from, to }) => from < nodes.length && to < nodes.length))
    throw new Malformed(path, "a graph: an edge has no such node");
  return read;
};

export const answerReaders: { readonly [K in QuestionKind]: Reader<AnswerOf<K>> } = {
  graph,
};
