/** Equations as one line of text: `Xᵀ · (dh ⊙ relu′(z)) + 0.1 W`. */
import { elementCount } from "../tensor";
import type { Equation } from "./equation-tree";

/** How strongly a form binds: a weaker one inside of a stronger one needs parentheses. */
const strength = { sum: 1, product: 2, matmul: 3, postfix: 4, atom: 5 } as const;

export function formatText(equation: Equation): string {
  return write(equation, 0);
}

function write(equation: Equation, around: number): string {
  const [text, own] = form(equation);
  return own < around ? `(${text})` : text;
}

function form(equation: Equation): [string, number] {
  switch (equation.kind) {
    case "number":
      return [formatNumber(equation.value), equation.value < 0 ? strength.sum : strength.atom];
    case "name":
      return nameOf(equation.name);
    case "sum":
      return [sumOf(equation.terms), strength.sum];
    case "product":
      return productOf(equation);
    case "matmul":
      return [
        equation.factors.map((factor) => write(factor, strength.matmul + 0.5)).join(" · "),
        strength.matmul,
      ];
    case "outer":
      return [
        `${write(equation.left, strength.matmul + 0.5)} ⊗ ${write(equation.right, strength.matmul + 0.5)}`,
        strength.matmul,
      ];
    case "transpose":
      return [`${write(equation.of, strength.postfix)}ᵀ`, strength.postfix];
    case "power":
      return [powerOf(equation.base, equation.exponent), strength.postfix];
    case "derivative":
      return [`${equation.name}′(${write(equation.at, 0)})`, strength.atom];
    case "indicator":
      return [`[${write(equation.condition, 0)}]`, strength.atom];
    case "comparison":
      return [
        `${write(equation.left, strength.sum)} ${equation.sign} ${write(equation.right, strength.sum)}`,
        0.5,
      ];
    case "call": {
      const parts = [...equation.operands.map((operand) => write(operand, 0)), ...equation.options];
      return [`${equation.name}(${parts.join(", ")})`, strength.atom];
    }
    case "omitted":
      return ["…", strength.atom];
  }
}

const greek: Readonly<Record<string, string>> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  eta: "η",
  theta: "θ",
  lambda: "λ",
  mu: "μ",
  rho: "ρ",
  sigma: "σ",
  tau: "τ",
  phi: "φ",
  psi: "ψ",
  omega: "ω",
};

/** `lambda` is λ; a quotient like ∂J/∂W binds more than a product and less than what is put behind it. */
function nameOf(name: string): [string, number] {
  const text = name.replaceAll(/[\p{L}\p{N}_']+/gu, (word) => greek[word] ?? word);
  return [text, name.includes("/") ? strength.matmul + 0.7 : strength.atom];
}

function sumOf(terms: readonly Equation[]): string {
  return terms
    .map((term, index) => {
      const text = term.kind === "number" ? formatNumber(term.value) : write(term, strength.sum + 0.5);
      if (index === 0) return text;
      return text.startsWith("-") ? ` - ${text.slice(1)}` : ` + ${text}`;
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
  // Beside other factors even a matrix product needs parentheses: both signs would look alike.
  const inner = factors.length > 1 || divisors.length > 0 ? strength.matmul + 0.5 : strength.product + 0.5;
  const join = (parts: readonly Equation[], sign: string): string =>
    parts.map((part) => write(part, inner)).join(sign);
  const body = [join(scalars, " · "), join(tensors, " ⊙ ")].filter((part) => part !== "").join(" · ");
  const front = coefficient === 1 ? "" : coefficient === -1 && body !== "" ? "-" : formatNumber(coefficient);
  const above =
    body === "" ? front || "1" : front === "" || front === "-" ? front + body : `${front} ${body}`;
  if (divisors.length === 0) return [above, strength.product];
  const below = divisors.length === 1 ? write(divisors[0]!, strength.postfix) : `(${divisorsOf(divisors)})`;
  return [`${above} / ${below}`, strength.product];
}

function divisorsOf(divisors: readonly Equation[]): string {
  const isScalar = ({ shape }: Equation): boolean => elementCount(shape) === 1;
  const join = (parts: readonly Equation[], sign: string): string =>
    parts.map((part) => write(part, strength.postfix)).join(sign);
  const scalars = divisors.filter(isScalar);
  const tensors = divisors.filter((part) => !isScalar(part));
  return [join(scalars, " · "), join(tensors, " ⊙ ")].filter((part) => part !== "").join(" · ");
}

const superscripts: Readonly<Record<string, string>> = { "-1": "⁻¹", "2": "²", "3": "³", "4": "⁴" };

function powerOf(base: Equation, exponent: Equation): string {
  const raised = exponent.kind === "number" ? superscripts[String(exponent.value)] : undefined;
  const below = write(base, strength.atom);
  return raised === undefined ? `${below}^${write(exponent, strength.atom)}` : below + raised;
}

/** Up to six digits, or a fraction of small whole numbers where that is exact. */
export function formatNumber(value: number): string {
  const fraction = fractionOf(value);
  if (fraction !== undefined) return fraction.join("/");
  return String(Number(value.toPrecision(6)));
}

/** Numerator and denominator of a number that is a short fraction but no short decimal: 2/3, not 0.666667. */
export function fractionOf(value: number): [number, number] | undefined {
  if (!Number.isFinite(value) || Number(value.toPrecision(6)) === value) return undefined;
  for (let denominator = 3; denominator <= 1024; denominator++) {
    const numerator = Math.round(value * denominator);
    if (numerator !== 0 && Math.abs(value * denominator - numerator) < 1e-12 * Math.abs(numerator)) {
      return [numerator, denominator];
    }
  }
  const inverse = Math.round(1 / value);
  if (Math.abs(inverse) > 1e7) return undefined;
  return Math.abs(1 / value - inverse) < 1e-9 * Math.abs(inverse)
    ? [Math.sign(inverse), Math.abs(inverse)]
    : undefined;
}
