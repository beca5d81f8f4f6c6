/** All hypotheses about what rules compute: those about any expression, and those about contributions, cotangents and derivatives of the body. */
import type { Candidate } from "../explain/candidate";
import type { Expression, Outcome } from "../explain/expression";
import type { Factor } from "../explain/factors";
import { hypotheses, rounded, tunedFactors } from "../explain/hypotheses";
import { narrowed, type HypothesisContext } from "../explain/scope";
import { distance, scaleTo, type CandidateGroup } from "../explain/search";
import { missingFactorCandidates } from "../explain/value-candidates";
import type { Node } from "../../graph";
import { cotangentFactors } from "./cotangent-factors";
import { missingProducts } from "./missing-products";
import { innerPartCandidates, onesCandidate, partCandidates } from "./part-candidates";
import { partialDerivatives, unusedProducts } from "./partial-derivatives";
import type { RecordedRules } from "./rule-expression";

export class RuleHypotheses {
  readonly #rules: RecordedRules;
  readonly #context: HypothesisContext;
  #derivatives: readonly Factor[] | undefined;

  constructor(rules: RecordedRules, context: HypothesisContext) {
    this.#rules = rules;
    this.#context = context;
  }

  /** In a part of the whole, which is what the rules compute now. */
  about(outcome: Outcome, part: Expression, whole: Expression): CandidateGroup[] {
    const context = narrowed(this.#context, whole, part);
    return [
      ...hypotheses(context, estimates(part, outcome)),
      { least: 12, candidates: tunedFactors(context, outcome) },
      { least: 2, candidates: this.parts(outcome, part) },
      { least: 2.4, candidates: this.#cotangentFactors(outcome, part, whole) },
      { least: 10.3, candidates: this.#partials(context) },
      { least: 11.1, candidates: this.#products(context, whole) },
      { least: 13.6, candidates: missingProducts(context, outcome) },
    ];
  }

  /** Contributions to an outcome, also as it is once something has been changed. */
  *parts(outcome: Outcome, expression: Expression, changed = outcome): Generator<Candidate> {
    const { check, worlds, textOf, named, testOf, innerOf, scale } = this.#rules;
    const isNamed = (node: Node): boolean => named(node) !== undefined;
    const derived = new Map(
      [...innerOf].flatMap(([name, at]) => (at === undefined ? [] : [[at, name] as const])),
    );
    const test = testOf.get(outcome.label);
    const inner = innerOf.get(outcome.label);
    const isByHand = test === undefined || scale === 1;
    const context = { check, expression, worlds, textOf, isNamed, derived: isByHand ? derived : new Map() };
    if (test !== undefined) {
      yield* onesCandidate(context, changed, test);
      yield* partCandidates(context, changed, test);
    } else if (inner !== undefined) {
      const isInput = check.tests.some(({ input }) => input === inner);
      yield* innerPartCandidates(context, changed, inner, isInput ? 1 : scale);
    }
  }

  *#partials(context: HypothesisContext): Generator<Candidate> {
    this.#derivatives ??= partialDerivatives({ ...this.#rules, expression: context.expression });
    yield* missingFactorCandidates({ ...context, factors: this.#derivatives }, "derivative");
  }

  *#products(context: HypothesisContext, whole: Expression): Generator<Candidate> {
    const isGradient = (label: string): boolean => this.#rules.innerOf.has(label);
    const factors = unusedProducts(context.expression, whole, isGradient, context.factors);
    yield* missingFactorCandidates({ ...context, factors }, "value");
  }

  #cotangentFactors({ label }: Outcome, part: Expression, whole: Expression): Iterable<Candidate> {
    const { check, worlds, textOf, testOf } = this.#rules;
    const test = testOf.get(label);
    return test === undefined ? [] : cotangentFactors({ check, worlds, textOf, test, part, whole });
  }
}

/** The constant that an outcome is off by, if that is all. */
function estimates(expression: Expression, { node, truths }: Outcome): number[] {
  const value = expression.valueIn(0, node);
  if (value === undefined) return [];
  const scale = scaleTo(value.data, truths[0]!);
  return distance(value.data, truths[0]!, scale) < 1e-5 ? [rounded(scale, 2e-6)] : [];
}
