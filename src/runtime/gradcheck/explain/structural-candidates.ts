/** Hypotheses about the form of an expression: signs, constants, transposes, reductions, the place of a function's argument. */
import { elementCount, isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { editOf, placeOf, spotsIn, usesIn, type Candidate, type Spot, type Use } from "./candidate";
import type { Expression, Place, Recorder } from "./expression";
import { factorMessage } from "./factors";
import { formatNumber, numberOf, printNode } from "./print-node";
import { quoted, quotedStep } from "./quotes";

export interface StructuralContext {
  readonly expression: Expression;
  readonly sizes: ReadonlyMap<number, string>;
}

/** −x, at the result, at every step, and at every use of a given; and a − b for b − a. */
export function* signCandidates({ expression }: StructuralContext): Generator<Candidate> {
  const negated = (record: Recorder, node: Node): Node | undefined => record("neg", { x: node });
  const sign = { kind: "sign", factor: -1, expression: null } as const;
  for (const { node } of expression.outcomes) {
    const turned = subtractionIn(expression, node);
    const message =
      turned === undefined ? "the sign is wrong" : `the sign is wrong: ${turnedText(turned, expression)}`;
    yield { ...sign, rank: 0, message, change: editOf({ place: { kind: "node", node }, make: negated }) };
  }
  const results = new Set(expression.outcomes.map(({ node }) => node));
  for (const step of expression.steps) {
    if (step.op.name !== "sub" || results.has(step)) continue;
    const change = editOf({
      place: { kind: "instead", node: step },
      make: (record) => negated(record, step),
    });
    yield { ...sign, rank: 4.9, message: turnedText(step, expression), change };
  }
  for (const use of usesIn(expression).reverse()) {
    if (!isFloat(use.operand.dtype) || !isFloat(use.consumer.dtype)) continue;
    const change = editOf({ place: placeOf(use), make: negated });
    const isTerm = isSecondTerm(use);
    const message = isTerm ? termMessage(use, expression) : signMessage(use, expression);
    yield { ...sign, rank: isTerm ? 4.85 : 5, message, change };
  }
}

/** "`a - b` should be `b - a`". */
function turnedText(step: ApplyNode, expression: Expression): string {
  const [x, y] = step.inputs.map((node) => printNode(node, (each) => expression.nameOf(each)));
  const right = /^[^+\-\s]+$|^.*[)\]]$/u.test(x!) ? x! : `(${x!})`;
  return `${quotedStep(step, expression)} should be \`${y!} - ${right}\``;
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
      if (Math.abs(factor + 1) > 1e-5)
        yield factorCandidate(context, { node, place: { kind: "node", node }, isResult: true }, factor);
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
  const written = numberOf(node);
  const right = written === undefined ? 0 : written * factor;
  if (written !== undefined && !isPlain && isShort(right) && isShort(written) && place.kind === "use")
    return {
      kind: "factor",
      rank: 14.9,
      isFitted: true,
      factor,
      expression: formatNumber(right),
      message: `\`${formatNumber(written)}\` should be \`${formatNumber(right)}\` in ${quotedStep(place.consumer, expression)}`,
      change: timesConstant(expression, place, factor),
    };
  const exponent = exponentOf(spot);
  if (exponent !== undefined) {
    const shown = formatNumber(exponent * factor);
    return {
      kind: "factor",
      rank: 12,
      factor: null,
      expression: shown,
      message: `the exponent ${formatNumber(exponent)} should be ${shown}`,
      change: timesConstant(expression, place, factor),
    };
  }
  return {
    kind: factor === -1 ? "sign" : "factor",
    rank: isResult ? (isPlain ? 1 : 4) : isPlain ? 12 : 15.2,
    factor,
    isFitted: !isPlain && factor !== -1,
    expression: null,
    message: factorMessage(factor, sizes, at),
    change: timesConstant(expression, place, factor),
  };
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

function exponentOf({ node, place }: Spot): number | undefined {
  const isExponent =
    place.kind === "use" && place.consumer.op.name === "pow" && place.consumer.inputs[1] === node;
  return isExponent ? numberOf(node) : undefined;
}

function plainFactors(sizes: ReadonlyMap<number, string>): number[] {
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
    };
  }
}

/** `.T` added or taken away at the result and at every use, and products in another order. */
export function* transposeCandidates({ expression }: StructuralContext): Generator<Candidate> {
  const candidate = (
    rank: number,
    message: string,
    text: string | null,
    place: Place,
    make: Transposing,
  ): Candidate => ({
    kind: "transposed",
    rank,
    factor: null,
    expression: text,
    message,
    change: editOf({ place, make }),
  });
  for (const { node } of expression.outcomes) {
    if (isMatrix(node))
      yield candidate(3, "the result is transposed", null, { kind: "node", node }, transposed);
  }
  for (const use of usesIn(expression)) {
    if (!isFloat(use.operand.dtype) || !isMatrix(use.operand)) continue;
    yield candidate(4, transposeMessage(use, expression), null, placeOf(use), transposed);
  }
  for (const use of usesIn(expression)) {
    const { operand } = use;
    const [rows, columns] = operand.shape.slice(-2);
    if (
      !isFloat(operand.dtype) ||
      !isMatrix(operand) ||
      rows !== columns ||
      use.consumer.op.name === "transpose"
    )
      continue;
    const text = quoted(operand, expression);
    const message = `${text} is taken to be symmetric in ${quotedStep(use.consumer, expression)}: half of it should be transposed`;
    yield candidate(4.6, message, null, placeOf(use), (record, node) =>
      symmetrised(record, node, expression),
    );
  }
  for (const step of expression.steps) {
    if (step.op.name === "reshape" && isMatrix(step) && isMatrix(step.inputs[0]!)) {
      const message = `\`reshape\` stands where \`.T\` belongs in ${quotedStep(step, expression)}`;
      yield candidate(4, message, null, { kind: "instead", node: step }, (record) =>
        transposed(record, step.inputs[0]!),
      );
    }
    if (step.op.name !== "matmul" || !step.inputs.every(isMatrix)) continue;
    for (const [make, text] of reordered(step, expression))
      yield candidate(
        4.5,
        `${quotedStep(step, expression)} should be ${text}`,
        text,
        { kind: "instead", node: step },
        make,
      );
  }
}

type Transposing = (record: Recorder, node: Node) => Node | undefined;

function transposed(record: Recorder, node: Node): Node | undefined {
  if (node.kind === "apply" && node.op.name === "transpose") return node.inputs[0];
  return record("transpose", { x: node }, { dim0: -2, dim1: -1 });
}

/** (A + Aᵀ) / 2. */
function symmetrised(record: Recorder, node: Node, { graph }: Expression): Node | undefined {
  const turned = transposed(record, node);
  const sum = turned && record("add", { x: node, y: turned });
  return sum && record("mul", { x: sum, y: graph.constants.scalar(0.5, "float64") });
}

function transposeMessage({ operand, consumer }: Use, expression: Expression): string {
  const within = quotedStep(consumer, expression);
  if (consumer.op.name === "transpose") return `\`.T\` is too much at ${quoted(operand, expression)}`;
  if (operand.kind === "apply" && operand.op.name === "transpose")
    return `\`.T\` is too much at ${quoted(operand.inputs[0]!, expression)} in ${within}`;
  return `\`.T\` is missing at ${quoted(operand, expression)} in ${within}`;
}

/** Aᵀ B, A Bᵀ … with both transposed, and all of them in the other order. */
function* reordered(step: ApplyNode, expression: Expression): Generator<readonly [Transposing, string]> {
  const [a, b] = step.inputs;
  const [nameA, nameB] = Object.keys(step.operands);
  if (a === undefined || b === undefined || nameA === undefined || nameB === undefined) return;
  const text = (node: Node, turned: boolean): string => {
    if (turned && node.kind === "apply" && node.op.name === "transpose") return text(node.inputs[0]!, false);
    const printed = printNode(node, (each) => expression.nameOf(each));
    const inner = /^[\w.[\]']+$/u.test(printed) ? printed : `(${printed})`;
    return turned ? `${inner}.T` : inner;
  };
  for (const swapped of [false, true]) {
    for (const turns of [0, 1, 2, 3]) {
      if (!swapped && turns !== 3) continue;
      const [turnA, turnB] = [turns % 2 === 1, turns >= 2];
      const make: Transposing = (record) => {
        const left = turnA ? transposed(record, a) : a;
        const right = turnB ? transposed(record, b) : b;
        if (left === undefined || right === undefined) return undefined;
        return record(
          "matmul",
          swapped ? { [nameA]: right, [nameB]: left } : { [nameA]: left, [nameB]: right },
        );
      };
      const [first, second] = [text(a, turnA), text(b, turnB)];
      yield [make, swapped ? `\`${second} @ ${first}\`` : `\`${first} @ ${second}\``];
    }
  }
}

const selections: ReadonlySet<string> = new Set([
  "select",
  "slice",
  "index_select",
  "amax",
  "amin",
  "max",
  "min",
  "narrow",
  "take",
  "gather",
]);

/** A sum over a dimension that is missing, and a selection where a sum belongs. */
export function* reductionCandidates({ expression }: StructuralContext): Generator<Candidate> {
  const candidate = (
    rank: number,
    message: string,
    text: string,
    place: Place,
    make: Transposing,
  ): Candidate => ({
    kind: "missing-reduction",
    rank,
    factor: null,
    expression: text,
    message,
    change: editOf({ place, make }),
  });
  for (const step of expression.steps) {
    if (!isFloat(step.dtype)) continue;
    if (selections.has(step.op.name)) {
      const [x] = step.inputs;
      const within = `${quotedStep(step, expression)} stands where a sum belongs`;
      for (const [attributes, text] of reductions(x!))
        yield candidate(
          8,
          `${within}: \`sum\` over ${text}`,
          `sum(…, ${text})`,
          { kind: "instead", node: step },
          (record) => {
            const sum = record("sum", { x: x! }, attributes);
            return sum && (isShapeOf(sum, step) ? sum : record("reshape", { x: sum }, { shape: step.shape }));
          },
        );
    }
  }
  for (const { node: step, place } of spotsIn(expression)) {
    for (const reduction of ["sum", "mean"]) {
      for (const [attributes, text] of reductions(step))
        yield candidate(
          reduction === "sum" ? 8 : 9,
          `\`${reduction}\` over ${text} is missing around ${quoted(step, expression)}`,
          `${reduction}(…, ${text}, keepdim = true)`,
          place,
          (record, node) => record(reduction, { x: node }, { ...attributes, keepdim: true }),
        );
    }
  }
}

/** Another dimension than the one that an operator is told. */
export function* dimensionCandidates({ expression }: StructuralContext): Generator<Candidate> {
  for (const step of expression.steps) {
    const { dim } = step.attributes;
    const [before, ...more] = Array.isArray(dim) ? (dim as readonly number[]) : [dim];
    const rank = step.inputs[0]!.shape.length;
    if (typeof before !== "number" || more.length > 0) continue;
    for (let axis = 0; axis < rank; axis++) {
      if (axis === (before + rank) % rank) continue;
      yield {
        kind: "other-argument",
        rank: 12.6,
        factor: null,
        expression: `dim = ${axis}`,
        message: `\`dim = ${before}\` stands where \`dim = ${axis}\` belongs in ${quotedStep(step, expression)}`,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) =>
            record(step.op, step.operands, { ...step.attributes, dim: Array.isArray(dim) ? [axis] : axis }),
        }),
      };
    }
  }
}

function* reductions(node: Node): Generator<readonly [Record<string, number[]>, string]> {
  for (const [axis, size] of node.shape.entries()) if (size > 1) yield [{ dim: [axis] }, `dim = ${axis}`];
  if (node.shape.filter((size) => size > 1).length > 1) yield [{}, "all dimensions"];
}

function isMatrix(node: Node): boolean {
  return node.shape.length >= 2;
}

function isShapeOf(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
