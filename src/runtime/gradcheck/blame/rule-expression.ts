/**
 * What the rules of one application compute, as an expression with outcomes: what each rule gives, and named values inside of them that
 * stand for gradients. Knows nothing of what is tried on it.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Application, Node } from "../../graph";
import { Expression, type Outcome } from "../explain/expression";
import { asidesIn } from "./asides";
import { GradientTruths } from "./gradient-truths";
import { allNamesIn, describedBy, namesIn, type Naming } from "./naming";
import { meaningsIn } from "./meanings";
import type { Oversized } from "./oversized";
import { onesIn } from "./part-candidates";
import { withSecondNames } from "./second-names";
import { truthOf, type ApplicationCheck, type RuleTest, type WrongRule } from "./rule-check";
import { numbersAmong } from "../explain/leaves";
import { distance } from "../explain/search";
import { sizesOf, type Sizes } from "../explain/sizes";
import type { World } from "./worlds";

export interface RulesAtFault {
  readonly application: Application;
  readonly check: ApplicationCheck;
  /** Those that are looked at together, right ones included. */
  readonly tests: readonly RuleTest[];
  readonly faulty: readonly WrongRule[];
  readonly nameOf: Naming;
  readonly namesOf?: ((node: Node) => readonly string[]) | undefined;
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
  readonly isOpaque?: ((node: Node) => boolean) | undefined;
}

/** The rules as first recorded; all that stays the same while their expression is being put right. */
export interface RecordedRules extends RulesAtFault {
  readonly worlds: readonly World[];
  /** Names as they are inside, and those with expressions for what has no name. */
  readonly named: Naming;
  readonly textOf: Naming;
  /** By an outcome's label: the rule whose result it is, or the value of the body that it stands for the gradient at, unless a part. */
  readonly testOf: ReadonlyMap<string, RuleTest>;
  readonly innerOf: ReadonlyMap<string, Node | undefined>;
  readonly expression: Expression;
  readonly oversized: readonly Oversized[];
  readonly sizes: Sizes;
  /** What gradients at inner values are multiplied by. */
  readonly scale: number;
  /** Inner ones first, in the order of their making. */
  readonly wrong: readonly Outcome[];
  /** Gradients at values of the body, by world: what a named value inside of the rules may be, whatever its name. */
  readonly gradients: readonly (readonly Float64Array[])[];
}

export function recordRules(rules: RulesAtFault): RecordedRules {
  const { application, check, tests, faulty } = rules;
  const { kind, turns } = faulty[0]!;
  const worlds = [...turns.map((turn) => check.world(kind, turn)), check.world("varied", 0)].filter(
    (world) =>
      world.kind !== "varied" ||
      tests.every((test) => truthOf(test, world, application).every(Number.isFinite)),
  );
  const named = namesIn(rules);
  const textOf = describedBy(named);
  const inputs = new Set<Node>(application.inputs.values());
  const isGiven = (node: Node): boolean =>
    inputs.has(node) || check.body.copyOf(node) !== undefined || rules.isOpaque?.(node) === true;
  const truths = new GradientTruths(check, worlds);
  const asides = asidesIn(check, tests, named, truths);
  const outcomes = tests.map((test) => ({
    label: test.rule,
    nodes: test.answers ?? [],
    truths: worlds.map((world) => truthOf(test, world, application)),
  }));
  const all = Expression.of({
    outcomes: [...outcomes, ...asides.map(({ node, ...aside }) => ({ ...aside, nodes: [node] }))],
    isGiven,
    // Statements of the body are written once; a rule's expression is its own, though the graph may record equal ones once.
    isShared: (node) => node.id < application.end,
    worlds: worlds.map(({ original }) => original),
    nameOf: textOf,
    stepNameOf: named,
  });
  const expression = all.about(all.outcomes.slice(0, tests.length));
  const wrong = expression.outcomes.filter(({ label }) => faulty.some(({ test }) => test.rule === label));
  const namesOf = allNamesIn(rules);
  const { writtenAt } = rules;
  const body = [...check.body.copied].map(([original]) => original);
  const sizes = sizesOf(shapesIn(rules, named), application.sizes, application.rates, numbersAmong(body));
  const read = meaningsIn({
    application,
    check,
    sizes,
    truths,
    named,
    namesOf,
    writtenAt,
    expression,
    wrong,
    asides: all.outcomes
      .slice(tests.length)
      .map(itself)
      .map((outcome, i) => ({ ...asides[i]!, ...outcome })),
  });
  const meanings = { ...read, expression: withSecondNames(read.expression, { namesOf, writtenAt }) };
  const { innerOf, oversized } = meanings;
  const inner = read.inner.map(
    (outcome) => meanings.expression.outcomes.find(({ label }) => label === outcome.label) ?? outcome,
  );
  const isWrong = new Set(wrong.map(({ label }) => label));
  return {
    ...rules,
    worlds,
    named,
    textOf,
    sizes,
    scale: truths.scale,
    testOf: new Map(tests.map((test) => [test.rule, test])),
    innerOf,
    gradients: gradientsIn(check, application, worlds),
    expression: meanings.expression,
    oversized,
    wrong: [
      ...inner.filter((outcome) => !isRight(meanings.expression, outcome)),
      ...meanings.expression.outcomes.filter(
        (outcome) =>
          isWrong.has(outcome.label) && (oversized.length === 0 || !isRight(meanings.expression, outcome)),
      ),
    ],
  };
}

/** The value that an outcome is a copy of. */
function itself(outcome: Outcome): Outcome {
  const { node } = outcome;
  const x = node.kind === "apply" && node.op.name === "identity" ? node.inputs[0] : undefined;
  return x === undefined ? outcome : { ...outcome, node: x };
}

/** Of the inputs, then of what has a name, nearest to the result first. */
function* shapesIn(
  { application, check }: RulesAtFault,
  named: Naming,
): Generator<readonly [string, readonly number[]]> {
  for (const [name, { shape }] of application.inputs) yield [name, shape];
  for (const [node] of [...check.body.copied].reverse()) {
    const name = named(node);
    if (name !== undefined && isFloat(node.dtype)) yield [name, node.shape];
  }
}

export function isRight(expression: Expression, { node, truths }: Outcome): boolean {
  const value = expression.valueIn(0, node);
  return value !== undefined && distance(value.data, truths[0]!, 1) < 1e-6;
}

/** What is not known to be wrong; of gradients that no rule uses, only those that are right. */
export function rightOutcomes(
  expression: Expression,
  wrong: readonly Outcome[],
  innerOf: RecordedRules["innerOf"],
): Outcome[] {
  return expression.outcomes.filter(
    (outcome) => !wrong.includes(outcome) && (!innerOf.has(outcome.label) || isRight(expression, outcome)),
  );
}

/**
 * Values that are right, so that what they are made of need not be looked at: inner outcomes, what right rules use under a name, and
 * what is the gradient at some value of the body.
 */
export function rightValues(
  { gradients, innerOf }: RecordedRules,
  expression: Expression,
  wrong: readonly Outcome[],
): Set<Node> {
  const right = rightOutcomes(expression, wrong, innerOf);
  const found = new Set<Node>(right.map(({ node }) => node));
  const usedByRight = new Set(right.flatMap(({ node }) => [...ancestorsOf(node)]));
  const isWrong = new Set<Node>(wrong.map(({ node }) => node));
  for (const step of expression.steps) {
    if (isWrong.has(step) || found.has(step)) continue;
    const isNamed = expression.nameOf(step) !== undefined;
    if ((isNamed && usedByRight.has(step)) || isGradient(expression, step, gradients)) found.add(step);
  }
  return found;
}

function isGradient(expression: Expression, step: Node, gradients: RecordedRules["gradients"]): boolean {
  const size = elementCount(step.shape);
  if (!(gradients[0] ?? []).some(({ length }) => length === size)) return false;
  const values = gradients.map((_, world) => expression.valueIn(world, step)?.data);
  return (gradients[0] ?? []).some(
    (gradient, i) =>
      gradient.length > 1 &&
      values.every((value, world) => value !== undefined && distance(value, gradients[world]![i]!, 1) < 1e-9),
  );
}

/** By world, the gradient at every value of the body, at a cotangent of ones; zeros say nothing. */
function gradientsIn(
  check: ApplicationCheck,
  application: Application,
  worlds: readonly World[],
): Float64Array[][] {
  if (elementCount(application.result.shape) !== 1) return [];
  const gradients = [...check.body.copied]
    .filter(([{ dtype, shape }]) => isFloat(dtype) && elementCount(shape) > 1)
    .slice(0, gradientLimit)
    .flatMap(([original]) => check.body.gradient(original) ?? []);
  const inFirst = onesIn(check, worlds[0]!);
  const kept = gradients.filter((node) => inFirst(node).data.some((x) => x !== 0));
  return worlds.map((world) => {
    const values = onesIn(check, world);
    return kept.map((node) => Float64Array.from(values(node).data));
  });
}

const gradientLimit = 400;

export function ancestorsOf(node: Node): Set<Node> {
  const reached = new Set<Node>([node]);
  for (const each of reached) for (const input of each.inputs) reached.add(input);
  return reached;
}
