/**
 * Why the rules of one application are wrong: the fewest changes of what they compute that make all of them right, each with the place
 * where it is, from the root backwards. Owns the order of reasoning; hypotheses and their judgement are elsewhere.
 */
import type { Application, Node } from "../../graph";
import type { Candidate } from "../explain/candidate";
import { coneOf } from "../measure/cone";
import { costOf } from "../measure/cost";
import type { Expression, Outcome } from "../explain/expression";
import { simpleHypotheses, tunedFactors } from "../explain/hypotheses";
import { LikeBefore } from "./like-before";
import type { Naming } from "./naming";
import type { Blame } from "../outcome";
import { asideOf } from "./narrowing";
import { blameFor, blameForOversized, blameForUnknown } from "./rule-blame";
import type { ApplicationCheck, WrongRule } from "./rule-check";
import { ancestorsOf, isRight, recordRules, rightValues, type RecordedRules } from "./rule-expression";
import { RuleHypotheses } from "./rule-hypotheses";
import { contextOf } from "./rule-scope";
import { sharedUses } from "./shared-uses";
import { told, type PlacedBlame } from "./telling";
import { narrowed, type HypothesisContext } from "../explain/scope";
import {
  distance,
  search,
  type CandidateGroup,
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
  readonly namesOf?: ((node: Node) => readonly string[]) | undefined;
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
  readonly definedAt?: ((node: Node, name: string) => unknown) | undefined;
  /** Whether a value is to be taken as it is. */
  readonly isOpaque?: (node: Node) => boolean;
  readonly poll: () => void;
}

interface Explained {
  readonly findings: readonly Finding[];
  readonly nearest: SearchResult["nearest"];
}

/** Milliseconds that all searches for one application's explanations may take, and each of them, by estimate. */
const allowance = 3000;
const share = 1200;
/** Milliseconds beyond which a candidate is dear, and how many times as much of the allowance it then takes. */
const dear = 0.15;
const dearness = 2;
/** What trying a candidate takes besides computing its value, in milliseconds. */
const perCandidate = 0.06;
/** And for each step of the expression, which is recorded again. */
const perStep = 0.003;

/** The vjp rules together, because one mistake may be in several of them; each jvp rule by itself. */
export function explainRules(input: ExplainInput): Blame[] {
  const { application, check, wrong, nameOf, namesOf, writtenAt, isOpaque } = input;
  const known = check.tests.filter(({ answers }) => answers !== undefined);
  const groups = [
    known.filter(({ mode }) => mode === "vjp"),
    ...known.filter(({ mode }) => mode === "jvp").map((test) => [test]),
  ];
  return groups.flatMap((tests) => {
    const faulty = wrong.filter(({ test }) => tests.includes(test));
    if (faulty.length === 0) return [];
    return new Reasoning(
      input,
      recordRules({ application, check, tests, faulty, nameOf, namesOf, writtenAt, isOpaque }),
    ).blames();
  });
}

/** Puts the rules right, one change after another. */
class Reasoning {
  readonly #input: ExplainInput;
  readonly #rules: RecordedRules;
  readonly #context: HypothesisContext;
  readonly #hypotheses: RuleHypotheses;
  #expression: Expression;
  /** Inner ones first, in the order of their making: nothing that the first is made of is known to be wrong. */
  #wrong: readonly Outcome[];
  #left = allowance;
  readonly #before: LikeBefore;
  /** What has been looked at, by label: once is enough. */
  readonly #done = new Set<string>();

  constructor(input: ExplainInput, rules: RecordedRules) {
    this.#input = input;
    this.#rules = rules;
    this.#before = new LikeBefore(input.definedAt);
    this.#expression = rules.expression;
    this.#wrong = this.#relevant(rules.wrong);
    const { expression, tests, worlds, sizes } = rules;
    this.#context = contextOf({ ...input, expression, tests, worlds, sizes });
    this.#hypotheses = new RuleHypotheses(rules, this.#context);
  }

  blames(): Blame[] {
    const found: PlacedBlame[] = this.#rules.oversized.map((each) =>
      blameForOversized(this.#rules, this.#expression, each),
    );
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#input.poll();
      const { target, again } = next;
      const { findings, nearest } = again ?? this.#explain(target);
      for (const finding of findings) {
        found.push(blameFor(this.#rules, this.#expression, finding));
        this.#before.note(this.#expression, finding.candidate, target);
      }
      if (findings.length === 0) {
        found.push(blameForUnknown(this.#rules, this.#expression, target, { finding: undefined, nearest }));
        this.#before.noteUnknown(this.#expression, target);
      }
      if (findings.length === 1) this.#correct(findings[0]!);
      else this.#giveUp(target);
      this.#done.add(target.label);
      this.#wrong = this.#stillWrong();
    }
    return told(found, this.#input.definedAt);
  }

  /** Where what has been found in one turn is found in another, that comes before what is written between the two. */
  #next(): { readonly target: Outcome; readonly again?: Explained } | undefined {
    const [first] = this.#wrong;
    const ofLine = this.#wrong.find((outcome) => this.#before.isOfLine(this.#expression, outcome));
    const again = ofLine === undefined || ofLine === first ? undefined : this.#again(ofLine);
    if (ofLine !== undefined && again !== undefined)
      return { target: ofLine, again: { findings: [again], nearest: again.runnerUp } };
    return first && { target: first };
  }

  /** One mistake, or two that only together make the outcome right; none where nothing that is tried fits. */
  #explain(outcome: Outcome): Explained {
    const again = this.#again(outcome);
    if (again !== undefined) return { findings: [again], nearest: again.runnerUp };
    if (this.#before.isHopeless(this.#expression, outcome)) return { findings: [], nearest: null };
    const narrow = this.#narrowPartOf(outcome);
    const found = narrow && this.#search(outcome, narrow);
    const { finding, nearest } = found?.finding === undefined ? this.#search(outcome) : found;
    const isInner = this.#rules.innerOf.has(outcome.label);
    if (finding !== undefined && (!isInner || isConvincing(finding, this.#rules)))
      return { findings: [this.#simpler(outcome, finding)], nearest };
    // What looks like a gradient by its name may be none: then only a rule made of it can be put right.
    const heir = isInner ? this.#heirOf(outcome) : undefined;
    const other = heir && this.#search(heir).finding;
    if (other !== undefined && other.fixes.length > (finding?.fixes.length ?? 0))
      return { findings: [other], nearest };
    if (finding !== undefined) return { findings: [finding], nearest };
    const within = this.#searchWide(outcome);
    if (within) return { findings: [within], nearest };
    return { findings: this.#searchPair(outcome), nearest };
  }

  /** The gradient at another value is right in its own way, and yet it may be what is wrong here. */
  #searchWide(outcome: Outcome): Finding | undefined {
    const wide = this.#partOf(outcome, { ...this.#rules, gradients: [] });
    if (wide.steps.length <= this.#partOf(outcome).steps.length) return undefined;
    return this.#search(outcome, wide).finding;
  }

  /** Something else for what is far-fetched. */
  #simpler(outcome: Outcome, finding: Finding): Finding {
    if (finding.candidate.rank < severalRank) return finding;
    const wide = this.#searchWide(outcome);
    const isBetter =
      wide !== undefined &&
      wide.candidate.rank < finding.candidate.rank &&
      wide.fixes.length >= finding.fixes.length;
    return isBetter ? wide : finding;
  }

  /** A mistake that has been found in another turn of a line. */
  #again(outcome: Outcome): Finding | undefined {
    const part = this.#expression.about([outcome]);
    const like = this.#before.among(part, this.#hypotheses.about(outcome, part, this.#expression));
    return like.length === 0 ? undefined : this.#searchIn(outcome, part, like).finding;
  }

  /** The first rule that is made of a value. */
  #heirOf({ node }: Outcome): Outcome | undefined {
    return this.#wrong.find((each) => this.#rules.testOf.has(each.label) && ancestorsOf(each.node).has(node));
  }

  /** The part of the expression that an outcome is made of, down to what is right. */
  #partOf(outcome: Outcome, rules = this.#rules): Expression {
    const cut = rightValues(rules, this.#expression, this.#wrong);
    return this.#expression.about([outcome], {
      cut,
      sharedUses: sharedUses(rules, this.#expression, this.#wrong, cut),
    });
  }

  /** Less of it, where it is known where in it the mistake is. */
  #narrowPartOf(outcome: Outcome): Expression | undefined {
    const part = this.#partOf(outcome);
    const aside = asideOf(this.#rules, part);
    if (aside.size === 0) return undefined;
    return part.about(part.outcomes, { cut: new Set([...part.cut, ...aside]), sharedUses: part.shared });
  }

  #search(outcome: Outcome, part = this.#partOf(outcome)): SearchResult {
    return this.#searchIn(outcome, part, this.#hypotheses.about(outcome, part, this.#expression));
  }

  #searchIn(outcome: Outcome, part: Expression, groups: readonly CandidateGroup[]): SearchResult {
    const whole = { expression: this.#judged(), wrong: this.#wrong };
    const isInner = this.#rules.innerOf.has(outcome.label);
    const isHarmless = (other: Outcome): boolean => isInner && this.#isByWayOfInner(other, outcome);
    return search(
      { ...this.#searchInput(part, 2), whole, isHarmless, isAlone: this.#isAlone(part, outcome) },
      groups,
    );
  }

  /** Without gradients that are wrong and that nothing is made of. */
  #judged(): Expression {
    const { innerOf } = this.#rules;
    const isJudged = (outcome: Outcome): boolean =>
      this.#wrong.includes(outcome) || !innerOf.has(outcome.label) || isRight(this.#expression, outcome);
    return this.#expression.about(this.#expression.outcomes.filter(isJudged));
  }

  /** Whether what is right is made of a wrong inner value, only by way of other inner ones where it is a rule: two mistakes made it right. */
  #isByWayOfInner({ node, label }: Outcome, { node: wrong }: Outcome): boolean {
    if (!ancestorsOf(node).has(wrong)) return false;
    const { innerOf } = this.#rules;
    if (innerOf.has(label)) return true;
    const inner = this.#expression.outcomes.filter((each) => innerOf.has(each.label) && each.node !== wrong);
    return !coneOf([node], new Set(inner.map((each) => each.node))).includes(wrong);
  }

  /** Inner values that are not what their names say, where no rule is wrong by way of them, are right in their own way. */
  #relevant(wrong: readonly Outcome[]): Outcome[] {
    const { innerOf } = this.#rules;
    const isInner = ({ label }: Outcome): boolean => innerOf.has(label);
    const wrongOnes = new Set(wrong.map(({ node }) => node));
    const rightInner = this.#expression.outcomes.filter((each) => isInner(each) && !wrongOnes.has(each.node));
    const rules = this.#expression.outcomes.filter(
      (each) => !isInner(each) && !this.#done.has(each.label) && !isRight(this.#expression, each),
    );
    const cone = new Set(
      coneOf(
        rules.map(({ node }) => node),
        new Set(rightInner.map(({ node }) => node)),
      ),
    );
    return wrong.filter((each) => !isInner(each) || cone.has(each.node));
  }

  /** Whether nothing else that is wrong is made of the same steps, but by way of the outcome. */
  #isAlone(part: Expression, outcome: Outcome): boolean {
    const others = this.#wrong.filter((other) => other !== outcome);
    const used = new Set(
      coneOf(
        others.map(({ node }) => node),
        new Set([outcome.node]),
      ),
    );
    const steps = new Set<Node>(part.steps);
    const isShared = (node: Node): boolean =>
      [...(part.shared.get(node) ?? [])].some((step) => !steps.has(step));
    if (part.steps.some(({ inputs }) => inputs.some(isShared))) return false;
    return !part.steps.some((step) => step !== outcome.node && used.has(step));
  }

  /** With a share of what is left of the allowance. */
  #searchInput(expression: Expression, binding: number): SearchInput {
    const steps = expression.steps.map((node) => ({ node, inputs: {}, output: node }));
    // Most candidates are refused at the first world, and most steps stay as they are.
    const own = perCandidate + 0.6 * costOf(steps);
    const recording = perStep * steps.length;
    // The simplest mistakes come first: where values are large, far-fetched ones are not worth the time.
    const cost = (own > dear ? dearness * own : own) + recording;
    const limit = Math.max(leastTried, Math.floor(Math.min(share, this.#left) / cost));
    const poll = (): void => {
      this.#left -= cost;
      this.#input.poll();
    };
    return { expression, wrong: expression.outcomes, binding, poll, limit };
  }

  /** Two simple mistakes in one outcome, which only together make it right at all values. */
  #searchPair(outcome: Outcome): Finding[] {
    const part = this.#partOf(outcome);
    const before = part.valueIn(0, outcome.node)?.data;
    for (const first of this.#firsts(outcome, part)) {
      if (this.#left <= 0) break;
      if (first.change.how !== "edit") continue;
      this.#input.poll();
      const changed = part.with(first.change.edit);
      const after = changed?.outcomes[0];
      if (changed === undefined || after === undefined) continue;
      // What changes nothing is no mistake; what is right already was refused for what it does to other rules.
      if (!differs(changed, after, before) || !differs(changed, after, outcome.truths[0])) continue;
      const context = narrowed(this.#context, this.#expression, changed);
      const { finding } = search(this.#searchInput(changed, changed.worlds), [
        { least: 0, candidates: simpleHypotheses(context) },
        {
          least: 6.9,
          candidates: first.isExact === true ? this.#hypotheses.parts(outcome, changed, after) : [],
        },
        { least: 12, candidates: tunedFactors(context, after) },
      ]);
      if (finding === undefined) continue;
      const both = { ...finding, fixes: [outcome], runnerUp: null, equal: undefined };
      return [{ ...both, candidate: first, scale: 1 }, both];
    }
    return [];
  }

  /** Whole contributions are few, so that they come first. */
  *#firsts(outcome: Outcome, part: Expression): Generator<Candidate> {
    for (const candidate of this.#hypotheses.parts(outcome, part))
      if (candidate.rank < severalRank) yield candidate;
    yield* simpleHypotheses(narrowed(this.#context, this.#expression, part));
  }

  /** Makes the change that has been found, and goes on with what is still wrong. */
  #correct({ candidate, fixes, scale }: Finding): void {
    const changed =
      candidate.change.how === "edit" && scale === 1
        ? this.#expression.with(candidate.change.edit)
        : undefined;
    if (changed !== undefined) this.#expression = changed;
    else for (const outcome of fixes) this.#giveUp(outcome);
  }

  /** What cannot be put right by a change of the expression is not looked at again. */
  #giveUp(outcome: Outcome): void {
    this.#repair(outcome);
    this.#done.add(outcome.label);
  }

  /** What is wrong now: what only inherited an error is right again, and what two mistakes made right is wrong where one is mended. */
  #stillWrong(): Outcome[] {
    const { wrong, innerOf } = this.#rules;
    const known = new Set(wrong.map(({ label }) => label));
    const isWrong = (outcome: Outcome): boolean =>
      !this.#done.has(outcome.label) && !isRight(this.#expression, outcome);
    const inner = this.#expression.outcomes.filter(
      (outcome) => innerOf.has(outcome.label) && isWrong(outcome),
    );
    const rules = this.#expression.outcomes.filter(
      (outcome) => !innerOf.has(outcome.label) && known.has(outcome.label) && isWrong(outcome),
    );
    return this.#relevant([...inner, ...rules]);
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

/** However little is left of the allowance. */
const leastTried = 150;

/** Whether a change that makes an inner value right is to be believed: it makes a rule right too, or is simple and fits at all values. */
function isConvincing({ fixes, candidate }: Finding, { testOf }: RecordedRules): boolean {
  return candidate.rank < simpleRank || fixes.some(({ label }) => testOf.has(label));
}

const simpleRank = 12;
/** Sums of contributions are far-fetched as one of two mistakes. */
const severalRank = 14.5;

/** Whether an outcome has another value than `other`. */
function differs(expression: Expression, { node }: Outcome, other: ArrayLike<number> | undefined): boolean {
  const value = expression.valueIn(0, node)?.data;
  return value !== undefined && other !== undefined && !(distance(value, other, 1) < 1e-6);
}
