/** Summation whose rounding error grows with log n instead of n (Higham, "The accuracy of floating point summation", 1993). */

const block = 64;

/** The sum of `values[from … to-1]`, in float64. */
export function pairwiseSum(values: ArrayLike<number>, from = 0, to = values.length): number {
  if (to - from <= block) {
    let total = 0;
    for (let i = from; i < to; i++) total += values[i] ?? 0;
    return total;
  }
  const middle =
    from + (((to - from) / (2 * block)) | 0) * block + (to - from < 2 * block ? (to - from) >> 1 : 0);
  return pairwiseSum(values, from, middle) + pairwiseSum(values, middle, to);
}
