/** Which nodes a root is made of, and which of them move with a given node. Knows nothing of values. */
import { isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";

/** The roots and everything that they are computed from, in topological order; nothing below a node of `cut` unless also reached otherwise. */
export function coneOf(roots: readonly Node[], cut: ReadonlySet<Node> = new Set()): Node[] {
  const reached = new Set<Node>(roots);
  for (const node of reached) {
    if (cut.has(node)) continue;
    for (const input of node.inputs) reached.add(input);
  }
  return [...reached].sort((a, b) => a.id - b.id);
}

/**
 * The nodes of a cone (in topological order) whose values change with those of `moved`. What `stop_gradient` gives does not:
 * it is constant for every derivative, differences included.
 */
export function dependentsIn(cone: readonly Node[], moved: ReadonlySet<Node>): ApplyNode[] {
  const changing = new Set<Node>(moved);
  const dependents: ApplyNode[] = [];
  for (const node of cone) {
    if (node.kind === "source" || moved.has(node) || node.op.name === "stop_gradient") continue;
    if (!node.inputs.some((input) => changing.has(input))) continue;
    changing.add(node);
    dependents.push(node);
  }
  return dependents;
}

/** Whether its elements change by steps only: labels, masks, comparisons. */
export function isDiscrete(node: Node): boolean {
  return !isFloat(node.dtype);
}
