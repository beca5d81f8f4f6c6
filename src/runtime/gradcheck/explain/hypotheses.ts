/** All hypotheses about an expression, the simplest first. */
import { dot } from "../measure/answers";
import { spotsIn, type Candidate } from "./candidate";
import type { Outcome } from "./expression";
import type { HypothesisContext } from "./scope";
import { distance, scaleTo, type CandidateGroup } from "./search";
import { missingCotangentCandidates } from "./cotangent-candidates";
import { definitionCandidates } from "./definition-candidates";
import { leftOutConstantCandidates, squaredDivisorCandidates } from "./divisor-candidates";
import { eachTurnCandidates, eachTurnFactorCandidates } from "./each-turn-candidates";
import {
  exchangedItemCandidates,
  exchangedOperandCandidates,
  exchangedValueCandidates,
  indexCandidates,
  otherFunctionCandidates,
  repeatedFunctionCandidates,
} from "./exchange-candidates";
import {
  extraDerivativeCandidates,
  extraFactorCandidates,
  wrongDerivativeCandidates,
} from "./product-candidates";
import { leftOutCandidates } from "./left-out-candidates";
import { maskCandidates } from "./mask-candidates";
import { matrixFactorCandidates } from "./matrix-factor-candidates";
import { normaliserCandidates } from "./normaliser-candidates";
import { operandCandidates } from "./operand-candidates";
import { contractedTermCandidates } from "./contracted-terms";
import { quoted } from "./quotes";
import { rowCandidates } from "./row-candidates";
import { termCandidates } from "./reduced-terms";
import { sameInTurnsCandidates } from "./same-in-turns-candidates";
import { slopeCandidates } from "./slope-candidates";
import { softmaxCandidates } from "./softmax-candidates";
import { sumsApartCandidates } from "./sums-apart-candidates";
import { stackedCandidates } from "./stacked-candidates";
import { turnTermCandidates } from "./turn-term-candidates";
import {
  dimensionCandidates,
  reductionCandidates,
  transposeCandidates,
  valueReductionCandidates,
} from "./shape-candidates";
import {
  averageCandidates,
  exponentCandidates,
  factorCandidate,
  innerFactorCandidates,
  literalCandidates,
  otherNumberCandidates,
  otherSizeCandidates,
  resultFactorCandidates,
  signCandidates,
} from "./structural-candidates";
import {
  droppedTermCandidates,
  evaluatedAtCandidates,
  missingFactorCandidates,
  otherArgumentCandidates,
  otherMemberCandidates,
} from "./value-candidates";
import { correctionAt, writtenValue } from "./written";

/** `estimates`: constant factors that the numbers ask for. Groups that are small come early, so that they are tried within any allowance. */
export function hypotheses(context: HypothesisContext, estimates: readonly number[]): CandidateGroup[] {
  return [
    { least: 0, candidates: signCandidates(context) },
    { least: 0, candidates: eachTurnFactorCandidates(context) },
    { least: 0.5, candidates: averageCandidates(context) },
    { least: 0.9, candidates: extraFactorCandidates(context) },
    { least: 1, candidates: resultFactorCandidates(context, estimates) },
    { least: 3.9, candidates: literalCandidates(context, estimates) },
    { least: 3.8, candidates: otherSizeCandidates(context) },
    { least: 2, candidates: missingCotangentCandidates(context) },
    { least: 4.2, candidates: eachTurnCandidates(context) },
    { least: 12.3, candidates: sameInTurnsCandidates(context) },
    { least: 6.9, candidates: turnTermCandidates(context) },
    { least: 12.3, candidates: stackedCandidates(context) },
    { least: 3, candidates: transposeCandidates(context) },
    { least: 5.5, candidates: exchangedOperandCandidates(context.expression) },
    { least: 6, candidates: evaluatedAtCandidates(context) },
    { least: 5.9, candidates: repeatedFunctionCandidates(context.expression, context.functions) },
    { least: 6.75, candidates: otherMemberCandidates(context) },
    { least: 6.8, candidates: termCandidates(context) },
    { least: 6.5, candidates: maskCandidates(context) },
    { least: 6.6, candidates: slopeCandidates(context) },
    { least: 7.9, candidates: reductionCandidates(context) },
    { least: 0.7, candidates: rowCandidates(context.expression) },
    { least: 7.9, candidates: sumsApartCandidates(context.expression) },
    { least: 9.7, candidates: exponentCandidates(context) },
    { least: 9.8, candidates: softmaxCandidates(context) },
    { least: 9.3, candidates: definitionCandidates(context) },
    { least: 9.7, candidates: normaliserCandidates(context) },
    { least: 2.05, candidates: operandCandidates(context) },
    { least: 9.95, candidates: extraDerivativeCandidates(context) },
    { least: 10, candidates: missingFactorCandidates(context, "derivative") },
    { least: 10.5, candidates: matrixFactorCandidates(context) },
    { least: 11, candidates: missingFactorCandidates(context, "value") },
    { least: 11.5, candidates: missingFactorCandidates(context, "made") },
    { least: 11.9, candidates: otherNumberCandidates(context) },
    { least: 12, candidates: innerFactorCandidates(context) },
    { least: 9.6, candidates: indexCandidates(context.expression) },
    { least: 9.6, candidates: otherFunctionCandidates(context.expression) },
    { least: 9.6, candidates: exchangedItemCandidates(context.expression) },
    { least: 9.6, candidates: dimensionCandidates(context) },
    { least: 13, candidates: otherArgumentCandidates(context) },
    { least: 13.3, candidates: leftOutCandidates(context.expression) },
    { least: 13.4, candidates: exchangedValueCandidates(context.expression) },
    { least: 13.1, candidates: squaredDivisorCandidates(context) },
    { least: 14, candidates: droppedTermCandidates(context) },
    { least: 14.1, candidates: leftOutConstantCandidates(context) },
    { least: 15.02, candidates: contractedTermCandidates(context) },
    { least: 14.2, candidates: wrongDerivativeCandidates(context) },
  ];
}

/**
 * A constant at one spot, found from what twice the value there does to an outcome that is linear in it: the right rule where the
 * numbers fit. 0 is a term too much.
 */
export function* tunedFactors(context: HypothesisContext, outcome: Outcome): Generator<Candidate> {
  const { expression } = context;
  const truth = outcome.truths[0]!;
  const before = expression.valueIn(0, outcome.node)?.data;
  if (before === undefined) return;
  const needed = Float64Array.from(truth, (x, i) => x - before[i]!);
  for (const spot of spotsIn(expression)) {
    if (spot.isResult) continue;
    const { change } = factorCandidate(context, spot, 2);
    const after = change.how === "edit" ? expression.replaced(change.edit)?.get(outcome.node) : undefined;
    const doubled = after && expression.valueIn(0, after)?.data;
    if (doubled === undefined) continue;
    const effect = Float64Array.from(doubled, (x, i) => x - before[i]!);
    const more = scaleTo(effect, needed);
    if (!(distance(effect, needed, more) * norm(needed) < 1e-5 * norm(truth))) continue;
    const factor = rounded(1 + more);
    if (Math.abs(factor) > 1e-9) {
      if (factor !== -1) yield factorCandidate(context, spot, factor);
      continue;
    }
    const message = `${quoted(spot.node, expression)} is a term too much`;
    const term = writtenValue(spot.node, expression);
    yield {
      ...factorCandidate(context, spot, 0),
      kind: "overwritten-sum",
      rank: 15,
      factor: null,
      message,
      corrections: () => correctionAt({ at: null }, term === null ? undefined : { how: "remove-term", term }),
    };
  }
}

/** A fraction of small whole numbers, where the factor is one but for rounding; 0 where it is nothing else. */
export function rounded(factor: number, tolerance = 1e-9): number {
  if (Math.abs(factor) < tolerance) return 0;
  for (let denominator = 1; denominator <= 12; denominator++) {
    const numerator = Math.round(factor * denominator);
    if (numerator !== 0 && Math.abs(numerator / denominator / factor - 1) < tolerance)
      return numerator / denominator;
  }
  const inverse = 1 / Math.round(1 / factor);
  return Math.abs(inverse / factor - 1) < tolerance ? inverse : factor;
}

function norm(x: ArrayLike<number>): number {
  return Math.sqrt(dot(x, x));
}

/** Those that are tried two at a time: few, and each a mistake of its own. */
export function* simpleHypotheses(context: HypothesisContext): Generator<Candidate> {
  yield* signCandidates(context);
  yield* averageCandidates(context);
  yield* transposeCandidates(context);
  yield* valueReductionCandidates(context);
  yield* evaluatedAtCandidates(context);
  const factors = context.factors.filter(({ form }) => form !== "made").slice(0, 12);
  yield* missingCotangentCandidates(context);
  yield* missingFactorCandidates({ ...context, factors }, "derivative");
  yield* missingFactorCandidates({ ...context, factors }, "value");
}
