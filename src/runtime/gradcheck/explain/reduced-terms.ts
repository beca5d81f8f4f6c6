/**
 * Terms that have been forgotten, written with what is in scope: what normalising takes away, as `- xhat * mean(dy * xhat)`, and products
 * of named values, as `2 * dv * xc / d`. They are found by numbers alone, in the result or in a factor of it, one of them or two; knows
 * nothing of the body that they come from.
 */
import { elementCount, isFloat, tensor } from "../../tensor";
import { isShapedAlike, type Node } from "../../graph";
import type { Correction } from "../correction";
import { dot } from "../measure/answers";
import { coneOf } from "../measure/cone";
import { editOf, type Candidate } from "./candidate";
import type { Expression, Outcome, Recorder } from "./expression";
import { ellipsis, printNode } from "./print-node";
import { factorsOfProduct, multiplied } from "./product-candidates";
import { copiedBy } from "./copies";
import { inQuotes } from "./quotes";
import type { Sizes } from "./sizes";
import { spread } from "./spread";
import { isMultipleOfSummand, summandsOf } from "./summands";
import { Terms, wantedOf, type Item, type Term } from "./terms";
import { constantsOf, plain, type Constant } from "./term-constants";
import { spotsOf, type Spot } from "./term-spots";
import { operand, textOf, type Scaled } from "./term-text";
import type { ScopeValue } from "./value-candidates";
import { correctionAt, replacedBy } from "./written";

export interface TermContext {
  readonly expression: Expression;
  readonly sizes: Sizes;
  readonly values: readonly ScopeValue[];
  readonly moved: Node | undefined;
}

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
      // A constant that is wrong.
      if (isMultipleOfSummand(expression, spot.own.node, spot.missing)) continue;
      const diagonal = diagonalTerm(context, spot);
      const found = diagonal === undefined ? termsFor(expression, spot, items, sizes) : [diagonal];
      if (found !== undefined) yield candidateOf(context, spot, found);
    }
  }
}

function itemsFor({ expression, values, moved }: TermContext, { node: result }: Outcome): Item[] {
  const { shape } = result;
  const used = new Set<Node>(coneOf([result]));
  const most = elementCount(shape) <= fewElements ? 14 : 6;
  const items: Item[] = [];
  const written = copiedBy(result);
  const factors = written.kind === "source" ? [] : factorsOfProduct(expression, written);
  const own = new Set<Node>([
    written,
    ...factors.flatMap(({ node }) => (node.kind === "apply" ? [node] : [])),
  ]);
  const add = (node: Node, text: string, isMoving: boolean, limit = most): void => {
    if (items.length >= limit || items.some((each) => each.node === node) || !isFloat(node.dtype)) return;
    const data = spread(expression, node, shape);
    if (data === undefined || isMadeOf(node, result) || own.has(node)) return;
    const isForgotten = isMoving && node !== moved && !used.has(node);
    const isUnnamed = operand(text) !== text;
    items.push({ node, text, data, isMoving, cost: isUnnamed ? 2.5 : isForgotten ? 0.3 : 1 });
  };
  if (moved !== undefined) add(moved, expression.nameOf(moved) ?? "u", true);
  // What is derived and not used may be what is forgotten.
  const weight = ({ node, isDerived, isUnused }: ScopeValue): number => {
    const isAlike = isShapedAlike(node, result);
    if (isUnused === true && isAlike) return 4;
    if (used.has(node)) return 2;
    if (isDerived !== true) return isAlike ? 1.5 : 1;
    return node.kind === "source" ? (isAlike ? 3 : 1.2) : 0;
  };
  const named = values.filter(({ isNamed, node }) => isNamed && node.shape.length > 0);
  for (const { node, text, isDerived } of [...named].sort((a, b) => weight(b) - weight(a)))
    add(node, text, isDerived === true);
  for (const node of [...own].flatMap((each) => summandsOf(expression, each))) {
    const text = expression.nameOf(node) ?? printNode(node, (each) => expression.nameOf(each));
    if (node.kind === "apply" && text.length <= longestSummand && !text.includes(ellipsis))
      add(node, text, true);
  }
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
  const identity = Array.from({ length: expression.worlds }, () => tensor("float64", [size, size], data));
  const isIdentity = ({ isNamed, node: { shape }, node }: ScopeValue): boolean =>
    isNamed &&
    shape.join() === outcome.node.shape.join() &&
    expression.valueIn(0, node)?.data.every((x, i) => x === data[i]) === true;
  const { node, text } = values.find(isIdentity) ?? {
    node: expression.source("eye", identity),
    text: `eye(${sizes.get(size)?.text ?? size})`,
  };
  const eye = { node, text, data, isMoving: true, cost: 1 };
  const scalars = values.filter((each) => each.isNamed && each.node.shape.length === 0);
  const constants = constantsOf(sizes);
  const term = (items: readonly Item[], left: number): Scaled | undefined => {
    const constant = constants.find((each) => Math.abs(each.value - left) <= 1e-6 * Math.abs(left));
    return constant && { outer: [], inner: items, axes: undefined, count: 1, constant };
  };
  const plainOne = term([eye], value);
  if (plainOne !== undefined) return plainOne;
  for (const { node: scalar, text: name } of scalars) {
    const scale = expression.valueIn(0, scalar)?.data[0];
    const found = scale === undefined || scale === 0 ? undefined : value / scale;
    const scaled =
      found === undefined
        ? undefined
        : term([{ node: scalar, text: name, data, isMoving: false, cost: 1 }, eye], found);
    if (scaled !== undefined) return scaled;
  }
  return undefined;
}

/** The simplest term, else two of them of which one is simple. */
function termsFor(
  expression: Expression,
  spot: Spot,
  items: readonly Item[],
  sizes: Sizes,
): Scaled[] | undefined {
  const { own, missing, outcome } = spot;
  // Of what sums are taken away from already, the next is told by what is in scope.
  const isShort =
    own.text.length <= longestOwn && !own.text.includes(ellipsis) && !coneOf([own.node]).some(isReduction);
  const all = isShort && !items.some(({ node }) => node === own.node) ? [own, ...items] : items;
  const { shape } = outcome.node;
  const isSmall = missing.length <= fewElements;
  const constants = constantsOf(sizes);
  const used = new Set<Node>(coneOf([outcome.node]));
  const terms = new Terms(all, shape, isSmall ? 3 : 2);
  const single = simplest(terms, terms.all, { wanted: missing, constants });
  if (single !== undefined) return [single];
  const few = terms.all.filter(({ inner }) => inner.length < 3);
  const isForgotten = (item: Item): boolean =>
    item.isMoving && item.node !== own.node && !used.has(item.node);
  for (const first of firstsOf(few, constants, { own, isForgotten })) {
    const data = terms.dataOf(first);
    const left = Float64Array.from(missing, (x, i) => x - first.constant.value * data[i]!);
    const second = simplest(terms, few, { wanted: left, constants });
    // Something instead of what stands there is no term.
    const isInstead = (term: Scaled): boolean => isAway(expression, own.node, term, terms.dataOf(term));
    if (second !== undefined && ![first, second].some(isInstead)) return [first, second];
  }
  return undefined;
}

const longestOwn = 24;
const longestSummand = 72;

/** Whether a term is a sum itself or one of its summands, signs aside; times shares that sum to 1 it is the same. */
function isAway(expression: Expression, sum: Node, { constant }: Scaled, data: Float64Array): boolean {
  return [sum, ...summandsOf(expression, sum)].some((node) => {
    const own = spread(expression, node, sum.shape);
    return own?.every(
      (x, i) => Math.abs(Math.abs(x) - Math.abs(constant.value * data[i]!)) <= 1e-9 * Math.abs(x),
    );
  });
}

/** What normalising takes away first, the mean of what arrives; and values of the derivation that are not used. */
function* firstsOf(
  terms: readonly Term[],
  constants: readonly Constant[],
  { own, isForgotten }: { readonly own: Item; readonly isForgotten: (item: Item) => boolean },
): Generator<Scaled> {
  for (const term of terms) {
    const [item, more] = term.inner;
    if (term.outer.length > 0 || item === undefined || more !== undefined) continue;
    if (term.axes !== undefined && item.node === own.node)
      for (const value of [-1 / term.count, -1]) yield { ...term, constant: plain(value) };
    else if (term.axes === undefined && isForgotten(item))
      for (const constant of constants) yield { ...term, constant };
  }
}

/** The first term of which the values are a multiple by a constant that is written. */
function simplest(
  terms: Terms,
  among: readonly Term[],
  { wanted, constants }: { readonly wanted: Float64Array; readonly constants: readonly Constant[] },
): Scaled | undefined {
  const size = dot(wanted, wanted);
  if (!(size > 0)) return undefined;
  const near = wantedOf(wanted);
  for (const term of among) {
    if (!terms.mayBe(term, near)) continue;
    const { product, square } = terms.against(term, wanted);
    if (!(product * product >= (1 - 1e-11) * square * size)) continue;
    const value = product / square;
    // Multiples of what nobody has derived are contributions, if anything.
    if (terms.isGiven(term) && Math.abs(Math.abs(value) - 1) > 1e-6) continue;
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

function candidateOf(
  { expression }: TermContext,
  { outcome, own, product, isInSum }: Spot,
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
      axes === undefined &&
      inner.some(({ isMoving }) => isMoving) &&
      inner.every(({ node, isMoving }) => !isMoving || used.has(node)),
  );
  // x − x · s is x times 1 − s.
  const isShare = terms.some(
    ({ axes, inner: [first, other] }) =>
      axes === undefined &&
      other === undefined &&
      first !== undefined &&
      isTimes(expression, first.node, own.node),
  );
  // What normalising takes away is along what it sums with.
  const isOdd = terms.some(
    ({ outer, inner, axes }) => axes !== undefined && outer.some((item) => !inner.includes(item)),
  );
  // Where a sum is taken away already, what is wrong with that is likelier than that another one of the whole is missing.
  const isRepeated = terms.some(
    ({ axes, inner }) => axes !== undefined && inner.some(({ node }) => coneOf([node]).some(isReduction)),
  );
  // A summand that has no name is rarely what another one is made of.
  const isUnnamed = terms.some(({ outer, inner }) =>
    [...outer, ...inner].some(({ node, text }) => node !== own.node && operand(text) !== text),
  );
  const rank = ((): number => {
    if (isAgain || isSquare || isShare) return 15.05;
    if (isInSum === true) return 17.5;
    if (isUnnamed) return 14.6;
    if (isRepeated) return 16.5;
    // What is derived besides is full of products that happen to be something else.
    if (isProduct) return more === undefined ? 12.6 : 13.9;
    if (isOdd) return 13.3;
    return more === undefined ? 6.8 : 6.85;
  })();
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
    rank,
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

function isReduction(node: Node): boolean {
  return node.kind === "apply" && (node.op.name === "sum" || node.op.name === "mean");
}

/** Whether a value of the body is a product with another one. */
function isTimes(expression: Expression, node: Node, factor: Node): boolean {
  const [product, own] = [expression.originalOf(node), expression.originalOf(factor)];
  return (
    product?.kind === "apply" && product.op.name === "mul" && product.inputs.some((each) => each === own)
  );
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

function isMadeOf(node: Node, other: Node): boolean {
  return coneOf([node]).includes(other);
}
