// Records operators by their names.
import assert from "node:assert/strict";
import type { Graph, Node } from "../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../src/runtime/ops";

/** The result of an operator that must accept its operands. */
export function recordOp(
  graph: Graph,
  name: string,
  operands: Record<string, Node>,
  attributes: Record<string, AttributeValue> = {},
): Node {
  const made = graph.apply(operator(name), operands, attributes);
  assert.ok(!isRejected(made), isRejected(made) ? `${name} ${JSON.stringify(made)}` : name);
  return made;
}
