/**
 * The natural logarithm, sine and cosine in float64, correctly rounded, so that normal deviates are the same on every engine and
 * agree with the C library under NumPy and PyTorch (JavaScript leaves the last bit of `Math.log` open). Knows nothing of generators.
 *
 * Each sum is carried in double-double arithmetic as far as its terms need it, with a relative error of about 2^-100; rounding that
 * to double is wrong only where the true value lies within 2^-100 of a midpoint of two doubles. Most of the time a sum that is
 * right to 2^-66 is enough to see how it is rounded (A. Ziv, Fast evaluation of elementary mathematical functions with correctly rounded
 * last bit, 1991): `tables.ts`.
 */
import { add, divide, multiply, twoSum, type DoubleDouble } from "./double-double";
import { ln2, quickLog, quickSinCos } from "./tables";

const one: DoubleDouble = { high: 1, low: 0 };

/** Terms of a series from this one on are summed in plain doubles: they are below 2^-48 of the result. */
const plainFrom = 9;

/** 1/1, 1/3, 1/5, … : the series of atanh s in s², after the leading s. */
const atanhCoefficients = Array.from({ length: 22 }, (_, k) => divide(one, { high: 2 * k + 1, low: 0 }));
/** ±1/(2k + 1)! and ±1/(2k)! : the series of sin and cos in r². */
const sinCoefficients = Array.from({ length: 14 }, (_, k) => reciprocalFactorial(2 * k + 1, k));
const cosCoefficients = Array.from({ length: 14 }, (_, k) => reciprocalFactorial(2 * k, k));

const bits = new DataView(new ArrayBuffer(8));
const exponentBits = 0x7ff00000;

/** ln x, correctly rounded, for a positive normal x: x = m·2^e with √½ ≤ m < √2, ln m = 2·atanh((m - 1) / (m + 1)). */
export function log(x: number): number {
  bits.setFloat64(0, x);
  const highWord = bits.getInt32(0);
  let e = ((highWord & exponentBits) >>> 20) - 1023;
  bits.setInt32(0, (highWord & ~exponentBits) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    e += 1;
  }
  const quick = quickLog(mantissa, e);
  if (!Number.isNaN(quick)) return quick;
  const s = divide({ high: mantissa - 1, low: 0 }, twoSum(mantissa, 1));
  const half = multiply(s, series(atanhCoefficients, multiply(s, s)));
  const logMantissa = { high: 2 * half.high, low: 2 * half.low };
  if (e === 0) return logMantissa.high;
  return add(multiply({ high: e, low: 0 }, ln2), logMantissa).high;
}

const pair = new Float64Array(2);

/** sin x, correctly rounded, for |x| ≤ 1000. */
export function sin(x: number): number {
  sinCos(x, pair);
  return pair[0]!;
}

/** cos x, correctly rounded, for |x| ≤ 1000. */
export function cos(x: number): number {
  sinCos(x, pair);
  return pair[1]!;
}

/** Writes both: what they have in common is computed once. */
export function sinCos(x: number, into: Float64Array): void {
  quickSinCos(x, into);
  if (!Number.isNaN(into[0]!) && !Number.isNaN(into[1]!)) return;
  const { quadrant, rest } = reduce(x);
  into[0] = sinAtQuadrant(quadrant, rest);
  into[1] = sinAtQuadrant(quadrant + 1, rest);
}

/** sin(quadrant·π/2 + r). */
function sinAtQuadrant(quadrant: number, r: DoubleDouble): number {
  const square = multiply(r, r);
  const isEven = (quadrant & 1) === 0;
  const value = isEven
    ? multiply(r, series(sinCoefficients, square)).high
    : series(cosCoefficients, square).high;
  return (quadrant & 2) === 0 ? value : -value;
}

/** π/2 in three parts, the first of 33 bits, so that a small whole multiple of it is exact. */
const halfPiHead = 1.5707963267341256;
const halfPiTail: DoubleDouble = { high: 6.077100506506192e-11, low: 3.5215598651832e-27 };

/** x = quadrant·π/2 + rest with |rest| ≤ π/4. */
function reduce(x: number): { readonly quadrant: number; readonly rest: DoubleDouble } {
  const quadrant = Math.round(x / (Math.PI / 2));
  const head = twoSum(x, -quadrant * halfPiHead);
  const tail = multiply({ high: -quadrant, low: 0 }, halfPiTail);
  return { quadrant, rest: add(head, tail) };
}

/** coefficients[0] + coefficients[1]·x + …, by Horner's rule. */
function series(coefficients: readonly DoubleDouble[], x: DoubleDouble): DoubleDouble {
  let plain = 0;
  for (let k = coefficients.length - 1; k >= plainFrom; k--) plain = plain * x.high + coefficients[k]!.high;
  let sum: DoubleDouble = { high: plain, low: 0 };
  for (let k = plainFrom - 1; k >= 0; k--) sum = add(multiply(sum, x), coefficients[k]!);
  return sum;
}

/** (-1)^k / n!. The factorials up to 27! are exact as a sum of two doubles. */
function reciprocalFactorial(n: number, k: number): DoubleDouble {
  let factorial = one;
  for (let factor = 2; factor <= n; factor++) factorial = multiply(factorial, { high: factor, low: 0 });
  return divide({ high: k % 2 === 0 ? 1 : -1, low: 0 }, factorial);
}
