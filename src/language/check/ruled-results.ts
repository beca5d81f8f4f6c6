/** Boundaries of applications with hand rules: each result belongs to one, each input comes in once. */
import type { Graph, Node } from "../../runtime/graph";
import type { Block, Span } from "../syntax";
import { applyNamed } from "./apply-named";
import type { ActualInput } from "./declared-types";
import type { Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import type { Value } from "./value";

const results = new WeakMap<Graph, Set<Node>>();

/** Claims a node as the result of an application with rules; false where another has it already. */
export function claimResult(graph: Graph, node: Node): boolean {
  let claimed = results.get(graph);
  if (claimed === undefined) {
    claimed = new Set();
    results.set(graph, claimed);
  }
  if (claimed.has(node)) return false;
  claimed.add(node);
  return true;
}

export function hasRules(body: Block): boolean {
  return body.statements.some(
    (statement) => statement.kind === "rule" || (statement.kind === "for" && hasRules(statement.body)),
  );
}

/**
 * One node given to two inputs, as in `f(x, x)`, comes in as two nodes, so that each input has a flow of its own:
 * a pass could not tell them apart otherwise.
 */
export function separateInputs(
  e: Elaboration,
  frame: Frame,
  body: Block,
  actuals: readonly ActualInput[],
  span: Span,
): readonly ActualInput[] {
  if (frame.machine === undefined || !hasRules(body)) return actuals;
  const seen = new Set<Node>();
  return actuals.map((actual) => {
    const { node } = actual.value;
    if (node === undefined || !seen.has(node)) {
      if (node !== undefined) seen.add(node);
      return actual;
    }
    const copy: Value = applyNamed(
      e,
      frame,
      "identity",
      { x: { value: actual.value, text: actual.text, span: actual.span } },
      span,
    );
    return copy.kind === "tensor" ? { ...actual, value: copy } : actual;
  });
}
