/**
 * ln x and ln(1 + x). Knows nothing of other functions.
 *
 * x = 2ᵏ·(1 + f) with √½ ≤ 1 + f < √2. In single precision ln(1 + f) = f − f²/2 + f³·P(f), truncation error 2^-30.1; in double
 * precision s = f/(2 + f) and ln(1 + f) = f − (f²/2 − s·(f²/2 + R(s²))), error 2^-58.4, after FreeBSD's e_log.c (K. C. Ng, 1993).
 * Polynomials: see derive-coefficients.py among the tests.
 */
import { ln2Parts } from "./exponential";
import type { Lanes } from "./lane-arithmetic";
import type { LaneNode } from "./lane-graph";

const singleTail = [
  0.3333331048488617, -0.25000014901161194, 0.20002226531505585, -0.16667726635932922, 0.14217562973499298,
  -0.12409746646881104, 0.11905413120985031, -0.1165514588356018, 0.06684155762195587,
];

const doubleTail = [
  0.6666666666666737, 0.39999999999397584, 0.28571428745944705, 0.22222198220139872, 0.1818358241181809,
  0.15313589172699127, 0.14800586381041175,
];

/** x = 2ᵏ·m with √½ ≤ m < √2, for positive finite x, subnormal ones included; what it is for others does not matter. */
export function splitExponent(lanes: Lanes, x: LaneNode): { readonly k: LaneNode; readonly m: LaneNode } {
  const { type, mantissaBits, exponentBias, smallestNormal } = lanes.format;
  const one = BigInt(exponentBias) << BigInt(mantissaBits);
  const rootHalf = type === "f32x4" ? 0x3f3504f3n : 0x3fe6a09e667f3bcdn;
  const lift = mantissaBits + 2;
  const isTiny = lanes.op("lt", x, lanes.constant(smallestNormal));
  const lifted = lanes.select(isTiny, lanes.mul(x, lanes.constant(2 ** lift)), x);
  const moved = lanes.addBits(lifted, lanes.bits(one - rootHalf));
  const m = lanes.addBits(
    lanes.and(moved, lanes.bits((1n << BigInt(mantissaBits)) - 1n)),
    lanes.bits(rootHalf),
  );
  // The biased exponent as a number: below the bits of 2^mantissaBits.
  const whole = 2 ** mantissaBits;
  const exponent = lanes.or(lanes.shiftRight(moved, mantissaBits), lanes.constant(whole));
  const k = lanes.sub(exponent, lanes.constant(whole + exponentBias));
  return { k: lanes.sub(k, lanes.and(isTiny, lanes.constant(lift))), m };
}

/** k·ln 2 + ln(1 + f) + c for a tiny c. */
function assemble(lanes: Lanes, k: LaneNode, f: LaneNode, c: LaneNode | undefined): LaneNode {
  const [ln2High, ln2Low] = ln2Parts[lanes.format.type];
  const halfSquare = lanes.mul(lanes.constant(0.5), lanes.mul(f, f));
  const low = lanes.mul(k, lanes.constant(ln2Low));
  const small = c === undefined ? low : lanes.add(low, c);
  let tail: LaneNode;
  if (lanes.format.type === "f32x4") {
    tail = lanes.multiplyAdd(lanes.mul(lanes.mul(f, f), f), lanes.polynomial(f, singleTail), small);
  } else {
    const s = lanes.div(f, lanes.add(lanes.constant(2), f));
    const z = lanes.mul(s, s);
    const r = lanes.mul(z, lanes.polynomial(z, doubleTail));
    tail = lanes.multiplyAdd(s, lanes.add(halfSquare, r), small);
  }
  const rest = lanes.sub(f, lanes.sub(halfSquare, tail));
  return lanes.multiplyAdd(k, lanes.constant(ln2High), rest);
}

export function log(lanes: Lanes, x: LaneNode): LaneNode {
  const { k, m } = splitExponent(lanes, x);
  const value = assemble(lanes, k, lanes.sub(m, lanes.constant(1)), undefined);
  return withLimits(lanes, x, x, value);
}

/** ln(1 + x) = ln u + c with u = 1 + x rounded and c = (1 + x − u)/u. */
export function log1p(lanes: Lanes, x: LaneNode): LaneNode {
  const one = lanes.constant(1);
  const u = lanes.add(one, x);
  const { k, m } = splitExponent(lanes, u);
  const isLarge = lanes.op("ge", x, one);
  const error = lanes.select(isLarge, lanes.sub(one, lanes.sub(u, x)), lanes.sub(x, lanes.sub(u, one)));
  const isNear = lanes.op("eq", k, lanes.constant(0));
  const c = lanes.andNot(lanes.div(error, u), isNear);
  const f = lanes.select(isNear, x, lanes.sub(m, one));
  const value = withLimits(lanes, u, x, assemble(lanes, k, f, c));
  // The result has the sign of x; this is for −0.
  return lanes.or(value, lanes.signOf(x));
}

/** `value`, but −∞ where the argument is 0, NaN where it is negative and `x` where that is infinite or NaN. */
function withLimits(lanes: Lanes, argument: LaneNode, x: LaneNode, value: LaneNode): LaneNode {
  const zero = lanes.constant(0);
  const isOrdinary = lanes.and(
    lanes.op("gt", argument, zero),
    lanes.op("lt", argument, lanes.constant(Infinity)),
  );
  const negative = lanes.select(lanes.op("lt", argument, zero), lanes.constant(NaN), x);
  const limit = lanes.select(lanes.op("eq", argument, zero), lanes.constant(-Infinity), negative);
  return lanes.select(isOrdinary, value, limit);
}
