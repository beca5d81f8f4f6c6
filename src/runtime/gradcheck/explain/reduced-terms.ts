/**
 * Terms that have been forgotten, written with what is in scope: what normalising takes away, as `- xhat * mean(dy * xhat)`, and products
 * of named values, as `2 * dv * xc / d`. They are found by numbers alone, in the result or in a factor of it, one of them or two; knows
 * nothing of the body that they come from.
 */
import { broadcastTo, elementCount, isFloat, tensor } from "../../tensor";
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import type { Correction } from "../correction";
import { coneOf } from "../measure/cone";
import { editOf, type Candidate } from "./candidate";
import type { Expression, Outcome, Recorder } from "./expression";
import { ellipsis, printNode } from "./print-node";
import { factorsOfProduct, multiplied, type ProductFactor } from "./product-candidates";
import { bare, inQuotes } from "./quotes";
import type { Sizes } from "./sizes";
import { Terms, type Item, type Term } from "./terms";
import type { ScopeValue } from "./value-candidates";
import { correctionAt, replacedBy } from "./written";

export interface TermContext {
  readonly expression: Expression;
  readonly sizes: Sizes;
  readonly values: readonly ScopeValue[];
  readonly moved: Node | undefined;
}

/** Where something is missing: in the result, or in one factor of it. */
interface Spot {
  readonly outcome: Outcome;
  readonly own: Item;
  readonly product: { readonly node: ApplyNode; readonly others: readonly ProductFactor[] } | undefined;
  readonly missing: Float64Array;
}

interface Constant {
  readonly value: number;
  /** As it stands before a product, and after it. */
  readonly before: string;
  readonly after: string;
}

type Scaled = Term & { readonly constant: Constant };

const leastElements = 4;
const mostElements = 3000;
/** Up to so many elements more is tried. */
const fewElements = 200;

export function* termCandidates(context: TermContext): Generator<Candidate> {
  const { expression, sizes } = context;
  for (const outcome of expression.outcomes) {
    const size = elementCount(outcome.node.shape);
    if (size < leastElements || size > mostElements) continue;
    const items = itemsFor(context, outcome);
    for (const spot of spotsOf(expression, outcome)) {
      const diagonal = diagonalTerm(context, spot);
      const found = diagonal === undefined ? termsFor(spot, items, sizes) : [diagonal];
      if (found !== undefined) yield candidateOf(context, spot, found);
    }
  }
}

function itemsFor({ expression, values, moved }: TermContext, { node: result }: Outcome): Item[] {
  const { shape } = result;
  const used = new Set<Node>(coneOf([result]));
  const most = elementCount(shape) <= fewElements ? 12 : 6;
  const items: Item[] = [];
  const add = (node: Node, text: string, isMoving: boolean): void => {
    if (items.length >= most || items.some((each) => each.node === node) || !isFloat(node.dtype)) return;
    const data = spread(expression, node, shape);
    if (data === undefined || isMadeOf(node, result)) return;
    const isForgotten = isMoving && node !== moved && !used.has(node);
    items.push({ node, text, data, isMoving, cost: isForgotten ? 0.3 : 1 });
  };
  if (moved !== undefined) add(moved, expression.nameOf(moved) ?? "u", true);
  // What is derived and not used may be what is forgotten.
  const weight = ({ node, isDerived }: ScopeValue): number =>
    used.has(node)
      ? 2
      : isDerived !== true
        ? isShapedAlike(node, result)
          ? 1.5
          : 1
        : node.kind === "source"
          ? 3
          : 0;
  const named = values.filter(({ isNamed, node }) => isNamed && node.shape.length > 0);
  for (const { node, text, isDerived } of [...named].sort((a, b) => weight(b) - weight(a)))
    add(node, text, isDerived === true);
  return items;
}

/** A multiple of the identity matrix: `eye(n) / n`, `lam * eye(d)`. */
function diagonalTerm(context: TermContext, { missing, outcome }: Spot): Scaled | undefined {
  const { expression, values, sizes } = context;
  const [size, columns] = outcome.node.shape;
  if (size === undefined || size !== columns || outcome.node.shape.length !== 2 || size < 2) return undefined;
  const value = missing[0]!;
  const isMultiple = missing.every((x, i) => {
    const wanted = i % (size + 1) === 0 ? value : 0;
    return Math.abs(x - wanted) <= 1e-9 * Math.abs(value);
  });
  if (!isMultiple || value === 0) return undefined;
  const data = Float64Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
  const text = `eye(${sizes.get(size)?.text ?? size})`;
  const identity = Array.from({ length: expression.worlds }, () => tensor("float64", [size, size], data));
  const eye = { node: expression.source(text, identity), text, data, isMoving: true, cost: 1 };
  const scalars = values.filter((each) => each.isNamed && each.node.shape.length === 0);
  const constants = constantsOf(sizes);
  const term = (items: readonly Item[], left: number): Scaled | undefined => {
    const constant = constants.find((each) => Math.abs(each.value - left) <= 1e-6 * Math.abs(left));
    return constant && { outer: [], inner: items, axes: undefined, count: 1, constant };
  };
  const plainOne = term([eye], value);
  if (plainOne !== undefined) return plainOne;
  for (const { node, text: name } of scalars) {
    const scale = expression.valueIn(0, node)?.data[0];
    const found = scale === undefined || scale === 0 ? undefined : value / scale;
    const scaled =
      found === undefined
        ? undefined
        : term([{ node, text: name, data, isMoving: false, cost: 1 }, eye], found);
    if (scaled !== undefined) return scaled;
  }
  return undefined;
}

/** The factors of a product first: what is normalised is scaled afterwards. */
function* spotsOf(expression: Expression, outcome: Outcome): Generator<Spot> {
  const { node, truths } = outcome;
  const result = writtenResult(node);
  const factors = result === undefined ? [] : factorsOfProduct(expression, result);
  for (const factor of factors) {
    if (factor.isInverse || result === undefined || factors.length < 2) continue;
    if (!isShapedAlike(factor.node, node)) continue;
    const others = factors.filter((each) => each !== factor);
    const needed = Float64Array.from(truths[0]!);
    for (const { node: other, isInverse } of others) {
      const data = spread(expression, other, node.shape);
      for (const i of needed.keys()) needed[i]! *= isInverse ? (data?.[i] ?? NaN) : 1 / (data?.[i] ?? NaN);
    }
    yield* spotAt(expression, outcome, { node: factor.node, needed, product: { node: result, others } });
  }
  yield* spotAt(expression, outcome, { node, needed: truths[0]!, product: undefined });
}

function* spotAt(
  expression: Expression,
  outcome: Outcome,
  { node, needed, product }: Pick<Spot, "product"> & { readonly node: Node; readonly needed: Float64Array },
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

/** The step that a result is, rather than the copy of it that makes it one. */
function writtenResult(node: Node): ApplyNode | undefined {
  if (node.kind === "source") return undefined;
  const [x] = node.inputs;
  return node.op.name === "identity" && x?.kind === "apply" ? x : node;
}

/** The simplest term, else two of them of which one is simple. */
function termsFor(spot: Spot, items: readonly Item[], sizes: Sizes): Scaled[] | undefined {
  const { own, missing, outcome } = spot;
  const isShort = own.text.length <= longestOwn && !own.text.includes(ellipsis);
  const all = isShort && !items.some(({ node }) => node === own.node) ? [own, ...items] : items;
  const { shape } = outcome.node;
  const isSmall = missing.length <= fewElements;
  const constants = constantsOf(sizes);
  const used = new Set<Node>(coneOf([outcome.node]));
  const single = simplest(new Terms(all, shape, isSmall ? 3 : 2), missing, constants);
  if (single !== undefined) return [single];
  const terms = new Terms(all, shape, 2);
  const isForgotten = (item: Item): boolean =>
    item.isMoving && item.node !== own.node && !used.has(item.node);
  for (const first of firstsOf(terms, constants, { own, isForgotten })) {
    const data = terms.dataOf(first);
    const left = Float64Array.from(missing, (x, i) => x - first.constant.value * data[i]!);
    const second = simplest(terms, left, constants);
    // Something instead of what stands there is no term.
    if (second !== undefined && ![first, second].some((term) => isAway(term, own))) return [first, second];
  }
  return undefined;
}

const longestOwn = 24;

/** Whether a value is taken away from itself. */
function isAway({ outer, inner, axes, constant }: Scaled, { node }: Item): boolean {
  return (
    constant.value === -1 &&
    axes === undefined &&
    outer.length === 0 &&
    inner.length === 1 &&
    inner[0]!.node === node
  );
}

/** What normalising takes away first, the mean of what arrives; and values of the derivation that are not used. */
function* firstsOf(
  terms: Terms,
  constants: readonly Constant[],
  { own, isForgotten }: { readonly own: Item; readonly isForgotten: (item: Item) => boolean },
): Generator<Scaled> {
  for (const term of terms.all) {
    const [item, more] = term.inner;
    if (term.outer.length > 0 || item === undefined || more !== undefined) continue;
    if (term.axes !== undefined && item.node === own.node)
      for (const value of [-1 / term.count, -1]) yield { ...term, constant: plain(value) };
    else if (term.axes === undefined && isForgotten(item))
      for (const constant of constants) yield { ...term, constant };
  }
}

/** The first term of which the values are a multiple by a constant that is written. */
function simplest(terms: Terms, wanted: Float64Array, constants: readonly Constant[]): Scaled | undefined {
  const size = dot(wanted, wanted);
  if (!(size > 0)) return undefined;
  for (const term of terms.all) {
    const { product, square } = terms.against(term, wanted);
    if (!(product * product >= (1 - 1e-11) * square * size)) continue;
    const value = product / square;
    const isIt = (constant: number): boolean => Math.abs(value - constant) <= 1e-6 * Math.abs(constant);
    if (term.axes !== undefined)
      for (const mean of [-1, 1])
        if (isIt(mean / term.count)) return { ...term, constant: plain(mean / term.count) };
    const constant = constants.find(
      (each) => isIt(each.value) && (term.axes === undefined || Math.abs(each.value) !== 2),
    );
    if (constant !== undefined) return { ...term, constant };
  }
  return undefined;
}

function plain(value: number): Constant {
  return { value, before: "", after: "" };
}

/** 1, 2, ½, and sizes by name: n, 1 / n, 2 / n; with either sign. */
function constantsOf(sizes: Sizes): Constant[] {
  const found: Constant[] = [
    plain(1),
    { value: 2, before: "2 * ", after: "" },
    { value: 0.5, before: "0.5 * ", after: "" },
  ];
  for (const [size, { text }] of sizes)
    found.push(
      { value: 1 / size, before: "", after: ` / ${text}` },
      { value: 2 / size, before: "2 * ", after: ` / ${text}` },
      { value: size, before: `${text} * `, after: "" },
    );
  return found.flatMap((each) => [each, { ...each, value: -each.value }]);
}

function candidateOf(
  { expression }: TermContext,
  { outcome, own, product }: Spot,
  terms: readonly Scaled[],
): Candidate {
  const texts = terms.map((term) => ({
    sign: term.constant.value < 0 ? "-" : "+",
    text: textOf(term, outcome.node.shape),
  }));
  const told = texts.map(({ sign, text }) => `${sign === "-" ? "−" : "+"} ${text}`).join(" ");
  const isResult = product === undefined;
  const after = `${own.text}${texts.map(({ sign, text }) => ` ${sign} ${text}`).join("")}`;
  const [single, more] = texts;
  const used = new Set<Node>(coneOf([outcome.node]));
  // As much again of what is there already is rather a constant that is wrong.
  const isProduct =
    more === undefined
      ? terms.every(({ axes, inner }) => axes === undefined && inner.length > 1)
      : terms.some(({ axes, inner }) => axes === undefined && inner.length > 1) ||
        terms.every(({ axes }) => axes === undefined);
  // And what stands there times itself is nobody's term.
  const isSquare = terms.some(
    ({ outer, inner }) => [...outer, ...inner].filter(({ node }) => node === own.node).length > 1,
  );
  const isAgain = terms.every(
    ({ axes, inner }) =>
      axes === undefined && inner.every(({ node, isMoving }) => !isMoving || used.has(node)),
  );
  const corrections = (): readonly Correction[] => {
    if (after.includes(ellipsis)) return [];
    const at = isResult ? null : own.text;
    if (more === undefined)
      return correctionAt(
        { at },
        { how: "add-term", term: single!.text, sign: single!.sign === "-" ? -1 : 1 },
      );
    return correctionAt({ at }, replacedBy(after));
  };
  return {
    kind: "overwritten-sum",
    // What is derived besides is full of products that happen to be something else.
    rank:
      isAgain || isSquare
        ? 15.05
        : isProduct
          ? more === undefined
            ? 12.6
            : 13.9
          : more === undefined
            ? 6.8
            : 6.85,
    factor: null,
    expression: after,
    message: `the ${more === undefined ? "term" : "terms"} ${told} ${more === undefined ? "is" : "are"} missing${isResult ? "" : ` at ${inQuotes(own.text)}`}`,
    isExact: true,
    corrections,
    change: editOf({
      place: isResult ? { kind: "node", node: outcome.node } : { kind: "instead", node: product.node },
      make: (record, node) => {
        const before = isResult ? node : own.node;
        const made = terms.reduce<Node | undefined>((sum, term) => {
          const y = recorded(expression, record, term);
          return sum && y && record("add", { x: sum, y });
        }, before);
        if (made === undefined || isResult) return made;
        return multiplied(
          record,
          [{ node: made, isInverse: false }, ...product.others],
          undefined,
          product.node,
        );
      },
    }),
  };
}

/** As it is written: `2 * dv * xc / d`, `xhat * mean(dy * xhat, dim = 1, keepdim = true)`. */
function textOf({ outer, inner, axes, count, constant }: Scaled, shape: readonly number[]): string {
  const joined = inner.map(({ text }) => (inner.length > 1 ? operand(text) : text)).join(" * ");
  if (axes === undefined)
    return `${constant.before}${inner.map(({ text }) => operand(text)).join(" * ")}${constant.after}`;
  const mean = Math.abs(constant.value) * count;
  const isMean = constant.before === "" && constant.after === "" && Math.abs(constant.value) !== 1;
  const over =
    axes.length > 1 || shape.length === 1
      ? ""
      : `, dim = ${axes[0]!}${axes[0] === 0 ? "" : ", keepdim = true"}`;
  const reduced = `${isMean ? "mean" : "sum"}(${joined}${over})`;
  const before = isMean && Math.abs(mean - 1) > 1e-6 ? `${mean.toFixed(0)} * ` : constant.before;
  return `${before}${[...outer.map(({ text }) => operand(text)), reduced].join(" * ")}${constant.after}`;
}

function operand(text: string): string {
  return /^[\p{L}\p{M}\w.[\]']+$|^\w+\([^()]*\)$/u.test(text) ? text : `(${text})`;
}

function recorded(
  { graph }: Expression,
  record: Recorder,
  { outer, inner, axes, constant }: Scaled,
): Node | undefined {
  const times = (x: Node | undefined, y: Node): Node | undefined => x && record("mul", { x, y });
  const [first, ...others] = inner.map(({ node }) => node);
  const product = others.reduce(times, first);
  const reduced =
    axes === undefined || product === undefined
      ? product
      : record("sum", { x: product }, { dim: [...axes], keepdim: true });
  const whole = outer.map(({ node }) => node).reduce(times, reduced);
  return times(whole, graph.constants.scalar(constant.value, "float64"));
}

/** At every element of a shape; undefined where it does not broadcast to it. */
function spread(expression: Expression, node: Node, shape: readonly number[]): Float64Array | undefined {
  const fits =
    node.shape.length <= shape.length &&
    node.shape.every((size, i) => size === 1 || size === shape[i + shape.length - node.shape.length]);
  const value = fits ? expression.valueIn(0, node) : undefined;
  return value?.data.every(Number.isFinite) === true
    ? Float64Array.from(broadcastTo(value, shape).data)
    : undefined;
}

function isMadeOf(node: Node, other: Node): boolean {
  return coneOf([node]).includes(other);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
