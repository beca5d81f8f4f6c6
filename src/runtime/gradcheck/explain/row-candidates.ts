/** Hypotheses about one row, or the average, where the sum of all rows belongs: in each turn of a comprehension, and of a product of rows. */
import { isFloat } from "../../tensor";
import type { ApplyNode } from "../../graph";
import { editOf, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import { printNode } from "./print-node";
import { inQuotes, quotedStep } from "./quotes";
import { inEachTurn, repeatedIn, turnsText } from "./turns";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

export function* rowCandidates(expression: Expression): Generator<Candidate> {
  for (const turns of repeatedIn(expression)) {
    const [first] = turns;
    const [x] = first.inputs;
    if (x === undefined || !isFloat(first.dtype)) continue;
    const isRow = first.op.name === "select";
    if (!isRow && first.op.name !== "mean") continue;
    const dim = isRow ? [Number(first.attributes.dim)] : first.attributes.dim;
    const written = writtenValue(x, expression);
    const right = written === null ? null : `sum(${written}${overOf(dim)})`;
    const [before, after] = [quotedStep(first, expression), right === null ? "a sum" : inQuotes(right)];
    yield {
      kind: isRow ? "missing-reduction" : "factor",
      rank: isRow ? 8 : 0.7,
      factor: null,
      expression: right,
      message: `${before} stands where ${after} belongs${turnsText(turns)}`,
      isExact: true,
      change: inEachTurn(turns, (record, step) =>
        record(
          "sum",
          { x: step.inputs[0] },
          isRow ? { dim: [Number(step.attributes.dim)], keepdim: false } : step.attributes,
        ),
      ),
      corrections: () => correctionAt({ at: writtenStep(first, expression) }, replacedBy(right)),
    };
  }
  for (const step of expression.steps) yield* productOfRows(expression, step);
}

/** u[0] * h[0] for the sum of u * h. */
function* productOfRows(expression: Expression, step: ApplyNode): Generator<Candidate> {
  const [a, b] = step.inputs;
  if (step.op.name !== "mul" || a?.kind !== "apply" || b?.kind !== "apply") return;
  if (a.op.name !== "select" || b.op.name !== "select") return;
  const { dim, index } = a.attributes;
  if (b.attributes.dim !== dim || b.attributes.index !== index) return;
  const [x, y] = [a.inputs[0]!, b.inputs[0]!];
  const print = (each: typeof x): string => printNode(each, (node) => expression.nameOf(node));
  const right = `sum(${print(x)} * ${print(y)}${overOf([Number(dim)])})`;
  yield {
    kind: "missing-reduction",
    rank: 8,
    factor: null,
    expression: right,
    message: `${quotedStep(step, expression)} stands where ${inQuotes(right)} belongs`,
    isExact: true,
    change: editOf({
      place: { kind: "instead", node: step },
      make: (record) => {
        const product = record("mul", { x, y });
        return product && record("sum", { x: product }, { dim: [Number(dim)], keepdim: false });
      },
    }),
    corrections: () => correctionAt({ at: writtenStep(step, expression) }, replacedBy(right)),
  };
}

function overOf(dim: ApplyNode["attributes"][string] | undefined): string {
  return Array.isArray(dim) && dim.length === 1 ? `, dim = ${String(dim[0])}` : "";
}
