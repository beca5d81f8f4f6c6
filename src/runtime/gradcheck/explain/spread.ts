/** Values as they are broadcast. */
import { broadcastTo } from "../../tensor";
import type { Node } from "../../graph";
import type { Expression } from "./expression";

/** At every element of a shape; undefined where it does not broadcast to it. */
export function spread(
  expression: Expression,
  node: Node,
  shape: readonly number[],
): Float64Array | undefined {
  const fits =
    node.shape.length <= shape.length &&
    node.shape.every((size, i) => size === 1 || size === shape[i + shape.length - node.shape.length]);
  const value = fits ? expression.valueIn(0, node) : undefined;
  return value?.data.every(Number.isFinite) === true
    ? Float64Array.from(broadcastTo(value, shape).data)
    : undefined;
}
