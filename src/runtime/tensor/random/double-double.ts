/**
 * Arithmetic on unevaluated sums of two doubles, about 106 bits. Knows nothing of tensors or generators.
 *
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971); D. E. Knuth's two-sum.
 */

/** The number high + low, where |low| is at most half an ulp of high. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** a + b, exactly. */
export function twoSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const part = high - a;
  return { high, low: a - (high - part) + (b - part) };
}

/** a + b, exactly, when |a| ≥ |b| or a is 0. */
function quickTwoSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  return { high, low: b - (high - a) };
}

const splitter = 2 ** 27 + 1;

/** a·b, exactly, unless a factor is beyond 2^990 or the low part underflows. */
export function twoProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  const aScaled = splitter * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = splitter * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return { high, low: aHigh * bHigh - high + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

/** a + b with a relative error of about 2^-104, cancellation included. */
export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoSum(a.high, b.high);
  const low = twoSum(a.low, b.low);
  const sum = quickTwoSum(high.high, high.low + low.high);
  return quickTwoSum(sum.high, sum.low + low.low);
}

/** a·b with a relative error of about 2^-104. */
export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.high, b.high);
  return quickTwoSum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

/** a / b with a relative error of about 2^-103. */
export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.high / b.high;
  const rest = subtractProduct(a, first, b);
  const second = rest.high / b.high;
  const third = subtractProduct(rest, second, b).high / b.high;
  const sum = quickTwoSum(first, second);
  return quickTwoSum(sum.high, sum.low + third);
}

/** a - factor·b. */
function subtractProduct(a: DoubleDouble, factor: number, b: DoubleDouble): DoubleDouble {
  const product = multiply({ high: factor, low: 0 }, b);
  return add(a, { high: -product.high, low: -product.low });
}
