/** A hypothesis about what is wrong with a rule: a change of its expression, or other numbers altogether. */
import type { ApplyNode, Node } from "../../graph";
import { isFloat } from "../../tensor";
import type { Edit, Expression, Outcome, Place } from "./expression";
import type { Correction } from "../correction";
import type { ExplanationKind } from "../outcome";

export interface Candidate {
  readonly kind: ExplanationKind;
  /** Of two that fit equally, the lower is the simpler mistake. */
  readonly rank: number;
  readonly factor: number | null;
  readonly expression: string | null;
  /** What is wrong, as a clause that stands alone: "the sign is wrong". */
  readonly message: string;
  readonly change: Change;
  /** The change as it would be written; nothing where that cannot be said. Asked of what fits alone. */
  readonly corrections: () => readonly Correction[];
  /** Whether it was made to fit: a number that the numbers asked for. */
  readonly isFitted?: boolean;
  /** Whether it tells of the body's own sums, which is far from what is written where an edit of that fits as well. */
  readonly isOfBody?: true;
  /** Whether it exchanges sizes: at others it is something else than a factor that fits as well. */
  readonly isOfSizes?: true;
  /** Whether it is right as it stands or not at all: no constant factor besides. */
  readonly isExact?: true;
}

export type Change =
  | { readonly how: "edit"; readonly edit: Edit }
  /** What the outcome would be, by world; undefined where the hypothesis does not concern it. */
  | {
      readonly how: "numbers";
      readonly numbers: (outcome: Outcome, world: number) => ArrayLike<number> | undefined;
    };

/** A use of a float node by a step of an expression. */
export interface Use {
  readonly consumer: Expression["steps"][number];
  readonly input: string;
  readonly item: number | undefined;
  readonly operand: Node;
}

export function usesIn(expression: Expression): Use[] {
  return expression.steps.flatMap((consumer) =>
    Object.entries(consumer.operands).flatMap(([input, operand]): Use[] => {
      if (operand === undefined) return [];
      if ("kind" in operand) return [{ consumer, input, item: undefined, operand }];
      return operand.map((node, item) => ({ consumer, input, item, operand: node }));
    }),
  );
}

const comparisons: ReadonlySet<string> = new Set(
  "equal not_equal less less_equal greater greater_equal".split(" "),
);

export function isComparison({ op }: ApplyNode): boolean {
  return comparisons.has(op.name);
}

/** Values that are nothing but compared, so that their sizes do not count: what makes a mask. */
export function comparedIn(expression: Expression): ReadonlySet<Node> {
  const results = new Set(expression.outcomes.map(({ node }) => node));
  const counted = new Set<Node>(results);
  const used = new Set<Node>();
  for (const step of [...expression.steps].reverse())
    for (const input of step.inputs) {
      used.add(input);
      if (counted.has(step) && !isComparison(step)) counted.add(input);
    }
  return new Set([...used].filter((node) => !counted.has(node)));
}

export interface Spot {
  readonly node: Node;
  readonly place: Place;
  readonly isResult: boolean;
}

/**
 * Where a value can be changed: the results and the steps from the last to the first, each everywhere, and where it has several uses at
 * each of them; and what is given, at each use and everywhere in one outcome. Nothing of what is only compared, where a size or a term
 * may fit by accident: masks are hypotheses of their own.
 */
export function* spotsIn(expression: Expression): Generator<Spot> {
  const results = new Set(expression.outcomes.map(({ node }) => node));
  const compared = comparedIn(expression);
  const uses = new Map<Node, Use[]>();
  for (const use of usesIn(expression)) {
    if (!isFloat(use.operand.dtype) || isComparison(use.consumer) || compared.has(use.consumer)) continue;
    const known = uses.get(use.operand);
    if (known === undefined) uses.set(use.operand, [use]);
    else known.push(use);
  }
  const steps = expression.steps.filter((step) => isFloat(step.dtype) && !compared.has(step)).reverse();
  for (const node of new Set<Node>([...results, ...steps])) {
    const isResult = results.has(node);
    const used = uses.get(node) ?? [];
    uses.delete(node);
    // Where one use explains as much as all, the value itself is not what is wrong.
    if (used.length > 1 || isResult)
      for (const use of used) yield { node, place: placeOf(use), isResult: false };
    yield { node, place: { kind: "node", node }, isResult };
  }
  for (const [node, used] of uses) {
    const steps = expression.shared.get(node);
    if (steps !== undefined)
      yield { node, place: { kind: "within", node, steps, isValue: true }, isResult: false };
    for (const use of used) yield { node, place: placeOf(use), isResult: false };
    if (used.length > 1)
      for (const place of placesWithin(expression, node)) yield { node, place, isResult: false };
  }
}

/** A given in the expression of each outcome that uses it more than once. */
export function placesWithin(expression: Expression, node: Node, atLeast = 2): Place[] {
  return expression.outcomes.flatMap((outcome): Place[] => {
    const steps = expression.stepsOf(outcome);
    const users = [...steps].flatMap(({ inputs }) => inputs.filter((input) => input === node));
    return users.length < atLeast ? [] : [{ kind: "within", node, steps }];
  });
}

export function placeOf({ consumer, input, item }: Use): Place {
  return { kind: "use", consumer, input, item };
}

export function editOf(edit: Edit): Change {
  return { how: "edit", edit };
}
