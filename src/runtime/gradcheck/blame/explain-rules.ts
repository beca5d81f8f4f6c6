/**
 * Why the rules of one application are wrong: the fewest changes of what they compute that make all of them right, each with the place
 * where it is, from the root backwards. Owns the order of reasoning; hypotheses and their judgement are elsewhere.
 */
import type { Application, Node } from "../../graph";
import type { Candidate } from "../explain/candidate";
import { costOf } from "../measure/cost";
import type { Expression, Outcome } from "../explain/expression";
import { hypotheses, rounded, simpleHypotheses, tunedFactors } from "../explain/hypotheses";
import type { Naming } from "./naming";
import type { Blame } from "../outcome";
import { innerPartCandidates, onesCandidate, partCandidates } from "./part-candidates";
import { blameFor, blameForUnknown, type PlacedBlame } from "./rule-blame";
import type { ApplicationCheck, WrongRule } from "./rule-check";
import { isRight, recordRules, type RecordedRules } from "./rule-expression";
import { contextOf } from "./rule-scope";
import type { HypothesisContext } from "../explain/scope";
import {
  distance,
  scaleTo,
  search,
  type Finding,
  type SearchInput,
  type SearchResult,
} from "../explain/search";

export interface ExplainInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly wrong: readonly WrongRule[];
  /** Applications inside of this one. */
  readonly inner: readonly Application[];
  readonly nameOf: Naming;
  readonly poll: () => void;
}

/** Milliseconds that the search for one explanation may take, by estimate. */
const allowance = 3000;

/** The vjp rules together, because one mistake may be in several of them; each jvp rule by itself. */
export function explainRules(input: ExplainInput): Blame[] {
  const { application, check, wrong, nameOf } = input;
  const known = check.tests.filter(({ answers }) => answers !== undefined);
  const groups = [
    known.filter(({ mode }) => mode === "vjp"),
    ...known.filter(({ mode }) => mode === "jvp").map((test) => [test]),
  ];
  return groups.flatMap((tests) => {
    const faulty = wrong.filter(({ test }) => tests.includes(test));
    if (faulty.length === 0) return [];
    return new Reasoning(input, recordRules({ application, check, tests, faulty, nameOf })).blames();
  });
}

/** Puts the rules right, one change after another. */
class Reasoning {
  readonly #input: ExplainInput;
  readonly #rules: RecordedRules;
  #expression: Expression;
  #wrong: readonly Outcome[];

  constructor(input: ExplainInput, rules: RecordedRules) {
    this.#input = input;
    this.#rules = rules;
    this.#expression = rules.expression;
    this.#wrong = rules.wrong;
  }

  blames(): Blame[] {
    const found: PlacedBlame[] = [];
    while (this.#wrong.length > 0) {
      this.#input.poll();
      const result = this.#search();
      const findings = result.finding === undefined ? this.#searchPair(this.#wrong[0]!) : [result.finding];
      for (const finding of findings) found.push(blameFor(this.#rules, this.#expression, finding));
      if (findings.length === 1) this.#correct(findings[0]!);
      else if (findings.length === 2) this.#giveUp(this.#wrong[0]!);
      else {
        found.push(blameForUnknown(this.#rules, this.#expression, this.#wrong[0]!, result));
        this.#giveUp(this.#wrong[0]!);
      }
    }
    return found.sort((a, b) => a.position - b.position);
  }

  #context(expression: Expression): HypothesisContext {
    const { application, check, nameOf, inner } = this.#input;
    const { tests, worlds } = this.#rules;
    return contextOf({ application, check, nameOf, inner, expression, tests, worlds });
  }

  #search(): SearchResult {
    const context = this.#context(this.#expression);
    const tuned = this.#wrong.flatMap((outcome) => [...tunedFactors(context, outcome)]);
    const candidates = [...hypotheses(context, this.#estimates()), ...tuned, ...this.#parts()];
    return search(this.#searchInput(this.#expression, this.#wrong, 2), candidates);
  }

  #searchInput(expression: Expression, wrong: readonly Outcome[], binding: number): SearchInput {
    const steps = expression.steps.map((node) => ({ node, inputs: {}, output: node }));
    const limit = Math.max(100, Math.floor(allowance / (0.03 + expression.worlds * costOf(steps))));
    return { expression, wrong, binding, poll: this.#input.poll, limit };
  }

  *#parts(): Generator<Candidate> {
    const { check, worlds, textOf, named, testOf, innerOf } = this.#rules;
    const isNamed = (node: Node): boolean => named(node) !== undefined;
    const context = { check, expression: this.#expression, worlds, textOf, isNamed };
    for (const outcome of this.#wrong) {
      const test = testOf.get(outcome.label);
      const inner = innerOf.get(outcome.label);
      if (test !== undefined) {
        yield* onesCandidate(context, outcome, test);
        yield* partCandidates(context, outcome, test);
      } else if (inner !== undefined) yield* innerPartCandidates(context, outcome, inner);
    }
  }

  /** Constants that one of the wrong outcomes is off by. */
  #estimates(): number[] {
    return this.#wrong.flatMap(({ node, truths }) => {
      const value = this.#expression.valueIn(0, node);
      if (value === undefined) return [];
      const scale = scaleTo(value.data, truths[0]!);
      return distance(value.data, truths[0]!, scale) < 1e-5 ? [rounded(scale, 2e-6)] : [];
    });
  }

  /** Two simple mistakes in one outcome, which only together make it right. */
  #searchPair(outcome: Outcome): Finding[] {
    const narrow = this.#expression.about([outcome]);
    let { limit } = this.#searchInput(narrow, [outcome], 2);
    for (const first of simpleHypotheses(this.#context(narrow))) {
      if (first.change.how !== "edit" || limit <= 0) continue;
      this.#input.poll();
      const changed = narrow.with(first.change.edit);
      const after = changed?.outcomes[0];
      if (changed === undefined || after === undefined) continue;
      // What changes nothing is no mistake; what is right already was refused for what it does to other rules.
      if (!this.#differs(after, this.#expression.valueIn(0, outcome.node)?.data)) continue;
      if (!this.#differs(after, outcome.truths[0])) continue;
      const candidates = [...simpleHypotheses(this.#context(changed))];
      limit -= candidates.length;
      const { finding } = search(this.#searchInput(changed, [after], changed.worlds), candidates);
      if (finding?.scale !== 1) continue;
      const both = { ...finding, fixes: [outcome], runnerUp: null, equal: undefined };
      return [{ ...both, candidate: first }, both];
    }
    return [];
  }

  /** Whether an outcome has another value than `other`. */
  #differs({ node }: Outcome, other: ArrayLike<number> | undefined): boolean {
    const value = this.#expression.valueIn(0, node)?.data;
    return value !== undefined && other !== undefined && !(distance(value, other, 1) < 1e-6);
  }

  /** Makes the change that has been found, and goes on with what is still wrong. */
  #correct({ candidate, fixes, scale }: Finding): void {
    const fixed = new Set(fixes.map(({ label }) => label));
    const left = new Set(this.#wrong.map(({ label }) => label).filter((label) => !fixed.has(label)));
    const changed =
      candidate.change.how === "edit" && scale === 1
        ? this.#expression.with(candidate.change.edit)
        : undefined;
    if (changed === undefined) for (const outcome of fixes) this.#repair(outcome);
    else this.#expression = changed;
    this.#wrong = this.#expression.outcomes.filter(({ label }) => left.has(label));
    if (changed === undefined)
      this.#wrong = this.#wrong.filter((outcome) => !isRight(this.#expression, outcome));
  }

  #giveUp(outcome: Outcome): void {
    const left = new Set(this.#wrong.map(({ label }) => label).filter((label) => label !== outcome.label));
    this.#repair(outcome);
    // With an inner value repaired, what only inherited its error is right again.
    this.#wrong = this.#expression.outcomes.filter(
      (other) => left.has(other.label) && !isRight(this.#expression, other),
    );
  }

  /** Puts the truth in the place of an inner value, so that what is made of it can be looked at by itself. */
  #repair({ label, truths }: Outcome): void {
    if (!this.#rules.innerOf.has(label)) return;
    const node = this.#expression.outcomes.find((outcome) => outcome.label === label)!.node;
    const values = truths.map((data) => ({ dtype: "float64" as const, shape: node.shape, data }));
    const source = this.#expression.source(label, values);
    const changed = this.#expression.with({ place: { kind: "node", node }, make: () => source });
    if (changed !== undefined) this.#expression = changed;
  }
}
