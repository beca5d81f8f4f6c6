/** What a program of named values begins with: its named sources, and values drawn by an expression. Knows nothing of values. */
import { isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { coneOf } from "../measure/cone";

/** Named sources, and named values that are made of nothing that has a name or is no float: `k = 0.5 + rand([])`. */
export function leavesOf(roots: readonly Node[], isNamed: (node: Node) => boolean): Node[] {
  const held = new Set<Node>();
  return coneOf(roots).filter((node) => {
    const isMade = node.inputs.some((input) => held.has(input) || isNamed(input) || !isFloat(input.dtype));
    if (isMade) held.add(node);
    return isNamed(node) && (node.kind === "source" || (!isMade && isFloat(node.dtype)));
  });
}

/** Numbers that are written. */
export function numbersAmong(nodes: readonly Node[]): number[] {
  const numbers = nodes.flatMap((node) =>
    node.kind === "source" && node.shape.length === 0 && isFloat(node.dtype) ? [node.value.data[0]!] : [],
  );
  return [...new Set(numbers)];
}
