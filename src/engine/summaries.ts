/** Summaries of tensors, for the panel. Knows nothing of graphs. */
import type { TensorSummary } from "../protocol";
import type { Tensor } from "../runtime/tensor";

const bins = 24;

/** Moments, range, zeros, what is not finite, and a histogram of the rest. */
export function summarize(value: Tensor): TensorSummary {
  const { data, shape, dtype } = value;
  let [min, max, sum, zeros, nan, infinite] = [Infinity, -Infinity, 0, 0, 0, 0];
  // Counted loops: a hundred million elements are gone through twice.
  for (let i = 0; i < data.length; i++) {
    const element = data[i]!;
    if (Number.isNaN(element)) nan += 1;
    else if (!Number.isFinite(element)) infinite += 1;
    else {
      if (element === 0) zeros += 1;
      if (element < min) min = element;
      if (element > max) max = element;
      sum += element;
    }
  }
  const finite = data.length - nan - infinite;
  const mean = finite === 0 ? NaN : sum / finite;
  let squares = 0;
  const histogram = new Array<number>(bins).fill(0);
  const width = max - min;
  for (let i = 0; i < data.length; i++) {
    const element = data[i]!;
    if (!Number.isFinite(element)) continue;
    squares += (element - mean) ** 2;
    const bin = width === 0 ? 0 : Math.min(bins - 1, Math.floor(((element - min) / width) * bins));
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  const deviation = finite === 0 ? NaN : Math.sqrt(squares / finite);
  return {
    shape,
    dtype,
    count: data.length,
    mean,
    deviation,
    min: finite === 0 ? NaN : min,
    max: finite === 0 ? NaN : max,
    zeros,
    nan,
    infinite,
    histogram,
  };
}
