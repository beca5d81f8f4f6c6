/** Applications that a builder need not record, because one of their operands already is the result. */
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

/** `x` where every element of `other` is the neutral number and stretching to it changes nothing. */
function keeps(x: Node, other: Node, neutral: number, constants: ConstantPool): Node | undefined {
  if (constants.valueOf(other) !== neutral || other.dtype !== x.dtype) return undefined;
  const shape = broadcastShapes(x.shape, other.shape);
  return shape !== undefined && isShape(shape, x.shape) ? x : undefined;
}

export function isShape(shape: Shape, other: Shape): boolean {
  return shape.length === other.length && shape.every((size, axis) => size === other[axis]);
}
