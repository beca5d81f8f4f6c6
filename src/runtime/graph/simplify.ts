/**
 * What a builder need not record: applications whose result is one of their operands, and operands that are stretched by
 * hand where broadcasting does it.
 */
import { broadcastShapes, type Shape } from "../tensor";
import type { Intrinsic } from "../ops";
import type { ConstantPool } from "./constant-pool";
import type { Node } from "./node";

/** The operand that `name(x, y)` equals, or undefined. */
export function simplified(
  name: Intrinsic,
  x: Node,
  y: Node | undefined,
  constants: ConstantPool,
): Node | undefined {
  if (y === undefined) {
    return name === "neg" && x.kind === "apply" && x.op.name === "neg" ? x.inputs[0] : undefined;
  }
  switch (name) {
    case "add":
      return keeps(x, y, 0, constants) ?? keeps(y, x, 0, constants);
    case "mul":
      return keeps(x, y, 1, constants) ?? keeps(y, x, 1, constants);
    case "sub":
      return keeps(x, y, 0, constants);
    case "div":
    case "pow":
      return keeps(x, y, 1, constants);
    default:
      return undefined;
  }
}

/** The shape that all operands of an elementwise operator stretch to. */
export function commonShape(operands: readonly Node[]): Shape | undefined {
  return operands
    .map(({ shape }): Shape | undefined => shape)
    .reduce((shape, next) => shape && next && broadcastShapes(shape, next));
}

/** The operands with those that an `expand` stretches replaced by what it stretches, where the others stretch it as well. */
export function unstretched(operands: readonly Node[]): readonly Node[] {
  if (operands.length < 2 || !operands.some(isExpanded)) return operands;
  let found = operands;
  const wanted = commonShape(operands);
  if (wanted === undefined) return operands;
  for (const [index, operand] of operands.entries()) {
    if (!isExpanded(operand)) continue;
    const without = found.map((other, position) => (position === index ? operand.inputs[0]! : other));
    const shape = commonShape(without);
    if (shape !== undefined && isShape(shape, wanted)) found = without;
  }
  return found;
}

function isExpanded(node: Node): boolean {
  return node.kind === "apply" && node.op.name === "expand";
}

/** `x` where every element of `other` is the neutral number and stretching to it changes nothing. */
function keeps(x: Node, other: Node, neutral: number, constants: ConstantPool): Node | undefined {
  if (constants.valueOf(other) !== neutral || other.dtype !== x.dtype) return undefined;
  const shape = broadcastShapes(x.shape, other.shape);
  return shape !== undefined && isShape(shape, x.shape) ? x : undefined;
}

export function isShape(shape: Shape, other: Shape): boolean {
  return shape.length === other.length && shape.every((size, axis) => size === other[axis]);
}
