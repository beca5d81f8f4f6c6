/** What equations call the nodes of a target and their gradients by one pass. */
import type { BackwardPass, Node } from "../../runtime/graph";
import { isFloat } from "../../runtime/tensor";
import type { Target } from "../target";
import { namedRows } from "./graph";

/** By node: its name, or `∂J/∂z` where it is a named node's gradient. */
export function gradientNames(target: Target, pass: BackwardPass): (node: Node) => string | undefined {
  const names = new Map<Node, string>();
  const rows = namedRows(target);
  const counts = new Map<string, number>();
  for (const { named } of rows.values()) counts.set(named.name, (counts.get(named.name) ?? 0) + 1);
  // A name that several bodies have is told with its path.
  for (const [node, row] of rows)
    names.set(node, counts.get(row.named.name) === 1 ? row.named.name : target.nameOf(row));
  const top = names.get(pass.root) ?? "out";
  const gradients = new Map<Node, string>();
  for (const [node, name] of names) {
    const gradient = isFloat(node.dtype) ? pass.gradient(node) : undefined;
    if (typeof gradient === "object" && !gradients.has(gradient)) gradients.set(gradient, `∂${top}/∂${name}`);
  }
  return (node) => gradients.get(node) ?? names.get(node);
}
