/** What is told of a difference that no known mistake explains. */
import type { Node } from "../../graph";
import type { Values } from "../blame/local-body";
import { extentOf } from "../measure/extent";
import type { Explanation } from "../outcome";
import { spread } from "./both-sides";
import type { SearchResult } from "./search";

/** How the sides are to each other at their live values. */
export function ratios(
  { actual, expected }: { readonly actual: Node; readonly expected: Node },
  live: Values,
): string {
  const [a, b] = [spread(live(actual), expected), spread(live(expected), actual)];
  const found = Array.from(b, (x, i) => a[i]! / x).filter(Number.isFinite);
  if (found.length === 0) return "the sides have no ratio";
  const { least, most } = extentOf(found);
  if (most - least <= 1e-3 * Math.abs(most)) return `the left side is ${most.toPrecision(4)} times the right`;
  return `the left side is between ${least.toPrecision(3)} and ${most.toPrecision(3)} times the right`;
}

const tried =
  ". Tried were signs, constants (2, sizes and their inverses), sums for means, other dimensions, transposes, " +
  "exponents, factors and terms left out, other functions, and other values in scope";

export function unknown(message: string, nearest: SearchResult["nearest"]): Explanation {
  return {
    kind: "unknown",
    factor: null,
    expression: null,
    fit: nearest?.fit ?? Infinity,
    runnerUp: nearest,
    corrections: [],
    message: `no known mistake fits; ${message}${nearest === null ? "" : tried}`,
  };
}
