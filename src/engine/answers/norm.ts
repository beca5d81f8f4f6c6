/** The Euclidean norm of a node's value. Knows nothing of messages. */
import type { Node } from "../../runtime/graph";
import type { Target } from "../target";

/** Null where it has no value. */
export function normOf(target: Target, node: Node): number | null {
  const value = target.evaluate(node);
  return typeof value === "string" ? null : norm(value.data);
}

/** ‖x‖ = m · √Σ(xᵢ/m)², m the largest magnitude, so that no square overflows. */
export function norm(data: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] ?? 0);
    if (!(size <= largest)) largest = size;
    if (Number.isNaN(largest)) return NaN;
  }
  if (largest === 0 || largest === Infinity) return largest;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += ((data[i] ?? 0) / largest) ** 2;
  return largest * Math.sqrt(sum);
}
