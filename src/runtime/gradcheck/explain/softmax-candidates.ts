/**
 * Hypotheses about values that sum to one, as softmax's: its Jacobian taken as a diagonal, and that diagonal where none belongs. What is
 * such a value is told by its numbers, so that a softmax written by hand is one too.
 */
import { isFloat } from "../../tensor";
import { isShapedAlike, type Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { editOf, type Candidate } from "./candidate";
import type { Expression, Recorder } from "./expression";
import { copiedBy } from "./copies";
import { ellipsis, printNode } from "./print-node";
import { factorsOfProduct, multiplied, productsIn, productText } from "./product-candidates";
import { inQuotes } from "./quotes";
import { operand } from "./term-text";
import type { ScopeValue } from "./value-candidates";
import { correctionAt, replacedBy } from "./written";

interface Share {
  readonly node: Node;
  /** The dimension along which it sums to one. */
  readonly axis: number;
}

export interface SoftmaxContext {
  readonly expression: Expression;
  readonly values: readonly ScopeValue[];
  readonly moved: Node | undefined;
}

export function* softmaxCandidates({ expression, values, moved: u }: SoftmaxContext): Generator<Candidate> {
  const products = productsIn(expression);
  const isBare = expression.outcomes.some(({ node }) => coneOf([node]).every((each) => each !== u));
  if (products.length === 0 && (u === undefined || !isBare)) return;
  const shares = sharesIn(expression, values);
  if (u !== undefined) yield* withoutBracket(expression, shares, u);
  for (const product of products) {
    const factors = factorsOfProduct(expression, product);
    for (const { node: p, axis } of shares) {
      const meant = factors.filter(({ node }) => isMadeOf(node, p));
      // p alone is what a term has been dropped from.
      if (meant.length === 0 || meant.every(({ node }) => node === p)) continue;
      const others = factors.filter((factor) => !meant.includes(factor));
      const constants = others.filter(({ node }) => node.shape.length === 0);
      const moved = others.filter((factor) => !constants.includes(factor));
      const place = { kind: "instead", node: product } as const;
      if (moved.length > 0) {
        const [text, v, name] = [[...moved, ...meant], moved, [{ node: p, isInverse: false }]].map((each) =>
          productText(each, expression),
        ) as [string, string, string];
        const factor = /[-+@]/u.test(v) && !v.startsWith("(") ? `(${v})` : v;
        const term = `sum(${factor} * ${name}, dim = ${axis}, keepdim = true)`;
        const right = `${name} * (${v} - ${term})`;
        yield {
          kind: "overwritten-sum",
          rank: 9.8,
          factor: null,
          expression: right,
          message: `${inQuotes(text)} takes softmax's Jacobian as diagonal: every element depends on the whole row; ${inQuotes(right)} belongs here`,
          isExact: true,
          corrections: () => (right.includes(ellipsis) ? [] : correctionAt({ at: text }, replacedBy(right))),
          change: editOf({
            place,
            make: (record) => {
              const coupled = pulled(record, multiplied(record, moved, undefined, product), p, axis);
              return coupled && multiplied(record, constants, coupled, product);
            },
          }),
        };
      }
      const text = productText(meant, expression);
      yield {
        kind: "missing-factor",
        rank: 9.95,
        factor: null,
        expression: `1 / (${text})`,
        message: `the factor ${text} is too much in ${inQuotes(productText(factors, expression))}`,
        corrections: () =>
          text.includes(ellipsis)
            ? []
            : correctionAt({ at: null }, { how: "remove-factor", factor: text, isDivisor: false }),
        change: editOf({ place, make: (record) => multiplied(record, others, undefined, product) }),
      };
    }
  }
}

/** p for p ⊙ (u − Σ u ⊙ p). */
function* withoutBracket(expression: Expression, shares: readonly Share[], u: Node): Generator<Candidate> {
  for (const { node: result } of expression.outcomes)
    for (const { node: p, axis } of shares) {
      if (copiedBy(result) !== p || !isShapedAlike(u, p)) continue;
      const [text, name] = [u, p].map((node) => operand(printNode(node, (each) => expression.nameOf(each))));
      const bracket = `${text!} - sum(${text!} * ${name!}, dim = ${axis}, keepdim = true)`;
      yield {
        kind: "missing-cotangent",
        rank: 2.6,
        factor: null,
        expression: bracket,
        message: `the factor ${inQuotes(bracket)} is missing`,
        isExact: true,
        corrections: () =>
          bracket.includes(ellipsis) ? [] : correctionAt({ at: null }, { how: "multiply", by: bracket }),
        change: editOf({
          place: { kind: "node", node: result },
          make: (record) => pulled(record, u, p, axis),
        }),
      };
    }
}

/** Jᵀv = p ⊙ (v − Σ v ⊙ p). */
function pulled(record: Recorder, v: Node | undefined, p: Node, axis: number): Node | undefined {
  const product = v && record("mul", { x: v, y: p });
  const sum = product && record("sum", { x: product }, { dim: [axis], keepdim: true });
  const difference = v && sum && record("sub", { x: v, y: sum });
  return difference && record("mul", { x: p, y: difference });
}

/** Values that are positive and sum to one along a dimension. */
function sharesIn(expression: Expression, values: readonly ScopeValue[]): Share[] {
  const nodes = new Set<Node>([...values.map(({ node }) => node), ...expression.steps]);
  return [...nodes].flatMap((node): Share[] => {
    if (!isFloat(node.dtype) || node.shape.length === 0) return [];
    const data = expression.valueIn(0, node)?.data;
    if (data?.every((x) => x > 0 && x < 1) !== true) return [];
    return [...node.shape.keys()]
      .filter((axis) => node.shape[axis]! > 1 && sumsToOne(data, node.shape, axis))
      .map((axis) => ({ node, axis }));
  });
}

function sumsToOne(data: ArrayLike<number>, shape: readonly number[], axis: number): boolean {
  const size = shape[axis]!;
  const stride = shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  for (let start = 0; start < data.length; start++) {
    if (Math.floor(start / stride) % size !== 0) continue;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += data[start + i * stride]!;
    if (Math.abs(sum - 1) > 1e-6) return false;
  }
  return true;
}

/** Whether a value is made of p and numbers alone. */
function isMadeOf(node: Node, p: Node): boolean {
  const reached = new Set<Node>([node]);
  for (const each of reached) {
    if (each === p) continue;
    if (each.kind === "source" && each.shape.length > 0) return false;
    for (const input of each.inputs) reached.add(input);
  }
  return reached.has(p);
}
