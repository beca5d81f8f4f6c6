/**
 * Hypotheses about the slope of a piecewise function: factors that are made of its argument are meant as its slope, and the right one
 * belongs in their place. Knows nothing of how slopes are found.
 */
import { isFloat } from "../../tensor";
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { editOf, placeOf, usesIn, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import { ellipsis } from "./print-node";
import {
  factorsOfProduct,
  multiplied,
  productsIn,
  productText,
  type ProductFactor,
} from "./product-candidates";
import { bare, inQuotes } from "./quotes";
import type { Slope } from "./slopes";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

export interface SlopeContext {
  readonly expression: Expression;
  readonly slopes: readonly Slope[];
  readonly moved: Node | undefined;
}

export function* slopeCandidates(context: SlopeContext): Generator<Candidate> {
  const { expression, slopes } = context;
  if (slopes.length === 0) return;
  for (const product of productsIn(expression)) {
    const factors = factorsOfProduct(expression, product);
    for (const slope of slopes)
      for (const meant of meantIn(expression, factors, slope))
        yield inProduct(context, { product, factors, meant, slope });
  }
  yield* ofCases(context);
  yield* alone(context);
}

/** Factors that are made of the argument and of what lies between it and the value, and the same with numbers. */
function meantIn(
  expression: Expression,
  factors: readonly ProductFactor[],
  slope: Slope,
): (readonly ProductFactor[])[] {
  const meant = factors.filter(({ node }) => isMadeOf(expression, node, slope));
  if (meant.length === 0 || meant.length > mostMeant) return [];
  const numbers = factors.filter(({ node }) => expression.numberOf(node) !== undefined);
  const few = meant.length === 1 ? [] : meant.map((factor) => [factor]);
  return [meant, ...numbers.map((number) => [number, ...meant]), ...few];
}

const mostMeant = 4;

function isMadeOf(expression: Expression, node: Node, { node: slope, madeOf }: Slope): boolean {
  if (!isFloat(node.dtype) || node.shape.length === 0) return false;
  const cone = coneOf([node], madeOf);
  const sources = cone.filter((each) => madeOf.has(each) || each.kind === "source");
  const own = sources.filter((source) => expression.numberOf(source) === undefined);
  return own.some((source) => isShapedAlike(source, slope)) && own.every((source) => madeOf.has(source));
}

interface InProduct {
  readonly product: ApplyNode;
  readonly factors: readonly ProductFactor[];
  readonly meant: readonly ProductFactor[];
  readonly slope: Slope;
}

function inProduct({ expression }: SlopeContext, { product, factors, meant, slope }: InProduct): Candidate {
  const text = productText(meant, expression);
  const others = factors.filter((factor) => !meant.includes(factor));
  return {
    ...told(text, slope, rankOf(meant.map(({ node }) => node))),
    change: editOf({
      place: { kind: "instead", node: product },
      make: (record) => multiplied(record, others, slope.node, product),
    }),
    corrections: () => (text.includes(ellipsis) ? [] : correctionAt({ at: text }, replacedBy(slope.text))),
  };
}

function told(
  text: string,
  { text: right, derivativeOf }: Slope,
  rank: number,
): Omit<Candidate, "change" | "corrections"> {
  return {
    kind: "missing-factor",
    rank,
    factor: null,
    expression: right,
    isExact: true,
    message: `${inQuotes(text)} stands where ${derivativeOf === undefined ? inQuotes(right) : `${derivativeOf}, ${inQuotes(right)},`} belongs`,
  };
}

/** `where(x > 0, u, 0)` for `u * where(x > 0, 1, 0.1)`: what is chosen is told by what is chosen from. */
function* ofCases({ expression, slopes, moved }: SlopeContext): Generator<Candidate> {
  for (const step of expression.steps) {
    if (step.op.name !== "where") continue;
    const [condition, ...cases] = step.inputs;
    if (condition === undefined) continue;
    const chosen = cases.filter(
      (each) => isShapedAlike(each, step) && expression.numberOf(each) === undefined,
    );
    for (const slope of slopes) {
      const isAbout = coneOf([condition], slope.madeOf).some((each) => slope.madeOf.has(each));
      if (!isAbout || !isShapedAlike(slope.node, step)) continue;
      const factors = new Set([...chosen, ...(moved === undefined ? [] : [moved])]);
      for (const factor of factors) {
        if (!isShapedAlike(factor, step)) continue;
        // Where each case has it, the choice is the slope's: one case is the likelier mistake.
        const isChoice = cases.every((each) => coneOf([each]).includes(factor));
        const at = writtenStep(step, expression);
        const name = writtenValue(factor, expression);
        const right =
          name === null ? null : `${/[-+]/u.test(name) ? `(${name})` : name} * ${bracketed(slope.text)}`;
        yield {
          ...told(
            at ?? ellipsis,
            { ...slope, text: right ?? slope.text, derivativeOf: undefined },
            isChoice ? choiceRank : 6.77,
          ),
          change: editOf({
            place: { kind: "instead", node: step },
            make: (record) => record("mul", { x: factor, y: slope.node }),
          }),
          corrections: () => (at === null ? [] : correctionAt({ at }, replacedBy(right))),
        };
      }
    }
  }
}

/** A mask or a choice where it is used by itself, as a named value is. */
function* alone({ expression, slopes }: SlopeContext): Generator<Candidate> {
  const products: ReadonlySet<string> = new Set(["mul", "div"]);
  for (const use of usesIn(expression)) {
    if (products.has(use.consumer.op.name) || use.operand.kind === "source") continue;
    for (const slope of slopes) {
      if (!isMadeOf(expression, use.operand, slope) || !isShapedAlike(use.operand, slope.node)) continue;
      const at = writtenStep(use.operand, expression);
      yield {
        ...told(at ?? ellipsis, slope, use.consumer.op.name === "where" ? choiceRank : rankOf([use.operand])),
        change: editOf({ place: placeOf(use), make: () => slope.node }),
        corrections: () => (at === null ? [] : correctionAt({ at }, replacedBy(slope.text))),
      };
    }
  }
}

const choiceRank = 16.2;

/**
 * A mask after one with another number, and before whole contributions; in a written choice one case is the likelier mistake,
 * whatever it is.
 */
function rankOf(meant: readonly Node[]): number {
  const operators = meant.flatMap((node) =>
    coneOf([node]).flatMap((each) => (each.kind === "apply" ? [each] : [])),
  );
  if (operators.some(({ op }) => op.name === "where")) return choiceRank;
  return operators.some(({ op, dtype }) => !isFloat(dtype) || op.name === "sign" || op.name === "clamp")
    ? 6.76
    : 9.9;
}

function bracketed(text: string): string {
  return / [-+<>]/u.test(bare(text).replaceAll(/\([^()]*\)/gu, "")) ? `(${text})` : text;
}
