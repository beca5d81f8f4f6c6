/** Which members of families the turns of a comprehension use, and which they might. Knows nothing of what is wrong with them. */
import { isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import type { Expression } from "./expression";
import { derivativeText, hasShortDerivative, type FunctionUse } from "./factors";
import { memberOf, type Member } from "./members";
import { printNode } from "./print-node";
import type { ScopeValue } from "./value-candidates";

export type Family = ReadonlyMap<number, Node>;

/** What has a name with an index, or is an element of what has a name, by family and index. */
export function membersOf(
  expression: Expression,
  values: readonly ScopeValue[],
): ReadonlyMap<string, Family> {
  const families = new Map<string, Map<number, Node>>();
  const note = (name: string, node: Node): void => {
    const member = memberOf(name);
    if (member === undefined || !isFloat(node.dtype)) return;
    const known = families.get(member.family);
    if (known === undefined) families.set(member.family, new Map([[member.index, node]]));
    else if (!known.has(member.index)) known.set(member.index, node);
  };
  for (const { node, text, isNamed } of values) if (isNamed || isElement(text)) note(text, node);
  for (const step of expression.steps) note(nameIn(expression, step) ?? "", step);
  for (const { node } of expression.givens) note(expression.nameOf(node) ?? "", node);
  return families;
}

function isElement(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{M}\p{N}_.']*\[\d+\]$/u.test(text);
}

/** A name, or `Y[0]`. */
function nameIn(expression: Expression, node: Node): string | undefined {
  const name = expression.nameOf(node);
  if (name !== undefined || node.kind === "source" || node.op.name !== "select") return name;
  const text = printNode(node, (each) => expression.nameOf(each));
  return isElement(text) ? text : undefined;
}

/** The members that the turns use as an operand; undefined where they use none. */
export function usedMembers(
  expression: Expression,
  operands: readonly (Node | undefined)[],
): Member[] | undefined {
  const used = operands.map((operand) => operand && memberOf(nameIn(expression, operand) ?? ""));
  return used.every((each) => each !== undefined) ? used : undefined;
}

/** For each turn the member of a family that is `shift` further; undefined where one of them is missing. */
export function shifted(
  turns: readonly ApplyNode[],
  used: readonly Member[],
  family: Family,
  shift: number,
): ReadonlyMap<Node, Node> | undefined {
  const found = new Map<Node, Node>();
  for (const [i, { index }] of used.entries()) {
    const node = family.get(index + shift);
    if (node !== undefined) found.set(turns[i]!, node);
  }
  return found.size === used.length ? found : undefined;
}

/** As many members of a family as there are turns, in their order or from the last: what each turn may mean, and the first's index. */
export function* inTurn(
  turns: readonly ApplyNode[],
  family: Family,
): Generator<{ readonly members: ReadonlyMap<Node, Node>; readonly index: number }> {
  const indices = [...family.keys()].sort((a, b) => a - b);
  const spare = indices.length - turns.length;
  if (spare > mostSpare) return;
  for (let from = 0; from <= spare; from++) {
    const window = indices.slice(from, from + turns.length);
    for (const order of [window, window.toReversed()])
      yield {
        members: new Map(order.map((index, i) => [turns[i]!, family.get(index)!])),
        index: order[0]!,
      };
  }
}

const mostSpare = 2;

/** Derivatives of functions that are applied once in each turn: tanh′(X[0] @ W), tanh′(X[1] @ W) … */
export function derivativesInTurn(
  functions: readonly FunctionUse[],
): readonly { readonly family: Family; readonly textOf: (index: number) => string }[] {
  const families = new Map<string, Map<number, FunctionUse>>();
  for (const use of functions) {
    const index = /\[(\d+)\]/u.exec(use.inputText)?.[1];
    if (!use.unary || index === undefined || !hasShortDerivative(use.name)) continue;
    const key = `${use.name} ${use.inputText.replaceAll(/\[\d+\]/gu, "[]")}`;
    families.set(key, (families.get(key) ?? new Map<number, FunctionUse>()).set(Number(index), use));
  }
  return [...families.values()]
    .filter(({ size }) => size > 1)
    .map((uses) => ({
      family: new Map([...uses].map(([index, { derivative }]) => [index, derivative])),
      textOf: (index) => derivativeText(uses.get(index)!),
    }));
}
