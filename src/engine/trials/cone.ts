/** What values are made of. Knows nothing of trials. */
import type { Node } from "../../runtime/graph";

/** The nodes, and all that they are computed from. */
export function coneOf(roots: readonly Node[]): Set<Node> {
  const reached = new Set<Node>(roots);
  for (const node of reached) for (const input of node.inputs) reached.add(input);
  return reached;
}
