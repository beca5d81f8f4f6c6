/** Equations as TeX for KaTeX. */
import { elementCount } from "../tensor";
import { formatNumber, fractionOf } from "./equation-text";
import type { Equation } from "./equation-tree";
import { texName } from "./tex-name";

const strength = { sum: 1, product: 2, matmul: 3, postfix: 4, atom: 5 } as const;

export function formatTex(equation: Equation): string {
  return write(equation, 0);
}

function write(equation: Equation, around: number): string {
  const [tex, own] = form(equation);
  return own < around ? `\\left(${tex}\\right)` : tex;
}

function form(equation: Equation): [string, number] {
  switch (equation.kind) {
    case "number":
      return [texNumber(equation.value), equation.value < 0 ? strength.sum : strength.atom];
    case "name":
      return [texName(equation.name), strength.atom];
    case "sum":
      return [sumOf(equation.terms), strength.sum];
    case "product":
      return productOf(equation);
    case "matmul":
      return [
        equation.factors.map((factor) => write(factor, strength.matmul + 0.5)).join(" \\, "),
        strength.matmul,
      ];
    case "outer":
      return [
        `${write(equation.left, strength.matmul + 0.5)} \\otimes ${write(equation.right, strength.matmul + 0.5)}`,
        strength.matmul,
      ];
    case "transpose":
      return [`${write(equation.of, strength.atom)}^{\\top}`, strength.postfix];
    case "power":
      return [`${write(equation.base, strength.atom)}^{${write(equation.exponent, 0)}}`, strength.postfix];
    case "derivative":
      return [`${functionName(equation.name)}'\\left(${write(equation.at, 0)}\\right)`, strength.atom];
    case "indicator":
      return [`\\left[${write(equation.condition, 0)}\\right]`, strength.atom];
    case "comparison": {
      const sign = { "≠": "\\neq", "≤": "\\leq", "≥": "\\geq" }[equation.sign] ?? equation.sign;
      return [`${write(equation.left, strength.sum)} ${sign} ${write(equation.right, strength.sum)}`, 0.5];
    }
    case "call":
      return [callOf(equation), strength.atom];
    case "omitted":
      return ["\\ldots", strength.atom];
  }
}

function sumOf(terms: readonly Equation[]): string {
  return terms
    .map((term, index) => {
      const tex = term.kind === "number" ? texNumber(term.value) : write(term, strength.sum + 0.5);
      if (index === 0) return tex;
      return tex.startsWith("-") ? ` - ${tex.slice(1)}` : ` + ${tex}`;
    })
    .join("");
}

function productOf({
  coefficient,
  factors,
  divisors,
}: Extract<Equation, { kind: "product" }>): [string, number] {
  const scalars = factors.filter(({ shape }) => elementCount(shape) === 1);
  const tensors = factors.filter(({ shape }) => elementCount(shape) !== 1);
  const inside =
    factors.length === 1 ? (divisors.length > 0 ? 0 : strength.product + 0.5) : strength.matmul + 0.5;
  const join = (parts: readonly Equation[], sign: string): string =>
    parts.map((part) => write(part, inside)).join(sign);
  const body = [join(scalars, " \\cdot "), join(tensors, " \\odot ")]
    .filter((part) => part !== "")
    .join(" \\cdot ");
  const front = coefficient === 1 ? "" : coefficient === -1 && body !== "" ? "-" : texNumber(coefficient);
  const above =
    body === "" ? front || "1" : front === "" || front === "-" ? front + body : `${front} \\, ${body}`;
  if (divisors.length === 0) return [above, strength.product];
  const below = divisors.map((part) => write(part, divisors.length === 1 ? 0 : inside)).join(" \\odot ");
  return [`\\frac{${above}}{${below}}`, strength.product];
}

function callOf({ name, operands, options }: Extract<Equation, { kind: "call" }>): string {
  const parts = [
    ...operands.map((operand) => write(operand, 0)),
    ...options.map((option) => `\\text{${option}}`),
  ];
  return `${functionName(name)}\\left(${parts.join(", ")}\\right)`;
}

const known = new Set(["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min"]);

function functionName(name: string): string {
  return known.has(name) ? `\\${name}` : `\\operatorname{${name.replaceAll("_", "\\_")}}`;
}

function texNumber(value: number): string {
  const fraction = fractionOf(value);
  if (fraction === undefined) return formatNumber(value).replace(/e\+?(-?\d+)/, " \\cdot 10^{$1}");
  const [above, below] = fraction;
  return `${above < 0 ? "-" : ""}\\tfrac{${Math.abs(above)}}{${below}}`;
}
