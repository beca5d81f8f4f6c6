/**
 * Hypotheses about what a comprehension repeats: one text makes a step in each turn, so that one mistake is in all of them and only a
 * change of all puts it right. Knows nothing of single steps.
 */
import { isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { operator } from "../../ops";
import type { Candidate } from "./candidate";
import { functionNames } from "./exchange-candidates";
import type { Expression, Recorder } from "./expression";
import type { FunctionUse } from "./factors";
import { indexMessage } from "./members";
import { formatNumber, printNode } from "./print-node";
import { bare, inQuotes, quotedStep } from "./quotes";
import type { ScopeValue } from "./value-candidates";
import { inEachTurn, operandOf, repeatedIn, turnsText, withOperand, type Turns } from "./turns";
import { derivativesInTurn, inTurn, membersOf, shifted, usedMembers, type Family } from "./turn-members";
import { correctionAt, replacedBy, writtenAs, writtenStep, writtenValue } from "./written";

export interface TurnContext {
  readonly expression: Expression;
  readonly values: readonly ScopeValue[];
  readonly functions: readonly FunctionUse[];
}

export function* eachTurnCandidates(context: TurnContext): Generator<Candidate> {
  const { expression, functions } = context;
  const members = membersOf(expression, context.values);
  const derivatives = derivativesInTurn(functions);
  for (const turns of repeatedIn(expression)) {
    yield* withoutPart(expression, turns);
    yield* otherIndices(expression, turns);
    yield* otherSign(expression, turns);
    for (const input of Object.keys(turns[0].operands)) {
      yield* transposedOperands(expression, turns, input);
      yield* otherMembers(expression, turns, { input, members });
      yield* timesMembers(expression, turns, { input, members });
      yield* timesDerivatives(expression, turns, input, derivatives);
      yield* timesTurn(expression, turns, input);
      yield* functionsLeftOut(context, turns, input);
    }
  }
}

/** A number as a factor of what is repeated, and its sign: one mistake, though the whole is a multiple of what is right. */
export function* eachTurnFactorCandidates({ expression }: TurnContext): Generator<Candidate> {
  for (const turns of repeatedIn(expression)) {
    const [first] = turns;
    const [x, y] = first.inputs;
    if (first.op.name === "neg") {
      const text = writtenValue(x!, expression);
      yield {
        kind: "sign",
        rank: -0.1,
        factor: -1,
        expression: null,
        message: `the sign is wrong: \`-\` is too much in ${quotedStep(first, expression)}${turnsText(turns)}`,
        isExact: true,
        change: inEachTurn(turns, (_, step) => step.inputs[0]),
        corrections: () => correctionAt({ at: writtenStep(first, expression) }, replacedBy(text)),
      };
    }
    if (x === undefined || y === undefined) continue;
    const isDivisor = first.op.name === "div";
    if (!isDivisor && first.op.name !== "mul") continue;
    for (const [taken, kept] of isDivisor ? [[1, 0] as const] : [[0, 1] as const, [1, 0] as const]) {
      const constant = expression.numberOf(first.inputs[taken]!);
      if (constant === undefined || expression.numberOf(first.inputs[kept]!) !== undefined) continue;
      if (turns.some(({ inputs }) => expression.numberOf(inputs[taken]!) !== constant)) continue;
      const what = `the ${isDivisor ? "division by" : "factor"} ${formatNumber(constant)}`;
      yield {
        kind: constant === -1 ? "sign" : "factor",
        rank: 0.8,
        factor: isDivisor ? constant : 1 / constant,
        expression: null,
        message: `${what} is too much in ${quotedStep(first, expression)}${turnsText(turns)}`,
        isExact: true,
        change: inEachTurn(turns, (_, step) => step.inputs[kept]),
        corrections: () =>
          correctionAt(
            { at: writtenStep(first, expression) },
            { how: "remove-factor", factor: formatNumber(constant), isDivisor },
          ),
      };
    }
  }
}

/** A factor too much, and a function that is applied where none belongs. */
function* withoutPart(expression: Expression, turns: Turns): Generator<Candidate> {
  const [first] = turns;
  const isProduct = first.op.name === "mul" || first.op.name === "div";
  if (!isProduct && (first.inputs.length !== 1 || first.op.elementwise === undefined)) return;
  for (const [kept, x] of first.inputs.entries()) {
    if (first.op.name === "div" && kept === 1) continue;
    const taken = first.inputs.find((_, i) => i !== kept);
    if (!isFloat(x.dtype) || first.shape.length !== x.shape.length) continue;
    const what = taken === undefined ? first.op.name : inQuotes(print(taken, expression));
    const text = writtenValue(x, expression);
    yield {
      kind: taken === undefined ? "evaluated-at-output" : "missing-factor",
      rank: 10.4,
      factor: null,
      expression: text,
      message: `${what} is too much in ${quotedStep(first, expression)}${turnsText(turns)}`,
      isExact: true,
      change: inEachTurn(turns, (_, step) => step.inputs[kept]),
      corrections: () => correctionAt({ at: writtenStep(first, expression) }, replacedBy(text)),
    };
  }
}

function* transposedOperands(expression: Expression, turns: Turns, input: string): Generator<Candidate> {
  const [first] = turns;
  const x = operandOf(first, input);
  if (x === undefined || x.shape.length < 2 || first.op.name !== "matmul") return;
  const isTurned = x.kind === "apply" && x.op.name === "transpose";
  const inner = isTurned ? x.inputs[0]! : x;
  yield {
    kind: "transposed",
    rank: 4.2,
    factor: null,
    expression: null,
    message: `\`.T\` is ${isTurned ? "too much" : "missing"} at ${inQuotes(print(inner, expression))} in ${quotedStep(first, expression)}${turnsText(turns)}`,
    isExact: true,
    change: inEachTurn(turns, (record, step) => {
      const operand = operandOf(step, input);
      const turned =
        operand?.kind === "apply" && operand.op.name === "transpose"
          ? operand.inputs[0]
          : operand && record("transpose", { x: operand }, { dim0: -2, dim1: -1 });
      return withOperand(record, step, input, turned);
    }),
    corrections: () =>
      correctionAt(
        { at: writtenValue(x, expression), within: writtenStep(first, expression) },
        { how: "transpose" },
      ),
  };
}

interface Slot {
  readonly input: string;
  readonly members: ReadonlyMap<string, Family>;
}

/** `h[k-1]` for `h[k]`, `dz[k]` for `dh[k]`. */
function* otherMembers(expression: Expression, turns: Turns, { input, members }: Slot): Generator<Candidate> {
  const [first] = turns;
  const used = usedMembers(
    expression,
    turns.map((step) => operandOf(step, input)),
  );
  if (used === undefined) return;
  const own = used[0]!;
  for (const [family, nodes] of members) {
    for (const shift of [0, -1, 1]) {
      if (family === own.family && shift === 0) continue;
      const others = shifted(turns, used, nodes, shift);
      if (others === undefined) continue;
      const [before, after] = [`${own.family}[${own.index}]`, `${family}[${own.index + shift}]`];
      const isOwn = family === own.family;
      yield {
        kind: "other-argument",
        rank: isOwn ? 12.3 : 12.9,
        factor: null,
        expression: after,
        message: `${indexMessage(before, after)}\`${before}\` stands where \`${after}\` belongs in ${quotedStep(first, expression)}${turnsText(turns)}`,
        isExact: true,
        change: inEachTurn(turns, (record, step) => withOperand(record, step, input, others.get(step))),
        corrections: () =>
          correctionAt({ at: before, within: writtenStep(first, expression) }, replacedBy(after)),
      };
    }
  }
}

/** `x[k]` for `x[k - 1]`, and rows in the other order. */
function* otherIndices(expression: Expression, turns: Turns): Generator<Candidate> {
  const [first] = turns;
  if (first.op.name !== "select") return;
  const { dim } = first.attributes;
  const sizes = turns.map(({ inputs }) => inputs[0]!.shape.at(Number(dim)) ?? 0);
  const used = turns.map(({ attributes }, i) => (Number(attributes.index) + sizes[i]!) % sizes[i]!);
  const ways = [
    ...[-1, 1].map((shift) => ({ rank: 12.3, indices: used.map((index) => index + shift), shift })),
    { rank: 12.4, indices: used.toReversed(), shift: undefined },
    { rank: 12.4, indices: used.map((index, i) => sizes[i]! - 1 - index), shift: undefined },
  ];
  for (const { rank, indices, shift } of ways) {
    const isInside = indices.every((index, i) => index >= 0 && index < sizes[i]!);
    if (!isInside || indices.every((index, i) => index === used[i])) continue;
    const attributes = { ...first.attributes, index: indices[0]! };
    const [before, after] = [writtenStep(first, expression), writtenAs(first, { attributes }, expression)];
    if (before === null || after === null) continue;
    const why = shift === undefined ? "the rows are in another order: " : indexMessage(before, after);
    yield {
      kind: "other-argument",
      rank,
      factor: null,
      expression: after,
      message: `${why}\`${before}\` stands where \`${after}\` belongs${turnsText(turns)}`,
      isExact: true,
      change: inEachTurn(turns, (record, step) => {
        const index = indices[turns.indexOf(step)];
        return index === undefined
          ? undefined
          : record(step.op, step.operands, { ...step.attributes, index });
      }),
      corrections: () => correctionAt({ at: before }, replacedBy(after)),
    };
  }
}

/** + for −. */
function* otherSign(expression: Expression, turns: Turns): Generator<Candidate> {
  const [first] = turns;
  const [wrong, right, other] =
    first.op.name === "add" ? ["+", "−", "sub"] : first.op.name === "sub" ? ["−", "+", "add"] : [];
  if (other === undefined) return;
  const text = writtenAs(first, { op: operator(other) }, expression);
  yield {
    kind: "sign",
    rank: 4.85,
    factor: null,
    expression: text,
    message: `${wrong!} stands where ${right!} belongs in ${quotedStep(first, expression)}${turnsText(turns)}`,
    isExact: true,
    change: inEachTurn(turns, (record, step) => record(other, step.operands)),
    corrections: () => correctionAt({ at: writtenStep(first, expression) }, replacedBy(text)),
  };
}

/** A derivative, or a value, as a factor that is missing in every turn. */
function* timesMembers(expression: Expression, turns: Turns, { input, members }: Slot): Generator<Candidate> {
  const used = usedMembers(
    expression,
    turns.map((step) => operandOf(step, input)),
  );
  const one = expression.graph.constants.scalar(1, "float64");
  for (const [family, nodes] of members) {
    for (const { others, index } of aligned(turns, used, nodes)) {
      for (const [text, rank, make] of factorsOf(`${family}[${index}]`, one))
        yield missingFactor(expression, turns, input, {
          text,
          rank,
          make: (record, step) => make(record, others.get(step)!),
        });
    }
  }
}

/** The member of the same turn, or of the one before; where the turns use none, as many as there are turns. */
function aligned(
  turns: Turns,
  used: ReturnType<typeof usedMembers>,
  family: Family,
): { readonly others: ReadonlyMap<Node, Node>; readonly index: number }[] {
  if (used === undefined)
    return [...inTurn(turns, family)].map(({ members, index }) => ({ others: members, index }));
  return [0, -1].flatMap((shift) => {
    const others = shifted(turns, used, family, shift);
    return others === undefined ? [] : [{ others, index: used[0]!.index + shift }];
  });
}

/** f′ of what is computed in each turn, where nothing of it has a name. */
function* timesDerivatives(
  expression: Expression,
  turns: Turns,
  input: string,
  derivatives: ReturnType<typeof derivativesInTurn>,
): Generator<Candidate> {
  for (const { family, textOf } of derivatives)
    for (const { members, index } of inTurn(turns, family))
      yield missingFactor(expression, turns, input, {
        text: textOf(index),
        rank: 10.4,
        make: (_, step) => members.get(step),
      });
}

/** The number of the turn, as the exponent is in a derivative: `i * x^(i - 1)`. */
function* timesTurn(expression: Expression, turns: Turns, input: string): Generator<Candidate> {
  if (turns[0].op.name === "select") return;
  for (const start of [0, 1, 2]) {
    const text = `${start}, ${start + 1}, …, the number of the turn,`;
    const numbers = turns.map((_, i) => expression.graph.constants.scalar(start + i, "float64"));
    const factor = { text, rank: 11.3, make: (_: Recorder, step: ApplyNode) => numbers[turns.indexOf(step)] };
    yield { ...missingFactor(expression, turns, input, factor), corrections: () => [] };
  }
}

/** `x[k]` for `f(x[k])`. */
function* functionsLeftOut(
  { expression, functions }: TurnContext,
  turns: Turns,
  input: string,
): Generator<Candidate> {
  const [first] = turns;
  const x = operandOf(first, input);
  const [member] =
    usedMembers(
      expression,
      turns.map((step) => operandOf(step, input)),
    ) ?? [];
  const own = member && `${member.family}[${member.index}]`;
  const before = x === undefined ? null : (own ?? writtenValue(x, expression));
  if (x === undefined || before === null || !isFloat(x.dtype)) return;
  const names = new Set(functions.map((each) => each.name).filter((each) => functionNames.includes(each)));
  for (const name of names) {
    const after = `${name}(${before})`;
    yield {
      kind: "other-argument",
      rank: 13.2,
      factor: null,
      expression: after,
      message: `\`${before}\` stands where \`${after}\` belongs in ${quotedStep(first, expression)}${turnsText(turns)}`,
      isExact: true,
      change: inEachTurn(turns, (record, step) =>
        withOperand(record, step, input, record(name, { x: operandOf(step, input) })),
      ),
      corrections: () =>
        correctionAt({ at: before, within: writtenStep(first, expression) }, replacedBy(after)),
    };
  }
}

interface FactorOfTurn {
  readonly text: string;
  readonly rank: number;
  readonly make: (record: Recorder, step: ApplyNode) => Node | undefined;
}

function missingFactor(
  expression: Expression,
  turns: Turns,
  input: string,
  { text, rank, make }: FactorOfTurn,
): Candidate {
  const [first] = turns;
  const x = operandOf(first, input);
  const at = x === undefined ? "its expression" : inQuotes(print(x, expression));
  return {
    kind: "missing-factor",
    rank,
    factor: null,
    expression: text,
    message: `the factor ${text} is missing at ${at} in ${quotedStep(first, expression)}${turnsText(turns)}`,
    isExact: true,
    change: inEachTurn(turns, (record, step) => {
      const factor = make(record, step);
      const operand = operandOf(step, input);
      const product = factor && operand && record("mul", { x: operand, y: factor });
      return product?.shape.length === operand?.shape.length
        ? withOperand(record, step, input, product)
        : undefined;
    }),
    corrections: () =>
      correctionAt(
        { at: x === undefined ? null : writtenValue(x, expression), within: writtenStep(first, expression) },
        { how: "multiply", by: bare(text) },
      ),
  };
}

/** 1 − h², h (1 − h), where z is positive, and h itself. */
function factorsOf(
  name: string,
  one: Node,
): (readonly [text: string, rank: number, make: (record: Recorder, x: Node) => Node | undefined])[] {
  const complement = (record: Recorder, x: Node | undefined): Node | undefined =>
    x && record("sub", { x: one, y: x });
  return [
    [`1 - ${name}^2`, 10.2, (record, x) => complement(record, record("mul", { x, y: x }))],
    [
      `${name} * (1 - ${name})`,
      10.3,
      (record, x) => {
        const rest = complement(record, x);
        return rest && record("mul", { x, y: rest });
      },
    ],
    [
      `(${name} > 0)`,
      10.3,
      (record, x) => {
        const mask = record("greater", { x, y: record("sub", { x: one, y: one }) });
        return mask && record("cast", { x: mask }, { dtype: "float64" });
      },
    ],
    [name, 11.2, (_, x) => x],
  ];
}

function print(node: Node, expression: Expression): string {
  return printNode(node, (each) => expression.nameOf(each));
}
