/** Every hand rule below a root, each held against autodiff of its own body: what is wrong, and why. */
import { type Tensor } from "../../tensor";
import { dependsOn, type Application, type Graph, type Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { explainRules } from "./explain-rules";
import type { Blame, BlamedPlace, GradcheckInput, GradcheckOutcome, Tolerance } from "../outcome";
import { ApplicationCheck, type RuleTest, type WrongRule } from "./rule-check";
import { isSameOrigin, withPlaces } from "./telling";

export interface RulesInput {
  readonly input: GradcheckInput;
  readonly base: (node: Node) => Tensor;
  readonly tolerance: Tolerance;
  readonly applications: readonly Application[];
  readonly poll: () => void;
}

export interface RulesOutcome extends Pick<GradcheckOutcome, "adjoint" | "blame"> {
  /** Rules that stand in for derivatives that are zero in steps. */
  readonly standIns: readonly { readonly application: Application; readonly test: RuleTest }[];
}

/** The applications whose results the root is made of, those nearest to it first. */
export function applicationsBelow(graph: Graph, root: Node): Application[] {
  const below = new Set<Node>(coneOf([root]));
  return graph.applications
    .filter(({ result }) => below.has(result))
    .sort((a, b) => b.result.id - a.result.id);
}

export function checkRules({ input, base, tolerance, applications, poll }: RulesInput): RulesOutcome {
  const adjoint: GradcheckOutcome["adjoint"][number][] = [];
  const standIns: RulesOutcome["standIns"][number][] = [];
  const blame = new Blamed();
  for (const application of applications) {
    if (application.vjp.size + application.jvp.size === 0) continue;
    poll();
    const { check, adjoint: rows, allWrong } = judged(input.graph, base, tolerance, application);
    for (const row of rows) adjoint.push({ application, ...row });
    for (const test of check.standIns()) standIns.push({ application, test });
    const wrong = blame.unknownOf(application, allWrong);
    if (wrong.length === 0) continue;
    const blames = explainedRules({ input, base, tolerance, applications, poll }, application, wrong);
    blame.add(application, wrong, blames);
  }
  return { adjoint, blame: blame.all(), standIns };
}

/** The blames of vjp rules by way of which the root's gradient comes to a leaf, each with the rule that is nearest to the leaf. */
export function blamesOf(rules: RulesInput, leaf: Node): Blame[] {
  const { input, base, tolerance, applications } = rules;
  const found = new Map<Blame, Blame>();
  for (const application of applications) {
    if (application.vjp.size === 0) continue;
    const { allWrong } = judged(input.graph, base, tolerance, application);
    const onWay = allWrong.filter(({ test }) => test.mode === "vjp" && dependsOn(test.input, leaf));
    if (onWay.length === 0) continue;
    const blames = explainedRules(rules, application, allWrong).filter(({ rule }) => rule.startsWith("vjp"));
    const isReached = ({ rule, node, value }: Blame): boolean =>
      onWay.some(({ test }) =>
        value === undefined
          ? test.rule === rule
          : (test.answers ?? []).some((answer) => dependsOn(answer, node)),
      );
    const reached = blames.filter(isReached);
    const [{ test }] = onWay as [WrongRule];
    for (const blame of reached.length > 0 ? reached : blames.slice(0, 1))
      if (![...found.keys()].some((other) => isSamePlace(other, blame)))
        found.set(blame, { ...blame, rule: test.rule });
  }
  return [...found.values()];
}

/** Whether two applications of one op are blamed for one line. */
function isSamePlace(a: Blame, b: Blame): boolean {
  return (
    a.application?.name === b.application?.name &&
    a.rule === b.rule &&
    a.value === b.value &&
    a.explanation.message === b.explanation.message
  );
}

/** The blames for wrong rules of an application; they are looked for once. */
function explainedRules(
  { input, base, tolerance, applications, poll }: RulesInput,
  application: Application,
  wrong: readonly WrongRule[],
): readonly Blame[] {
  const { check, explained } = judged(input.graph, base, tolerance, application);
  const key = wrong.map(({ test }) => `${test.mode} ${test.rule}`).join();
  const inner = applications.filter((other) => other !== application && isInside(other, application));
  const nameOf = (node: Node): string | undefined => input.nameOf?.(node);
  const { namesOf, writtenAt, definedAt } = input;
  const blames =
    explained.get(key) ??
    explainRules({ application, check, wrong, inner, nameOf, namesOf, writtenAt, definedAt, poll });
  explained.set(key, blames);
  return blames;
}

/** What is known of an application's rules: whatever gradcheck meets them, they are the same, and so are the values in the graph. */
interface JudgedRules {
  readonly check: ApplicationCheck;
  readonly tolerance: Tolerance;
  readonly adjoint: ReturnType<ApplicationCheck["adjoint"]>;
  readonly allWrong: readonly WrongRule[];
  /** By the wrong rules that were explained. */
  readonly explained: Map<string, readonly Blame[]>;
}

const known = new WeakMap<Application, JudgedRules>();

function judged(
  graph: Graph,
  base: RulesInput["base"],
  tolerance: Tolerance,
  application: Application,
): JudgedRules {
  const before = known.get(application);
  if (before?.tolerance.absolute === tolerance.absolute && before.tolerance.relative === tolerance.relative)
    return before;
  const check = new ApplicationCheck({ graph, base, tolerance }, application);
  const found = {
    check,
    tolerance,
    adjoint: check.adjoint(),
    allWrong: check.wrong(),
    explained: new Map<string, readonly Blame[]>(),
  };
  known.set(application, found);
  return found;
}

/** A blame, and where else the same rule is wrong. */
interface Told {
  blame: Blame;
  readonly places: BlamedPlace[];
}

/** Rules are wrong wherever they are applied: one is explained where it is met first, nearest to the root, and placed everywhere. */
class Blamed {
  readonly #told: Told[] = [];
  readonly #known: (Rule & { readonly entry: Told; tries: number })[] = [];

  /** The wrong rules of an application about which there is more to find out. */
  unknownOf(application: Application, wrong: readonly WrongRule[]): WrongRule[] {
    return wrong.filter(({ test, index }) => {
      const known = this.#known.find((other) => isSameRule(other, { test, application }));
      if (known === undefined) return true;
      const isOpen = known.entry.blame.explanation.kind === "unknown" && known.tries < mostTries;
      if (!isOpen) known.entry.places.push({ application, rule: test.rule, node: test.input, index });
      return isOpen;
    });
  }

  add(application: Application, wrong: readonly WrongRule[], blames: readonly Blame[]): void {
    const entries = new Map(blames.map((blame) => [blame, this.#entryOf(application, wrong, blame)]));
    for (const { test } of wrong) {
      const rule = { test, application };
      const own = blames.find((blame) => blame.rule === test.rule) ?? blames[0];
      const entry = own && entries.get(own);
      const known = this.#known.find((other) => isSameRule(other, rule));
      if (known !== undefined) known.tries++;
      else if (entry !== undefined) this.#known.push({ ...rule, entry, tries: 1 });
    }
  }

  /** What could not be explained before is said once: with the explanation, where one is found. */
  #entryOf(application: Application, wrong: readonly WrongRule[], blame: Blame): Told {
    const test = wrong.find((each) => each.test.rule === blame.rule)?.test;
    const before = test && this.#known.find((other) => isSameRule(other, { test, application }))?.entry;
    if (before?.blame.explanation.kind !== "unknown") {
      const entry = { blame, places: [] };
      this.#told.push(entry);
      return entry;
    }
    const [kept, place] =
      blame.explanation.kind === "unknown" ? [before.blame, blame] : [blame, before.blame];
    before.blame = kept;
    const { explanation: _, also = [], ...own } = place;
    before.places.push(own, ...also);
    return before;
  }

  all(): Blame[] {
    return this.#told.map(({ blame, places }) => withPlaces(blame, places));
  }
}

/** Applications in which a rule is looked at that nothing explains. */
const mostTries = 2;

interface Rule {
  readonly test: RuleTest;
  readonly application: Application;
}

/** Whether two applications have one rule, as it is written. */
function isSameRule(a: Rule, b: Rule): boolean {
  if (a.application.name !== b.application.name || a.test.mode !== b.test.mode) return false;
  const [one, other] = [originOf(a), originOf(b)];
  return one !== undefined && isSameOrigin(one, other);
}

function originOf({ test, application }: Rule): unknown {
  return application.ruleOrigins?.get(test.rule.split(", ")[0]!);
}

function isInside(inner: Application, outer: Application): boolean {
  return inner.first >= outer.first && inner.end <= outer.end;
}
