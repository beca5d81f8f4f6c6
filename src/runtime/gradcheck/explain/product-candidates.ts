/** Hypotheses about products: a factor too much, and a wrong derivative among the factors. Knows nothing of sums. */
import type { ApplyNode, Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { editOf, type Candidate } from "./candidate";
import type { Expression, Recorder } from "./expression";
import { derivativeText, hasShortDerivative, primed, type FunctionUse } from "./factors";
import { ellipsis, formatNumber, printNode } from "./print-node";
import { bare, inQuotes, quotedStep } from "./quotes";
import type { Sizes } from "./sizes";
import { correctionAt, replacedBy, writtenStep } from "./written";

export interface ProductContext {
  readonly expression: Expression;
  readonly sizes: Sizes;
  readonly functions: readonly FunctionUse[];
}

/** Products without one of their factors. */
export function* extraFactorCandidates(context: ProductContext): Generator<Candidate> {
  const { expression } = context;
  for (const step of expression.steps) {
    const [x, y] = step.inputs;
    if (
      x === undefined ||
      y === undefined ||
      (expression.numberOf(x) !== undefined && expression.numberOf(y) !== undefined)
    )
      continue;
    if (step.op.name === "mul") {
      yield withoutFactor(context, step, x, y);
      yield withoutFactor(context, step, y, x);
    } else if (step.op.name === "div") yield withoutFactor(context, step, x, y);
  }
}

function withoutFactor(
  { expression, sizes }: ProductContext,
  step: ApplyNode,
  left: Node,
  taken: Node,
): Candidate {
  const within = `in ${quotedStep(step, expression)}`;
  const change = editOf({ place: { kind: "instead", node: step }, make: () => left });
  const isDivisor = step.op.name === "div";
  const constant = expression.numberOf(taken);
  if (constant !== undefined) {
    const size = sizes.get(constant);
    const text = `${formatNumber(constant)}${size === undefined || constant === 2 ? "" : ` (${size.is})`}`;
    return {
      kind: "factor",
      rank: 0.9,
      factor: isDivisor ? constant : 1 / constant,
      expression: null,
      message:
        constant === 0
          ? `${quotedStep(step, expression)} is made zero: the factor 0 is too much`
          : isDivisor
            ? `the division by ${text} is too much ${within}`
            : `the factor ${text} is too much ${within}`,
      change,
      corrections: () =>
        correctionAt(
          { at: writtenStep(step, expression) },
          { how: "remove-factor", factor: formatNumber(constant), isDivisor },
        ),
    };
  }
  const text = printNode(taken, (node) => expression.nameOf(node));
  return {
    kind: "missing-factor",
    rank: 9.9,
    factor: null,
    expression: isDivisor ? text : `1 / (${text})`,
    message: `${isDivisor ? "the division by" : "the factor"} ${text} is too much ${within}`,
    change,
    corrections: () =>
      text.includes(ellipsis)
        ? []
        : correctionAt(
            { at: writtenStep(step, expression) },
            { how: "remove-factor", factor: bare(text), isDivisor },
          ),
  };
}

/** Factors that are made of a function's argument and value alone are meant as its derivative: the right one in their place. */
export function* wrongDerivativeCandidates(context: ProductContext): Generator<Candidate> {
  for (const { use, meant, others, text, product } of meantDerivatives(context)) {
    if (!hasShortDerivative(use.name)) continue;
    const right = derivativeText(use);
    yield {
      kind: "missing-factor",
      // What is bare may be the derivative but for a number.
      rank: meant.every(({ node }) => node === use.input || node === use.output) ? 14.3 : 14.2,
      factor: null,
      expression: right,
      message: `${inQuotes(text)} stands where ${primed(use)}, ${right}, belongs`,
      corrections: () => (text.includes(ellipsis) ? [] : correctionAt({ at: text }, replacedBy(right))),
      change: editOf({
        place: { kind: "instead", node: product },
        make: (record) => multiplied(record, others, use.derivative, product),
      }),
    };
  }
}

/** The same factors where none belongs. */
export function* extraDerivativeCandidates(context: ProductContext): Generator<Candidate> {
  for (const { meant, others, text, product } of meantDerivatives(context)) {
    if (meant.length < 2) continue;
    yield {
      kind: "missing-factor",
      rank: 9.95,
      factor: null,
      expression: `1 / (${text})`,
      message: `the factor ${text} is too much in ${quotedStep(product, context.expression)}`,
      corrections: () =>
        text.includes(ellipsis)
          ? []
          : correctionAt({ at: null }, { how: "remove-factor", factor: text, isDivisor: false }),
      change: editOf({
        place: { kind: "instead", node: product },
        make: (record) => multiplied(record, others, undefined, product),
      }),
    };
  }
}

interface MeantDerivative {
  readonly use: FunctionUse;
  readonly product: ApplyNode;
  readonly meant: readonly ProductFactor[];
  readonly others: readonly ProductFactor[];
  readonly text: string;
}

function* meantDerivatives({ expression, functions }: ProductContext): Generator<MeantDerivative> {
  for (const product of productsIn(expression)) {
    const factors = factorsOfProduct(expression, product);
    const seen = new Set<Node>();
    for (const use of functions) {
      if (!use.unary || seen.has(use.output)) continue;
      const meant = factors.filter(({ node }) => isMadeOf(expression, node, use));
      if (meant.length === 0 || meant.length > mostMeant) continue;
      seen.add(use.output);
      const chosen = [meant, meant.filter(({ node }) => node !== use.input)];
      for (const some of chosen.slice(0, chosen[1]!.length < meant.length ? 2 : 1)) {
        if (some.length === 0) continue;
        const others = factors.filter((factor) => !some.includes(factor));
        yield { use, product, meant: some, others, text: productText(some, expression) };
      }
    }
  }
}

export function productText(factors: readonly ProductFactor[], expression: Expression): string {
  const texts = factors.map(({ node, isInverse }) => {
    const printed = printNode(node, (each) => expression.nameOf(each));
    const unit = /^[\w.[\]']+$|^\w+\([^()]*\)$/u.test(printed) ? printed : `(${printed})`;
    return factors.length === 1 && !isInverse ? printed : unit;
  });
  const first = factors.findIndex(({ isInverse }) => !isInverse);
  const order = [...factors.keys()].sort((a, b) => Number(b === first) - Number(a === first) || a - b);
  const rest = (at: number): string => `${factors[at]!.isInverse ? " / " : " * "}${texts[at]!}`;
  if (first < 0) return `1${order.map(rest).join("")}`;
  return texts[first]! + order.slice(1).map(rest).join("");
}

const mostMeant = 4;

export interface ProductFactor {
  readonly node: Node;
  readonly isInverse: boolean;
}

const products: ReadonlySet<string> = new Set(["mul", "div"]);

/** Products that are no factor of another. */
export function productsIn({ steps }: Expression): ApplyNode[] {
  const inner = new Set<Node>();
  for (const step of steps) if (products.has(step.op.name)) for (const input of step.inputs) inner.add(input);
  return steps.filter((step) => products.has(step.op.name) && !inner.has(step));
}

export function factorsOfProduct(expression: Expression, product: ApplyNode): ProductFactor[] {
  const isStep = new Set<Node>(expression.steps);
  const flat = (node: Node, isInverse: boolean): ProductFactor[] => {
    if (node.kind === "source" || !isStep.has(node) || !products.has(node.op.name))
      return [{ node, isInverse }];
    const [x, y] = node.inputs;
    return [...flat(x!, isInverse), ...flat(y!, isInverse !== (node.op.name === "div"))];
  };
  return flat(product, false);
}

/** Whether a value depends on the argument or value of a function, and on nothing else but numbers. */
function isMadeOf(expression: Expression, node: Node, { input, output }: FunctionUse): boolean {
  const sources = coneOf([node]).filter(({ kind }) => kind === "source");
  const own = sources.filter((source) => expression.numberOf(source) === undefined);
  return own.length > 0 && own.every((source) => source === input || source === output);
}

export function multiplied(
  record: Recorder,
  factors: readonly ProductFactor[],
  derivative: Node | undefined,
  { shape }: Node,
): Node | undefined {
  let product: Node | undefined = derivative;
  for (const { node, isInverse } of [...factors].sort((a, b) => Number(a.isInverse) - Number(b.isInverse))) {
    if (product === undefined && !isInverse) product = node;
    else if (product === undefined) return undefined;
    else product = record(isInverse ? "div" : "mul", { x: product, y: node });
  }
  return product?.shape.length === shape.length ? product : undefined;
}
