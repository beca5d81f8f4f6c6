/** The equation of a tangent: how a result moves when one input does. Knows graphs and names. */
import {
  equationOfSum,
  type EquationNames,
  type JvpPass,
  type Node,
  type WrittenEquation,
} from "../../runtime/graph";

export interface TangentQuestion {
  readonly pass: JvpPass;
  /** Whose tangent is written. */
  readonly of: Node;
  /** What the tangent of the moved node is called. */
  readonly start: string;
}

export function tangentEquation(
  names: EquationNames,
  { pass, of, start }: TangentQuestion,
): WrittenEquation | undefined {
  const tangent = pass.tangentOf(of);
  if (typeof tangent !== "object") return undefined;
  const nameOf = (node: Node): string | undefined => (node === pass.tangent ? start : names.nameOf(node));
  return equationOfSum([tangent], { ...names, nameOf });
}
