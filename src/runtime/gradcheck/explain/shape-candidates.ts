/** Hypotheses about shapes: transposes, products in another order, reductions and their dimensions. */
import { isFloat } from "../../tensor";
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import type { Change } from "../correction";
import { editOf, placeOf, spotsIn, usesIn, type Candidate, type Use } from "./candidate";
import type { Expression, Place, Recorder } from "./expression";
import { printNode } from "./print-node";
import { quoted, quotedStep } from "./quotes";
import type { StructuralContext } from "./structural-candidates";
import { correctionAt, replacedBy, writtenAs, writtenStep, writtenValue } from "./written";

/** `.T` added or taken away at the result and at every use, and products in another order. */
export function* transposeCandidates({ expression }: StructuralContext): Generator<Candidate> {
  const candidate = (
    rank: number,
    message: string,
    text: string | null,
    place: Place,
    make: Transposing,
    corrections: Candidate["corrections"],
  ): Candidate => ({
    kind: "transposed",
    rank,
    factor: null,
    expression: text,
    message,
    change: editOf({ place, make }),
    corrections,
  });
  const at = (text: () => string | null, change: (at: string | null) => Change | undefined) => () => {
    const found = text();
    return correctionAt({ at: found }, change(found));
  };
  for (const { node } of expression.outcomes) {
    if (isMatrix(node))
      yield candidate(
        3,
        "the result is transposed",
        null,
        { kind: "node", node },
        transposed,
        at(
          () => null,
          () => ({ how: "transpose" }),
        ),
      );
  }
  for (const use of usesIn(expression)) {
    if (!isFloat(use.operand.dtype) || !isMatrix(use.operand)) continue;
    // Of a sum over a dimension it is rather the dimension.
    const rank = use.consumer.attributes.dim === undefined ? 4 : 12.65;
    yield candidate(rank, transposeMessage(use, expression), null, placeOf(use), transposed, () =>
      correctionAt(
        { at: writtenValue(use.operand, expression), within: writtenStep(use.consumer, expression) },
        { how: "transpose" },
      ),
    );
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
    yield candidate(
      4.6,
      message,
      null,
      placeOf(use),
      (record, node) => symmetrised(record, node, expression),
      at(
        () => writtenValue(operand, expression),
        (x) => replacedBy(x === null ? null : `(${factorText(x)} + ${factorText(x)}.T) / 2`),
      ),
    );
  }
  for (const step of expression.steps) {
    if (step.op.name === "reshape" && isMatrix(step) && isMatrix(step.inputs[0]!)) {
      const message = `\`reshape\` stands where \`.T\` belongs in ${quotedStep(step, expression)}`;
      const x = step.inputs[0]!;
      yield candidate(
        4,
        message,
        null,
        { kind: "instead", node: step },
        (record) => transposed(record, x),
        at(
          () => writtenStep(step, expression),
          () => {
            const inner = writtenValue(x, expression);
            return replacedBy(inner === null ? null : `${factorText(inner)}.T`);
          },
        ),
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
        at(
          () => writtenStep(step, expression),
          () => replacedBy(text.replaceAll("`", "")),
        ),
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

/** By so much is a mistake in a value of its own simpler than one in what uses it. */
const ofValue = 0.1;

/** Sums that are missing in values with names. */
export function* valueReductionCandidates(context: StructuralContext): Generator<Candidate> {
  for (const candidate of reductionCandidates(context)) if (candidate.rank < 8) yield candidate;
}

/** A sum over a dimension that is missing, and a selection where a sum belongs. */
export function* reductionCandidates({ expression }: StructuralContext): Generator<Candidate> {
  const candidate = (
    rank: number,
    message: string,
    text: string,
    place: Place,
    make: Transposing,
    corrections: Candidate["corrections"],
  ): Candidate => ({
    kind: "missing-reduction",
    rank,
    factor: null,
    expression: text,
    message,
    change: editOf({ place, make }),
    corrections,
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
            return (
              sum && (isShapedAlike(sum, step) ? sum : record("reshape", { x: sum }, { shape: step.shape }))
            );
          },
          () => {
            const summed = writtenValue(x!, expression);
            const dim = attributes.dim === undefined ? "" : `, dim = ${attributes.dim[0]!}`;
            const by = summed === null ? null : `sum(${summed}${dim})`;
            return correctionAt({ at: writtenStep(step, expression) }, replacedBy(by));
          },
        );
    }
  }
  for (const { node: step, place, isResult } of spotsIn(expression)) {
    // A value of the derivation that is too large is wrong itself, and not what uses it.
    const isValue = place.kind === "node" && !isResult && expression.nameOf(step) !== undefined;
    const text = isValue ? quotedStep(step, expression) : quoted(step, expression);
    for (const reduction of ["sum", "mean"] as const) {
      for (const [attributes, over] of reductions(step))
        yield candidate(
          (reduction === "sum" ? 8 : 9) - (isValue ? ofValue : 0),
          `\`${reduction}\` over ${over} is missing around ${text}`,
          `${reduction}(…, ${over}, keepdim = true)`,
          place,
          (record, node) => record(reduction, { x: node }, { ...attributes, keepdim: true }),
          () =>
            correctionAt(
              { at: isResult ? null : writtenValue(step, expression) },
              { how: "reduce", by: reduction, dim: attributes.dim?.[0] ?? null },
            ),
        );
    }
  }
}

/** Another dimension than the one that an operator is told, and one where it is told none. */
export function* dimensionCandidates({ expression }: StructuralContext): Generator<Candidate> {
  for (const step of expression.steps) {
    const { dim } = step.attributes;
    if (dim === undefined && (step.op.name === "sum" || step.op.name === "mean"))
      yield* missingDimension(expression, step);
    const [before, ...more] = Array.isArray(dim) ? (dim as readonly number[]) : [dim];
    const rank = step.inputs[0]!.shape.length;
    if (typeof before !== "number" || more.length > 0) continue;
    for (let axis = 0; axis < rank; axis++) {
      if (axis === (before + rank) % rank) continue;
      const keeping =
        "keepdim" in step.attributes && step.attributes.keepdim !== true ? [false, true] : [undefined];
      for (const keepdim of keeping) {
        const attributes = {
          ...step.attributes,
          dim: Array.isArray(dim) ? [axis] : axis,
          ...(keepdim === undefined ? {} : { keepdim }),
        };
        yield {
          kind: "other-argument",
          rank: keepdim === true ? 12.65 : 12.6,
          factor: null,
          expression: `dim = ${axis}`,
          message: `\`dim = ${before}\` stands where \`dim = ${axis}\` belongs in ${quotedStep(step, expression)}`,
          change: editOf({
            place: { kind: "instead", node: step },
            make: (record) => record(step.op, step.operands, attributes),
          }),
          corrections: () =>
            correctionAt(
              { at: writtenStep(step, expression) },
              replacedBy(writtenAs(step, { attributes }, expression)),
            ),
        };
      }
    }
  }
}

/** A sum over everything where one over a dimension belongs; with the dimension kept where it is no good without. */
function* missingDimension(expression: Expression, step: ApplyNode): Generator<Candidate> {
  const [x] = step.inputs;
  for (const [axis, size] of (x?.shape ?? []).entries()) {
    if (size === 1 || x!.shape.length === 1) continue;
    for (const keepdim of [false, true]) {
      const attributes = { ...step.attributes, dim: [axis], keepdim };
      yield {
        kind: "missing-reduction",
        rank: keepdim ? 12.65 : 12.6,
        factor: null,
        expression: `dim = ${axis}`,
        message: `${quotedStep(step, expression)} is over too many dimensions: it should be over \`dim = ${axis}\` alone`,
        isExact: true,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => record(step.op, step.operands, attributes),
        }),
        corrections: () =>
          correctionAt(
            { at: writtenStep(step, expression) },
            replacedBy(writtenAs(step, { attributes }, expression)),
          ),
      };
    }
  }
}

function* reductions(node: Node): Generator<readonly [{ readonly dim?: number[] }, string]> {
  for (const [axis, size] of node.shape.entries()) if (size > 1) yield [{ dim: [axis] }, `dim = ${axis}`];
  if (node.shape.filter((size) => size > 1).length > 1) yield [{}, "all dimensions"];
}

/** As a factor. */
function factorText(text: string): string {
  return /^[\p{L}\p{M}\w.[\]']+$|^\w+\([^()]*\)$/u.test(text) ? text : `(${text})`;
}

function isMatrix(node: Node): boolean {
  return node.shape.length >= 2;
}
