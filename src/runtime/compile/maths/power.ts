/**
 * x^y as C defines it. Knows nothing of other functions but the logarithm's and the exponential's parts.
 *
 * In double precision ln|x| is the sum of two doubles: with s = (m − 1)/(m + 1), ln m = 2s·(1 + z·(1/3 + z·P(z))), z = s², truncation error
 * 2^-73, the leading products and sums exact (T. J. Dekker, 1971; D. E. Knuth). The product with y then has an absolute error below 2^-58
 * wherever the power is finite. In single precision, the double-precision logarithm and exponential do.
 */
import { exp, ln2Parts, scaledExp } from "./exponential";
import { Lanes } from "./lane-arithmetic";
import type { LaneNode } from "./lane-graph";
import { log, splitExponent } from "./logarithm";
import { fromHalves, highHalf, lowHalf } from "./widening";

/** (atanh(s)/s − 1 − z/3)/z² in z = s². */
const tail = [
  0.19999999999999987, 0.14285714285723358, 0.11111111108601034, 0.09090909453219287, 0.07692277328967521,
  0.06668197518184432, 0.05836682543757622, 0.06000142932354918,
];

/** 1/3 less its double. */
const thirdLow = 1.850371707708594e-17;

/** ln 2 in two parts of 42 and 53 bits. */
const ln2 = [0.6931471805598903, 5.497923018708371e-14] as const;

export function pow(lanes: Lanes, x: LaneNode, y: LaneNode): LaneNode {
  if (lanes.format.type === "f64x2") return withSigns(lanes, x, y, magnitudeDouble(lanes, lanes.abs(x), y));
  const wide = new Lanes(lanes.graph, "f64x2", lanes.fma);
  const halves = [lowHalf, highHalf].map((half) => {
    const [base, exponent] = [half(lanes.graph, lanes.abs(x)), half(lanes.graph, y)];
    return exp(wide, wide.mul(exponent, log(wide, base)));
  });
  return withSigns(lanes, x, y, fromHalves(lanes.graph, halves[0]!, halves[1]!));
}

/** From |x|^y for 0 < |x| < ∞ and finite y (what else is in `magnitude` does not matter), x^y. */
function withSigns(lanes: Lanes, x: LaneNode, y: LaneNode, magnitude: LaneNode): LaneNode {
  const zero = lanes.constant(0);
  const one = lanes.constant(1);
  const infinity = lanes.constant(Infinity);
  const a = lanes.abs(x);
  // An infinite or vanishing base grows or vanishes with the sign of y, an infinite exponent as |x| > 1 or not.
  const isLimitBase = lanes.or(lanes.op("eq", a, zero), lanes.op("eq", a, infinity));
  const isLimitExponent = lanes.op("eq", lanes.abs(y), infinity);
  const grows = lanes.xor(lanes.op("gt", a, one), lanes.op("lt", y, zero));
  const limit = lanes.and(grows, infinity);
  const isLimit = lanes.or(isLimitBase, isLimitExponent);
  const power = lanes.select(isLimit, limit, magnitude);
  // A negative base: the sign of odd powers, and no number for powers that are not whole.
  const isWhole = lanes.op("eq", lanes.op("trunc", y), y);
  const half = lanes.mul(y, lanes.constant(0.5));
  const isOdd = lanes.andNot(isWhole, lanes.op("eq", lanes.op("trunc", half), half));
  const signed = lanes.or(power, lanes.and(lanes.signOf(x), isOdd));
  const isFinite = lanes.op("lt", a, infinity);
  const hasNone = lanes.andNot(lanes.and(lanes.op("lt", x, zero), isFinite), isWhole);
  const isNumber = lanes.andNot(lanes.and(lanes.op("eq", x, x), lanes.op("eq", y, y)), hasNone);
  const value = lanes.select(isNumber, signed, lanes.constant(NaN));
  // 1 to any power and any number to the power 0 are 1, and so is −1 to an infinite power.
  const isOne = lanes.or(
    lanes.or(lanes.op("eq", x, one), lanes.op("eq", y, zero)),
    lanes.and(lanes.op("eq", a, one), isLimitExponent),
  );
  return lanes.select(isOne, one, value);
}

/** A sum of two doubles, the second at most half of the first's last bit, or nearly. */
interface Pair {
  readonly high: LaneNode;
  readonly low: LaneNode;
}

function magnitudeDouble(lanes: Lanes, a: LaneNode, y: LaneNode): LaneNode {
  const logarithm = logPair(lanes, a);
  // Beyond 2⁶⁴ the power of every base but 1 is 0 or infinite, and so it is at 2⁶⁴.
  const exponent = lanes.atLeast(lanes.atMost(y, 2 ** 64), -(2 ** 64));
  const product = multiply(lanes, exponent, logarithm.high);
  const low = lanes.multiplyAdd(exponent, logarithm.low, product.low);
  const bounded = lanes.atLeast(lanes.atMost(product.high, 800), -800);
  const rest = lanes.and(low, lanes.op("eq", bounded, product.high));
  const shift = lanes.constant(lanes.format.roundingShift);
  const n = lanes.sub(lanes.multiplyAdd(bounded, lanes.constant(Math.LOG2E), shift), shift);
  const [ln2High, ln2Low] = ln2Parts.f64x2;
  const high = lanes.multiplySubtract(n, lanes.constant(ln2High), bounded);
  const r = lanes.multiplySubtract(n, lanes.constant(ln2Low), high);
  return scaledExp(lanes, n, r, rest);
}

/** ln a to about 68 bits, for positive finite a. */
function logPair(lanes: Lanes, a: LaneNode): Pair {
  const one = lanes.constant(1);
  const { k, m } = splitExponent(lanes, a);
  // s = (m − 1)/(m + 1): the numerator is exact, the denominator a pair.
  const numerator = lanes.sub(m, one);
  const denominator = lanes.add(m, one);
  const lost = lanes.sub(m, lanes.sub(denominator, one));
  const sHigh = lanes.div(numerator, denominator);
  const back = multiply(lanes, sHigh, denominator);
  const remainder = lanes.sub(lanes.sub(lanes.sub(numerator, back.high), back.low), lanes.mul(sHigh, lost));
  const sLow = lanes.div(remainder, denominator);
  // z = s²
  const square = multiply(lanes, sHigh, sHigh);
  const z = { high: square.high, low: lanes.add(square.low, lanes.mul(lanes.add(sHigh, sHigh), sLow)) };
  // q = 1/3 + z·P(z)
  const q = quickSum(lanes, lanes.constant(1 / 3), lanes.mul(z.high, lanes.polynomial(z.high, tail)));
  const qLow = lanes.add(q.low, lanes.constant(thirdLow));
  // t = s·z·q
  const w = multiply(lanes, z.high, q.high);
  const wLow = lanes.add(w.low, lanes.add(lanes.mul(z.high, qLow), lanes.mul(z.low, q.high)));
  const t = multiply(lanes, sHigh, w.high);
  const tLow = lanes.add(t.low, lanes.add(lanes.mul(sHigh, wLow), lanes.mul(sLow, w.high)));
  // ln m = 2(s + t)
  const sum = quickSum(lanes, sHigh, t.high);
  const sumLow = lanes.add(sum.low, lanes.add(tLow, sLow));
  const [high, low] = [lanes.add(sum.high, sum.high), lanes.add(sumLow, sumLow)];
  // k·ln 2 + ln m; the first product is exact and, unless it is 0, the larger one.
  const whole = lanes.mul(k, lanes.constant(ln2[0]));
  const total = quickSum(lanes, whole, high);
  return quickSum(
    lanes,
    total.high,
    lanes.add(total.low, lanes.add(low, lanes.mul(k, lanes.constant(ln2[1])))),
  );
}

/** a + b exactly, for |a| ≥ |b| or a = 0. */
function quickSum(lanes: Lanes, a: LaneNode, b: LaneNode): Pair {
  const high = lanes.add(a, b);
  return { high, low: lanes.add(lanes.sub(a, high), b) };
}

/** a·b exactly: by a fused multiply-add, or by halves of 26 and 27 bits. */
function multiply(lanes: Lanes, a: LaneNode, b: LaneNode): Pair {
  const high = lanes.mul(a, b);
  if (lanes.fma) return { high, low: lanes.op("neg", lanes.multiplySubtract(a, b, high)) };
  const mask = lanes.bits(-(1n << 27n));
  const [aHead, bHead] = [lanes.and(a, mask), lanes.and(b, mask)];
  const [aTail, bTail] = [lanes.sub(a, aHead), lanes.sub(b, bHead)];
  const first = lanes.sub(lanes.mul(aHead, bHead), high);
  const second = lanes.add(lanes.add(first, lanes.mul(aHead, bTail)), lanes.mul(aTail, bHead));
  return { high, low: lanes.add(second, lanes.mul(aTail, bTail)) };
}
