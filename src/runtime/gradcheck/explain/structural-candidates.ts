/** Hypotheses about the form of an expression: signs, constants, transposes, reductions, the place of a function's argument. */
import { elementCount, isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { operator } from "../../ops";
import type { Change, Correction } from "../correction";
import { editOf, placeOf, spotsIn, usesIn, type Candidate, type Spot, type Use } from "./candidate";
import type { Expression, Place, Recorder } from "./expression";
import { formatNumber, printNode } from "./print-node";
import { inQuotes, quoted, quotedStep } from "./quotes";
import { factorMessage, rootOfSize, symbolic, type Sizes } from "./sizes";
import { correctionAt, replacedBy, writtenAs, writtenStep, writtenValue } from "./written";

export interface StructuralContext {
  readonly expression: Expression;
  readonly sizes: Sizes;
  /** Numbers of the body. */
  readonly numbers: readonly number[];
}

/** −x, at the result, at every step, and at every use of a given; and a − b for b − a. */
export function* signCandidates({ expression }: StructuralContext): Generator<Candidate> {
  const negated = (record: Recorder, node: Node): Node | undefined => record("neg", { x: node });
  const sign = { kind: "sign", factor: -1, expression: null } as const;
  for (const { node } of expression.outcomes) {
    const turned = subtractionIn(expression, node);
    const message =
      turned === undefined ? "the sign is wrong" : `the sign is wrong: ${turnedText(turned, expression)}`;
    const corrections = (): readonly Correction[] =>
      turned === undefined
        ? correctionAt({ at: null }, { how: "negate" })
        : correctionAt(
            { at: writtenStep(turned, expression) },
            replacedBy(turnedWritten(turned, expression)),
          );
    const change = editOf({ place: { kind: "node", node }, make: negated });
    yield { ...sign, rank: 0, message, change, corrections };
  }
  const results = new Set(expression.outcomes.map(({ node }) => node));
  for (const step of expression.steps) {
    if (step.op.name !== "sub" || results.has(step)) continue;
    const change = editOf({
      place: { kind: "instead", node: step },
      make: (record) => negated(record, step),
    });
    const corrections = (): readonly Correction[] =>
      correctionAt({ at: writtenStep(step, expression) }, replacedBy(turnedWritten(step, expression)));
    yield { ...sign, rank: 4.9, message: turnedText(step, expression), change, corrections };
  }
  for (const use of usesIn(expression).reverse()) {
    if (!isFloat(use.operand.dtype) || !isFloat(use.consumer.dtype)) continue;
    const change = editOf({ place: placeOf(use), make: negated });
    const isTerm = isSecondTerm(use);
    const message = isTerm ? termMessage(use, expression) : signMessage(use, expression);
    const corrections = (): readonly Correction[] =>
      correctionAt(
        { at: writtenValue(use.operand, expression), within: writtenStep(use.consumer, expression) },
        { how: "negate" },
      );
    yield { ...sign, rank: isTerm ? 4.85 : 5, message, change, corrections };
  }
}

/** "`a - b` should be `b - a`". */
function turnedText(step: ApplyNode, expression: Expression): string {
  const [x, y] = step.inputs.map((node) => printNode(node, (each) => expression.nameOf(each)));
  const right = /^[^+\-\s]+$|^.*[)\]]$/u.test(x!) ? x! : `(${x!})`;
  return `${quotedStep(step, expression)} should be \`${y!} - ${right}\``;
}

function turnedWritten(step: ApplyNode, expression: Expression): string | null {
  const [x, y] = step.inputs;
  return writtenAs(step, { inputs: [y!, x!] }, expression);
}

/** The only difference that the sign of a product hangs on. */
function subtractionIn(expression: Expression, result: Node): ApplyNode | undefined {
  const isStep = new Set<Node>(expression.steps);
  const found: ApplyNode[] = [];
  const stack = [result];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === "source" || !isStep.has(node)) continue;
    if (node.op.name === "sub" && node.inputs.every(({ shape }) => shape.length > 0)) found.push(node);
    else if (linear.has(node.op.name)) stack.push(...node.inputs);
  }
  return found.length === 1 ? found[0] : undefined;
}

const linear: ReadonlySet<string> = new Set(
  "mul div matmul sum mean transpose reshape expand cast identity neg".split(" "),
);

/** Whether a value is what is added or taken away. */
function isSecondTerm({ consumer: { op, operands }, input }: Use): boolean {
  return (op.name === "add" || op.name === "sub") && input !== Object.keys(operands)[0];
}

function termMessage({ consumer }: Use, expression: Expression): string {
  const [wrong, right] = consumer.op.name === "add" ? ["+", "−"] : ["−", "+"];
  return `${wrong} stands where ${right} belongs in ${quotedStep(consumer, expression)}`;
}

function signMessage({ consumer, operand }: Use, expression: Expression): string {
  return `the sign of ${quoted(operand, expression)} is wrong in ${quotedStep(consumer, expression)}`;
}

/** Constants at the results: 2, 1/2, sizes in scope and their inverses; `estimates` are what the numbers ask for. */
export function* resultFactorCandidates(
  context: StructuralContext,
  estimates: readonly number[],
): Generator<Candidate> {
  const constants = new Set([...estimates, ...plainFactors(context.sizes)]);
  for (const { node } of context.expression.outcomes)
    for (const factor of constants)
      // What is made zero is made so by something.
      if (factor !== 0 && Math.abs(factor + 1) > 1e-5)
        yield factorCandidate(context, { node, place: { kind: "node", node }, isResult: true }, factor);
}

/** A number of the expression that should be another whole one: where the numbers ask for a constant that is no size. */
export function* literalCandidates(
  { expression, sizes }: StructuralContext,
  estimates: readonly number[],
): Generator<Candidate> {
  for (const estimate of estimates) {
    if (plainFactors(sizes).some((known) => Math.abs(known - estimate) < 1e-9 * Math.abs(estimate))) continue;
    for (const { node, place } of spotsIn(expression)) {
      const isDivisor = place.kind === "use" && place.consumer.op.name === "div" && place.input === "y";
      const isFactor = isDivisor || (place.kind === "use" && place.consumer.op.name === "mul");
      const written = isFactor ? expression.numberOf(node) : undefined;
      const right = Number(((written ?? 0) * (isDivisor ? 1 / estimate : estimate)).toPrecision(6));
      if (written === undefined || place.kind !== "use" || !Number.isInteger(written)) continue;
      if (!Number.isInteger(right) || right === 0 || Math.abs(right) > mostWritten) continue;
      // A divisor that is a size is written by its name, and its sign is no part of it.
      if (isDivisor && (right < 0 || sizes.has(written))) continue;
      const within = quotedStep(place.consumer, expression);
      yield {
        kind: "factor",
        rank: 3.9,
        factor: estimate,
        expression: formatNumber(right),
        message: `\`${formatNumber(written)}\` should be \`${formatNumber(right)}\` in ${within}`,
        change: timesConstant(expression, place, right / written),
        corrections: () =>
          correctionAt(
            { at: formatNumber(written), within: writtenStep(place.consumer, expression) },
            replacedBy(formatNumber(right)),
          ),
      };
    }
  }
}

const mostWritten = 12;

/** A declared size that is multiplied or divided by where another one belongs. */
export function* otherSizeCandidates({ expression, sizes }: StructuralContext): Generator<Candidate> {
  const declared = [...sizes].filter(([, name]) => name.is === name.text);
  for (const use of usesIn(expression)) {
    const written = expression.numberOf(use.operand);
    const name = written === undefined ? undefined : sizes.get(written);
    if (written === undefined || name?.is !== name?.text || name === undefined) continue;
    const { op, operands } = use.consumer;
    const isDivisor = op.name === "div" && operands.y === use.operand;
    if (op.name !== "mul" && !isDivisor) continue;
    for (const [size, right] of declared) {
      if (size === written) continue;
      const y = expression.graph.constants.scalar(size, "float64");
      const [more, less] = isDivisor ? [written, size] : [size, written];
      const nameOf = (node: Node): string | undefined =>
        node === use.operand ? name.text : node === use.consumer ? undefined : expression.nameOf(node);
      yield {
        kind: "factor",
        rank: 3.8,
        factor: more / less,
        expression: right.text,
        message: `\`${name.text}\` stands where \`${right.text}\` belongs in ${inQuotes(printNode(use.consumer, nameOf))}: the factor ${more}/${less} is missing`,
        isOfSizes: true,
        change: editOf({ place: placeOf(use), make: () => y }),
        corrections: () => correctionAt({ at: name.text }, replacedBy(right.text)),
      };
    }
  }
}

/** A number of the body where another one is written. */
export function* otherNumberCandidates({ expression, numbers }: StructuralContext): Generator<Candidate> {
  for (const use of usesIn(expression)) {
    const written = expression.numberOf(use.operand);
    if (written === undefined || use.consumer.op.name === "pow") continue;
    for (const right of numbers) {
      if (right === written || right === 0 || written === 0) continue;
      // Whole numbers are sizes and exponents, and meant as factors.
      if (Number.isInteger(right) && Number.isInteger(written)) continue;
      const y = expression.graph.constants.scalar(right, "float64");
      yield {
        kind: "factor",
        rank: 11.9,
        factor: right / written,
        expression: formatNumber(right),
        message: `\`${formatNumber(written)}\` should be \`${formatNumber(right)}\` in ${quotedStep(use.consumer, expression)}`,
        change: editOf({ place: placeOf(use), make: () => y }),
        isExact: true,
        corrections: () =>
          correctionAt(
            { at: formatNumber(written), within: writtenStep(use.consumer, expression) },
            replacedBy(formatNumber(right)),
          ),
      };
    }
  }
}

/** A whole exponent that is one too large, or too small. */
export function* exponentCandidates({ expression }: StructuralContext): Generator<Candidate> {
  for (const step of expression.steps) {
    const [base, exponent] = step.inputs;
    const written =
      step.op.name === "pow" && exponent !== undefined ? expression.numberOf(exponent) : undefined;
    if (base === undefined || written === undefined || !Number.isInteger(written)) continue;
    for (const right of [written - 1, written + 1, -written]) {
      if (right === 0) continue;
      const y = expression.graph.constants.scalar(right, "float64");
      const text =
        right === 1 ? writtenValue(base, expression) : writtenAs(step, { inputs: [base, y] }, expression);
      yield {
        kind: right === -written ? "sign" : "missing-factor",
        rank: 9.7,
        factor: null,
        expression: text,
        message: `the exponent of ${quotedStep(step, expression)} should be ${formatNumber(right)}`,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => (right === 1 ? base : record("pow", { x: base, y })),
        }),
        corrections: () => correctionAt({ at: writtenStep(step, expression) }, replacedBy(text)),
      };
    }
  }
}

/** The plain ones at every other spot. */
export function* innerFactorCandidates(context: StructuralContext): Generator<Candidate> {
  const constants = new Set(plainFactors(context.sizes));
  for (const spot of spotsIn(context.expression))
    if (!spot.isResult) for (const factor of constants) yield factorCandidate(context, spot, factor);
}

/** One constant at one spot: a plain one is a likelier mistake than any that only the numbers ask for. */
export function factorCandidate(
  { expression, sizes }: StructuralContext,
  spot: Spot,
  factor: number,
): Candidate {
  const { node, place, isResult } = spot;
  const isPlain = plainFactors(sizes).some((known) => Math.abs(known - factor) < 1e-9 * Math.abs(factor));
  const at = isResult ? "" : ` at ${quoted(node, expression)}`;
  const written = expression.numberOf(node);
  const right = written === undefined ? 0 : written * factor;
  if (written !== undefined && !isPlain && isShort(right) && isShort(written) && place.kind === "use")
    return {
      kind: "factor",
      rank: 14.9,
      isFitted: true,
      factor,
      expression: formatNumber(right),
      corrections: () =>
        correctionAt(
          { at: formatNumber(written), within: writtenStep(place.consumer, expression) },
          replacedBy(formatNumber(right)),
        ),
      message: `\`${formatNumber(written)}\` should be \`${formatNumber(right)}\` in ${quotedStep(place.consumer, expression)}`,
      change: timesConstant(expression, place, factor),
    };
  const exponent = exponentOf(expression, spot);
  if (exponent !== undefined) {
    const shown = formatNumber(exponent * factor);
    return {
      kind: "factor",
      // One more or less is a hypothesis of its own.
      rank: Math.abs(exponent * factor - exponent) === 1 ? 17 : 12,
      factor: null,
      expression: shown,
      message: `the exponent ${formatNumber(exponent)} should be ${shown}`,
      change: timesConstant(expression, place, factor),
      corrections: () => correctionAt({ at: formatNumber(exponent) }, replacedBy(shown)),
    };
  }
  return {
    kind: factor === -1 ? "sign" : "factor",
    rank: isResult ? (isPlain ? 1 : 4) : isPlain ? 12 : 15.2,
    factor,
    isFitted: !isPlain && factor !== -1,
    expression: null,
    message:
      factor < 0 && factor !== -1
        ? `the sign is wrong${at}, and ${factorMessage(-factor, sizes, isResult ? "" : " there")}`
        : factorMessage(factor, sizes, at),
    change: timesConstant(expression, place, factor),
    corrections: () => {
      const where = {
        at: isResult ? null : writtenValue(node, expression),
        within: place.kind === "use" ? writtenStep(place.consumer, expression) : null,
      };
      const sign = factor < 0 ? correctionAt(where, { how: "negate" }) : [];
      const size = Math.abs(factor);
      return size === 1 ? sign : [...sign, ...correctionAt(where, scaledBy(size, sizes))];
    },
  };
}

/** A constant as a correction: by a size in scope where it is one. */
export function scaledBy(factor: number, sizes: Sizes): Change {
  const found = symbolic(factor, sizes);
  const symbol = found === undefined || found.size === 2 ? rootOfSize(factor, sizes) : found.text;
  return { how: "scale", factor, symbol: symbol ?? null };
}

function timesConstant({ graph }: Expression, place: Place, factor: number): Candidate["change"] {
  return editOf({
    place,
    make: (record, operand) => record("mul", { x: operand, y: graph.constants.scalar(factor, "float64") }),
  });
}

/** Whether a number is one that is written by hand. */
function isShort(value: number): boolean {
  return Math.abs(Number(value.toPrecision(3)) - value) <= 1e-9 * Math.abs(value);
}

function exponentOf(expression: Expression, { node, place }: Spot): number | undefined {
  const isExponent =
    place.kind === "use" && place.consumer.op.name === "pow" && place.consumer.inputs[1] === node;
  return isExponent ? expression.numberOf(node) : undefined;
}

function plainFactors(sizes: Sizes): number[] {
  return [2, 0.5, ...[...sizes.keys()].flatMap((size) => [size, 1 / size])];
}

/** `mean` where `sum` belongs, and the other way round. */
export function* averageCandidates({ expression }: StructuralContext): Generator<Candidate> {
  for (const step of expression.steps) {
    const other = step.op.name === "mean" ? "sum" : step.op.name === "sum" ? "mean" : undefined;
    if (other === undefined) continue;
    const [x] = step.inputs;
    const count = elementCount(x!.shape) / Math.max(1, elementCount(step.shape));
    yield {
      kind: "factor",
      rank: 0.5,
      factor: other === "sum" ? count : 1 / count,
      expression: other,
      message: `\`${step.op.name}\` stands where \`${other}\` belongs in ${quotedStep(step, expression)}: the factor ${other === "sum" ? String(count) : `1/${count}`} is missing`,
      change: editOf({
        place: { kind: "instead", node: step },
        make: (record) => record(other, step.operands, step.attributes),
      }),
      corrections: () =>
        correctionAt(
          { at: writtenStep(step, expression) },
          replacedBy(writtenAs(step, { op: operator(other) }, expression)),
        ),
    };
  }
}
