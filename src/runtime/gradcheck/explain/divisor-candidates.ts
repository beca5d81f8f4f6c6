/** Hypotheses about what is divided by: the square of a value in scope where another one stands, and a constant of the body left out of it. */
import { isFloat } from "../../tensor";
import { editOf, placeOf, spotsIn, usesIn, type Candidate } from "./candidate";
import { formatNumber } from "./print-node";
import { quoted, quotedStep } from "./quotes";
import type { StructuralContext } from "./structural-candidates";
import type { ValueContext } from "./value-candidates";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

/** `r / v` for `r / s^2`. */
export function* squaredDivisorCandidates({ expression, values }: ValueContext): Generator<Candidate> {
  const named = values.filter(({ isNamed, node }) => isNamed && isFloat(node.dtype));
  for (const use of usesIn(expression)) {
    const { consumer, operand, input } = use;
    if (consumer.op.name !== "div" || input !== "y" || operand.kind !== "source") continue;
    if (expression.numberOf(operand) !== undefined) continue;
    for (const { node, text } of named) {
      if (node === operand) continue;
      const square = expression.record("mul", { x: node, y: node });
      if (square === undefined) continue;
      const right = `${text}^2`;
      yield {
        kind: "other-argument",
        rank: 13.1,
        factor: null,
        expression: right,
        message: `${quoted(operand, expression)} stands where \`${right}\` belongs in ${quotedStep(consumer, expression)}`,
        isExact: true,
        change: editOf({ place: placeOf(use), make: () => square }),
        corrections: () =>
          correctionAt(
            { at: writtenValue(operand, expression), within: writtenStep(consumer, expression) },
            replacedBy(right),
          ),
      };
    }
  }
}

/** `sqrt(v)` for `sqrt(v + eps)`: what keeps a divisor from zero. */
export function* leftOutConstantCandidates({ expression, numbers }: StructuralContext): Generator<Candidate> {
  const small = numbers.filter((number) => number > 0 && number < 1);
  for (const { node, place, isResult } of spotsIn(expression)) {
    if (isResult || expression.numberOf(node) !== undefined) continue;
    for (const number of small) {
      const text = formatNumber(number);
      yield {
        kind: "overwritten-sum",
        rank: 14.1,
        factor: null,
        expression: text,
        message: `the term + ${text} is missing at ${quoted(node, expression)}`,
        isExact: true,
        change: editOf({
          place,
          make: (record, x) => record("add", { x, y: expression.graph.constants.scalar(number, "float64") }),
        }),
        corrections: () =>
          correctionAt({ at: writtenValue(node, expression) }, { how: "add-term", term: text, sign: 1 }),
      };
    }
  }
}
