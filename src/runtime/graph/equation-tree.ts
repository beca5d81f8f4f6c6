/** Equations as trees in which sums, products and matrix products are flat and carry one number in front. */
import type { Shape } from "../tensor";

interface Part {
  /** Of the value that it stands for; products with one-element tensors are written differently. */
  readonly shape: Shape;
}

export type Equation =
  | (Part & { readonly kind: "number"; readonly value: number })
  | (Part & { readonly kind: "name"; readonly name: string })
  | (Part & { readonly kind: "sum"; readonly terms: readonly Equation[] })
  | (Part & {
      readonly kind: "product";
      readonly coefficient: number;
      readonly factors: readonly Equation[];
      readonly divisors: readonly Equation[];
    })
  | (Part & { readonly kind: "matmul"; readonly factors: readonly Equation[] })
  | (Part & { readonly kind: "transpose"; readonly of: Equation })
  | (Part & { readonly kind: "power"; readonly base: Equation; readonly exponent: Equation })
  /** f′(at) */
  | (Part & { readonly kind: "derivative"; readonly name: string; readonly at: Equation })
  /** 1 where the condition holds, else 0. */
  | (Part & { readonly kind: "indicator"; readonly condition: Equation })
  | (Part & {
      readonly kind: "comparison";
      readonly sign: string;
      readonly left: Equation;
      readonly right: Equation;
    })
  | (Part & {
      readonly kind: "call";
      readonly name: string;
      readonly operands: readonly Equation[];
      readonly options: readonly string[];
    })
  /** What would be too long. */
  | (Part & { readonly kind: "omitted" });

type Product = Extract<Equation, { kind: "product" }>;

export function numberOf(value: number, shape: Shape): Equation {
  return { kind: "number", value, shape };
}

/** x · y element by element. */
export function times(x: Equation, y: Equation, shape: Shape): Equation {
  const [a, b] = [asProduct(x), asProduct(y)];
  return product(
    a.coefficient * b.coefficient,
    [...a.factors, ...b.factors],
    [...a.divisors, ...b.divisors],
    shape,
  );
}

export function over(x: Equation, y: Equation, shape: Shape): Equation {
  const [a, b] = [asProduct(x), asProduct(y)];
  return product(
    a.coefficient / b.coefficient,
    [...a.factors, ...b.divisors],
    [...a.divisors, ...b.factors],
    shape,
  );
}

export function scaled(factor: number, x: Equation): Equation {
  const { coefficient, factors, divisors } = asProduct(x);
  return product(factor * coefficient, factors, divisors, x.shape);
}

export function plus(x: Equation, y: Equation, shape: Shape): Equation {
  const terms = [...termsOf(x), ...termsOf(y)].filter(
    (term) => !(term.kind === "number" && term.value === 0),
  );
  const [only] = terms;
  if (only === undefined) return numberOf(0, shape);
  return terms.length === 1 ? only : { kind: "sum", terms, shape };
}

/** x @ y: numbers in front come to the front; chains of matrices are flat. */
export function matrixProduct(x: Equation, y: Equation, shape: Shape): Equation {
  const [a, b] = [splitNumber(x), splitNumber(y)];
  const flat = [a.rest, b.rest].flatMap((part) =>
    part.kind === "matmul" && part.shape.length >= 2 ? part.factors : [part],
  );
  return scaled(a.coefficient * b.coefficient, { kind: "matmul", factors: flat, shape });
}

export function transposed(x: Equation, shape: Shape): Equation {
  const { coefficient, rest } = splitNumber(x);
  return scaled(coefficient, rest.kind === "transpose" ? rest.of : { kind: "transpose", of: rest, shape });
}

/** f(c · x) = c · f(x) for what is linear: sums, reshapes, slices. */
export function linearCall(name: string, x: Equation, options: readonly string[], shape: Shape): Equation {
  const { coefficient, rest } = splitNumber(x);
  return scaled(coefficient, { kind: "call", name, operands: [rest], options, shape });
}

/** A product as it is with 1 and 0 taken care of; a number where nothing else is left. */
function product(
  coefficient: number,
  factors: readonly Equation[],
  divisors: readonly Equation[],
  shape: Shape,
): Equation {
  if (coefficient === 0 || (factors.length === 0 && divisors.length === 0))
    return numberOf(coefficient, shape);
  const [only] = factors;
  if (coefficient === 1 && divisors.length === 0 && factors.length === 1 && only !== undefined) return only;
  return { kind: "product", coefficient, factors, divisors, shape };
}

function asProduct(x: Equation): Pick<Product, "coefficient" | "factors" | "divisors"> {
  if (x.kind === "product") return x;
  if (x.kind === "number") return { coefficient: x.value, factors: [], divisors: [] };
  return { coefficient: 1, factors: [x], divisors: [] };
}

function splitNumber(x: Equation): { readonly coefficient: number; readonly rest: Equation } {
  if (x.kind !== "product" || x.coefficient === 1) return { coefficient: 1, rest: x };
  return { coefficient: x.coefficient, rest: product(1, x.factors, x.divisors, x.shape) };
}

function termsOf(x: Equation): readonly Equation[] {
  return x.kind === "sum" ? x.terms : [x];
}
