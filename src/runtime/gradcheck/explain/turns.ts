/** What a comprehension repeats: the steps that one text makes, one in each turn, and changes of all of them. Knows no mistakes. */
import { isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { editOf, type Candidate } from "./candidate";
import type { Expression, Recorder } from "./expression";

/** Steps that one text has made, in the order of their turns. */
export type Turns = readonly [ApplyNode, ApplyNode, ...ApplyNode[]];

const mostTurns = 64;
const mostGroups = 12;

/** Groups of steps of one operator that stand at one place of the text. */
export function repeatedIn(expression: Expression): Turns[] {
  const groups = new Map<string, ApplyNode[]>();
  for (const step of expression.steps) {
    const original = expression.originalOf(step);
    if (original?.origin === undefined || !isFloat(step.dtype)) continue;
    const key = `${step.op.name} ${step.shape.join()} ${JSON.stringify(original.origin)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [step]);
    else known.push(step);
  }
  const found = [...groups.values()].flatMap(([first, second, ...more]): Turns[] =>
    first === undefined || second === undefined || more.length + 2 > mostTurns
      ? []
      : [[first, second, ...more]],
  );
  return found.slice(0, mostGroups);
}

export type Making = (record: Recorder, step: ApplyNode) => Node | undefined;

export function inEachTurn(turns: Turns, make: Making): Candidate["change"] {
  return editOf({
    place: { kind: "each", nodes: turns },
    make: (record, node) => (node.kind === "apply" ? make(record, node) : undefined),
  });
}

export function withOperand(
  record: Recorder,
  step: ApplyNode,
  input: string,
  operand: Node | undefined,
): Node | undefined {
  return operand && record(step.op, { ...step.operands, [input]: operand }, step.attributes);
}

export function operandOf(step: ApplyNode, input: string): Node | undefined {
  const operand = step.operands[input];
  return operand === undefined || !("kind" in operand) ? undefined : operand;
}

export function turnsText(turns: Turns): string {
  return `, and so in each of its ${turns.length} turns`;
}
