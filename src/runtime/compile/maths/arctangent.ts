/**
 * atan and atan2. Knows nothing of other functions.
 *
 * With |x| > 1 + √2: π/2 − atan(1/|x|); above √2 − 1: π/4 + atan((|x| − 1)/(|x| + 1)); else as it is (S. L. Moshier, Cephes). The
 * argument is a quotient of two sums, so that all three need one division. Odd polynomial up to √2 − 1 (see derive-coefficients.py
 * among the tests): truncation errors 2^-30.3 and 2^-63.8.
 */
import type { Lanes } from "./lane-arithmetic";
import type { LaneNode } from "./lane-graph";

/** (atan(t)/t − 1)/t² in t². */
const tail = {
  f32x4: [
    -0.3333331346511841, 0.19998383522033691, -0.1424206644296646, 0.10583934187889099, -0.06054955720901489,
  ],
  f64x2: [
    -0.33333333333333326, 0.1999999999999723, -0.14285714285342838, 0.11111111085760055, -0.0909090806749059,
    0.0769228119024583, -0.06666205604830897, 0.058768305473648114, -0.05217257756885286, 0.04499176097180757,
    -0.03337839104175921, 0.015102637447509348,
  ],
};

/** π in two parts; the second is what the first lacks. */
const pi = {
  f32x4: [3.1415927410125732, -8.742277657347586e-8],
  f64x2: [3.141592653589793, 1.2246467991473532e-16],
} as const;

export function atan(lanes: Lanes, x: LaneNode): LaneNode {
  const a = lanes.abs(x);
  return lanes.or(angle(lanes, a, lanes.constant(1)), lanes.signOf(x));
}

/** The angle of the point (x, y). */
export function atan2(lanes: Lanes, y: LaneNode, x: LaneNode): LaneNode {
  const zero = lanes.constant(0);
  const one = lanes.constant(1);
  const infinity = lanes.constant(Infinity);
  const [a, b] = [lanes.abs(y), lanes.abs(x)];
  // Only the quotient counts: half way where both are infinite, 0 where both are 0, no overflow of sums and no subnormal numbers.
  const larger = lanes.op("pmax", a, b);
  const isHuge = lanes.op("gt", larger, lanes.constant(lanes.pick(2 ** 120, 2 ** 1000)));
  const isTiny = lanes.op("lt", larger, lanes.constant(lanes.pick(2 ** -100, 2 ** -960)));
  const growth = lanes.select(isTiny, lanes.constant(lanes.pick(2 ** 26, 2 ** 60)), one);
  const factor = lanes.select(isHuge, lanes.constant(0.25), growth);
  const areInfinite = lanes.and(lanes.op("eq", a, infinity), lanes.op("eq", b, infinity));
  const areZero = lanes.and(lanes.op("eq", a, zero), lanes.op("eq", b, zero));
  const ordinate = lanes.select(areInfinite, one, lanes.mul(a, factor));
  const abscissa = lanes.select(lanes.or(areInfinite, areZero), one, lanes.mul(b, factor));
  const first = angle(lanes, ordinate, abscissa);
  // In the left half plane: π − angle.
  const [piHigh, piLow] = pi[lanes.format.type];
  const second = lanes.sub(lanes.constant(piHigh), lanes.sub(first, lanes.constant(piLow)));
  const isLeft = lanes.graph.plain(lanes.pick("i32x4.lt_s", "i64x2.lt_s"), x, lanes.bits(0n));
  const isOff = lanes.op("ne", abscissa, zero);
  const whole = lanes.select(lanes.and(isLeft, isOff), second, first);
  const isNumber = lanes.and(lanes.op("eq", x, x), lanes.op("eq", y, y));
  return lanes.select(isNumber, lanes.or(whole, lanes.signOf(y)), lanes.add(x, y));
}

/** atan(a/b) for a ≥ 0, b ≥ 0, not both 0 or infinite. */
function angle(lanes: Lanes, a: LaneNode, b: LaneNode): LaneNode {
  const isSteep = lanes.op("gt", a, lanes.mul(b, lanes.constant(1 + Math.SQRT2)));
  const isDiagonal = lanes.op("gt", a, lanes.mul(b, lanes.constant(Math.SQRT2 - 1)));
  const numerator = lanes.select(isSteep, lanes.op("neg", b), lanes.select(isDiagonal, lanes.sub(a, b), a));
  const denominator = lanes.select(isSteep, a, lanes.select(isDiagonal, lanes.add(a, b), b));
  const t = lanes.div(numerator, denominator);
  const [piHigh, piLow] = pi[lanes.format.type];
  const base = (part: number): LaneNode =>
    lanes.select(isSteep, lanes.constant(part / 2), lanes.and(isDiagonal, lanes.constant(part / 4)));
  const square = lanes.mul(t, t);
  const rest = lanes.multiplyAdd(
    lanes.mul(t, square),
    lanes.polynomial(square, tail[lanes.format.type]),
    base(piLow),
  );
  return lanes.add(base(piHigh), lanes.add(t, rest));
}
