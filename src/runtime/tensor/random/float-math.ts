/**
 * Single roundings: fused multiply-add in both widths, and the float32 logarithm, sine and cosine of PyTorch's vectorised CPU
 * kernels (the Cephes library's polynomials, evaluated with fused multiply-adds). Knows nothing of tensors or generators.
 *
 * Every argument and result of a float32 function is a double that is exactly a float32.
 */
import { twoProduct, twoSum } from "./double-double";

const F = Math.fround;

/**
 * a·b + c rounded once to float32. The product is exact in double. The sum is rounded to double and again to float32, which goes
 * wrong only if the double fell on the midpoint of two float32; its own rounding error then says which of the two is nearer.
 */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = F(sum);
  const rest = sum - rounded;
  if (rest === 0) return rounded;
  const other = rounded + 2 * rest;
  if (F(other) !== other) return rounded;
  const part = sum - product;
  const error = product - (sum - part) + (c - part);
  if (error === 0) return rounded;
  return error > 0 ? Math.max(rounded, other) : Math.min(rounded, other);
}

/** Above this a factor cannot be split in two halves without overflow. */
const splitLimit = 2 ** 990;

/**
 * a·b + c rounded once to double, after S. Boldo and G. Melquiond, "Emulation of FMA and correctly rounded sums" (2008). Exact
 * while no part underflows; for factors or results beyond 2^990 it is the ordinary product and sum.
 */
export function fma64(a: number, b: number, c: number): number {
  const plain = a * b + c;
  if (c === 0) return plain;
  if (!(Math.abs(a) < splitLimit && Math.abs(b) < splitLimit && Math.abs(plain) < splitLimit)) return plain;
  const product = twoProduct(a, b);
  const tail = twoSum(c, product.low);
  const head = twoSum(product.high, tail.high);
  return head.high + sumToOdd(tail.low, head.low);
}

const bits = new DataView(new ArrayBuffer(8));

/** a + b rounded to odd: if the sum is inexact and its double is even, the neighbour on the exact sum's side. */
function sumToOdd(a: number, b: number): number {
  const { high: sum, low: error } = twoSum(a, b);
  if (error === 0) return sum;
  bits.setFloat64(0, sum);
  const lowWord = bits.getInt32(4);
  if ((lowWord & 1) === 1) return sum;
  const towardZero = error > 0 !== sum > 0;
  if (towardZero && lowWord === 0) bits.setInt32(0, bits.getInt32(0) - 1);
  bits.setInt32(4, towardZero ? lowWord - 1 : lowWord + 1);
  return bits.getFloat64(0);
}

const word = new DataView(new ArrayBuffer(4));

const rootHalf = F(Math.SQRT1_2);
const logCoefficients = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(F);
const log2Low = F(-2.1219444e-4);
const log2High = F(0.693359375);

/** ln x in float32 for positive normal x (Cephes `logf`): x = m·2^e with √½ ≤ m < √2, ln m by a polynomial in m - 1. */
export function logFloat32(value: number): number {
  word.setFloat32(0, value);
  const pattern = word.getInt32(0);
  let e = (pattern >>> 23) - 126;
  word.setInt32(0, (pattern & 0x807fffff) | 0x3f000000);
  const mantissa = word.getFloat32(0);
  let x = F(mantissa - 1);
  if (mantissa < rootHalf) {
    e -= 1;
    x = F(x + mantissa);
  }
  const z = F(x * x);
  let y = 0;
  for (const coefficient of logCoefficients) y = fma32(y, x, coefficient);
  y = fma32(F(y * x), z, F(e * log2Low));
  y = fma32(-0.5, z, y);
  return fma32(e, log2High, F(x + y));
}

const fourOverPi = F(1.27323954473516);
const quarterPi = [-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8].map(F);
const cosCoefficients = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(F);
const sinCoefficients = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(F);

/** [sin x, cos x] in float32 for 0 ≤ x < 8192 (Cephes `sincosf`): x less a whole number of π/4, then a polynomial for each. */
export function sinCosFloat32(value: number): readonly [number, number] {
  const octant = (Math.trunc(F(value * fourOverPi)) + 1) & ~1;
  let x = value;
  for (const part of quarterPi) x = fma32(octant, part, x);
  const z = F(x * x);
  let c = 0;
  for (const coefficient of cosCoefficients) c = fma32(c, z, coefficient);
  c = F(fma32(F(c * z), z, -F(z * 0.5)) + 1);
  let s = 0;
  for (const coefficient of sinCoefficients) s = fma32(s, z, coefficient);
  s = fma32(F(s * z), x, x);
  const sin = (octant & 2) === 0 ? s : c;
  const cos = (octant & 2) === 0 ? c : s;
  return [(octant & 4) === 0 ? sin : -sin, ((octant - 2) & 4) === 0 ? -cos : cos];
}
