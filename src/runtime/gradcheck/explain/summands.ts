/** What a sum is made of. */
import type { ApplyNode, Node } from "../../graph";
import { dot } from "../measure/answers";
import type { Expression } from "./expression";
import { spread } from "./spread";

/** Whether what is missing is a multiple of one of several summands. */
export function isMultipleOfSummand(expression: Expression, sum: Node, missing: Float64Array): boolean {
  return summandsOf(expression, sum).some((node) => {
    const data = spread(expression, node, sum.shape);
    if (data === undefined) return false;
    const product = dot(data, missing);
    return product * product >= (1 - 1e-11) * dot(data, data) * dot(missing, missing);
  });
}

/** Of a sum, without what has a name and is a sum itself; signs aside. */
export function summandsOf(expression: Expression, sum: Node): Node[] {
  const found: Node[] = [];
  const isOpen = (node: Node): node is ApplyNode =>
    node.kind === "apply" &&
    ["add", "sub", "identity"].includes(node.op.name) &&
    (node === sum || expression.nameOf(node) === undefined);
  const left = [sum];
  for (let node = left.pop(); node !== undefined; node = left.pop())
    if (isOpen(node)) left.push(...node.inputs);
    else found.push(node);
  return found.length > 1 ? found : [];
}
