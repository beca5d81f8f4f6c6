/**
 * Named values that stand for a gradient by their names and are larger than it: a sum over what was broadcast is missing in them, and
 * what uses them only inherits that. Knows nothing of other mistakes.
 */
import { broadcastShapes } from "../../tensor";
import type { Node } from "../../graph";
import type { Expression } from "../explain/expression";
import { distance } from "../explain/search";

/** A value by its name, and what it should be summed to. */
export interface Large {
  readonly label: string;
  readonly node: Node;
  /** The value of the body that it stands for the gradient at. */
  readonly at: Node;
  readonly truths: readonly Float64Array[];
}

export interface Oversized extends Large {
  /** The axes over which it is not summed. */
  readonly axes: readonly number[];
  /** The sum, in the expression. */
  readonly sum: Node;
}

export interface Reduced {
  readonly expression: Expression;
  readonly oversized: readonly Oversized[];
}

/** The axes that summing away makes a value of shape `shape` one of shape `smaller`; none where that is not what they differ by. */
export function stretchedAxes(shape: readonly number[], smaller: readonly number[]): number[] {
  const isLarger = broadcastShapes(shape, smaller)?.join() === shape.join() && shape.length > 0;
  if (!isLarger || smaller.length > shape.length) return [];
  const added = shape.length - smaller.length;
  return [...shape.keys()].filter(
    (axis) => shape[axis]! > 1 && (axis < added || smaller[axis - added] === 1),
  );
}

/**
 * The expression with the sums made, where the gradients in the place of these values put something right that is wrong and harm
 * nothing: only then are the values what their names say.
 */
export function reduced(expression: Expression, large: readonly Large[]): Reduced {
  const nothing = { expression, oversized: [] };
  if (large.length === 0) return nothing;
  const ideal = large.reduce<Expression | undefined>((changed, { node, truths, at }) => {
    const values = truths.map((data) => ({ dtype: "float64" as const, shape: at.shape, data }));
    const source = changed?.source("", values);
    return source && changed?.with({ place: { kind: "node", node }, make: () => source });
  }, expression);
  const before = rightness(expression);
  const after = ideal && rightness(ideal);
  if (after === undefined || !before.some((isRight, i) => !isRight && after[i] === true)) return nothing;
  if (before.some((isRight, i) => isRight && after[i] !== true)) return nothing;
  let current = expression;
  const oversized: Oversized[] = [];
  for (const each of large) {
    const axes = stretchedAxes(each.node.shape, each.at.shape);
    let sum: Node | undefined;
    const changed = current.with({
      place: { kind: "node", node: each.node },
      make: (record, x) => {
        const summed = record("sum", { x }, { dim: axes, keepdim: true });
        sum = summed && record("reshape", { x: summed }, { shape: each.at.shape });
        return sum;
      },
    });
    if (changed === undefined || sum === undefined) return nothing;
    oversized.push({ ...each, axes, sum });
    current = changed;
  }
  return { expression: current, oversized };
}

function rightness(expression: Expression): boolean[] {
  return expression.outcomes.map(({ node, truths }) => {
    const value = expression.valueIn(0, node);
    return value !== undefined && distance(value.data, truths[0]!, 1) < 1e-6;
  });
}
