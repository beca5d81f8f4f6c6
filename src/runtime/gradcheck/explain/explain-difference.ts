/**
 * Why two values that a check holds to be close are not: the same hypotheses as about rules, tried on the expression of either
 * side. Knows nothing of checks' tolerances.
 */
import { broadcastShapes, elementCount, isFloat, tensor, torchGenerator, type Tensor } from "../../tensor";
import type { Application, Graph, Node } from "../../graph";
import { Evaluator } from "../../interpret";
import type { Candidate } from "./candidate";
import { coneOf } from "../measure/cone";
import { leavesOf, numbersAmong } from "./leaves";
import { costOf } from "../measure/cost";
import { Expression, type Outcome } from "./expression";
import { isEvidence, isLikely } from "./evidence";
import { sizesOf, type Sizes } from "./sizes";
import { spread, stretched } from "./both-sides";
import { hypotheses } from "./hypotheses";
import { explainGradient } from "../blame/explain-gradient";
import { valuesOf, type Values } from "../blame/local-body";
import { describedBy, type Naming } from "../blame/naming";
import type { Explanation } from "../outcome";
import { correctionsOf, orElse, withScale } from "../blame/rule-blame";
import { ratios, unknown } from "./unexplained";
import { tidied } from "./quotes";
import { narrowed, scopeOf } from "./scope";
import { distance, scaleTo, search, type Finding, type SearchResult } from "./search";

interface NamedValue {
  readonly name: string;
  readonly node: Node;
}

export interface DifferenceInput {
  readonly graph: Graph;
  /** What was written, and what it should be close to. */
  readonly actual: Node;
  readonly expected: Node;
  /** Of the run: its values are what the check saw. */
  readonly evaluator: Evaluator;
  /** Values by the names that they have where the check stands. */
  readonly scope: readonly NamedValue[];
  /** What passes have made, by the names that it is read by: `d.h`. */
  readonly reads?: readonly NamedValue[];
  /** What is written where a node was recorded. */
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
  /** Where a value gets a name, opaque as the origins of nodes are. */
  readonly definedAt?: ((node: Node, name: string) => unknown) | undefined;
  readonly poll?: () => void;
  /** Constants by name, which are no whole numbers. */
  readonly rates?: ReadonlyMap<string, number>;
  /** Whether a value is known to be the derivative that it is called. */
  readonly isDerivative?: (node: Node) => boolean;
  /** Where a side is a gradient: the one of `root` at `at`. */
  readonly gradient?: {
    readonly side: "actual" | "expected";
    readonly root: Node;
    readonly at: Node;
    /** Whether the other side is a gradient as well, of something else. */
    readonly areBoth?: boolean;
  };
}

/** Programs with more nodes than this are explained at their live values alone. */
const variedLimit = 20_000;
const valueLimit = 24;
/** Milliseconds, by estimate. */
const allowance = 800;

/** Explains what is written by hand, the left side where both are; `factor` is what `actual` must be multiplied by to be right. */
export function explainDifference(input: DifferenceInput): Explanation {
  const { actual, expected } = input;
  if (!isFloat(actual.dtype) || !isFloat(expected.dtype))
    return unknown("the sides are not both floats", null);
  const shape = broadcastShapes(actual.shape, expected.shape);
  if (shape === undefined || elementCount(shape) === 0)
    return unknown("the sides have no elements in common", null);
  const asGradient = explainAsGradient(input);
  if (asGradient !== undefined) return asGradient;
  const worlds = worldsOf(input, shape);
  if (worlds.length === 0) return unknown("a side is not finite", null);
  const found = suspects(input).map((side) => explainSide(input, side, worlds));
  const [first, second] = found;
  const best = second !== undefined && isFarSimpler(second, first!) ? second : first!;
  if (best.finding !== undefined) return described(best, best.finding, input, worlds);
  return unknown(ratios(input, worlds[0]!), best.nearest);
}

/** What is wrong with a side that should be the gradient that the other one is. */
function explainAsGradient({
  gradient,
  actual,
  expected,
  ...input
}: DifferenceInput): Explanation | undefined {
  if (gradient === undefined) return undefined;
  const [written, truth] = gradient.side === "expected" ? [actual, expected] : [expected, actual];
  const label = `the ${gradient.side === "expected" ? "left" : "right"} side`;
  const isOpaque = gradient.areBoth === true;
  const reads = readsFor(input, written, truth);
  const found = explainGradient({ ...input, ...gradient, reads, written, isOpaque, expected: truth, label });
  if (found === undefined || found.factor === null || gradient.side === "expected") return found;
  return { ...found, factor: 1 / found.factor };
}

/** What passes have made, where a side is made of it, or of no other derivation: else that is what was meant to be used. */
function readsFor(
  { scope, reads = [] }: Pick<DifferenceInput, "scope" | "reads">,
  written: Node,
  truth: Node,
): readonly NamedValue[] {
  const [own, other] = [written, truth].map((node) => new Set(coneOf([node]))) as [Set<Node>, Set<Node>];
  const others = reads.filter(({ node }) => node !== truth);
  const isDerived = ({ node }: NamedValue): boolean =>
    node.kind === "apply" && node !== written && own.has(node) && !other.has(node);
  return scope.some(isDerived) && !others.some(({ node }) => own.has(node)) ? [] : others;
}

/** The sides that may be wrong, the likelier first: what is written by hand, what has a name, what stands at the left. */
function suspects({
  graph,
  actual,
  expected,
  scope,
  gradient,
  isDerivative = () => false,
}: DifferenceInput): readonly Side[] {
  const left = { written: actual, truth: expected, side: "left" } as const;
  const right = { written: expected, truth: actual, side: "right" } as const;
  // What a pass has made is no suspect, whoever else is.
  if (gradient !== undefined) return [gradient.side === "expected" ? left : right];
  const unproved = [left, right].filter(({ written }) => !isDerivative(written));
  if (unproved.length === 1) return unproved;
  const sides = [left, right];
  const byHand = sides.filter(({ written }) => isWritten(graph, written));
  const names = new Set(scope.map(({ node }) => node));
  const isNamed = ({ written }: Side): boolean => names.has(written);
  const chosen = byHand.length > 0 ? byHand : sides;
  // Of two formulas the longer is the likelier to have a mistake.
  const unnamed = chosen
    .filter((side) => !isNamed(side))
    .sort((a, b) => lengthOf(b.written, names) - lengthOf(a.written, names));
  return [...chosen.filter(isNamed), ...unnamed];
}

/** How many operators are written for a value, those of named values aside. */
function lengthOf(written: Node, names: ReadonlySet<Node>): number {
  return coneOf([written], names).filter((node) => node.kind === "apply" && !names.has(node)).length;
}

/**
 * Whether a value is an expression of the spec: neither a literal nor what a pass has recorded. A pass gives its nodes the origins of
 * those that it passes, so that an origin comes again after others have come in between.
 */
function isWritten({ nodes }: Graph, node: Node): boolean {
  if (node.kind === "source") return false;
  if (node.origin === undefined) return true;
  for (let id = node.id - 1, between = false; id >= 0; id--) {
    const same = nodes[id]!.origin === node.origin;
    if (same && between) return false;
    between ||= !same;
  }
  return true;
}

interface Side {
  readonly written: Node;
  readonly truth: Node;
  readonly side: "left" | "right";
}

interface Explained extends SearchResult, Side {
  readonly expression: Expression;
  readonly outcome: Outcome;
  readonly sizes: Sizes;
}

/** A far-fetched explanation of the likelier side gives way to a simple one of the other. */
function isFarSimpler(a: SearchResult, b: SearchResult): boolean {
  if (a.finding === undefined) return false;
  return b.finding === undefined || a.finding.candidate.rank + 8 < b.finding.candidate.rank;
}

function explainSide(given: DifferenceInput, side: Side, worlds: readonly Values[]): Explained {
  const { written, truth } = side;
  const input = { ...given, reads: readsFor(given, written, truth) };
  const named = namingOf(input, written);
  const shared = new Set(coneOf([truth]));
  const first = attempt(input, side, worlds, (node) => shared.has(node) || named(node) !== undefined);
  if (first.finding !== undefined || (shared.size < 2 && isNamedIn(input, truth))) return first;
  // Named values may be wrong themselves; what both sides use is not what makes them differ.
  const deeper = attempt(input, side, worlds, (node) => shared.has(node));
  return deeper.finding === undefined || deeper.expression.steps.length === 0
    ? first
    : { ...deeper, written };
}

function isNamedIn({ scope }: DifferenceInput, wanted: Node): boolean {
  return scope.some(({ node }) => node === wanted);
}

function attempt(
  input: DifferenceInput,
  side: Side,
  worlds: readonly Values[],
  isGiven: (node: Node) => boolean,
): Explained {
  const { written, truth } = side;
  const naming = namingOf(input, written);
  const named = describedBy(naming);
  const made = Expression.of({
    outcomes: [
      { label: side.side, nodes: [written], truths: worlds.map((values) => spread(values(truth), written)) },
    ],
    // Nobody has written what a pass has recorded: it is looked at as a whole.
    isGiven: (node) => node !== written && (isGiven(node) || input.gradient?.areBoth === true),
    isShared: () => false,
    worlds,
    nameOf: named,
    stepNameOf: naming,
  });
  const expression = stretched(made, broadcastShapes(written.shape, truth.shape) ?? truth.shape);
  const outcome = expression.outcomes[0]!;
  const cone = coneOf([written, truth]);
  const context = scopeOf({
    expression,
    worlds,
    named,
    isNamed: (node) => naming(node) !== undefined,
    values: valuesIn(input, expression, cone, side),
    labels: cone.filter((node) => node.dtype === "int" && naming(node) !== undefined),
    // What is held to be a function's value is no mistake in its terms.
    functions: functionsIn(cone, naming).filter((node) => node !== truth),
    applications: applicationsIn(input.graph, cone),
    moved: undefined,
    sizes: sizesOf(
      input.scope.filter(({ node }) => cone.includes(node)).map(({ name, node }) => [name, node.shape]),
      declaredIn(input.graph, cone, ({ sizes }) => sizes),
      new Map([...declaredIn(input.graph, cone, ({ rates }) => rates), ...(input.rates ?? [])]),
      numbersAmong(coneOf([truth])),
    ),
  });
  const value = expression.valueIn(0, outcome.node);
  const scale = value === undefined ? NaN : scaleTo(value.data, outcome.truths[0]!);
  const estimates =
    value !== undefined &&
    distance(value.data, outcome.truths[0]!, scale) < 1e-3 &&
    (value.data.length > 1 || worlds.length > 1 || isLikely(scale, context.sizes))
      ? [scale]
      : [];
  const steps = expression.steps.map((node) => ({ node, inputs: {}, output: node }));
  const limit = Math.max(100, Math.floor(allowance / (0.06 + 0.6 * costOf(steps))));
  const groups = hypotheses(narrowed(context, expression, expression), estimates);
  const isTrusted = (candidate: Candidate, fit: number, everywhere: boolean): boolean =>
    everywhere && worlds.length > 1
      ? fit < 1e-6
      : isEvidence(candidate, fit, { scale, sizes: context.sizes, numbers: outcome.truths[0]! });
  const result = search(
    {
      expression,
      wrong: [outcome],
      binding: 1,
      poll: () => input.poll?.(),
      limit,
      isTrusted,
      loose: worlds.length > 1 ? 1e-4 : 3e-3,
    },
    groups,
  );
  return { ...result, ...side, expression, outcome, sizes: context.sizes };
}

/** The live values, and where the truth is no literal the values at named sources scaled at random. */
function worldsOf(
  { actual, expected, scope, evaluator }: DifferenceInput,
  shape: readonly number[],
): Values[] {
  const cone = coneOf([actual, expected]);
  const small = cone.length <= variedLimit;
  const live = valuesOf(small ? new Evaluator({ float: "float64" }) : evaluator);
  const finite = (values: Values): boolean =>
    [actual, expected].every((node) => values(node).data.every((x) => Number.isFinite(x)));
  if (!finite(live) || (shape.length === 0 && cone.length === 0)) return [];
  if (!small) return [live];
  const draw = torchGenerator(13);
  const named = new Set(scope.map(({ node }) => node));
  const moved = new Map<Node, Tensor>();
  for (const node of leavesOf([actual, expected], (each) => named.has(each))) {
    if (!isFloat(node.dtype)) continue;
    const value = live(node);
    const noise = draw.randn(value.shape, "float64").data;
    const data = Float64Array.from(value.data, (x, i) => x * (1 + 0.2 * Math.tanh(noise[i]!)));
    moved.set(node, tensor("float64", value.shape, data));
  }
  const varied = valuesOf(new Evaluator({ float: "float64", values: moved }));
  const follows = [actual, expected].every((node) => distance(varied(node).data, live(node).data, 1) > 1e-9);
  return moved.size > 0 && follows && finite(varied) ? [live, varied] : [live];
}

function namingOf({ scope, reads = [] }: DifferenceInput, written: Node): Naming {
  const names = new Map<Node, string>();
  // Later names are nearer to the check.
  for (const { name, node } of [...reads, ...scope]) names.set(node, name);
  names.delete(written);
  return (node) => names.get(node);
}

/** What the expression uses, then what has a name and is part of either side. */
function valuesIn(
  { scope, reads = [] }: DifferenceInput,
  expression: Expression,
  cone: readonly Node[],
  { written, truth }: Side,
): Node[] {
  const used = expression.givens.flatMap(({ original }) => original ?? []);
  const reached = new Set(cone);
  const named = [...scope, ...reads]
    .map(({ node }) => node)
    .filter((node) => reached.has(node) && node !== written && node !== truth);
  const values = [...new Set([...used, ...named])].filter(
    ({ dtype, kind, shape }) => isFloat(dtype) && (kind === "apply" || shape.length > 0),
  );
  return values.slice(0, valueLimit);
}

/** Operators of the program whose argument or value has a name first. */
function functionsIn(cone: readonly Node[], naming: Naming): Node[] {
  const isNamed = (node: Node): boolean =>
    naming(node) !== undefined || node.inputs.some((input) => naming(input) !== undefined);
  const applied = cone.filter(({ kind }) => kind === "apply").reverse();
  return [...applied.filter(isNamed), ...applied.filter((node) => !isNamed(node))];
}

/** The sizes or rates of the nets that the values belong to, by name. */
function declaredIn(
  graph: Graph,
  cone: readonly Node[],
  read: (net: Application) => ReadonlyMap<string, number> | undefined,
): Map<string, number> {
  const reached = new Set(cone);
  const nets = graph.applications.filter(({ result, kind }) => kind === "net" && reached.has(result));
  return new Map(nets.flatMap((net) => [...(read(net) ?? [])]));
}

function applicationsIn(graph: Graph, cone: readonly Node[]): Application[] {
  const reached = new Set(cone);
  return graph.applications.filter(({ result, kind }) => kind === "op" && reached.has(result)).slice(0, 12);
}

function described(
  explained: Explained,
  finding: Finding,
  { scope }: DifferenceInput,
  worlds: readonly Values[],
): Explanation {
  const { candidate, fit, runnerUp, equal, scale } = finding;
  const { side, written, truth } = explained;
  const name = [...scope].reverse().find(({ node }) => node === written)?.name;
  const place = name === undefined ? `the ${side} side` : `\`${name}\``;
  const live = worlds[0]!;
  const [made, wanted] = [spread(live(written), truth), spread(live(truth), written)];
  const whole = scaleTo(made, wanted);
  const isConstant = made.length > 1 && distance(made, wanted, whole) < 1e-3;
  const constant =
    candidate.kind === "factor" || candidate.kind === "sign" ? (candidate.factor ?? whole) * scale : whole;
  const factor = isConstant || (candidate.rank < 3 && candidate.factor !== null) ? constant : null;
  return {
    kind: candidate.kind,
    factor: factor === null ? null : side === "left" ? factor : 1 / factor,
    expression: candidate.expression,
    fit,
    runnerUp,
    corrections: correctionsOf(finding, name ?? null, explained.sizes),
    ...(equal === undefined
      ? {}
      : { otherCorrections: correctionsOf({ candidate: equal, scale: 1 }, name ?? null, explained.sizes) }),
    message: `${place}: ${tidied(candidate.message)}${withScale(scale, explained.sizes)}${orElse(equal)}`,
  };
}
