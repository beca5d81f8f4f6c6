/**
 * Power series summed to about 2^-68 of their value, and rounded where that is certain to be right. Nothing is allocated: this is
 * where drawing normal numbers spends its time. Knows nothing of the functions.
 */
import type { DoubleDouble } from "./double-double";

export const ln2: DoubleDouble = { high: 0.6931471805599453, low: 2.3190468138462996e-17 };

const splitter = 2 ** 27 + 1;

/** A sum is at most this far from its value, relatively, with a factor of 16 to spare. */
const certainty = 2 ** -64;

export class QuickSeries {
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  /** So many terms, the first ones, are summed in pairs of doubles. */
  readonly #paired: number;
  /** The last sum: the number sum + rest. */
  #sum = 0;
  #rest = 0;

  constructor(coefficients: readonly DoubleDouble[], paired: number) {
    this.#high = Float64Array.from(coefficients, ({ high }) => high);
    this.#low = Float64Array.from(coefficients, ({ low }) => low);
    this.#paired = paired;
  }

  /** For x = xHigh + xLow: factor · x · (c₀ + c₁x² + …) + exponent · ln 2 as a double, for a factor that is a power of 2; undefined where that is not certain. */
  rounded(xHigh: number, xLow: number, factor: number, exponent: number): number | undefined {
    this.#add(xHigh, xLow);
    this.#multiplyBy(xHigh, xLow);
    let high = factor * this.#sum;
    let low = factor * this.#rest;
    if (exponent !== 0) {
      // |exponent · ln 2| is more than the rest.
      const product = exponent * ln2.high;
      const error = productError(exponent, ln2.high, product) + exponent * ln2.low;
      const sum = product + high;
      low += high - (sum - product) + error;
      high = sum;
    }
    return certain(high, low);
  }

  /** c₀ + c₁x² + … as a double; undefined where that is not certain. */
  roundedEven(xHigh: number, xLow: number): number | undefined {
    this.#add(xHigh, xLow);
    return certain(this.#sum, this.#rest);
  }

  /** Horner's rule in x², with terms that grow to the first. */
  #add(high: number, low: number): void {
    const square = high * high;
    const squareLow = productError(high, high, square) + 2 * high * low;
    let plain = 0;
    const highs = this.#high;
    const lows = this.#low;
    for (let k = highs.length - 1; k >= this.#paired; k--) plain = plain * square + highs[k]!;
    let sum = plain;
    let rest = 0;
    for (let k = this.#paired - 1; k >= 0; k--) {
      const product = sum * square;
      const error = productError(sum, square, product) + (sum * squareLow + rest * square);
      const coefficient = highs[k]!;
      sum = coefficient + product;
      rest = product - (sum - coefficient) + (lows[k]! + error);
    }
    this.#sum = sum;
    this.#rest = rest;
  }

  #multiplyBy(high: number, low: number): void {
    const product = this.#sum * high;
    this.#rest = productError(this.#sum, high, product) + (this.#sum * low + this.#rest * high);
    this.#sum = product;
  }
}

/** a·b − product, exactly (T. J. Dekker, 1971). */
export function productError(a: number, b: number, product: number): number {
  const aScaled = splitter * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = splitter * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** The double next to high + low, where numbers a little smaller and a little larger have the same. */
function certain(high: number, low: number): number | undefined {
  const margin = Math.abs(high) * certainty;
  const rounded = high + (low - margin);
  return rounded === high + (low + margin) ? rounded : undefined;
}
