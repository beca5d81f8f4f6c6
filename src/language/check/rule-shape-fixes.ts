/**
 * Ways out where a rule's expression has another shape than it must have: a transpose, a sum over dimensions that were broadcast, the
 * dimension of a reduction that takes all. Each is tried on the shapes before it is offered.
 */
import { dim, type Dim } from "../../runtime/tensor";
import type { Call, Expression } from "../syntax";
import { contradicts } from "./declared-types";
import type { Edit, Fix } from "./diagnostics/diagnostic";
import { textOf } from "./elaboration";
import type { Frame } from "./frame";
import { transposedProductFix, transposedType, transposeFix } from "./shape-fixes";
import type { TensorValue } from "./value";

type Shape = readonly Dim[];

/** `shapeOf` tells the shape of a part of the expression; undefined where it has none. */
export function ruleShapeFixes(
  frame: Frame,
  expression: Expression,
  value: TensorValue,
  needs: Shape,
  shapeOf: (part: Expression) => Shape | undefined,
): Fix[] {
  const { shape } = value;
  if (shape === undefined) return [];
  const turned = transposedType(value);
  const text = textOf(frame, expression);
  const whole = { start: expression.start, end: expression.end };
  const transposes =
    turned !== undefined && isShape(turned.shape, needs)
      ? [transposedProductFix(frame, expression) ?? transposeFix(frame, { text, span: expression })]
      : [];
  const sums = reductionsTo(shape, needs).map(({ axes, keepdim }): Fix => {
    const newText = `sum(${text}, ${argumentsText(axes, keepdim)})`;
    return { title: `Sum: \`${newText}\``, edits: [{ ...whole, newText }] };
  });
  return [...transposes, ...sums, ...dimensionFixes(expression, needs, shapeOf)];
}

/** Where all dimensions are reduced and only some should be: `dim = 0`. */
function dimensionFixes(
  expression: Expression,
  needs: Shape,
  shapeOf: (part: Expression) => Shape | undefined,
): Fix[] {
  const call = reductionOfAll(expression);
  const operand = call?.arguments[0]?.value;
  const shape = operand && shapeOf(operand);
  if (call === undefined || shape === undefined) return [];
  return reductionsTo(shape, needs).map(({ axes, keepdim }) => {
    const text = argumentsText(axes, keepdim);
    const edit: Edit = { start: call.end - 1, end: call.end - 1, newText: `, ${text}` };
    return { title: `Add \`${text}\``, edits: [edit] };
  });
}

function reductionOfAll(expression: Expression): Call | undefined {
  if (expression.kind === "parenthesized") return reductionOfAll(expression.inner);
  if (expression.kind === "binary" && expression.operator === "*")
    return reductionOfAll(expression.left) ?? reductionOfAll(expression.right);
  if (expression.kind !== "call" || expression.callee.kind !== "name") return undefined;
  const isReduction = ["sum", "mean"].includes(expression.callee.name);
  return isReduction && expression.arguments.length === 1 ? expression : undefined;
}

interface Reduction {
  readonly axes: readonly number[];
  readonly keepdim: boolean;
}

/** The leading dimensions, or a single one, without which a shape is the one that is needed; they may stay, of size 1. */
function reductionsTo(shape: Shape, needs: Shape): Reduction[] {
  const leading = shape.slice(0, Math.max(0, shape.length - needs.length)).map((_, axis) => axis);
  const single = shape.map((_, axis) => [axis]);
  const ways = [leading, ...single].filter((axes) => axes.length > 0);
  const found = ways.flatMap((axes): Reduction[] => {
    const dropped = shape.filter((_, axis) => !axes.includes(axis));
    const kept = shape.map((size, axis) => (axes.includes(axis) ? one : size));
    if (isShape(dropped, needs)) return [{ axes, keepdim: false }];
    return isShape(kept, needs) && !isShape(shape, needs) ? [{ axes, keepdim: true }] : [];
  });
  const [first] = found;
  return first === undefined ? [] : [first];
}

const one: Dim = dim(1);

function argumentsText(axes: readonly number[], keepdim: boolean): string {
  const list = axes.length === 1 ? String(axes[0]) : `[${axes.join(", ")}]`;
  return `dim = ${list}${keepdim ? ", keepdim = true" : ""}`;
}

function isShape(shape: Shape, needs: Shape): boolean {
  return shape.length === needs.length && !contradicts(needs, shape);
}
