/** What becomes of an expression with right numbers in the place of a value that is wrong. Knows nothing of what values mean. */
import type { Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import { distance } from "../explain/search";

/** The expression with numbers in the place of a value wherever it is used, or where some steps use it. */
export function withTruth(
  expression: Expression,
  node: Node,
  truths: readonly Float64Array[],
  steps: ReadonlySet<Node> = new Set(expression.steps),
): Expression | undefined {
  const source = sourceOf(expression, node, truths);
  return expression.with({
    place: { kind: "within", node, steps },
    make: () => source,
  });
}

/** One for the same numbers, however often they are tried: a source that is new costs what is known of all others. */
function sourceOf(expression: Expression, { shape }: Node, truths: readonly Float64Array[]): Node {
  const known = sources.get(expression.graph) ?? new Map<readonly Float64Array[], Node>();
  sources.set(expression.graph, known);
  let source = known.get(truths);
  if (source === undefined) {
    source = expression.source(
      "",
      truths.map((data) => ({ dtype: "float64", shape, data })),
    );
    known.set(truths, source);
  }
  return source;
}

const sources = new WeakMap<Expression["graph"], Map<readonly Float64Array[], Node>>();

/** Numbers for a value in the place of its uses: of all, or of those by some steps. */
export interface Replacement {
  readonly node: Node;
  readonly truths: readonly Float64Array[];
  readonly steps: ReadonlySet<Node> | undefined;
}

/** With several values replaced: the last first, so that what it is made of is recorded as it was. */
export function withTruths(
  expression: Expression,
  replacements: readonly Replacement[],
): Expression | undefined {
  let changed: Expression | undefined = expression;
  for (const { node, truths, steps } of [...replacements].sort((a, b) => b.node.id - a.node.id)) {
    if (changed === undefined) return undefined;
    changed = withTruth(changed, node, truths, steps && sameSteps(changed, steps));
  }
  return changed;
}

/** Steps, and what has been recorded in their stead. */
function sameSteps(expression: Expression, steps: ReadonlySet<Node>): Set<Node> {
  const originals = new Set([...steps].map((step) => expression.originalOf(step)));
  originals.delete(undefined);
  return new Set(
    expression.steps.filter((step) => steps.has(step) || originals.has(expression.originalOf(step))),
  );
}

/** Of an expression with one outcome, where it is live and near it. */
export function isRightEverywhere(expression: Expression | undefined): boolean {
  const outcome = expression?.outcomes[0];
  if (expression === undefined || outcome === undefined) return false;
  return outcome.truths.every((_, world) => world > 1 || isRightIn(expression, outcome, world));
}

export function isRightIn(expression: Expression, { node, truths }: Outcome, world: number): boolean {
  const value = expression.valueIn(world, node);
  return value !== undefined && distance(value.data, truths[world]!, 1) < 1e-6;
}

export function isSame(expression: Expression, a: Node, b: Node): boolean {
  const [x, y] = [expression.valueIn(0, a)?.data, expression.valueIn(0, b)?.data];
  return x !== undefined && y !== undefined && distance(x, y, 1) < 1e-9;
}
