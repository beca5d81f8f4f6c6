/** The two sides of a comparison, each at every element that either has. Knows nothing of why they differ. */
import { broadcastShapes, broadcastTo, elementCount, type Tensor } from "../../tensor";
import type { Node } from "../../graph";
import type { Expression } from "./expression";

/** What is smaller than it should be, at each element of what it is held against: sums may be over too many dimensions. */
export function stretched(expression: Expression, shape: readonly number[]): Expression {
  const [outcome] = expression.outcomes;
  if (outcome === undefined || elementCount(outcome.node.shape) >= elementCount(shape)) return expression;
  const node = expression.record("expand", { x: outcome.node }, { shape });
  return node === undefined ? expression : expression.about([{ ...outcome, node }]);
}

/** The truth at every element of both sides. */
export function spread(truth: Tensor, written: Node): Float64Array {
  const shape = broadcastShapes(truth.shape, written.shape);
  return Float64Array.from(shape === undefined ? truth.data : broadcastTo(truth, shape).data);
}
