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
  /** Of two vectors. */
  | (Part & { readonly kind: "outer"; readonly left: Equation; readonly right: Equation })
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
  const terms = collected([...termsOf(x), ...termsOf(y)]).filter(
    (term) => !(term.kind === "number" && term.value === 0),
  );
  const [only] = terms;
  if (only === undefined) return numberOf(0, shape);
  return terms.length === 1 ? only : { kind: "sum", terms, shape };
}

/** Terms that differ in their coefficient alone as one. */
function collected(terms: readonly Equation[]): readonly Equation[] {
  const sums = new Map<string, { readonly rest: Equation; coefficient: number }>();
  for (const term of terms) {
    const { coefficient, rest } = splitNumber(term);
    const key = rest.kind === "number" ? "number" : JSON.stringify(rest);
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { coefficient, rest });
    else if (rest.kind !== "number") known.coefficient += coefficient;
    else if (known.rest.kind === "number")
      sums.set(key, { coefficient: 1, rest: { ...rest, value: rest.value + known.rest.value } });
  }
  return [...sums.values()].map(({ coefficient, rest }) =>
    coefficient === 1 ? rest : scaled(coefficient, rest),
  );
}

/** x @ y: numbers in front come to the front; chains of matrices are flat. */
export function matrixProduct(x: Equation, y: Equation, shape: Shape): Equation {
  const [a, b] = [splitScalars(x), splitScalars(y)];
  if (isSingle(a.rest) || isSingle(b.rest)) return times(x, y, shape);
  if (a.rest.shape.length === 1 && b.rest.shape.length === 1 && shape.length === 2)
    return inFront(b.front, inFront(a.front, { kind: "outer", left: a.rest, right: b.rest, shape }));
  const flat = [a.rest, b.rest].flatMap((part) =>
    part.kind === "matmul" && part.shape.length >= 2 ? part.factors : [part],
  );
  return inFront(b.front, inFront(a.front, { kind: "matmul", factors: flat, shape }));
}

export function transposed(x: Equation, shape: Shape): Equation {
  const { front, rest } = splitScalars(x);
  return inFront(front, turned(rest, shape));
}

/** A scalar, however many dimensions of size 1 it is given. */
function isSingle({ kind, shape }: Equation): boolean {
  return shape.every((size) => size === 1) || (kind === "number" && shape.length === 0);
}

/** (A · B)ᵀ = Bᵀ · Aᵀ, and a transpose of a transpose is none. */
function turned(x: Equation, shape: Shape): Equation {
  if (x.kind === "transpose") return x.of;
  if (x.kind !== "matmul" || x.factors.some((factor) => factor.shape.length !== 2))
    return { kind: "transpose", of: x, shape };
  const factors = x.factors.map((factor) => transposed(factor, factor.shape.toReversed())).reverse();
  return { kind: "matmul", factors, shape };
}

/** f(c · x) = c · f(x) for what is linear: sums, reshapes, slices. */
export function linearCall(name: string, x: Equation, options: readonly string[], shape: Shape): Equation {
  const { front, rest } = splitScalars(x);
  return inFront(front, { kind: "call", name, operands: [rest], options, shape });
}

/** What a product has in front: its number and what is a scalar, which commute with everything linear. */
function splitScalars(x: Equation): { readonly front: Front; readonly rest: Equation } {
  if (x.kind !== "product") return { front: { coefficient: 1, factors: [], divisors: [] }, rest: x };
  const isScalar = ({ shape }: Equation): boolean => shape.length === 0;
  const isTensor = ({ shape }: Equation): boolean => shape.length > 0;
  const factors = x.factors.filter(isTensor);
  const divisors = x.divisors.filter(isTensor);
  // All of it may be scalar although it stands for a tensor, as 2/N does: then nothing moves but the number.
  if (factors.length === 0) {
    const rest = product(1, x.factors, x.divisors, x.shape);
    return { front: { coefficient: x.coefficient, factors: [], divisors: [] }, rest };
  }
  const front = {
    coefficient: x.coefficient,
    factors: x.factors.filter(isScalar),
    divisors: x.divisors.filter(isScalar),
  };
  return { front, rest: product(1, factors, divisors, x.shape) };
}

type Front = Pick<Product, "coefficient" | "factors" | "divisors">;

function inFront({ coefficient, factors, divisors }: Front, x: Equation): Equation {
  const inner = asProduct(x);
  return product(
    coefficient * inner.coefficient,
    [...factors, ...inner.factors],
    [...divisors, ...inner.divisors],
    x.shape,
  );
}

/** A product as it is with 1 and 0 taken care of; a number where nothing else is left. */
function product(
  coefficient: number,
  above: readonly Equation[],
  below: readonly Equation[],
  shape: Shape,
): Equation {
  const { factors, divisors } = cancelled(above, below);
  if (coefficient === 0 || (factors.length === 0 && divisors.length === 0))
    return numberOf(coefficient, shape);
  const [only] = factors;
  if (coefficient === 1 && divisors.length === 0 && factors.length === 1 && only !== undefined) return only;
  return { kind: "product", coefficient, factors, divisors, shape };
}

/** What has a name and stands above and below is in neither. */
function cancelled(
  above: readonly Equation[],
  below: readonly Equation[],
): { readonly factors: readonly Equation[]; readonly divisors: readonly Equation[] } {
  const factors = [...above];
  const divisors = below.filter((part) => {
    if (part.kind !== "name") return true;
    const same = factors.findIndex((other) => other.kind === "name" && other.name === part.name);
    if (same < 0) return true;
    factors.splice(same, 1);
    return false;
  });
  return { factors, divisors };
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
