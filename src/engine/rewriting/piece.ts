/** Pieces of expression text that know how strongly they bind, so that they can be put together with brackets only where they are needed. */
import type { Expression } from "../../language/syntax";

/** Binding strengths, loosest first, as the parser has them; anything may stand where 0 is needed. */
export const strengths = {
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  sum: 5,
  product: 6,
  sign: 7,
  power: 8,
  postfix: 9,
  atom: 10,
} as const;

export interface Piece {
  readonly text: string;
  readonly strength: number;
}

const binaryStrengths: Readonly<Record<string, number>> = {
  or: strengths.or,
  and: strengths.and,
  "+": strengths.sum,
  "-": strengths.sum,
  "*": strengths.product,
  "/": strengths.product,
  "@": strengths.product,
  "^": strengths.power,
};

export function strengthOf(expression: Expression): number {
  switch (expression.kind) {
    case "binary":
      return binaryStrengths[expression.operator] ?? 0;
    case "comparison":
      return strengths.comparison;
    case "unary":
      return expression.operator === "not" ? strengths.not : strengths.sign;
    case "call":
    case "indexing":
    case "member":
      return strengths.postfix;
    default:
      return strengths.atom;
  }
}

/** What each operand of a binary operator must bind at least; the power alone groups to the right. */
export function operandStrengths(operator: string): readonly [left: number, right: number] {
  if (operator === "^") return [strengths.postfix, strengths.sign];
  const own = binaryStrengths[operator] ?? 0;
  return [own, own + 1];
}

/** An expression as it is written. */
export function pieceOf(text: string, expression: Expression): Piece {
  return { text: text.slice(expression.start, expression.end), strength: strengthOf(expression) };
}

export function atom(text: string): Piece {
  return { text, strength: strengths.atom };
}

/** The text where something of that strength is needed. */
export function within(piece: Piece, needed: number): string {
  return piece.strength >= needed ? piece.text : `(${piece.text})`;
}

export function binary(left: Piece, operator: "+" | "-" | "*" | "/" | "@", right: Piece): Piece {
  const [leftNeeds, rightNeeds] = operandStrengths(operator);
  return {
    text: `${within(left, leftNeeds)} ${operator} ${within(right, rightNeeds)}`,
    strength: binaryStrengths[operator] ?? 0,
  };
}

/** −x: a product takes the sign at its first factor, which has the same value. */
export function negated(piece: Piece): Piece {
  if (piece.strength === strengths.product) return { text: `-${piece.text}`, strength: strengths.product };
  return { text: `-${within(piece, strengths.sign)}`, strength: strengths.sign };
}

export function transposed(piece: Piece): Piece {
  return { text: `${within(piece, strengths.postfix)}.T`, strength: strengths.postfix };
}

export function call(name: string, ...args: readonly string[]): Piece {
  return { text: `${name}(${args.join(", ")})`, strength: strengths.postfix };
}
