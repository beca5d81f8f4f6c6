/** Element counts of symbolic shapes: products of sizes and what is left after dividing by known ones. Knows no operator. */
import {
  compareSizes,
  type Dim,
  dim,
  floorDivideSizes,
  multiplySizes,
  type Polynomial,
  type Size,
} from "../../tensor";

/** The number of elements of a shape, symbolic or not. */
export function elementTotal(shape: readonly Dim[]): Size {
  return shape.reduce<Size>((total, { size }) => multiplySizes(total, size), 1);
}

/**
 * The dimension that makes `known` hold as many elements as `shape` does. Equal dimensions cancel first, so that
 * `[N, d]` over `[N]` is the `d` itself with its origin. Undefined where it certainly does not divide.
 */
export function missingDimension(shape: readonly Dim[], known: readonly Dim[]): Dim | undefined {
  const left = [...shape];
  const divisors: Dim[] = [];
  for (const divisor of known) {
    const same = left.findIndex(({ size }) => compareSizes(size, divisor.size) === "equal");
    if (same >= 0) left.splice(same, 1);
    else if (divisor.size !== 1) divisors.push(divisor);
  }
  const rest = left.filter(({ size }) => size !== 1);
  if (divisors.length === 0) return rest.length === 1 ? rest[0] : dim(elementTotal(rest));
  const total = elementTotal(rest);
  const divisor = elementTotal(divisors);
  if (typeof total === "number" && typeof divisor === "number") {
    return total % divisor === 0 ? dim(total / divisor) : undefined;
  }
  return dim(dividedByMonomial(total, divisor) ?? floorDivideSizes(total, divisor));
}

/** `total / divisor` where the divisor is one term that divides each term of the total. */
function dividedByMonomial(total: Size, divisor: Size): Size | undefined {
  const [[term, coefficient] = ["", 0], ...others] = termsOf(divisor);
  if (others.length > 0 || coefficient === 0) return undefined;
  const quotient = new Map<string, number>();
  for (const [dividend, count] of termsOf(total)) {
    const factors = dividend.split("*").filter((factor) => factor !== "");
    for (const factor of term.split("*").filter((name) => name !== "")) {
      const at = factors.indexOf(factor);
      if (at < 0) return undefined;
      factors.splice(at, 1);
    }
    if (count % coefficient !== 0) return undefined;
    quotient.set(factors.join("*"), count / coefficient);
  }
  const constant = quotient.get("");
  if (quotient.size === 1 && constant !== undefined) return constant;
  return { terms: quotient } satisfies Polynomial;
}

function termsOf(size: Size): readonly (readonly [string, number])[] {
  return typeof size === "number" ? [["", size]] : [...size.terms];
}
