/** What has been found wrong with rules, told: where it is, which rules only inherit it, and in which order the error spreads. */
import type { Node } from "../../graph";
import { unravel } from "../measure/branches";
import { extentOf } from "../measure/extent";
import type { Candidate } from "../explain/candidate";
import type { Expression, Outcome, Place } from "../explain/expression";
import type { Correction } from "../correction";
import { factorMessage, type Sizes } from "../explain/sizes";
import { scaledBy } from "../explain/structural-candidates";
import type { Explanation } from "../outcome";
import { answerOf, truthOf } from "./rule-check";
import { ancestorsOf, isRight, type RecordedRules } from "./rule-expression";
import { quotedStep, tidied } from "../explain/quotes";
import { distance, scaleTo, type Finding, type SearchResult } from "../explain/search";
import type { Oversized } from "./oversized";
import type { PlacedBlame, Statement } from "./telling";

/** Before the finding's change is made in `expression`. */
export function blameFor(rules: RecordedRules, expression: Expression, finding: Finding): PlacedBlame {
  const { candidate, fixes, fit, runnerUp, equal, scale } = finding;
  const owner = ownerOf(rules, expression, candidate, fixes);
  const byRule = fixes
    .filter(({ label }) => rules.testOf.has(label))
    // Nearest first: those whose expression has the fewest steps.
    .sort((a, b) => expression.stepsOf(a).size - expression.stepsOf(b).size);
  const nearest = byRule[0] ?? fixes[0]!;
  const ownerName = owner && expression.nameOf(owner);
  const isOwn = ownerName === undefined || (ownerName === nearest.label && rules.testOf.has(ownerName));
  const ownName = ownerName ?? nearest.label;
  const inner = fixes.filter(({ label }) => rules.innerOf.has(label));
  const heirs = [...inner, ...byRule].filter(({ label }) => label !== ownName);
  const isWhole = candidate.factor !== null && candidate.rank <= resultRank;
  const explanation: Explanation = {
    kind: candidate.kind,
    factor: isWhole ? candidate.factor * scale : factorOf(rules, nearest),
    expression: candidate.expression,
    fit,
    runnerUp,
    corrections: correctionsOf(finding, isOwn ? null : ownerName, rules.sizes),
    ...(equal === undefined
      ? {}
      : { otherCorrections: correctionsOfEqual(rules, expression, finding, equal) }),
    message: "",
  };
  const statement = {
    subject: isOwn ? nearest.label : ownerName,
    isValue: !isOwn,
    said: tidied(candidate.message).replace(` at \`${ownerName ?? ""}\``, "") + withScale(scale, rules.sizes),
    heirs: heirs.map(({ label }) => label),
    afterwards: orElse(equal),
  };
  return located(rules, expression, { outcome: nearest, fixes, owner, candidate, statement }, explanation);
}

export function blameForUnknown(
  rules: RecordedRules,
  expression: Expression,
  outcome: Outcome,
  { nearest }: SearchResult,
): PlacedBlame {
  const explanation: Explanation = {
    kind: "unknown",
    factor: null,
    expression: null,
    fit: nearest?.fit ?? Infinity,
    runnerUp: nearest,
    corrections: [],
    message: "",
  };
  const statement = {
    subject: outcome.label,
    isValue: rules.innerOf.has(outcome.label),
    said: `no known mistake fits; ${ratios(expression, outcome)}`,
    heirs: [],
    afterwards: "",
  };
  const found = { outcome, fixes: [outcome], owner: undefined, candidate: undefined, statement };
  return located(rules, expression, found, explanation);
}

/** A value that is not summed over what was broadcast: what is made of it is right now, if it is. */
export function blameForOversized(
  rules: RecordedRules,
  expression: Expression,
  { label, sum, axes, node, at }: Oversized,
): PlacedBlame {
  const own = expression.outcomes.find((outcome) => outcome.label === label);
  const outcome = own ?? { label, node: sum, truths: [] };
  const isRightNow = own !== undefined && isRight(expression, own);
  const heirs = expression.outcomes.filter(
    (each) =>
      isRightNow &&
      each.label !== label &&
      isRight(expression, each) &&
      ancestorsOf(each.node).has(outcome.node),
  );
  const over =
    axes.length === node.shape.length ? "all dimensions" : axes.map((axis) => `dim = ${axis}`).join(" and ");
  const keeps = at.shape.length === node.shape.length ? ", keepdim = true" : "";
  const place = { value: label, at: null, within: null };
  const change = {
    how: "reduce",
    by: "sum",
    dim: axes.length === node.shape.length ? null : axes[0]!,
  } as const;
  const explanation: Explanation = {
    kind: "missing-reduction",
    factor: null,
    expression: `sum(…, ${over}${keeps})`,
    fit: isRightNow ? distance(expression.valueIn(0, own.node)!.data, own.truths[0]!, 1) : 0,
    runnerUp: null,
    corrections: change.dim === null || axes.length === 1 ? [{ ...place, ...change }] : [],
    message: "",
  };
  const statement = {
    subject: label,
    isValue: true,
    said: `\`sum\` over ${over} is missing around ${quotedStep(node, expression)}`,
    heirs: [...heirs].sort((a, b) => a.node.id - b.node.id).map((each) => each.label),
    afterwards: "",
  };
  const found = { outcome, fixes: [outcome], owner: outcome.node, candidate: undefined, statement };
  return located(rules, expression, found, explanation);
}

/** What is found, and the constant that is missing besides. */
export function correctionsOf(
  { candidate, scale }: Pick<Finding, "candidate" | "scale">,
  value: string | null,
  sizes: Sizes,
): Correction[] {
  const own = candidate.corrections().map((correction) => {
    const isWhole = correction.at === value;
    return { ...correction, value, ...(isWhole ? { at: null, within: null } : {}) };
  });
  if (scale === 1 || own.length === 0) return own;
  const whole = { value, at: null, within: null };
  const size = Math.abs(scale);
  return [
    ...own,
    ...(scale < 0 ? [{ ...whole, how: "negate" } as const] : []),
    ...(size === 1 ? [] : [{ ...whole, ...scaledBy(size, sizes) }]),
  ];
}

/** Of what fits as well, which may stand in another value. */
function correctionsOfEqual(
  rules: RecordedRules,
  expression: Expression,
  finding: Finding,
  equal: Candidate,
): readonly Correction[] {
  const owner = ownerOf(rules, expression, equal, finding.fixes);
  const name = owner && expression.nameOf(owner);
  const value = name === undefined || rules.testOf.has(name) ? null : name;
  return correctionsOf({ candidate: equal, scale: 1 }, value, rules.sizes);
}

export function withScale(scale: number, sizes: Sizes): string {
  if (scale === -1) return ", and the sign is wrong as well";
  if (scale === 1) return "";
  const sign = scale < 0 ? ", the sign is wrong" : "";
  return `${sign}, and ${factorMessage(Math.abs(scale), sizes, " as well")}`;
}

export function orElse(equal: Candidate | undefined): string {
  return equal === undefined ? "" : `. As well it could be: ${tidied(equal.message)}`;
}

/** Ranks up to this are those of changes of the result as a whole. */
const resultRank = 4;

interface Found {
  readonly outcome: Outcome;
  readonly fixes: readonly Outcome[];
  /** A step with a name. */
  readonly owner: Node | undefined;
  readonly candidate: Candidate | undefined;
  readonly statement: Statement;
}

function located(
  rules: RecordedRules,
  expression: Expression,
  { outcome, fixes, owner, candidate, statement }: Found,
  explanation: Explanation,
): PlacedBlame {
  const { application, faulty, testOf, innerOf } = rules;
  const heir = testOf.has(outcome.label)
    ? outcome
    : (expression.outcomes.find(
        ({ node, label }) => testOf.has(label) && ancestorsOf(node).has(outcome.node),
      ) ?? fixes[0]!);
  const { test, index } = faulty.find((each) => each.test.rule === heir.label) ?? faulty[0]!;
  const step = owner ?? (innerOf.has(outcome.label) ? outcome.node : undefined);
  const node = step && expression.originalOf(step);
  if (step === undefined || node === undefined) {
    // Rules after inner values, from those whose input is used last, nearest to the root.
    return {
      application,
      rule: test.rule,
      node: test.input,
      index,
      explanation,
      position: afterAll - lastUse(rules, test.input),
      statement,
    };
  }
  const worst = worstIndex(expression, step, candidate) ?? unravel(0, node.shape);
  const name = expression.nameOf(step);
  const isOwn = testOf.has(name ?? "");
  const value = name === undefined || isOwn ? {} : { value: name };
  const position = positionOf(expression, step, node);
  return { application, rule: test.rule, node, ...value, index: worst, explanation, position, statement };
}

/** In the order of making; a value under another name stands right before what uses it. */
function positionOf(expression: Expression, step: Node, original: Node): number {
  const isAlias = step.inputs.some((input) => expression.originalOf(input) === original);
  if (!isAlias) return original.id;
  const users = expression.steps.filter(({ inputs }) => inputs.includes(step));
  return Math.min(...users.map((user) => expression.originalOf(user)?.id ?? Infinity)) - 0.5;
}

const afterAll = 2 ** 40;

function lastUse({ check }: RecordedRules, input: Node): number {
  let last = 0;
  for (const [{ inputs, id }] of check.body.copied)
    if ((inputs as readonly Node[]).includes(input)) last = Math.max(last, id);
  return last;
}

/** The step with a name whose expression a change is in; undefined where it is in the rule itself. */
function ownerOf(
  { innerOf }: RecordedRules,
  expression: Expression,
  { change }: Candidate,
  fixes: readonly Outcome[],
): Node | undefined {
  const inner = fixes.find(({ label }) => innerOf.has(label));
  if (change.how === "edit" && change.edit.place.kind === "within" && change.edit.place.isValue === true)
    return change.edit.place.node;
  const start = (change.how === "edit" ? startOf(change.edit.place) : undefined) ?? inner?.node;
  if (start === undefined) return undefined;
  const reached = new Set<Node>([start]);
  for (const step of [start, ...expression.steps]) {
    if (step.kind === "source") continue;
    if (step !== start && (step.id < start.id || !step.inputs.some((input) => reached.has(input)))) continue;
    reached.add(step);
    if (expression.originalOf(step) !== undefined && expression.nameOf(step) !== undefined) return step;
  }
  return undefined;
}

/** The step whose operands or value a change is at; the last of several, but of turns the first, from which the error spreads. */
function startOf(place: Place): Node | undefined {
  switch (place.kind) {
    case "use":
      return place.consumer;
    case "node":
    case "instead":
      return place.node;
    case "each":
      return place.nodes[0];
    case "both":
      return undefined;
    case "within": {
      const users = [...place.steps].filter(({ inputs }) => (inputs as readonly Node[]).includes(place.node));
      return users.at(-1) ?? place.node;
    }
  }
}

/** The element of an inner value that is furthest from what it should be. */
function worstIndex(
  expression: Expression,
  step: Node,
  candidate: Candidate | undefined,
): number[] | undefined {
  const before = expression.valueIn(0, step)?.data;
  const right =
    expression.outcomes.find(({ node }) => node === step)?.truths[0] ?? changed(expression, step, candidate);
  if (before === undefined || right?.length !== before.length) return undefined;
  let worst = 0;
  for (let i = 0; i < right.length; i++)
    if (Math.abs(right[i]! - before[i]!) > Math.abs(right[worst]! - before[worst]!)) worst = i;
  return unravel(worst, step.shape);
}

function changed(
  expression: Expression,
  step: Node,
  candidate: Candidate | undefined,
): ArrayLike<number> | undefined {
  if (candidate?.change.how !== "edit") return undefined;
  const after = expression.replaced(candidate.change.edit)?.get(step);
  return after && expression.valueIn(0, after)?.data;
}

/** The constant that a rule as written is off by, if that is all. */
function factorOf({ testOf, worlds, application }: RecordedRules, { label }: Outcome): number | null {
  const test = testOf.get(label);
  if (test === undefined) return null;
  const [first, second] = worlds.slice(0, 2).map((world) => {
    const answer = answerOf(test, world);
    const truth = truthOf(test, world, application);
    const scale = scaleTo(answer, truth);
    return distance(answer, truth, scale) < 1e-6 ? scale : NaN;
  });
  return Math.abs(first! - second!) < 1e-6 * Math.abs(first!) ? first! : null;
}

/** Where it is right and where not, else by how much it is off. */
function ratios(expression: Expression, { node, truths }: Outcome): string {
  const found = expression.valueIn(0, node);
  const truth = truths[0]!;
  if (found === undefined) return "it has no value";
  if (truth.every((x) => x === 0)) return "the derivative of the body is zero here";
  const size = truth.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const wrong = Array.from(truth.keys()).filter(
    (i) => !(Math.abs(found.data[i]! - truth[i]!) <= 1e-6 * size),
  );
  if (wrong.length < truth.length) {
    const where = wrong.slice(0, 4).map((i) => `[${unravel(i, found.shape).join(", ")}]`);
    const more = wrong.length > where.length ? ", …" : "";
    return `it is right at ${truth.length - wrong.length} of ${truth.length} elements, wrong at ${where.join(", ")}${more}`;
  }
  const quotients = Array.from(truth, (t, i) => found.data[i]! / t).filter(Number.isFinite);
  if (quotients.length === 0) return "there is no ratio to the derivative of the body";
  const { least, most } = extentOf(quotients);
  if (quotients.length === 1) return `it is ${least.toPrecision(4)} times the derivative of the body`;
  return `it is between ${least.toPrecision(3)} and ${most.toPrecision(3)} times the derivative of the body`;
}
