/** All hypotheses about an expression, the simplest first. */
import type { Candidate } from "./candidate";
import type { HypothesisContext } from "./scope";
import {
  averageCandidates,
  factorCandidates,
  reductionCandidates,
  signCandidates,
  transposeCandidates,
} from "./structural-candidates";
import {
  droppedTermCandidates,
  evaluatedAtCandidates,
  missingFactorCandidates,
  otherArgumentCandidates,
} from "./value-candidates";

/** `estimates`: constant factors that the numbers ask for. */
export function* hypotheses(context: HypothesisContext, estimates: readonly number[]): Generator<Candidate> {
  yield* signCandidates(context);
  yield* averageCandidates(context);
  yield* transposeCandidates(context);
  yield* evaluatedAtCandidates(context);
  yield* reductionCandidates(context);
  yield* factorCandidates(context, estimates);
  yield* missingFactorCandidates(context);
  yield* otherArgumentCandidates(context);
  yield* droppedTermCandidates(context);
}

/** Those that are tried two at a time: few, and each a mistake of its own. */
export function* simpleHypotheses(context: HypothesisContext): Generator<Candidate> {
  yield* signCandidates(context);
  yield* averageCandidates(context);
  yield* transposeCandidates(context);
  yield* evaluatedAtCandidates(context);
  const factors = context.factors.filter(({ form }) => form !== "made").slice(0, 12);
  yield* missingFactorCandidates({ ...context, factors });
}
