/** The gradient check of a node: four answers compared at every leaf, and the rules that are to blame where they differ. */
import { elementCount, torchGenerator, type Tensor } from "../tensor";
import { isFault } from "../ops";
import { dependsOn, type Node } from "../graph";
import { Evaluator } from "../interpret";
import { Reverse } from "./measure/answers";
import { applicationsBelow, checkRules, type RulesOutcome } from "./blame/blame";
import { LeafChecker, type LeafCheck } from "./verdict/leaf-check";
import { entriesWithin } from "./measure/cost";
import { firstStep } from "./measure/differences";
import { Fields } from "./measure/fields";
import { Progress } from "./verdict/progress";
import { wrongOperators } from "./blame/operator-check";
import { taylorSlope, type Slope } from "./measure/slope";
import {
  defaultTolerance,
  worstVerdict,
  type GradcheckInput,
  type GradcheckOutcome,
  type Kink,
  type LeafOutcome,
  type SlopeOutcome,
} from "./outcome";

/** Milliseconds that comparing every entry may take by default. */
const budget = 100;

/** Compares everything in float64 at the values as they are; draws and what `stop_gradient` gives stay as they are. */
export function gradcheck(input: GradcheckInput): GradcheckOutcome {
  const { graph, root, truth = root } = input;
  const evaluator = new Evaluator({ float: "float64" });
  const value = evaluator.evaluate(root);
  if (isFault(value)) return undecided(input, `it has no value: ${value.fault.message}`);
  const held = evaluator.evaluate(truth);
  if (isFault(held)) return undecided(input, `it has no value: ${held.fault.message}`);
  const notFinite = value.data.findIndex((x) => !Number.isFinite(x));
  if (notFinite >= 0) return undecided(input, `its value is ${String(value.data[notFinite])}`);
  // Whatever derivatives need is made of values that exist; a fault in them is our own bug.
  const base = (node: Node): Tensor => {
    const found = evaluator.evaluate(node);
    if (isFault(found)) throw new Error(`${found.fault.message} in a derivative`);
    return found;
  };
  // Before rules record applications of their own.
  const applications = applicationsBelow(graph, root);
  const cotangents = cotangentsOf(root);
  const reverse = new Reverse(graph, base, { root, truth }, cotangents);
  const tolerance = input.tolerance ?? defaultTolerance;
  const progress = new Progress(input.poll);
  const leafNodes = input.leaves.map(({ node }) => node);
  const { threads } = input;
  const fields = new Fields({ base, root: truth, leaves: leafNodes, cotangents, moves: firstStep, threads });
  const poll = progress.stay;
  const context = { graph, base, root, truth, cotangents, reverse, fields, tolerance, threads, poll };
  const checkers = input.leaves.map((leaf) => new LeafChecker(context, leaf));
  const checks = checkLeaves(checkers, input.effort, progress);
  const slopeOf = (chosen: readonly LeafChecker[]): Slope | null => {
    const leaves = chosen.flatMap(({ node, gradient }) =>
      gradient === undefined ? [] : [{ node, gradient }],
    );
    if (leaves.length === 0) return null;
    return taylorSlope({ base, root: truth, cotangent: cotangents[0]!, leaves, poll });
  };
  const rules = checkRules({ input, base, tolerance, applications, poll });
  const judged = checks.map((check, i) => {
    const known = check.excused ? sloped(check, checkers[i]!, slopeOf([checkers[i]!])) : check;
    return beyondSteps(known, leafNodes[i]!, rules);
  });
  const isUnexplained =
    rules.blame.length === 0 && judged.some(({ outcome }) => outcome.verdict === "failed");
  const blame = isUnexplained
    ? wrongOperators({ base, root, leaves: leafNodes, nameOf: (node) => input.nameOf?.(node), poll })
    : rules.blame;
  const still = input.leaves.filter(({ node }) => reverse.isStructuralZero(node)).map(({ name }) => name);
  return summarised(judged, { ...rules, blame }, slopeOf(independent(checkers)), still);
}

/**
 * An absolute tolerance excuses a difference, but not a gradient whose remainder falls as that of a wrong one, where a careful
 * difference along the same way is another one too: beyond a function's scale remainders fall with slope 1 as well.
 */
function sloped(check: LeafCheck, checker: LeafChecker, slope: Slope | null): LeafCheck {
  if (slope?.isWrong !== true || check.outcome.verdict !== "passed") return check;
  if (!checker.contradicts(slope.directions[0]!)) return check;
  const reason = "the differences are below the absolute tolerance, but the remainder falls with slope 1";
  return { ...check, outcome: { ...check.outcome, verdict: "failed", reason } };
}

/** A leaf that a rule reaches which stands in for steps: differences see the steps, and are no judge. */
function beyondSteps(check: LeafCheck, leaf: Node, { standIns }: RulesOutcome): LeafCheck {
  if (check.outcome.verdict !== "failed") return check;
  const found = standIns.find(({ test }) => dependsOn(test.input, leaf));
  if (found === undefined) return check;
  const { application, test } = found;
  const reason = `\`${test.rule}\` of \`${application.name}\` stands in for a derivative that is zero, since the result changes in steps alone; differences cannot judge it`;
  return { ...check, outcome: { ...check.outcome, verdict: "undecided", reason } };
}

/** Leaves that are not made of other leaves, so that they move independently. */
function independent(checkers: readonly LeafChecker[]): LeafChecker[] {
  return checkers.filter(
    ({ node }) => !checkers.some((other) => other.node !== node && dependsOn(node, other.node)),
  );
}

/** One for a root of one element; else random ones: cotangents of ones hide transposed rules. */
function cotangentsOf(root: Node): Float64Array[] {
  if (elementCount(root.shape) === 1) return [Float64Array.of(1)];
  const draw = torchGenerator(2);
  return [0, 1].map(() => Float64Array.from(draw.randn([elementCount(root.shape)], "float64").data));
}

function checkLeaves(
  checkers: readonly LeafChecker[],
  effort: GradcheckInput["effort"],
  progress: Progress,
): LeafCheck[] {
  const share = budget / Math.max(1, checkers.length);
  const counts = checkers.map((checker) =>
    effort === "full" ? checker.entries : affordable(checker, share),
  );
  progress.plan(counts.reduce((sum, count) => sum + count, 0));
  return checkers.map((checker, i) => checker.check(counts[i]!, progress));
}

/** All entries where that is cheap, else as many as are, and a few even where they are dear. */
function affordable({ entries, cost, costOfAll }: LeafChecker, share: number): number {
  if (entries === 0 || costOfAll <= share) return entries;
  const cheap = entriesWithin(share, cost);
  if (cheap >= entries) return entries;
  return Math.min(
    entries,
    Math.max(cheap, leastSample, Math.min(sampleSize, Math.floor((10 * share) / cost.replay))),
  );
}

const sampleSize = 24;
const leastSample = 2;

function summarised(
  checks: readonly LeafCheck[],
  { adjoint, blame }: RulesOutcome,
  slope: Slope | null,
  still: readonly string[],
): GradcheckOutcome {
  const leaves = checks.map(({ outcome }) => outcome);
  const verdicts = leaves.map((leaf) => leaf.verdict);
  // A wrong rule is wrong even where it does not reach these leaves at these values.
  const verdict = worstVerdict(blame.length > 0 ? [...verdicts, "failed"] : verdicts);
  return {
    verdict,
    reason: reasonOf(verdict, checks, still),
    entries: leaves.reduce((sum, { entries }) => sum + entries, 0),
    worstError: leaves.reduce((worst, { worstError }) => (worstError <= worst ? worst : worstError), 0),
    leaves,
    adjoint,
    slope: slope === null ? null : told(slope),
    kinks: distinct(checks.flatMap(({ kinks }) => kinks)),
    blame,
  };
}

function told({ value, steps, remainders, chosen, rounding }: Slope): SlopeOutcome {
  return { value, steps, remainders, chosen, rounding };
}

function reasonOf(
  verdict: LeafOutcome["verdict"],
  checks: readonly LeafCheck[],
  still: readonly string[],
): string | null {
  const parts = checks.flatMap(({ outcome }) =>
    outcome.verdict === verdict && outcome.reason !== null ? [`${outcome.name}: ${outcome.reason}`] : [],
  );
  const sampled = checks.filter(({ sampledFrom }) => sampledFrom !== undefined);
  if (sampled.length > 0) {
    const of = checks.reduce((sum, { outcome, sampledFrom }) => sum + (sampledFrom ?? outcome.entries), 0);
    const entries = checks.reduce((sum, { outcome }) => sum + outcome.entries, 0);
    parts.push(`${entries} of ${of} entries and random directions were compared with differences`);
  }
  if (still.length > 0)
    parts.push(
      `zeros are structural at ${still.join(", ")}: nothing that counts depends on ${still.length === 1 ? "it" : "them"}`,
    );
  return parts.length === 0 ? null : parts.join("; ");
}

function distinct(kinks: readonly Kink[]): Kink[] {
  const known = new Map<string, Kink>();
  for (const kink of kinks) known.set(`${kink.node.id} ${kink.index.join(" ")}`, kink);
  return [...known.values()];
}

function undecided({ leaves }: GradcheckInput, reason: string): GradcheckOutcome {
  const nothing = { verdict: "undecided", reason, entries: 0, worstError: 0 } as const;
  return {
    ...nothing,
    leaves: leaves.map(({ name }) => ({ ...nothing, name, worst: null })),
    adjoint: [],
    slope: null,
    kinks: [],
    blame: [],
  };
}
