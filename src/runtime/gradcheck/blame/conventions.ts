/**
 * Derivations whose inner values are a constant times the gradients that their names say, as `dZ = A - Y` where the average over m comes
 * last, in `dW = dZ @ X.T / m`. Knows nothing of what is wrong with them.
 */
import type { Node } from "../../graph";
import type { Expression } from "../explain/expression";
import type { Sizes } from "../explain/sizes";
import { coneOf } from "../measure/cone";
import { isRightIn, withTruths } from "./in-its-place";
import type { Labelled, Reading } from "./reading";

export interface ConventionInput {
  readonly expression: Expression;
  readonly labelled: readonly Labelled[];
  readonly reading: Reading;
  /** What the rules are for: the gradients there are what they are. */
  readonly inputs: ReadonlySet<Node>;
  readonly sizes: Sizes;
}

/** What gradients at inner values are multiplied by: 1, unless more that is made of them is right so, and they do not say otherwise. */
export function scaleOf({ expression, labelled, reading, inputs, sizes }: ConventionInput): number {
  const named = labelled.flatMap(({ node, names }) => {
    if (node.kind === "source") return [];
    const at = names.flatMap((name) => reading.byName(name, node) ?? [])[0];
    const truths = at && reading.truths.at(at);
    return at === undefined || truths === undefined ? [] : [{ node, at, truths }];
  });
  const inner = named.filter(({ at }) => !inputs.has(at));
  const nodes = new Set<Node>(inner.map(({ node }) => node));
  const isFirst = (node: Node): boolean => !coneOf([node]).some((each) => each !== node && nodes.has(each));
  const firsts = inner.filter(({ node }) => isFirst(node));
  if (inner.length === 0 || inner.length > mostInner) return 1;
  if (firsts.some(({ node, at }) => reading.isGradient(node, at))) return 1;
  const last = named.filter(({ at }) => inputs.has(at)).map((each) => ({ label: "", ...each }));
  const isMade = ({ node }: { readonly node: Node }): boolean =>
    coneOf([node]).some((each) => nodes.has(each));
  const whole = expression.about([...expression.outcomes, ...last].filter(isMade));
  const rightWith = (scale: number): number => {
    const replacements = inner.map(({ node, truths }) => ({
      node,
      truths: truths.map((truth) => truth.map((x) => scale * x)),
      steps: undefined,
    }));
    const changed = withTruths(whole, replacements);
    const right = changed?.outcomes.filter((outcome) => isRightIn(changed, outcome, 0)).length ?? 0;
    // Where that is as good, what they are decides.
    const isMeant = replacements.some(({ node, truths }) => {
      const isOne = firsts.some((each) => each.node === node);
      return isOne && isRightIn(expression, { label: "", node, truths }, 0);
    });
    return right + (right > 0 && isMeant ? 0.5 : 0);
  };
  let best = { scale: 1, count: rightWith(1) };
  const declared = [...sizes].flatMap(([size, { is, text }]) => (is === text ? [size] : []));
  for (const scale of [...declared, ...declared.map((size) => size / 2), 2, 0.5]) {
    const count = rightWith(scale);
    if (count > best.count) best = { scale, count };
  }
  return best.scale;
}

const mostInner = 60;
