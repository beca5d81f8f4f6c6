/**
 * e^x and what is made of it: expm1, the logistic function, the hyperbolic functions. Knows nothing of other functions.
 *
 * e^x = 2ⁿ·e^r with n the whole number nearest to x/ln 2 and r = x − n·ln 2 by a two-part ln 2 (W. J. Cody, W. Waite, Software Manual
 * for the Elementary Functions, 1980). Polynomials: see derive-coefficients.py among the tests. Truncation errors: e^r 2^-27.9
 * and 2^-63.5, expm1 2^-30.9 and 2^-64.6, tanh near 0 2^-29.4 and 2^-60.0, sinh near 0 2^-31.4 and 2^-61.5, each
 * relative to the function. 2ⁿ is multiplied in two halves, so that subnormal results are rounded once.
 */
import type { Lanes } from "./lane-arithmetic";
import type { LaneNode } from "./lane-graph";

/** (e^r − 1 − r)/r² */
const expTail = {
  f32x4: [
    0.49999988079071045, 0.16666512191295624, 0.04166959971189499, 0.008369655348360538,
    0.0013751593651250005,
  ],
  f64x2: [
    0.5, 0.16666666666666685, 0.04166666666666648, 0.008333333333315695, 0.0013888888888994354,
    0.00019841269899736997, 2.4801587106334854e-5, 2.7557231479095227e-6, 2.755745528584611e-7,
    2.5113225914688328e-8, 2.0860855148503214e-9,
  ],
};

/** The same function, fitted relative to e^r − 1. */
const expm1Tail = {
  f32x4: [
    0.5, 0.1666666716337204, 0.04166647046804428, 0.008333193138241768, 0.0013934571761637926,
    0.0001995737402467057,
  ],
  f64x2: [
    0.5, 0.16666666666666666, 0.04166666666666668, 0.008333333333334197, 0.001388888888887721,
    0.0001984126983844431, 2.48015873415635e-5, 2.755732343254735e-6, 2.7557258007328965e-7,
    2.5049179171118998e-8, 2.0919983435623284e-9, 1.6842321418903153e-10,
  ],
};

/** (tanh(x)/x − 1)/x² in x², up to |x| = 0.56. */
const tanhTail = {
  f32x4: [
    -0.3333331346511841, 0.13332447409629822, -0.05383756756782532, 0.021009942516684532,
    -0.0061853788793087006,
  ],
  f64x2: [
    -0.3333333333333328, 0.13333333333323757, -0.05396825396208941, 0.021869488337772268,
    -0.008863231809535998, 0.00359208399069925, -0.0014554908239980202, 0.0005882294576771988,
    -0.00023283206757730148, 8.252569934153829e-5, -1.900475104842893e-5,
  ],
};

/** (sinh(x)/x − 1)/x² in x², up to |x| = 1. */
const sinhTail = {
  f32x4: [0.1666666716337204, 0.008333315141499043, 0.00019841665925923735, 2.7899839096789947e-6],
  f64x2: [
    0.16666666666666669, 0.00833333333333297, 0.00019841269841531245, 2.7557319130352524e-6,
    2.5052126861989364e-8, 1.6056999965204122e-10, 7.765916630596675e-13,
  ],
};

/** ln 2 in two parts; the first has so few bits that its product with n is exact. */
export const ln2Parts = {
  f32x4: [0.693359375, -2.1219444005469057e-4],
  f64x2: [6.9314718036912381649e-1, 1.90821492927058770002e-10],
} as const;

/** x = n·ln 2 + r, n as a number and as the lowest bits of `shifted`. */
interface Reduced {
  readonly n: LaneNode;
  readonly shifted: LaneNode;
  readonly high: LaneNode;
  readonly r: LaneNode;
}

function reduce(lanes: Lanes, x: LaneNode): Reduced {
  const { type, roundingShift } = lanes.format;
  const shift = lanes.constant(roundingShift);
  const shifted = lanes.multiplyAdd(x, lanes.constant(Math.LOG2E), shift);
  const n = lanes.sub(shifted, shift);
  const [ln2High, ln2Low] = ln2Parts[type];
  const high = lanes.multiplySubtract(n, lanes.constant(ln2High), x);
  return { n, shifted, high, r: lanes.multiplySubtract(n, lanes.constant(ln2Low), high) };
}

/** The power of two whose exponent stands in the lowest bits. */
function powerOfTwo(lanes: Lanes, exponent: LaneNode): LaneNode {
  const { exponentBias, mantissaBits } = lanes.format;
  return lanes.shiftLeft(lanes.addBits(exponent, lanes.bits(BigInt(exponentBias))), mantissaBits);
}

/**
 * Two powers of two whose product is 2^(n + more), for every n up to twice the format's range, which stands in the lowest bits of
 * `shifted`; and the exponent of the second, with its bias.
 */
function halves(lanes: Lanes, shifted: LaneNode, more = 0): readonly [LaneNode, LaneNode, LaneNode] {
  const { exponentBias, mantissaBits, roundingShift } = lanes.format;
  const above =
    BigInt(2 * exponentBias + more) - lanes.pick(floatBits(roundingShift), doubleBits(roundingShift));
  const both = lanes.addBits(shifted, lanes.bits(above));
  const half = lanes.shiftRight(both, 1);
  const rest = lanes.subBits(both, half);
  return [lanes.shiftLeft(half, mantissaBits), lanes.shiftLeft(rest, mantissaBits), rest];
}

function floatBits(value: number): bigint {
  return BigInt(new Int32Array(Float32Array.of(value).buffer)[0]!);
}

function doubleBits(value: number): bigint {
  return new BigInt64Array(Float64Array.of(value).buffer)[0]!;
}

/** e^r for |r| ≤ ln 2/2. */
function expOfRest(lanes: Lanes, r: LaneNode): LaneNode {
  const tail = lanes.polynomial(r, expTail[lanes.format.type]);
  return lanes.add(lanes.constant(1), lanes.multiplyAdd(lanes.mul(r, r), tail, r));
}

/** 2ⁿ·e^(r + c) for |r| ≤ ln 2/2 and a small c. */
export function scaledExp(lanes: Lanes, n: LaneNode, r: LaneNode, c: LaneNode): LaneNode {
  const sum = lanes.add(r, c);
  const lost = lanes.add(lanes.sub(r, sum), c);
  const tail = lanes.polynomial(sum, expTail[lanes.format.type]);
  const e = lanes.add(lanes.constant(1), lanes.add(lanes.multiplyAdd(lanes.mul(sum, sum), tail, lost), sum));
  const [first, second] = halves(lanes, lanes.add(n, lanes.constant(lanes.format.roundingShift)));
  return lanes.mul(lanes.mul(e, first), second);
}

export function exp(lanes: Lanes, x: LaneNode): LaneNode {
  return expTimes(lanes, x, 0);
}

/** 2^shift · e^x, without overflow before the end. */
function expTimes(lanes: Lanes, x: LaneNode, shift: number): LaneNode {
  return expUpTo(lanes, lanes.atMost(x, lanes.pick(90, 711)), shift);
}

/** The same where x is not large. */
function expUpTo(lanes: Lanes, x: LaneNode, shift: number): LaneNode {
  const bounded = lanes.atLeast(x, lanes.pick(-105, -746));
  const { shifted, r } = reduce(lanes, bounded);
  const [first, second] = halves(lanes, shifted, shift);
  return lanes.mul(lanes.mul(expOfRest(lanes, r), first), second);
}

/** e^x where neither it nor its power of two leaves the normal numbers. */
export function boundedExp(lanes: Lanes, x: LaneNode): LaneNode {
  const { shifted, r } = reduce(lanes, x);
  return lanes.mul(expOfRest(lanes, r), powerOfTwo(lanes, shifted));
}

/** e^x − 1 = 2ⁿ·(e^r − 1) + (2ⁿ − 1), with the rounding error c of r carried along. */
export function expm1(lanes: Lanes, x: LaneNode): LaneNode {
  const bounded = lanes.atLeast(lanes.atMost(x, lanes.pick(90, 711)), -60);
  const { n, shifted, high } = reduce(lanes, bounded);
  const low = lanes.mul(n, lanes.constant(ln2Parts[lanes.format.type][1]));
  const r = lanes.sub(high, low);
  const c = lanes.sub(lanes.sub(high, r), low);
  const tail = lanes.polynomial(r, expm1Tail[lanes.format.type]);
  const p = lanes.add(r, lanes.multiplyAdd(lanes.mul(r, r), tail, c));
  const [first, second, rest] = halves(lanes, shifted);
  // 2ⁿ − 1 = second · (first − 1/second)
  const { exponentBias, mantissaBits } = lanes.format;
  const inverse = lanes.shiftLeft(lanes.subBits(lanes.bits(BigInt(2 * exponentBias)), rest), mantissaBits);
  const sum = lanes.multiplyAdd(first, p, lanes.sub(first, inverse));
  // The result has the sign of x; this is for −0.
  return lanes.or(lanes.mul(sum, second), lanes.signOf(x));
}

/** 1/(1 + e^-x), by the exponential that cannot overflow. */
export function sigmoid(lanes: Lanes, x: LaneNode): LaneNode {
  const one = lanes.constant(1);
  const z = expUpTo(lanes, lanes.or(x, lanes.constant(-0)), 0);
  const numerator = lanes.select(lanes.op("ge", x, lanes.constant(0)), one, z);
  return lanes.div(numerator, lanes.add(one, z));
}

/** An odd polynomial up to |x| = 0.55, 1 − 2/(e^2x + 1) beyond. */
export function tanh(lanes: Lanes, x: LaneNode): LaneNode {
  const one = lanes.constant(1);
  const a = lanes.abs(x);
  const doubled = lanes.add(a, a);
  const e = boundedExp(lanes, lanes.atMost(doubled, lanes.pick(20, 40)));
  const far = lanes.sub(one, lanes.div(lanes.constant(2), lanes.add(e, one)));
  const near = oddPolynomial(lanes, a, tanhTail[lanes.format.type]);
  const value = lanes.select(lanes.op("lt", a, lanes.constant(0.55)), near, far);
  return lanes.or(value, lanes.signOf(x));
}

/** An odd polynomial up to |x| = 1, e^x/2 − e^-x/2 beyond. */
export function sinh(lanes: Lanes, x: LaneNode): LaneNode {
  const a = lanes.abs(x);
  const e = expTimes(lanes, a, -1);
  const far = lanes.sub(e, lanes.div(lanes.constant(0.25), e));
  const near = oddPolynomial(lanes, a, sinhTail[lanes.format.type]);
  const value = lanes.select(lanes.op("lt", a, lanes.constant(1)), near, far);
  return lanes.or(value, lanes.signOf(x));
}

export function cosh(lanes: Lanes, x: LaneNode): LaneNode {
  const e = expTimes(lanes, lanes.abs(x), -1);
  return lanes.add(e, lanes.div(lanes.constant(0.25), e));
}

/** x + x³·(c₀ + c₁x² + …) */
export function oddPolynomial(lanes: Lanes, x: LaneNode, coefficients: readonly number[]): LaneNode {
  const square = lanes.mul(x, x);
  return lanes.multiplyAdd(lanes.mul(x, square), lanes.polynomial(square, coefficients), x);
}
