/**
 * Why the rules of one application are wrong: the fewest changes of what they compute that make all of them right, each with
 * the place where it is, from the root backwards. Owns the order of reasoning; hypotheses and their judgement are elsewhere.
 */
import { elementCount, isFloat } from "../tensor";
import type { Application, Node } from "../graph";
import { unravel } from "./branches";
import type { Candidate } from "./candidate";
import { costOf } from "./cost";
import { Expression, type Outcome, type Place } from "./expression";
import { hypotheses, rounded, simpleHypotheses, tunedFactors } from "./hypotheses";
import type { Blame, Explanation } from "./outcome";
import { innerPartCandidates, onesCandidate, onesIn, partCandidates } from "./part-candidates";
import { answerOf, truthOf, type ApplicationCheck, type RuleTest, type WrongRule } from "./rule-check";
import { describedBy, namesIn, type Naming } from "./naming";
import { contextOf, type ContextInput } from "./rule-scope";
import { distance, scaleTo, search, type Finding, type SearchResult } from "./search";
import type { World } from "./worlds";

export interface ExplainInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly wrong: readonly WrongRule[];
  /** Applications inside of this one. */
  readonly inner: readonly Application[];
  readonly nameOf: (node: Node) => string | undefined;
  readonly poll: () => void;
}

/** Milliseconds that the search for one explanation may take, by estimate. */
const allowance = 3000;

export function explainRules(input: ExplainInput): Blame[] {
  const { check, wrong } = input;
  const reverse = check.tests.filter(({ mode, answers }) => mode === "vjp" && answers !== undefined);
  const groups = [reverse, ...check.tests.filter(({ mode }) => mode === "jvp").map((test) => [test])];
  return groups.flatMap((tests) => {
    const faulty = wrong.filter(({ test }) => tests.includes(test));
    return faulty.length === 0 ? [] : new RuleReasoning(input, tests, faulty).blames();
  });
}

class RuleReasoning {
  readonly #input: ExplainInput;
  readonly #tests: readonly RuleTest[];
  readonly #faulty: readonly WrongRule[];
  readonly #worlds: readonly World[];
  readonly #textOf: Naming;
  #expression: Expression;
  #wrong: Outcome[];
  readonly #testOf = new Map<string, RuleTest>();
  /** Inner values that stand for a gradient, by label. */
  readonly #innerOf = new Map<string, Node>();

  constructor(input: ExplainInput, tests: readonly RuleTest[], faulty: readonly WrongRule[]) {
    this.#input = input;
    this.#tests = tests;
    this.#faulty = faulty;
    const { application, check } = input;
    const kind = faulty[0]!.kind;
    const worlds = [check.world(kind, 0), check.world(kind, 1), check.world("varied", 0)];
    const finite = (world: World): boolean =>
      tests.every((test) => truthOf(test, world, application).every(Number.isFinite));
    this.#worlds = worlds.filter((world) => world.kind !== "varied" || finite(world));
    this.#textOf = describedBy(namesIn(input));
    for (const test of tests) this.#testOf.set(test.rule, test);
    this.#expression = this.#record();
    this.#wrong = this.#expression.outcomes.filter(({ label }) =>
      faulty.some(({ test }) => test.rule === label),
    );
    this.#addInnerOutcomes();
  }

  blames(): Blame[] {
    const found: (Blame & { readonly position: number })[] = [];
    while (this.#wrong.length > 0) {
      this.#input.poll();
      const result = this.#search();
      if (result.finding !== undefined) found.push(this.#blame(result.finding));
      else {
        const pair = this.#searchPairs();
        if (pair.length > 0) found.push(...pair);
        else found.push(this.#unknown(result));
      }
    }
    return found.sort((a, b) => a.position - b.position);
  }

  #record(): Expression {
    const { check, application } = this.#input;
    const inputs = new Set<Node>(application.inputs.values());
    return Expression.of({
      outcomes: this.#tests.map((test) => ({
        label: test.rule,
        nodes: test.answers!,
        truths: this.#worlds.map((world) => truthOf(test, world, application)),
      })),
      isGiven: (node) => inputs.has(node) || check.body.copyOf(node) !== undefined,
      // Statements of the body are written once; a rule's own expression is its own, though the graph may record equal ones once.
      isShared: (node) => node.id < application.end,
      worlds: this.#worlds.map(({ original }) => original),
      nameOf: this.#textOf,
      stepNameOf: namesIn(this.#input),
    });
  }

  /**
   * Named values like `dz[2]` that stand for the gradient at `z[2]`: where they are wrong and no right rule uses them, they are
   * outcomes too, so that a mistake is found where it is made.
   */
  #addInnerOutcomes(): void {
    const { check, application, nameOf } = this.#input;
    if (application.kind !== "net" || elementCount(application.result.shape) !== 1) return;
    const named = namesIn(this.#input);
    const bodyByName = new Map<string, Node>();
    for (const [original] of check.body.copied) {
      const name = named(original);
      if (name !== undefined && isFloat(original.dtype)) bodyByName.set(name, original);
    }
    const right = this.#expression.outcomes.filter((outcome) => !this.#wrong.includes(outcome));
    const usedByRight = new Set(right.flatMap(({ node }) => [...ancestors(node)]));
    const atOnes = this.#worlds.map((world) => onesIn(check, world));
    const inner: Outcome[] = [];
    for (const step of this.#expression.steps) {
      const original = this.#expression.originalOf(step);
      if (original === undefined || nameOf(original) === undefined || usedByRight.has(step)) continue;
      const label = named(original)!;
      const at = gradientNames(label).flatMap((name) => bodyByName.get(name) ?? [])[0];
      const gradient = at && check.body.gradient(at);
      if (at === undefined || gradient === undefined || !isShape(at, step)) continue;
      const truths = atOnes.map((values) => Float64Array.from(values(gradient).data));
      const outcome = { label, node: step, truths };
      inner.push(outcome);
      this.#innerOf.set(label, at);
    }
    const off = inner.filter((outcome) => !this.#isRight(outcome));
    this.#expression = this.#expression.about([...this.#expression.outcomes, ...inner]);
    this.#wrong = [...off, ...this.#wrong];
  }

  #isRight({ node, truths }: Outcome): boolean {
    const value = this.#expression.valueIn(0, node);
    return value !== undefined && distance(value.data, truths[0]!, 1) < 1e-6;
  }

  #context(): ContextInput {
    const { application, check, nameOf, inner } = this.#input;
    return {
      application,
      check,
      nameOf,
      inner,
      expression: this.#expression,
      tests: this.#tests,
      worlds: this.#worlds,
    };
  }

  #search(): SearchResult {
    const context = contextOf(this.#context());
    const wrong = this.#wrong;
    const tuned = wrong.flatMap((outcome) => [...tunedFactors(context, outcome)]);
    const candidates = [...hypotheses(context, this.#estimates()), ...tuned, ...this.#parts(wrong)];
    return search(
      { expression: this.#expression, wrong, binding: 2, poll: this.#input.poll, limit: this.#limit() },
      candidates,
    );
  }

  *#parts(wrong: readonly Outcome[]): Generator<Candidate> {
    const context = {
      check: this.#input.check,
      expression: this.#expression,
      worlds: this.#worlds,
      textOf: this.#textOf,
      isNamed: (node: Node) => namesIn(this.#input)(node) !== undefined,
    };
    for (const outcome of wrong) {
      const test = this.#testOf.get(outcome.label);
      const inner = this.#innerOf.get(outcome.label);
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
      const scale = value === undefined ? NaN : scaleTo(value.data, truths[0]!);
      return value !== undefined && distance(value.data, truths[0]!, scale) < 1e-5
        ? [rounded(scale, 2e-6)]
        : [];
    });
  }

  #limit(): number {
    const steps = this.#expression.steps.map((node) => ({ node, inputs: {}, output: node }));
    return Math.max(100, Math.floor(allowance / (0.03 + this.#worlds.length * costOf(steps))));
  }

  #searchPairs(): (Blame & { position: number })[] {
    const [outcome] = this.#wrong;
    if (outcome === undefined) return [];
    const narrow = this.#expression.about([outcome]);
    const context = contextOf({ ...this.#context(), expression: narrow });
    let limit = this.#limit();
    for (const first of simpleHypotheses(context)) {
      if (first.change.how !== "edit" || limit <= 0) continue;
      this.#input.poll();
      const changed = narrow.with(first.change.edit);
      const [after] = changed?.outcomes ?? [];
      if (changed === undefined || after === undefined) continue;
      // What changes nothing is no mistake; what is right already was refused for what it does to other rules.
      if (!this.#differs(after, this.#expression.valueIn(0, outcome.node)?.data)) continue;
      if (!this.#differs(after, outcome.truths[0])) continue;
      const candidates = [...simpleHypotheses(contextOf({ ...this.#context(), expression: changed }))];
      limit -= candidates.length;
      const { finding } = search(
        {
          expression: changed,
          wrong: [after],
          binding: this.#worlds.length,
          poll: this.#input.poll,
          limit: candidates.length,
        },
        candidates,
      );
      if (finding === undefined || finding.scale !== 1) continue;
      const made = { fit: finding.fit, runnerUp: null, equal: undefined, scale: 1, fixes: [outcome] };
      this.#wrong = this.#wrong.filter((other) => other !== outcome);
      return [
        this.#blameOf({ ...made, candidate: first }, [outcome]),
        this.#blameOf({ ...made, candidate: finding.candidate }, [outcome]),
      ];
    }
    return [];
  }

  /** Whether an outcome has another value than `other`. */
  #differs({ node }: Outcome, other: ArrayLike<number> | undefined): boolean {
    const value = this.#expression.valueIn(0, node)?.data;
    return value !== undefined && other !== undefined && !(distance(value, other, 1) < 1e-6);
  }

  #blame(finding: Finding): Blame & { position: number } {
    const { candidate, fixes, scale } = finding;
    const blame = this.#blameOf(finding, fixes);
    const fixed = new Set(fixes.map(({ label }) => label));
    const labels = this.#wrong.map(({ label }) => label);
    if (candidate.change.how === "edit" && scale === 1) {
      const changed = this.#expression.with(candidate.change.edit);
      if (changed !== undefined) this.#expression = changed;
    } else this.#repair(fixes);
    this.#wrong = this.#expression.outcomes.filter(
      ({ label }) => labels.includes(label) && !fixed.has(label),
    );
    return blame;
  }

  /** Puts the truth in the place of outcomes, so that what is made of them can be looked at by itself. */
  #repair(outcomes: readonly Outcome[]): void {
    for (const { label, truths, node } of outcomes) {
      if (!this.#innerOf.has(label)) continue;
      const values = truths.map((data) => ({ dtype: "float64" as const, shape: node.shape, data }));
      const source = this.#expression.source(label, values);
      const changed = this.#expression.with({ place: { kind: "node", node }, make: () => source });
      if (changed !== undefined) this.#expression = changed;
    }
  }

  #unknown({ nearest }: SearchResult): Blame & { position: number } {
    const outcome = this.#wrong[0]!;
    this.#repair([outcome]);
    const labels = this.#wrong.slice(1).map(({ label }) => label);
    this.#wrong = this.#expression.outcomes.filter(({ label }) => labels.includes(label));
    const explanation: Explanation = {
      kind: "unknown",
      factor: null,
      expression: null,
      fit: nearest?.fit ?? Infinity,
      runnerUp: nearest,
      message: `${outcome.label}: no known mistake fits; ${this.#ratios(outcome)}`,
    };
    // With an inner value repaired, what only inherited its error is right again.
    this.#wrong = this.#wrong.filter((other) => !this.#isRight(other));
    return this.#located(outcome, [outcome], undefined, explanation);
  }

  #ratios({ node, truths }: Outcome): string {
    const value = this.#expression.valueIn(0, node);
    const truth = truths[0]!;
    const ratios = Array.from(truth, (t, i) => (value?.data[i] ?? NaN) / t).filter(Number.isFinite);
    if (ratios.length === 0) return "there is no ratio to the derivative of the body";
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
    return `it is between ${least.toPrecision(3)} and ${most.toPrecision(3)} times the derivative of the body`;
  }

  #blameOf(
    finding: Omit<Finding, "runnerUp"> & Pick<Finding, "runnerUp">,
    fixes: readonly Outcome[],
  ): Blame & { position: number } {
    const { candidate, fit, runnerUp, equal, scale } = finding;
    const owner = this.#ownerOf(candidate, fixes);
    const rules = this.#inheriting(fixes);
    const nearest = rules[0] ?? fixes[0]!;
    const place = owner === undefined ? nearest.label : `\`${owner.label}\``;
    const first = owner === undefined ? "" : " is the first value that is wrong";
    const also =
      scale === 1 ? "" : `, and the factor ${String(Number(scale.toPrecision(6)))} is missing as well`;
    const heirs = owner === undefined ? rules.slice(1) : rules;
    const inherit =
      heirs.length === 0
        ? ""
        : `; ${heirs.map(({ label }) => label).join(", ")} only ${heirs.length === 1 ? "inherits" : "inherit"} it`;
    const alike = equal === undefined ? "" : `. As well it could be: ${equal.message}`;
    const explanation: Explanation = {
      kind: candidate.kind,
      factor:
        candidate.factor !== null && isWhole(candidate) ? candidate.factor * scale : this.#factorOf(nearest),
      expression: candidate.expression,
      fit,
      runnerUp,
      message: `${place}${first}: ${candidate.message}${also}${inherit}${alike}`,
    };
    return this.#located(nearest, fixes, owner?.node, explanation);
  }

  #located(
    outcome: Outcome,
    fixes: readonly Outcome[],
    owner: Node | undefined,
    explanation: Explanation,
  ): Blame & { position: number } {
    const { application } = this.#input;
    const inner = this.#innerOf.has(outcome.label) ? this.#expression.originalOf(outcome.node) : undefined;
    const heir = this.#testOf.has(outcome.label) ? outcome : (this.#heirOf(outcome) ?? fixes[0]!);
    const wrong = this.#faulty.find(({ test }) => test.rule === heir.label) ?? this.#faulty[0]!;
    const node = owner ?? inner ?? wrong.test.input;
    const index =
      node === wrong.test.input ? wrong.index : (this.#worstIndex(node) ?? unravel(0, node.shape));
    // Inner values in the order of their making, then rules from those whose input is used last, nearest to the root.
    const position = node === wrong.test.input ? 1e12 - this.#lastUse(node) : node.id;
    return { application, rule: wrong.test.rule, node, index, explanation, position };
  }

  #lastUse(input: Node): number {
    let last = 0;
    for (const [original] of this.#input.check.body.copied)
      if ((original.inputs as readonly Node[]).includes(input)) last = Math.max(last, original.id);
    return last;
  }

  /** The named value whose expression a change is in; undefined where it is in the rule itself. */
  #ownerOf(
    { change }: Candidate,
    fixes: readonly Outcome[],
  ): { readonly node: Node; readonly label: string } | undefined {
    const inner = fixes.find(({ label }) => this.#innerOf.has(label));
    const start = change.how === "edit" ? startOf(change.edit.place) : inner?.node;
    if (start === undefined || this.#input.application.kind !== "net") return undefined;
    const named = namesIn(this.#input);
    const reached = new Set<Node>([start]);
    for (const step of [start, ...this.#expression.steps]) {
      if (step !== start && (step.id < start.id || !step.inputs.some((input) => reached.has(input))))
        continue;
      reached.add(step);
      const original = this.#expression.originalOf(step);
      const label =
        original && this.#input.nameOf(original) === undefined ? undefined : original && named(original);
      if (original !== undefined && label !== undefined && step.kind === "apply")
        return { node: original, label };
    }
    return undefined;
  }

  /** The wrong rules among what is fixed, nearest first: those whose expression has the fewest steps. */
  #inheriting(fixes: readonly Outcome[]): Outcome[] {
    const size = ({ node }: Outcome): number => ancestors(node).size;
    return fixes.filter(({ label }) => this.#testOf.has(label)).sort((a, b) => size(a) - size(b));
  }

  #heirOf(inner: Outcome): Outcome | undefined {
    return this.#expression.outcomes.find(
      ({ node, label }) => this.#testOf.has(label) && ancestors(node).has(inner.node),
    );
  }

  /** The element at which an inner value is furthest from the gradient that it stands for. */
  #worstIndex(original: Node): number[] | undefined {
    const outcome = this.#expression.outcomes.find(
      ({ node }) => this.#expression.originalOf(node) === original,
    );
    if (outcome === undefined) return undefined;
    const before = this.#worlds[0]!.original(original).data;
    const truth = outcome.truths[0]!;
    let worst = 0;
    truth.forEach((x, i) => {
      if (Math.abs(x - before[i]!) > Math.abs(truth[worst]! - before[worst]!)) worst = i;
    });
    return unravel(worst, original.shape);
  }

  /** The constant that the rule as written is off by, if it is one. */
  #factorOf({ label }: Outcome): number | null {
    const test = this.#testOf.get(label);
    if (test === undefined) return null;
    const [first, second] = this.#worlds.slice(0, 2).map((world) => {
      const answer = answerOf(test, world);
      const truth = truthOf(test, world, this.#input.application);
      const scale = scaleTo(answer, truth);
      return distance(answer, truth, scale) < 1e-6 ? scale : NaN;
    });
    return Math.abs(first! - second!) < 1e-6 * Math.abs(first!) ? first! : null;
  }
}

/** A factor at the result holds for the rule as a whole. */
function isWhole({ rank }: Candidate): boolean {
  return rank < 3;
}

/** The step whose operands or value a change is at; the last of several. */
function startOf(place: Place): Node {
  switch (place.kind) {
    case "use":
      return place.consumer;
    case "node":
    case "instead":
      return place.node;
    case "within":
      return (
        [...place.steps].filter(({ inputs }) => (inputs as readonly Node[]).includes(place.node)).at(-1) ??
        place.node
      );
  }
}

/** What a name like dz[2], δ_z[2], grad_z[2] or z_bar is the gradient at. */
function gradientNames(name: string): string[] {
  const names: string[] = [];
  for (const prefix of ["d_", "d", "delta_", "delta", "δ_", "δ", "grad_", "grad", "g_", "g", "∂"])
    if (name.startsWith(prefix) && name.length > prefix.length) names.push(name.slice(prefix.length));
  const suffixed = /^(.*?)_?(?:bar|grad|delta)((?:\[.*\])?)$/u.exec(name);
  if (suffixed !== null) names.push(`${suffixed[1]!}${suffixed[2]!}`);
  return names;
}

function ancestors(node: Node): Set<Node> {
  const reached = new Set<Node>([node]);
  for (const each of reached) for (const input of each.inputs) reached.add(input);
  return reached;
}

function isShape(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
