/**
 * Hypotheses about what is the same in each turn of a comprehension and should be another value, or each turn's own: `u[0] * w` for
 * `u[i] * w`. Knows nothing of families, whose members have names.
 */
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { isFloat } from "../../tensor";
import type { Candidate } from "./candidate";
import { printNode } from "./print-node";
import { bare, inQuotes, quotedStep } from "./quotes";
import type { TurnContext } from "./each-turn-candidates";
import { inEachTurn, operandOf, repeatedIn, turnsText, withOperand, type Turns } from "./turns";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

export function* sameInTurnsCandidates(context: TurnContext): Generator<Candidate> {
  for (const turns of repeatedIn(context.expression)) {
    for (const input of Object.keys(turns[0].operands)) {
      const x = operandOf(turns[0], input);
      if (x === undefined || !isFloat(x.dtype)) continue;
      const text = print(context, x);
      if (turns.some((step) => printOperand(context, step, input) !== text)) continue;
      yield* ownElements(context, turns, input, x);
      yield* otherValues(context, turns, input, x);
    }
  }
}

function print({ expression }: TurnContext, node: Node): string {
  return printNode(node, (each) => expression.nameOf(each));
}

function printOperand(context: TurnContext, step: ApplyNode, input: string): string | undefined {
  const operand = operandOf(step, input);
  return operand && print(context, operand);
}

/** `u[0]` in the first turn, `u[1]` in the second. */
function* ownElements(context: TurnContext, turns: Turns, input: string, x: Node): Generator<Candidate> {
  if (x.kind === "source" || x.op.name !== "select") return;
  const { expression } = context;
  const [of] = x.inputs;
  const size = of?.shape.at(Number(x.attributes.dim)) ?? 0;
  if (of === undefined || size < turns.length) return;
  const text = print(context, x);
  for (const order of [turns, turns.toReversed()])
    yield {
      kind: "other-argument",
      rank: 12.3,
      factor: null,
      expression: text,
      message: `${inQuotes(text)} stands in each of ${turns.length} turns, where the element of the turn belongs in ${quotedStep(turns[0], expression)}`,
      isExact: true,
      change: inEachTurn(turns, (record, step) =>
        withOperand(
          record,
          step,
          input,
          record(x.op, x.operands, { ...x.attributes, index: order.indexOf(step) }),
        ),
      ),
      corrections: () => [],
    };
}

/** A value in scope, in all turns. */
function* otherValues(
  { expression, values }: TurnContext,
  turns: Turns,
  input: string,
  x: Node,
): Generator<Candidate> {
  const before = writtenValue(x, expression);
  for (const { node, text, isNamed } of values) {
    if (node === x || !isNamed || !isShapedAlike(node, x)) continue;
    yield {
      kind: "other-argument",
      rank: 13.1,
      factor: null,
      expression: text,
      message: `${inQuotes(before ?? "…")} stands where \`${bare(text)}\` belongs in ${quotedStep(turns[0], expression)}${turnsText(turns)}`,
      isExact: true,
      change: inEachTurn(turns, (record, step) => withOperand(record, step, input, node)),
      corrections: () =>
        correctionAt({ at: before, within: writtenStep(turns[0], expression) }, replacedBy(bare(text))),
    };
  }
}
