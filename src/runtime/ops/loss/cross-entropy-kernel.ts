/** The interpreter's cross entropy: log-probabilities and their weighted sums, one for each row. Knows nothing of operators. */
import type { Tensor } from "../../tensor";
import type { ClassLayout } from "./class-axis";

/** log softmax over the classes: x − max − log Σ exp(x − max). */
export function logProbabilities(x: Float64Array, { batch, classes, places }: ClassLayout): Float64Array {
  const result = new Float64Array(x.length);
  for (let row = 0; row < batch * places; row++) {
    const start = Math.floor(row / places) * classes * places + (row % places);
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, x[start + c * places]!);
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(x[start + c * places]! - largest);
    const logTotal = Math.log(total);
    for (let c = 0; c < classes; c++) {
      const at = start + c * places;
      result[at] = x[at]! - largest - logTotal;
    }
  }
  return result;
}

/** What the terms of a loss are weighed with. */
export interface Weighing {
  readonly weights: Float64Array;
  readonly smoothing: number;
  readonly ignored: number;
}

/** −Σ_c q_c · log-probability for each label (0 where it is ignored), and the labels' weights in all. */
export function labelLosses(
  logits: Float64Array,
  target: Tensor,
  { batch, classes, places }: ClassLayout,
  { weights, smoothing, ignored }: Weighing,
): { readonly losses: Float64Array; readonly totalWeight: number } {
  const losses = new Float64Array(batch * places);
  let totalWeight = 0;
  for (let row = 0; row < losses.length; row++) {
    const label = target.data[row]!;
    if (label === ignored) continue;
    const start = Math.floor(row / places) * classes * places + (row % places);
    totalWeight += weights[label]!;
    let loss = -(1 - smoothing) * weights[label]! * logits[start + label * places]!;
    if (smoothing > 0) {
      let even = 0;
      for (let c = 0; c < classes; c++) even -= weights[c]! * logits[start + c * places]!;
      loss += (smoothing / classes) * even;
    }
    losses[row] = loss;
  }
  return { losses, totalWeight };
}

/** −Σ_c q_c · log-probability for each distribution over the classes. */
export function probabilityLosses(
  logits: Float64Array,
  target: Float64Array,
  { batch, classes, places }: ClassLayout,
  { weights, smoothing }: Weighing,
): Float64Array {
  const losses = new Float64Array(batch * places);
  for (let row = 0; row < losses.length; row++) {
    const start = Math.floor(row / places) * classes * places + (row % places);
    let loss = 0;
    for (let c = 0; c < classes; c++) {
      const at = start + c * places;
      loss -= weights[c]! * ((1 - smoothing) * target[at]! + smoothing / classes) * logits[at]!;
    }
    losses[row] = loss;
  }
  return losses;
}
