/** Copies that make a value a result. */
import type { Node } from "../../graph";

/** The step that a result is, rather than the copy of it that makes it one. */
export function copiedBy(node: Node): Node {
  const [x] = node.kind === "apply" && node.op.name === "identity" ? node.inputs : [];
  return x?.kind === "apply" ? x : node;
}
