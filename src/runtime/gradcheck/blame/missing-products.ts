/**
 * Hypotheses about two or three factors left out at once, and about a term that is a product of as many: found from what is missing at one
 * spot, element by element, and not by trying. Knows nothing of sums.
 */
import { broadcastTo, elementCount, isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { editOf, spotsIn, type Candidate, type Spot } from "../explain/candidate";
import type { Expression, Outcome, Recorder } from "../explain/expression";
import { formatNumber } from "../explain/print-node";
import { quoted } from "../explain/quotes";
import type { HypothesisContext } from "../explain/scope";
import { factorCandidate } from "../explain/structural-candidates";
import { correctionAt, writtenValue } from "../explain/written";
import { ancestorsOf } from "./rule-expression";

const mostElements = 400;
const mostItems = 32;
const mostSpots = 24;

interface Item {
  readonly node: Node;
  readonly text: string;
  readonly data: Float64Array;
}

/** What a spot must be multiplied by and what must be added to it, at the elements where that can be told. */
interface Wanted {
  readonly elements: readonly number[];
  readonly factor: Float64Array;
  readonly term: Float64Array;
}

interface Product {
  readonly items: readonly Item[];
  readonly constant: number;
}

export function* missingProducts(context: HypothesisContext, outcome: Outcome): Generator<Candidate> {
  if (elementCount(outcome.node.shape) > mostElements) return;
  const constants = constantsOf(context.numbers);
  const known = new Map<string, readonly Item[]>();
  let left = mostSpots;
  for (const spot of spotsIn(context.expression)) {
    if (left-- <= 0) return;
    const wanted = wantedAt(context, outcome, spot);
    if (wanted === undefined) continue;
    const shape = spot.node.shape.join();
    let items = known.get(shape);
    if (items === undefined) known.set(shape, (items = itemsOf(context, spot.node)));
    const factor = productOf(items, wanted.factor, wanted.elements, constants);
    if (factor !== undefined && factor.items.length > 1) yield missingFactor(context, spot, factor);
    // A multiple of what stands there is a factor.
    const made = ancestorsOf(spot.node);
    const others = items.filter(({ node }) => !made.has(node));
    const term = productOf(others, wanted.term, wanted.elements, constants);
    if (term !== undefined && term.items.length > 1) yield missingTerm(context, spot, term);
  }
}

function wantedAt(context: HypothesisContext, { node, truths }: Outcome, spot: Spot): Wanted | undefined {
  const { expression } = context;
  const value = expression.valueIn(0, spot.node)?.data;
  const before = expression.valueIn(0, node)?.data;
  const truth = truths[0]!;
  if (value === undefined || before === undefined || value.length < 2) return undefined;
  let effect: ArrayLike<number>;
  if (spot.isResult) effect = before;
  else {
    const { change } = factorCandidate(context, spot, 2);
    const after = change.how === "edit" ? expression.replaced(change.edit)?.get(node) : undefined;
    const doubled = after && expression.valueIn(0, after)?.data;
    if (doubled === undefined) return undefined;
    effect = Float64Array.from(doubled, (x, i) => x - before[i]!);
  }
  const moving = [...truth.keys()].filter((i) => Math.abs(effect[i]!) > 1e-12);
  // The elements of a part of what is put together stand in its order.
  const isPart = moving.length === value.length;
  if (!isPart && value.length !== truth.length) return undefined;
  if (moving.length < 2) return undefined;
  // Elsewhere nothing may be missing.
  let size = 0;
  for (const x of truth) size = Math.max(size, Math.abs(x));
  if (truth.some((x, i) => Math.abs(effect[i]!) <= 1e-12 && Math.abs(x - before[i]!) > 1e-9 * size))
    return undefined;
  const elements = moving.map((i, at) => (isPart ? at : i));
  const factor = Float64Array.from(moving, (i) => 1 + (truth[i]! - before[i]!) / effect[i]!);
  const term = Float64Array.from(factor, (x, at) => (x - 1) * value[elements[at]!]!);
  return { elements, factor, term };
}

/** Values, derivatives and simple functions of values, what moves first. */
function itemsOf({ expression, moved, factors }: HypothesisContext, { shape }: Node): Item[] {
  const all = [
    ...(moved === undefined ? [] : [{ node: moved, text: expression.nameOf(moved) ?? "u" }]),
    ...[...factors]
      .filter(({ text, form }) => form !== "made" || !text.startsWith("1 / "))
      .sort((a, b) => Number(a.form === "made") - Number(b.form === "made")),
  ];
  const seen = new Set<Node>();
  return all
    .flatMap(({ node, text }): Item[] => {
      if (seen.has(node) || !isFloat(node.dtype) || node.shape.length === 0) return [];
      seen.add(node);
      const value = node.shape.length <= shape.length ? expression.valueIn(0, node) : undefined;
      const isFitting = node.shape.every((size, i) => {
        const own = shape[i + shape.length - node.shape.length];
        return size === own || size === 1;
      });
      if (value === undefined || !isFitting || !value.data.every(Number.isFinite)) return [];
      return [{ node, text, data: Float64Array.from(broadcastTo(value, shape).data) }];
    })
    .slice(0, mostItems);
}

/** The fewest items whose product is a known constant times what is wanted. */
function productOf(
  items: readonly Item[],
  wanted: Float64Array,
  elements: readonly number[],
  constants: readonly number[],
): Product | undefined {
  if (!wanted.every(Number.isFinite)) return undefined;
  // What is one number everywhere is no product of values, but for `sqrt(v) / sqrt(v)`.
  if (wanted.every((x) => Math.abs(x - wanted[0]!) <= 1e-9 * Math.abs(wanted[0]!) + 1e-12)) return undefined;
  const rests = (left: Float64Array, from: number, depth: number): Product | undefined => {
    for (let at = from; at < items.length; at++) {
      const item = items[at]!;
      if (depth === 0 && !isEven(left, item, elements)) continue;
      const rest = Float64Array.from(left, (x, i) => x / item.data[elements[i]!]!);
      const constant = depth === 0 ? constantIn(rest, constants) : undefined;
      if (constant !== undefined) return { items: [item], constant };
      if (depth === 0) continue;
      const more = rests(rest, at, depth - 1);
      if (more !== undefined) return { ...more, items: [item, ...more.items] };
    }
    return undefined;
  };
  return rests(wanted, 0, 0) ?? rests(wanted, 0, 1) ?? (wanted.length > 2 ? rests(wanted, 0, 2) : undefined);
}

/** Whether two quotients are the same: nearly all that is tried ends here. */
function isEven(left: Float64Array, { data }: Item, elements: readonly number[]): boolean {
  const [a, b] = [left[0]! / data[elements[0]!]!, left[1]! / data[elements[1]!]!];
  return Math.abs(a - b) <= 1e-7 * Math.abs(a);
}

/** The constant that all of these are. */
function constantIn(rest: Float64Array, constants: readonly number[]): number | undefined {
  const [first] = rest;
  if (first === undefined || !Number.isFinite(first)) return undefined;
  for (const x of rest) if (!(Math.abs(x - first) <= 1e-7 * Math.abs(first))) return undefined;
  return constants.find((each) => Math.abs(each - first) <= 1e-6 * Math.abs(each));
}

function constantsOf(numbers: readonly number[]): number[] {
  const plain = [1, 2, 0.5, ...numbers.filter((x) => x !== 0)];
  const products = plain.flatMap((x) => plain.map((y) => x * y));
  return [...new Set([...plain, ...products])].flatMap((x) => [x, -x]);
}

function missingFactor({ expression, moved }: HypothesisContext, spot: Spot, product: Product): Candidate {
  const text = textOf(product);
  const at = spot.isResult ? "" : ` at ${quoted(spot.node, expression)}`;
  return {
    kind: product.items.some(({ node }) => node === moved) ? "missing-cotangent" : "missing-factor",
    rank: 13.2 + product.items.length / 5 + (isContrived(product) ? 3 : 0),
    factor: null,
    expression: text,
    message: `the factor ${text} is missing${at}`,
    isExact: true,
    change: editOf({
      place: spot.place,
      make: (record, x) => {
        const y = recorded(expression, record, product);
        return y && record("mul", { x, y });
      },
    }),
    corrections: () =>
      correctionAt(
        { at: spot.isResult ? null : writtenValue(spot.node, expression) },
        { how: "multiply", by: text },
      ),
  };
}

/** A division by a root comes as twice the root's derivative. */
function isContrived({ items, constant }: Product): boolean {
  return constant % 2 === 0 && items.some(({ text }) => text.startsWith("1 / (2 * "));
}

function missingTerm({ expression }: HypothesisContext, spot: Spot, product: Product): Candidate {
  const size = { ...product, constant: Math.abs(product.constant) };
  const sign = product.constant < 0 ? -1 : 1;
  const text = textOf(size);
  return {
    kind: "overwritten-sum",
    rank: 16 + product.items.length / 5,
    factor: null,
    expression: text,
    message: `the term ${sign < 0 ? "−" : "+"} ${text} is missing${spot.isResult ? "" : ` at ${quoted(spot.node, expression)}`}`,
    isExact: true,
    change: editOf({
      place: spot.place,
      make: (record, x) => {
        const y = recorded(expression, record, product);
        const sum = y && record("add", { x, y });
        return sum?.shape.length === x.shape.length ? sum : undefined;
      },
    }),
    corrections: () =>
      correctionAt(
        { at: spot.isResult ? null : writtenValue(spot.node, expression) },
        { how: "add-term", term: text, sign },
      ),
  };
}

function recorded({ graph }: Expression, record: Recorder, { items, constant }: Product): Node | undefined {
  const [first, ...others] = items.map(({ node }) => node);
  const product = others.reduce<Node | undefined>((x, y) => x && record("mul", { x, y }), first);
  if (product === undefined || constant === 1) return product;
  return record("mul", { x: product, y: graph.constants.scalar(constant, "float64") });
}

function textOf({ items, constant }: Product): string {
  const factors = items.map(({ text }) =>
    /^[\p{L}\p{M}\w.[\]']+$|^\w+\([^()]*\)$/u.test(text) ? text : `(${text})`,
  );
  return [...(constant === 1 ? [] : [formatNumber(constant)]), ...factors].join(" * ");
}
