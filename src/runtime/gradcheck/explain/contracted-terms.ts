/**
 * Terms that have been forgotten and are no products element by element: products of matrices, as `- G.T @ A`, and sums times a value, as
 * `sum(G, dim = 1)[:, None] * A`. They are found by numbers alone, in the result or in a factor of it.
 */
import { elementCount, isFloat } from "../../tensor";
import { isShapedAlike, type Node } from "../../graph";
import { dot } from "../measure/answers";
import { editOf, type Candidate } from "./candidate";
import type { Expression, Outcome } from "./expression";
import { formatNumber } from "./print-node";
import type { TermContext } from "./reduced-terms";
import { spread } from "./spread";
import { isMultipleOfSummand } from "./summands";
import { correctionAt } from "./written";

interface Item {
  readonly node: Node;
  readonly text: string;
}

const mostItems = 8;
const mostElements = 3000;

export function* contractedTermCandidates(context: TermContext): Generator<Candidate> {
  const { expression } = context;
  for (const outcome of expression.outcomes) {
    const { node, truths } = outcome;
    const size = elementCount(node.shape);
    const value = spread(expression, node, node.shape);
    if (node.shape.length !== 2 || size < 4 || size > mostElements || value === undefined) continue;
    const missing = Float64Array.from(truths[0]!, (x, i) => x - value[i]!);
    const wanted = dot(missing, missing);
    if (!(wanted > 1e-16 * dot(truths[0]!, truths[0]!))) continue;
    if (isMultipleOfSummand(expression, node, missing)) continue;
    for (const term of termsOf(context, node)) {
      const data = expression.valueIn(0, term.node)?.data;
      if (data === undefined) continue;
      const [product, square] = [dot(data, missing), dot(data, data)];
      if (!(product * product >= (1 - 1e-11) * square * wanted)) continue;
      const scale = product / square;
      const constant = written.find((each) => Math.abs(each - Math.abs(scale)) < 1e-6);
      if (constant !== undefined)
        yield candidateOf(expression, outcome, term, scale < 0 ? -constant : constant);
    }
  }
}

/** Constants that a term is written with. */
const written = [1, 2, 0.5];

function termsOf(context: TermContext, result: Node): Item[] {
  const { expression } = context;
  const items = itemsOf(context, result);
  const { moved } = context;
  const isMade = ({ text }: Item): boolean => moved === undefined || text.includes(expression.nameOf(moved)!);
  const matrices = items.filter(({ node }) => node.shape.length === 2);
  const turned = matrices.flatMap(({ node, text }): Item[] => {
    const made = expression.record("transpose", { x: node }, { dim0: -2, dim1: -1 });
    return made === undefined ? [] : [{ node: made, text: `${text}.T` }];
  });
  const sums = matrices.flatMap(({ node, text }): Item[] =>
    [0, 1].flatMap((dim) => {
      const sum = expression.record("sum", { x: node }, { dim: [dim], keepdim: false });
      const column = sum && expression.record("unsqueeze", { x: sum }, { dim: 1 });
      const own = `sum(${text}, dim = ${dim})`;
      const data = sum && expression.valueIn(0, sum)?.data;
      // Of shares there is one.
      const isOne = data?.every((x) => Math.abs(x - data[0]!) < 1e-12) !== false;
      return sum === undefined || column === undefined || isOne
        ? []
        : [
            { node: column, text: `${own}[:, None]` },
            { node: sum, text: own },
          ];
    }),
  );
  const products = pairs([...matrices, ...turned], [...matrices, ...turned]).flatMap(([a, b]): Item[] => {
    if (a.node.shape[1] !== b.node.shape[0]) return [];
    const made = expression.record("matmul", { x: a.node, y: b.node });
    return made === undefined ? [] : [{ node: made, text: `${a.text} @ ${b.text}` }];
  });
  const scaled = pairs(sums, matrices).flatMap(([a, b]): Item[] => {
    const made = expression.record("mul", { x: a.node, y: b.node });
    return made === undefined ? [] : [{ node: made, text: `${a.text} * ${b.text}` }];
  });
  return [...products, ...scaled].filter((term) => isShapedAlike(term.node, result) && isMade(term));
}

/** What moves, and named matrices, those that the expression uses first. */
function itemsOf({ expression, values, moved }: TermContext, result: Node): Item[] {
  const used = new Set<Node>(expression.steps.flatMap(({ inputs }) => inputs));
  const first = moved === undefined ? [] : [{ node: moved, text: expression.nameOf(moved) ?? "u" }];
  const named = values
    .filter(
      ({ node, isNamed }) => isNamed && node !== result && node.shape.length === 2 && isFloat(node.dtype),
    )
    .sort((a, b) => Number(used.has(b.node)) - Number(used.has(a.node)));
  return [...first, ...named].slice(0, mostItems);
}

function pairs(left: readonly Item[], right: readonly Item[]): [Item, Item][] {
  return left.flatMap((a) => right.map((b): [Item, Item] => [a, b]));
}

function candidateOf(expression: Expression, { node }: Outcome, term: Item, constant: number): Candidate {
  const size = Math.abs(constant);
  const text = size === 1 ? term.text : `${formatNumber(size)} * ${asUnit(term.text)}`;
  const sign = constant < 0 ? -1 : 1;
  return {
    kind: "overwritten-sum",
    rank: 15.02,
    factor: null,
    expression: text,
    message: `the term ${sign < 0 ? "−" : "+"} ${text} is missing`,
    isExact: true,
    corrections: () => correctionAt({ at: null }, { how: "add-term", term: text, sign }),
    change: editOf({
      place: { kind: "node", node },
      make: (record, before) => {
        const y = record("mul", { x: term.node, y: expression.graph.constants.scalar(constant, "float64") });
        return y && record("add", { x: before, y });
      },
    }),
  };
}

/** In parentheses where a constant before it would go to its first factor alone, which reads badly. */
function asUnit(text: string): string {
  return text.includes("@") ? `(${text})` : text;
}
