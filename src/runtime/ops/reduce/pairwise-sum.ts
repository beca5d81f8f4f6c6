/**
 * Summation in lanes and pairs, whose rounding error grows with log n instead of n (Higham, "The accuracy of floating point
 * summation", 1993); NumPy sums the same way.
 */

const block = 128;
const lanes = 8;

/** The sum of `values[from … to-1]`, in float64. */
export function pairwiseSum(values: ArrayLike<number>, from = 0, to = values.length): number {
  const count = to - from;
  if (count <= block) return laneSum(values, from, to);
  const half = Math.floor(count / 2);
  const middle = from + half - (half % lanes);
  return pairwiseSum(values, from, middle) + pairwiseSum(values, middle, to);
}

/** Eight running sums, added up in pairs. */
function laneSum(values: ArrayLike<number>, from: number, to: number): number {
  const end = from + (to - from) - ((to - from) % lanes);
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = from; i < end; i += lanes) {
    a += values[i] ?? 0;
    b += values[i + 1] ?? 0;
    c += values[i + 2] ?? 0;
    d += values[i + 3] ?? 0;
    e += values[i + 4] ?? 0;
    f += values[i + 5] ?? 0;
    g += values[i + 6] ?? 0;
    h += values[i + 7] ?? 0;
  }
  let rest = 0;
  for (let i = end; i < to; i++) rest += values[i] ?? 0;
  return a + b + (c + d) + (e + f + (g + h)) + rest;
}
