/**
 * Hypotheses about what is the same in each turn of a comprehension and should be another value, or each turn's own: `u[0] * w` for
 * `u[i] * w`, `d[n]` for `d[i]`. Knows nothing of other mistakes in turns.
 */
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { isFloat } from "../../tensor";
import type { Candidate } from "./candidate";
import { memberOf } from "./members";
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
      yield* ownMembers(context, turns, input, x);
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
  const starts = Array.from({ length: size - turns.length + 1 }, (_, start) => start).slice(0, mostStarts);
  const orders = [turns, turns.toReversed()].flatMap((order) => starts.map((start) => ({ order, start })));
  for (const { order, start } of orders)
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
          record(x.op, x.operands, { ...x.attributes, index: start + order.indexOf(step) }),
        ),
      ),
      corrections: () => [],
    };
}

const mostStarts = 3;

/** `d[4]` in all turns, where `d[1]` belongs in the first and `d[2]` in the second. */
function* ownMembers(context: TurnContext, turns: Turns, input: string, x: Node): Generator<Candidate> {
  const { expression, values } = context;
  const name = expression.nameOf(x);
  const family = memberOf(name ?? "")?.family;
  if (family === undefined) return;
  const known = new Map<number, Node>();
  for (const { node, text } of [...values, { node: x, text: name! }]) {
    const member = memberOf(text);
    if (member?.family === family && isShapedAlike(node, x) && !known.has(member.index))
      known.set(member.index, node);
  }
  const members = [...known].sort(([a], [b]) => a - b).map(([, node]) => node);
  const starts = Array.from({ length: Math.max(0, members.length - turns.length + 1) }, (_, start) => start);
  for (const start of starts.slice(0, mostStarts))
    for (const order of [turns, turns.toReversed()])
      yield {
        kind: "other-argument",
        rank: 12.3,
        factor: null,
        expression: name ?? null,
        message: `\`${name ?? ""}\` stands in each of ${turns.length} turns, where the turn's own belongs in ${quotedStep(turns[0], expression)}`,
        isExact: true,
        change: inEachTurn(turns, (record, step) =>
          withOperand(record, step, input, members[start + order.indexOf(step)]),
        ),
        corrections: () =>
          correctionAt(
            { at: name ?? null, within: null },
            replacedBy(`${family}[${String([...known.keys()].sort((a, b) => a - b)[start])}]`),
          ),
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
