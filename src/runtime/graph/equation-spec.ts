/** Equations as a spec writes them: `X.T @ (dh * (z > 0)) + 0.1 * W`. What a spec cannot say has no text. */
import { broadcastShapes, type Shape } from "../tensor";
import type { Equation } from "./equation-tree";
import { formatNumber } from "./equation-text";
import { isShape } from "./simplify";

/** f′(z) written out, as `1 - tanh(z)^2`; undefined where that is too long to be written. */
export type DerivativeText = (name: string, at: string) => string | undefined;

export function formatSpec(equation: Equation, derivativeOf: DerivativeText): string | undefined {
  try {
    return write(equation, weakest, derivativeOf);
  } catch (error) {
    if (error instanceof Unwritable) return undefined;
    throw error;
  }
}

/** Thrown from within, caught above. */
class Unwritable extends Error {}

/**
 * How strongly a form binds: a weaker one inside of a stronger one needs parentheses. `*`, `/` and `@` bind alike, but a matrix product
 * among factors is easier to read in parentheses.
 */
const strength = { comparison: 0, sum: 1, matmul: 1.9, product: 2, operand: 2.5, power: 4, atom: 5 } as const;
const weakest = 0;

function write(equation: Equation, around: number, derivativeOf: DerivativeText): string {
  const [text, own] = form(equation, derivativeOf);
  return own < around ? `(${text})` : text;
}

function form(equation: Equation, derivativeOf: DerivativeText): [string, number] {
  const part = (x: Equation, around: number): string => write(x, around, derivativeOf);
  switch (equation.kind) {
    case "number":
      return [numberText(equation.value), equation.value < 0 ? strength.sum : strength.atom];
    case "name":
      if (/[…∂]/u.test(equation.name)) throw new Unwritable();
      return [equation.name, isAtom(equation.name) ? strength.atom : weakest];
    case "sum":
      return [sumText(equation.terms, part), strength.sum];
    case "product":
      return productText(equation, part);
    case "matmul":
      if (isStretchedFirst(equation)) return stretchedProduct(equation, part);
      return [
        equation.factors
          .map((factor, i) => part(factor, i === 0 ? strength.product : strength.operand))
          .join(" @ "),
        strength.matmul,
      ];
    case "outer":
      return [
        `${part(equation.left, strength.atom)}[:, None] * ${part(equation.right, strength.operand)}`,
        strength.product,
      ];
    case "transpose":
      return [`${part(equation.of, strength.atom)}.T`, strength.atom];
    case "power":
      return [
        `${part(equation.base, strength.atom)}^${part(equation.exponent, strength.atom)}`,
        strength.power,
      ];
    case "derivative": {
      const text = derivativeOf(equation.name, part(equation.at, weakest));
      if (text === undefined) throw new Unwritable();
      return [text, weakest];
    }
    case "indicator":
      return [part(equation.condition, weakest), weakest];
    case "comparison": {
      const sign = signs[equation.sign] ?? equation.sign;
      const [left, right] = [part(equation.left, strength.sum), part(equation.right, strength.sum)];
      return [`${left} ${sign} ${right}`, strength.comparison];
    }
    case "call":
      return callText(equation, part);
    case "omitted":
      throw new Unwritable();
  }
}

type Part = (x: Equation, around: number) => string;

type Matmul = Extract<Equation, { kind: "matmul" }>;

/** Whether the first factor is a vector that stands along the rows: equations take broadcasting to be understood. */
function isStretchedFirst({ factors: [first, second, third], shape }: Matmul): boolean {
  return third === undefined && first?.shape.length === 1 && second?.shape.length === 2 && shape.length === 2;
}

/** Rows that are all alike sum what they are multiplied by. */
function stretchedProduct({ factors: [first, second] }: Matmul, part: Part): [string, number] {
  return [
    `${part(first!, strength.atom)}[:, None] * sum(${part(second!, weakest)}, dim = 0)`,
    strength.product,
  ];
}

const signs: Readonly<Record<string, string>> = { "=": "==", "≠": "!=", "≤": "<=", "≥": ">=" };

/** A name, a member, a call or what is in parentheses; other names are expressions. */
function isAtom(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.'[\]]*(?:\([^()]*\))?$|^\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)$/u.test(
    text,
  );
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Unwritable();
  return formatNumber(value);
}

function sumText(terms: readonly Equation[], part: Part): string {
  return terms
    .map((term, i) => {
      const text = term.kind === "number" ? numberText(term.value) : part(term, strength.sum + 0.5);
      if (i === 0) return text;
      return text.startsWith("-") ? ` - ${text.slice(1)}` : ` + ${text}`;
    })
    .join("");
}

function productText(
  { coefficient, factors, divisors, shape }: Extract<Equation, { kind: "product" }>,
  part: Part,
): [string, number] {
  const front = coefficient === 1 && factors.length > 0 ? [] : [numberText(Math.abs(coefficient))];
  const isShown = Math.abs(coefficient) !== 1 || factors.length === 0;
  const operands = factors.map((factor, i) =>
    stretched(factor, shape, (around) =>
      part(factor, Math.max(around, i === 0 && !isShown ? strength.product : strength.operand)),
    ),
  );
  const above = [...(isShown ? front : []), ...operands].join(" * ");
  const below = divisors.map(
    (divisor) =>
      ` / ${stretched(divisor, shape, (around) => part(divisor, Math.max(around, strength.operand)))}`,
  );
  return [`${coefficient < 0 ? "-" : ""}${above}${below.join("")}`, strength.product];
}

/** `u[:, None]` where a value stands along the first dimensions: equations take broadcasting to be understood. */
function stretched({ shape }: Equation, whole: Shape, text: (around: number) => string): string {
  return isLeading(shape, whole) ? alongFirst(text(strength.atom), shape, whole) : text(weakest);
}

/** `u[:, None]` for a value of the shape of the first dimensions; other values as they are. */
export function alongFirst(text: string, shape: Shape, whole: Shape): string {
  if (!isLeading(shape, whole)) return text;
  const index = [...shape.map(() => ":"), ...whole.slice(shape.length).map(() => "None")].join(", ");
  return `${text}[${index}]`;
}

/** Whether a shape broadcasts only where its dimensions are the first, those of size 1 behind it aside. */
function isLeading(shape: Shape, whole: Shape): boolean {
  const broadcast = broadcastShapes(shape, whole);
  const isFine = broadcast !== undefined && isShape(broadcast, whole);
  const isLast = whole.slice(shape.length).every((size) => size === 1);
  return (
    shape.length > 0 &&
    !isFine &&
    !isLast &&
    shape.length < whole.length &&
    shape.every((size, axis) => size === whole[axis])
  );
}

const opposites: Readonly<Record<string, string>> = { "<": ">=", ">": "<=", "≤": ">", "≥": "<" };

function callText(
  { name, operands, options }: Extract<Equation, { kind: "call" }>,
  part: Part,
): [string, number] {
  const [only] = operands;
  if (name === "not" && only !== undefined) {
    const opposite = only.kind === "comparison" ? opposites[only.sign] : undefined;
    if (opposite === undefined || only.kind !== "comparison")
      return [`not ${part(only, strength.atom)}`, weakest];
    return [
      `${part(only.left, strength.sum)} ${opposite} ${part(only.right, strength.sum)}`,
      strength.comparison,
    ];
  }
  if (!/^[a-z]\w*$/u.test(name)) throw new Unwritable();
  if (name === "einsum") {
    const [equation = ""] = options.map((option) => option.replace(/^equation = /u, ""));
    return [
      `einsum(${[`"${equation}"`, ...operands.map((operand) => part(operand, weakest))].join(", ")})`,
      strength.atom,
    ];
  }
  const flags = options.map((option) => (option.includes(" = ") ? option : `${option} = true`));
  return [
    `${name}(${[...operands.map((operand) => part(operand, weakest)), ...flags].join(", ")})`,
    strength.atom,
  ];
}
