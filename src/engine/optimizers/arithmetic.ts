/**
 * PyTorch's in-place tensor operations that optimizers are made of, on float storage: the same operations in the same order,
 * rounded to the storage's width after every one, as PyTorch's portable kernels do. (Its kernels for processors with fused
 * multiply-add skip one rounding in `addScaled` and `addProduct`.) Knows no optimizer.
 */
import { type FloatData } from "./optimizer";

/** target · factor, as `mul_`. */
export function scale(target: FloatData, factor: number): void {
  const by = rounded(target, factor);
  for (let i = 0; i < target.length; i++) target[i] = target[i]! * by;
}

/** target + alpha · b, as `add_(b, alpha)`. */
export function addScaled(target: FloatData, b: FloatData, alpha: number): void {
  const by = rounded(target, alpha);
  if (target instanceof Float32Array)
    for (let i = 0; i < target.length; i++) target[i] = target[i]! + Math.fround(by * b[i]!);
  else for (let i = 0; i < target.length; i++) target[i] = target[i]! + by * b[i]!;
}

/** target + (value · b) · c, as `addcmul_(b, c, value)`. */
export function addProduct(target: FloatData, b: FloatData, c: FloatData, value: number): void {
  const by = rounded(target, value);
  if (target instanceof Float32Array) {
    for (let i = 0; i < target.length; i++)
      target[i] = target[i]! + Math.fround(Math.fround(by * b[i]!) * c[i]!);
  } else for (let i = 0; i < target.length; i++) target[i] = target[i]! + by * b[i]! * c[i]!;
}

/** target + (value · b) / c, as `addcdiv_(b, c, value)`. */
export function addQuotient(target: FloatData, b: FloatData, c: FloatData, value: number): void {
  const by = rounded(target, value);
  if (target instanceof Float32Array) {
    for (let i = 0; i < target.length; i++)
      target[i] = target[i]! + Math.fround(Math.fround(by * b[i]!) / c[i]!);
  } else for (let i = 0; i < target.length; i++) target[i] = target[i]! + (by * b[i]!) / c[i]!;
}

/** √target / divisor + eps, each operation rounded: `sqrt() / divisor` and `add_(eps)`. */
export function rootOver(target: FloatData, divisor: number, eps: number): void {
  const by = rounded(target, divisor);
  const plus = rounded(target, eps);
  for (let i = 0; i < target.length; i++) {
    // Storing after each operation rounds it.
    target[i] = Math.sqrt(target[i]!);
    target[i] = target[i]! / by;
    target[i] = target[i]! + plus;
  }
}

/** The larger of target and b, as `maximum`: NaN where either is. */
export function raiseTo(target: FloatData, b: FloatData): void {
  for (let i = 0; i < target.length; i++) target[i] = Math.max(target[i]!, b[i]!);
}

/** Zeros like `data`. */
export function zerosLike(data: FloatData): FloatData {
  return data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length);
}

/** A Python float as the kernel sees it: rounded to the storage's width. */
function rounded(target: FloatData, value: number): number {
  return target instanceof Float32Array ? Math.fround(value) : value;
}

/**
 * base^exponent for a whole exponent, rounded once: products kept as unevaluated sums of two doubles (Dekker 1971), because
 * 1 - 0.999^t loses three digits, and the machine's own power function differs between JavaScript engines.
 */
export function wholePower(base: number, exponent: number): number {
  let result: Pair = [1, 0];
  let square: Pair = [base, 0];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result[0];
}

/** An unevaluated sum of two doubles, the second below half a unit in the last place of the first. */
type Pair = readonly [high: number, low: number];

function multiply([a, aLow]: Pair, [b, bLow]: Pair): Pair {
  const product = a * b;
  const [aTop, aRest] = split(a);
  const [bTop, bRest] = split(b);
  const error = aTop * bTop - product + aTop * bRest + aRest * bTop + aRest * bRest;
  const low = error + (a * bLow + aLow * b);
  const high = product + low;
  return [high, low - (high - product)];
}

/** Two halves of 26 bits each (Veltkamp). */
function split(value: number): Pair {
  const scaled = 134217729 * value;
  const top = scaled - (scaled - value);
  return [top, value - top];
}
