/**
 * Sizes of dimensions, known or symbolic, each with the place it came from.
 * A symbolic size is a polynomial with integer coefficients over atoms: bare names (`N`, `n_in`) and opaque
 * terms (`n[l-1]`, `floor((h - 3)/2)`). Knows nothing of text: an origin's place is opaque.
 */

/** Monomials ("" is the constant, "N", "N*d" with sorted factors) and their coefficients; never an empty or zero term. */
export interface Polynomial {
  readonly terms: ReadonlyMap<string, number>;
}

export type Size = number | Polynomial;

/** Where a dimension was declared: "`X`" and, for the editor, its place in the text. */
export interface DimOrigin {
  readonly name: string;
  readonly place: unknown;
}

/** One dimension of a shape. It travels through shape rules as it is, so that messages can name where it came from. */
export interface Dim {
  readonly size: Size;
  readonly origin: DimOrigin | undefined;
}

export function dim(size: Size, origin?: DimOrigin): Dim {
  return { size, origin };
}

export function dims(shape: readonly Size[]): Dim[] {
  return shape.map((size) => dim(size));
}

/** The numbers of a shape, or undefined where one is symbolic. */
export function concreteShape(shape: readonly Dim[]): number[] | undefined {
  const sizes: number[] = [];
  for (const { size } of shape) {
    if (typeof size !== "number") return undefined;
    sizes.push(size);
  }
  return sizes;
}

/** A symbol: a bare name declared by an input type, or an opaque term. */
export function symbol(atom: string): Polynomial {
  return { terms: new Map([[atom, 1]]) };
}

let unknownCount = 0;

/** A size of which nothing is known; neither equal to nor different from any other. */
export function unknownSize(): Polynomial {
  unknownCount += 1;
  return symbol(`?${String(unknownCount)}`);
}

export function isUnknown(size: Size): boolean {
  return typeof size !== "number" && [...size.terms.keys()].some((term) => term.includes("?"));
}

function termsOf(size: Size): ReadonlyMap<string, number> {
  return typeof size === "number" ? new Map(size === 0 ? [] : [["", size]]) : size.terms;
}

function normalize(terms: Map<string, number>): Size {
  for (const [term, coefficient] of terms) if (coefficient === 0) terms.delete(term);
  if (terms.size === 0) return 0;
  const constant = terms.get("");
  if (terms.size === 1 && constant !== undefined) return constant;
  return { terms };
}

export function addSizes(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return a + b;
  const terms = new Map(termsOf(a));
  for (const [term, coefficient] of termsOf(b)) terms.set(term, (terms.get(term) ?? 0) + coefficient);
  return normalize(terms);
}

export function multiplySizes(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return a * b;
  const terms = new Map<string, number>();
  for (const [left, p] of termsOf(a)) {
    for (const [right, q] of termsOf(b)) {
      const factors = [...left.split("*"), ...right.split("*")].filter((factor) => factor !== "");
      const term = factors.sort().join("*");
      terms.set(term, (terms.get(term) ?? 0) + p * q);
    }
  }
  return normalize(terms);
}

export function subtractSizes(a: Size, b: Size): Size {
  return addSizes(a, multiplySizes(-1, b));
}

/** floor(a / b): exact where both are numbers or every coefficient of `a` is divisible by the number `b`; otherwise an opaque term. */
export function floorDivideSizes(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return Math.floor(a / b);
  if (compareSizes(a, b) === "equal") return 1;
  if (typeof b === "number" && typeof a !== "number" && [...a.terms.values()].every((c) => c % b === 0)) {
    return normalize(new Map([...a.terms].map(([term, c]) => [term, c / b])));
  }
  return symbol(`floor((${formatSize(a)})/${formatSize(b)})`.replaceAll("*", "·"));
}

const bareName = /^[\p{L}_][\p{L}\p{M}\p{N}_']*$/u;

/** The name where the size is one bare symbol. */
export function bareSymbol(size: Size): string | undefined {
  if (typeof size === "number" || size.terms.size !== 1) return undefined;
  const [[term, coefficient] = ["", 0]] = size.terms;
  return coefficient === 1 && bareName.test(term) ? term : undefined;
}

/**
 * Whether two sizes are the same. Distinct bare symbols differ from one another and from 1, and count as at least 1;
 * what can be neither proved nor refuted is "unknown".
 */
export function compareSizes(a: Size, b: Size): "equal" | "different" | "unknown" {
  if (typeof a === "number" && typeof b === "number") return a === b ? "equal" : "different";
  const difference = subtractSizes(a, b);
  if (typeof difference === "number") return difference === 0 ? "equal" : "different";
  if (isDefinite(difference)) return "different";
  const left = a === 1 ? "1" : bareSymbol(a);
  const right = b === 1 ? "1" : bareSymbol(b);
  return left !== undefined && right !== undefined ? "different" : "unknown";
}

/** Whether a polynomial over declared symbols has one sign whatever their values: `2 * d` is not `d`. */
function isDefinite({ terms }: Polynomial): boolean {
  const signs = new Set([...terms.values()].map(Math.sign));
  return (
    signs.size === 1 &&
    [...terms.keys()].every((term) => term.split("*").every((atom) => atom === "" || bareName.test(atom)))
  );
}

/** As in the language: `N`, `2 * d`, `n - k + 1`; an unknown size is `?`. */
export function formatSize(size: Size): string {
  if (typeof size === "number") return String(size);
  if (isUnknown(size)) return "?";
  let text = "";
  const entries = [...size.terms].sort(([a], [b]) => Number(a === "") - Number(b === ""));
  for (const [term, coefficient] of entries) {
    const magnitude = Math.abs(coefficient);
    const factors = term === "" ? [] : term.split("*");
    const product = (magnitude === 1 && factors.length > 0 ? factors : [String(magnitude), ...factors]).join(
      " * ",
    );
    text +=
      text === ""
        ? coefficient < 0
          ? `-${product}`
          : product
        : coefficient < 0
          ? ` - ${product}`
          : ` + ${product}`;
  }
  // "°" marks an atom that is a name but no declared symbol, such as a loop's index.
  return text.replaceAll("°", "");
}

/** `[N, 2 * d]` */
export function formatDims(shape: readonly Dim[]): string {
  return `[${shape.map(({ size }) => formatSize(size)).join(", ")}]`;
}
