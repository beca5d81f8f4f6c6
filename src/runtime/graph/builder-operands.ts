/** A builder's operands and attributes in the forms that graphs take them. */
import type { AttributeValue, OpDefinition } from "../ops";
import type { Node } from "./node";

/** Equal for applications that give the same values. */
export function keyOf(
  op: OpDefinition,
  inputs: readonly (Node | undefined)[],
  attributes: Readonly<Record<string, AttributeValue>>,
): string {
  let key = op.name;
  for (const input of inputs) key += input === undefined ? " _" : ` ${input.id}`;
  for (const name in attributes) key += ` ${name}=${String(attributes[name])}`;
  return key;
}

/** Operands by name from a flat list in declaration order: a list input takes what the others leave. */
export function operandsOf(
  op: OpDefinition,
  inputs: readonly (Node | undefined)[],
): Record<string, Node | readonly Node[] | undefined> {
  const names = Object.keys(op.inputs);
  const operands: Record<string, Node | readonly Node[] | undefined> = {};
  let next = 0;
  for (const name of names) {
    if (op.inputs[name]!.arity === "many") {
      const count = inputs.length - (names.length - 1);
      operands[name] = inputs.slice(next, next + count).filter((node) => node !== undefined);
      next += count;
    } else operands[name] = inputs[next++];
  }
  return operands;
}

/** Whether a transpose's attributes exchange just these two of `rank` dimensions. */
export function swapsDims(
  attributes: Readonly<Record<string, AttributeValue>>,
  wanted: { readonly dim0: number; readonly dim1: number },
  rank: number,
): boolean {
  const axis = (value: AttributeValue): number => (typeof value === "number" ? (value + rank) % rank : -1);
  const [a, b] = [axis(attributes.dim0), axis(attributes.dim1)];
  return (a === wanted.dim0 && b === wanted.dim1) || (a === wanted.dim1 && b === wanted.dim0);
}
