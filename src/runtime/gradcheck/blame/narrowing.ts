/**
 * Where in a long expression the mistake must be: a step with no name that would make all right, were it the gradient at some value of the
 * body, or the one item of a list that is not what it should be. Knows nothing of what mistakes are.
 */
import { elementCount, isFloat } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import { distance } from "../explain/search";
import { isRightEverywhere } from "./in-its-place";
import { onesIn } from "./part-candidates";
import { ancestorsOf, type RecordedRules } from "./rule-expression";

/** Expressions of fewer steps are looked at whole. */
const shortest = 10;
const mostTried = 400;

interface Target {
  readonly node: Node;
  readonly truths: readonly Float64Array[];
}

/** What need not be looked at besides, because it is right; nothing where the mistake may be anywhere. */
export function asideOf(rules: RecordedRules, part: Expression): Set<Node> {
  const [outcome] = part.outcomes;
  const cut = new Set<Node>();
  if (outcome === undefined || part.steps.length < shortest) return cut;
  const gradients = gradientsOf(rules);
  let target: Target = outcome;
  for (let next = stepTo(part, gradients, target); next !== undefined; next = stepTo(part, gradients, next)) {
    for (const node of besides(part, target.node, next.node)) cut.add(node);
    target = next;
  }
  return cut;
}

function stepTo(part: Expression, gradients: readonly Target[], target: Target): Target | undefined {
  return wrongItem(part, target) ?? deepest(part, gradients, target);
}

/** The one item of a list that is wrong, and what it should be. */
function wrongItem(part: Expression, { node, truths }: Target): Target | undefined {
  if (node.kind === "source" || (node.op.name !== "cat" && node.op.name !== "stack")) return undefined;
  const wrong = itemsOf(node, truths).filter((item) => !isRightAs(part, item));
  return wrong.length === 1 && wrong[0]!.node.kind === "apply" ? wrong[0] : undefined;
}

/** The items along the dimension that they are put together in. */
function itemsOf(node: ApplyNode, truths: readonly Float64Array[]): Target[] {
  const items = Object.values(node.operands).flatMap((operand) =>
    operand === undefined || "kind" in operand ? [] : operand,
  );
  const { dim } = node.attributes;
  const rank = node.shape.length;
  if (typeof dim !== "number" || items.length < 2) return [];
  const axis = dim < 0 ? dim + rank : dim;
  const inner = elementCount(node.shape.slice(axis + 1));
  const sizes = items.map(({ shape }) => (shape.length === rank ? shape[axis]! : 1) * inner);
  const row = sizes.reduce((sum, size) => sum + size, 0);
  let start = 0;
  return items.map((item, i) => {
    const [from, size] = [start, sizes[i]!];
    start += size;
    const slice = (all: Float64Array): Float64Array =>
      Float64Array.from({ length: (all.length / row) * size }, (_, k) => {
        const at = Math.floor(k / size);
        return all[at * row + from + (k - at * size)]!;
      });
    return { node: item, truths: truths.map(slice) };
  });
}

/** The first step below a target that makes it right with a gradient in its place. */
function deepest(part: Expression, gradients: readonly Target[], target: Target): Target | undefined {
  const below = ancestorsOf(target.node);
  const expression = part.about([{ label: "", ...target }]);
  let left = mostTried;
  for (const step of part.steps) {
    if (step === target.node || !below.has(step) || elementCount(step.shape) < 2) continue;
    const fitting = gradients.filter(({ node }) => isShape(node, step));
    // What is a gradient is right in its own way.
    if (fitting.some(({ truths }) => isRightAs(part, { node: step, truths }))) continue;
    for (const { truths } of fitting) {
      if (left-- <= 0) return undefined;
      const values = truths.map((data) => ({ dtype: "float64" as const, shape: step.shape, data }));
      const source = expression.source("", values);
      const changed = expression.with({ place: { kind: "node", node: step }, make: () => source });
      if (isRightEverywhere(changed)) return { node: step, truths };
    }
  }
  return undefined;
}

/** What the way from a target to a step uses besides: none of it is what the step is made of alone. */
function besides(part: Expression, from: Node, to: Node): Node[] {
  const below = ancestorsOf(to);
  const way = part.steps.filter(
    (step) => (step === from || ancestorsOf(from).has(step)) && step !== to && ancestorsOf(step).has(to),
  );
  const isWay = new Set<Node>(way);
  return way.flatMap(({ inputs }) =>
    inputs.filter((input) => !isWay.has(input) && !below.has(input) && input.kind === "apply"),
  );
}

/** At every value of the body, for the cotangent of each world; where the result is one number, for one of ones, as they are written. */
function gradientsOf({ check, worlds, application }: RecordedRules): Target[] {
  const isOne = elementCount(application.result.shape) === 1;
  const valuesIn = worlds.map((world) => (isOne ? onesIn(check, world) : world.local));
  const values = [...check.body.copied].map(([original]) => original).reverse();
  return values
    .filter(({ dtype, shape }) => isFloat(dtype) && elementCount(shape) > 1)
    .slice(0, mostValues)
    .flatMap((node): Target[] => {
      const gradient = check.body.gradient(node);
      if (gradient === undefined) return [];
      const truths = valuesIn.map((valueOf) => Float64Array.from(valueOf(gradient).data));
      return truths[0]!.some((x) => x !== 0) ? [{ node, truths }] : [];
    });
}

const mostValues = 60;

function isRightAs(part: Expression, { node, truths }: Target): boolean {
  return truths.every((truth, world) => {
    const value = part.valueIn(world, node);
    return world > 1 || (value !== undefined && distance(value.data, truth, 1) < 1e-9);
  });
}

function isShape(a: Outcome["node"], b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
