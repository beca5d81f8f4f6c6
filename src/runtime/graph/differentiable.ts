/** Which edges of a graph derivatives flow along. */
import { isFloat } from "../tensor";
import type { ApplyNode, Node } from "./node";

/** One operand of a node: input `name`, and which of its list. */
export interface Edge {
  readonly consumer: ApplyNode;
  readonly name: string;
  /** The position in a list input; undefined where it is one tensor. */
  readonly item: number | undefined;
}

/** Calls `visit` for every operand that a derivative flows to or from: float, given to a differentiable input, of a float result. */
export function forEachDifferentiable(node: Node, visit: (operand: Node, edge: Edge) => void): void {
  if (node.kind === "source" || !isFloat(node.dtype)) return;
  for (const name in node.operands) {
    const operand = node.operands[name];
    if (operand === undefined || !node.op.inputs[name]!.differentiable) continue;
    if ("kind" in operand) {
      if (isFloat(operand.dtype)) visit(operand, { consumer: node, name, item: undefined });
    } else {
      operand.forEach((each, item) => {
        if (isFloat(each.dtype)) visit(each, { consumer: node, name, item });
      });
    }
  }
}

/** Whether the value of `root` depends on that of `leaf` at all, derivatives or not. */
export function dependsOn(root: Node, leaf: Node): boolean {
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (node === leaf) return true;
    for (const input of node.inputs) if (input.id >= leaf.id) seen.add(input);
  }
  return false;
}
