/** A curve as the points of a chart: thinned to what a screen can show, and smoothed. No DOM. */

export interface CurvePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** More than a screen is wide. */
const mostPoints = 2000;

/**
 * At most a few thousand points that look as all do: the smallest and the largest of each run of steps, in their order.
 * NaN stays: a curve has a gap where it has no number.
 */
export function thinned(steps: ArrayLike<number>, values: ArrayLike<number>): CurvePoints {
  const count = Math.min(steps.length, values.length);
  if (count <= mostPoints)
    return { x: Float64Array.from(steps).slice(0, count), y: Float64Array.from(values).slice(0, count) };
  const x: number[] = [];
  const y: number[] = [];
  const runs = mostPoints / 2;
  for (let run = 0; run < runs; run++) {
    const from = Math.floor((run * count) / runs);
    const to = Math.floor(((run + 1) * count) / runs);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    for (const i of low <= high ? [low, high] : [high, low]) {
      x.push(steps[i]!);
      y.push(values[i]!);
    }
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

/**
 * An exponential moving average with the weight of what came before, unbiased at the start as Adam's (Kingma and Ba
 * 2015, section 3); what is not finite is passed over.
 */
export function smoothed(values: ArrayLike<number>, weight: number): Float64Array {
  const result = new Float64Array(values.length);
  let [average, known] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) {
      average = weight * average + (1 - weight) * value;
      known = weight * known + (1 - weight);
    }
    result[i] = known === 0 ? NaN : average / known;
  }
  return result;
}

/** 0, 1, 2 … as far as a curve goes. */
export function counted(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => i);
}
