/** The shape that elementwise operands broadcast to, NumPy's rule over sizes known or symbolic. Knows nothing of graphs. */
import { compareSizes, dim, unknownSize, type Dim, type Size } from "../tensor";
import { reject, type DimRef, type Rejected } from "./rejection";

/** One operand's dimensions under the input's name. */
export interface NamedShape {
  readonly input: string;
  readonly shape: readonly Dim[];
}

/** The common shape, aligned at the last dimensions; a dimension keeps the origin of the operand that decided it. */
export function broadcastDims(operands: readonly NamedShape[]): Dim[] | Rejected {
  const [first, ...others] = operands;
  if (first === undefined) return [];
  if (others.length === 0) return [...first.shape];
  const rank = Math.max(...operands.map(({ shape }) => shape.length));
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let joined: DimRef | undefined;
    for (const { input, shape } of operands) {
      const own = axis - rank + shape.length;
      const found = shape[own];
      if (found === undefined) continue;
      const next = { input, axis: own, dim: found };
      const both = joined === undefined ? next : join(joined, next);
      if (both === undefined) return reject({ kind: "broadcast", left: joined!, right: next });
      joined = both;
    }
    result.push(joined!.dim);
  }
  return result;
}

/** The dimension that both stretch to, or undefined where they surely cannot. */
function join(left: DimRef, right: DimRef): DimRef | undefined {
  const a = left.dim.size;
  const b = right.dim.size;
  if (a === b || b === 1) return left;
  if (a === 1) return right;
  const comparison = compareSizes(a, b);
  if (comparison === "equal") return left.dim.origin === undefined ? right : left;
  const leftWide = isSurelyNotOne(a);
  const rightWide = isSurelyNotOne(b);
  if (comparison === "different" && leftWide && rightWide) return undefined;
  if (leftWide) return left;
  return rightWide ? right : { ...left, dim: dim(unknownSize()) };
}

const namesOnly = /^[\p{L}_][\p{L}\p{M}\p{N}_'*]*$/u;

/** Bare symbols are at least 1 and never exactly 1, so neither is what only adds and multiplies them; opaque terms may be 0. */
function isSurelyNotOne(size: Size): boolean {
  if (typeof size === "number") return size !== 1;
  let least = 0;
  for (const [term, coefficient] of size.terms) {
    if (coefficient < 0 || term.includes("?")) return false;
    if (term === "" || namesOnly.test(term)) least += coefficient;
  }
  return least > 1 || (size.terms.size === 1 && least === 1);
}
