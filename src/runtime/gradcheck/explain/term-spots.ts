/** Where a term may be missing, and what is missing there: in a result, in one factor of it, or in one factor of a summand of that. */
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { dot } from "../measure/answers";
import { copiedBy } from "./copies";
import type { Expression, Outcome } from "./expression";
import { printNode } from "./print-node";
import { factorsOfProduct, type ProductFactor } from "./product-candidates";
import { bare } from "./quotes";
import { spread } from "./spread";
import { operand } from "./term-text";
import type { Item } from "./terms";

/** Where something is missing: in the result, or in one factor of it. */
export interface Spot {
  readonly outcome: Outcome;
  readonly own: Item;
  readonly product: { readonly node: ApplyNode; readonly others: readonly ProductFactor[] } | undefined;
  readonly missing: Float64Array;
  /** Whether it is in a summand: a constant that is wrong in another one looks like a term there. */
  readonly isInSum?: true;
}

/** The factors of a product first: what is normalised is scaled afterwards; of a sum those of its summands come last. */
export function* spotsOf(expression: Expression, outcome: Outcome): Generator<Spot> {
  const { node, truths } = outcome;
  const sums: { readonly node: Node; readonly needed: Float64Array }[] = [];
  for (const spot of spotsInProduct(expression, outcome, { node: copiedBy(node), needed: truths[0]! })) {
    sums.push(spot);
    yield* spotAt(expression, outcome, spot);
  }
  const whole = { node, needed: truths[0]!, product: undefined };
  yield* spotAt(expression, outcome, whole);
  for (const sum of [...sums, whole])
    for (const summand of summandsNeeded(expression, sum))
      for (const needed of spotsInProduct(expression, outcome, summand))
        for (const spot of spotAt(expression, outcome, needed)) yield { ...spot, isInSum: true };
}

interface Needed {
  readonly node: Node;
  readonly needed: Float64Array;
}

/** What each factor must be, if the others are right. */
function spotsInProduct(
  expression: Expression,
  outcome: Outcome,
  { node: product, needed: wanted }: Needed,
): (Needed & Pick<Spot, "product">)[] {
  const factors = product.kind === "source" ? [] : factorsOfProduct(expression, product);
  return factors.flatMap((factor) => {
    if (factor.isInverse || product.kind === "source" || factors.length < 2) return [];
    if (!isShapedAlike(factor.node, outcome.node)) return [];
    const others = factors.filter((each) => each !== factor);
    const needed = Float64Array.from(wanted);
    for (const { node: other, isInverse } of others) {
      const data = spread(expression, other, outcome.node.shape);
      for (const i of needed.keys()) needed[i]! *= isInverse ? (data?.[i] ?? NaN) : 1 / (data?.[i] ?? NaN);
    }
    return [{ node: factor.node, needed, product: { node: product, others } }];
  });
}

/** What each operand of a sum must be, if the other one is right. */
function summandsNeeded(expression: Expression, { node, needed: wanted }: Needed): Needed[] {
  const sum = copiedBy(node);
  if (sum.kind === "source" || (sum.op.name !== "add" && sum.op.name !== "sub")) return [];
  const [x, y] = sum.inputs.map((node) => ({ node, data: spread(expression, node, sum.shape) }));
  if (x?.data === undefined || y?.data === undefined) return [];
  const sign = sum.op.name === "add" ? 1 : -1;
  return [
    { node: x.node, needed: wanted.map((value, i) => value - sign * y.data![i]!) },
    { node: y.node, needed: wanted.map((value, i) => sign * (value - x.data![i]!)) },
  ];
}

function* spotAt(
  expression: Expression,
  outcome: Outcome,
  { node, needed, product }: Pick<Spot, "product"> & Needed,
): Generator<Spot> {
  const data = spread(expression, node, outcome.node.shape);
  if (data === undefined || !needed.every(Number.isFinite)) return;
  const [x] = node.kind === "apply" && node.op.name === "identity" ? node.inputs : [];
  const nameOf = (each: Node): string | undefined =>
    each === outcome.node ? undefined : expression.nameOf(each);
  const text = printNode(x ?? node, nameOf);
  const own = { node, text: bare(text), data, isMoving: true, cost: operand(text) === text ? 1 : 2.5 };
  const missing = Float64Array.from(needed, (x, i) => x - data[i]!);
  if (dot(missing, missing) > 1e-16 * dot(needed, needed)) yield { outcome, own, product, missing };
}
