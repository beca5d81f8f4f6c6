/**
 * sin, cos and tan. Knows nothing of other functions.
 *
 * x = n·π/2 + y with |y| ≤ π/4 by a π/2 in parts whose products with n are exact (Cody, Waite): in double precision four parts, with
 * y as the sum of two numbers, up to |x| = 2²⁰·π/2; in single precision three parts in double precision, up to 2²⁴·π/2; beyond, by
 * large-angle.ts. On |y| ≤ π/4, polynomials (see derive-coefficients.py among the tests) with truncation errors 2^-27.8 and 2^-57.6
 * for sin, 2^-33.1 and 2^-63.9 for cos; y's second part as in FreeBSD's k_sin.c and k_cos.c (1993).
 */
import { halfPi, largeAngle } from "./large-angle";
import { Lanes } from "./lane-arithmetic";
import type { LaneNode, LaneReplacement } from "./lane-graph";
import { fromHalves, highHalf, lowHalf } from "./widening";

/** (sin(y)/y − 1)/y² in y². */
const sinTail = {
  f32x4: [-0.16666653752326965, 0.00833210814744234, -0.00019508233526721597],
  f64x2: [
    -0.16666666666666624, 0.00833333333332057, -0.00019841269828384405, 2.755731320845161e-6,
    -2.5050683407637046e-8, 1.5892501401579392e-10,
  ],
};

/** (cos(y) − 1 + y²/2)/y⁴ in y². */
const cosTail = {
  f32x4: [0.04166664555668831, -0.0013887302484363317, 2.4430881239823066e-5],
  f64x2: [
    0.04166666666666659, -0.0013888888888872158, 2.4801587288254125e-5, -2.7557313995896176e-7,
    2.087567448842649e-9, -1.1357101814847948e-11,
  ],
};

const doubleParts = [
  1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32,
] as const;
const singleParts = [1.570796325802803, 9.920935739593517e-10, 5.721188726109832e-18] as const;

/** n in the lowest bits, and y = y₀ + y₁ (y₁ only in double precision). */
interface Reduced {
  readonly n: LaneNode;
  readonly y0: LaneNode;
  readonly y1: LaneNode | undefined;
}

export function sin(lanes: Lanes, x: LaneNode): LaneNode {
  const reduced = reduce(lanes, x);
  const { n } = reduced;
  const even = sinOfRest(lanes, reduced);
  const odd = cosOfRest(lanes, reduced);
  const value = lanes.select(lanes.maskOfLowestBit(n), odd, even);
  // −0 loses its sign in the reduction.
  return lanes.select(lanes.op("eq", x, lanes.constant(0)), x, lanes.xor(value, signBit(lanes, n)));
}

/** cos x = sin(x + π/2) */
export function cos(lanes: Lanes, x: LaneNode): LaneNode {
  const reduced = reduce(lanes, x);
  const next = lanes.addBits(reduced.n, lanes.bits(1n));
  const value = lanes.select(
    lanes.maskOfLowestBit(next),
    cosOfRest(lanes, reduced),
    sinOfRest(lanes, reduced),
  );
  return lanes.xor(value, signBit(lanes, next));
}

export function tan(lanes: Lanes, x: LaneNode): LaneNode {
  if (lanes.format.type === "f64x2") return tanOf(lanes, x, reduceDouble(lanes, x));
  // The quotient of rounded numbers would be rounded once too often.
  const { graph } = lanes;
  const wide = new Lanes(graph, "f64x2", lanes.fma);
  const [low, high] = [lowHalf(graph, x), highHalf(graph, x)].map((half) =>
    tanOf(wide, half, { ...reduceSingle(wide, half), y1: undefined }),
  );
  return fromHalves(graph, low!, high!);
}

function tanOf(lanes: Lanes, x: LaneNode, reduced: Reduced): LaneNode {
  const sine = sinOfRest(lanes, reduced);
  const cosine = cosOfRest(lanes, reduced);
  const isOdd = lanes.maskOfLowestBit(reduced.n);
  const quotient = lanes.div(lanes.select(isOdd, cosine, sine), lanes.select(isOdd, sine, cosine));
  // tan(y + π/2) = −cos y/sin y
  const value = lanes.xor(quotient, lanes.and(isOdd, lanes.constant(-0)));
  return lanes.select(lanes.op("eq", x, lanes.constant(0)), x, value);
}

/** The second lowest bit as a sign. */
function signBit(lanes: Lanes, n: LaneNode): LaneNode {
  return lanes.shiftLeft(lanes.and(n, lanes.bits(2n)), lanes.pick(30, 62));
}

function sinOfRest(lanes: Lanes, { y0, y1 }: Reduced): LaneNode {
  const square = lanes.mul(y0, y0);
  const cube = lanes.mul(square, y0);
  const [first, ...others] = sinTail[lanes.format.type];
  if (y1 === undefined) return lanes.multiplyAdd(cube, lanes.polynomial(square, [first!, ...others]), y0);
  const r = lanes.polynomial(square, others);
  const inner = lanes.sub(lanes.mul(lanes.constant(0.5), y1), lanes.mul(cube, r));
  const correction = lanes.sub(lanes.mul(square, inner), y1);
  return lanes.sub(y0, lanes.sub(correction, lanes.mul(cube, lanes.constant(first!))));
}

function cosOfRest(lanes: Lanes, { y0, y1 }: Reduced): LaneNode {
  const one = lanes.constant(1);
  const square = lanes.mul(y0, y0);
  const half = lanes.mul(lanes.constant(0.5), square);
  const tail = lanes.mul(lanes.mul(square, square), lanes.polynomial(square, cosTail[lanes.format.type]));
  const head = lanes.sub(one, half);
  const lost = lanes.sub(lanes.sub(one, head), half);
  const corrected = y1 === undefined ? tail : lanes.sub(tail, lanes.mul(y0, y1));
  return lanes.add(head, lanes.add(lost, corrected));
}

function reduce(lanes: Lanes, x: LaneNode): Reduced {
  if (lanes.format.type === "f64x2") return reduceDouble(lanes, x);
  const wide = new Lanes(lanes.graph, "f64x2", lanes.fma);
  const low = reduceSingle(wide, lowHalf(lanes.graph, x));
  const high = reduceSingle(wide, highHalf(lanes.graph, x));
  return {
    n: lanes.graph.shuffle([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27], low.n, high.n),
    y0: fromHalves(lanes.graph, low.y0, high.y0),
    y1: undefined,
  };
}

/** Two numbers of single precision in double precision. */
function reduceSingle(wide: Lanes, x: LaneNode): { readonly n: LaneNode; readonly y0: LaneNode } {
  const { shifted, count } = nearestMultiple(wide, x);
  const [first, second, third] = singleParts.map((part) => wide.constant(part)) as [
    LaneNode,
    LaneNode,
    LaneNode,
  ];
  const y = wide.multiplySubtract(count, second, wide.multiplySubtract(count, first, x));
  const y0 = wide.multiplySubtract(count, third, y);
  const [n, exact] = whereLarge(wide, x, 2 ** 24 * halfPi[0], [shifted, y0, wide.constant(0)]);
  return { n: n!, y0: exact! };
}

function reduceDouble(lanes: Lanes, x: LaneNode): Reduced {
  const { shifted, count } = nearestMultiple(lanes, x);
  const [first, second, third, fourth] = doubleParts.map((part) => lanes.constant(part)) as [
    LaneNode,
    LaneNode,
    LaneNode,
    LaneNode,
  ];
  const start = lanes.multiplySubtract(count, first, x);
  const [a, aError] = twoDifference(lanes, start, lanes.mul(count, second));
  const [b, bError] = twoDifference(lanes, a, lanes.mul(count, third));
  const rest = lanes.sub(lanes.add(aError, bError), lanes.mul(count, fourth));
  const y0 = lanes.add(b, rest);
  const y1 = lanes.add(lanes.sub(b, y0), rest);
  const [n, exact, error] = whereLarge(lanes, x, 2 ** 20 * halfPi[0], [shifted, y0, y1]);
  return { n: n!, y0: exact!, y1: error! };
}

function nearestMultiple(
  lanes: Lanes,
  x: LaneNode,
): { readonly shifted: LaneNode; readonly count: LaneNode } {
  const shift = lanes.constant(lanes.format.roundingShift);
  const shifted = lanes.multiplyAdd(x, lanes.constant(2 / Math.PI), shift);
  return { shifted, count: lanes.sub(shifted, shift) };
}

/** a − b = difference + error exactly (D. E. Knuth). */
function twoDifference(lanes: Lanes, a: LaneNode, b: LaneNode): readonly [LaneNode, LaneNode] {
  const difference = lanes.sub(a, b);
  const part = lanes.sub(difference, a);
  const error = lanes.sub(lanes.sub(a, lanes.sub(difference, part)), lanes.add(b, part));
  return [difference, error];
}

/** The reduction of lanes from `limit` on, in double precision. */
function whereLarge(
  lanes: Lanes,
  x: LaneNode,
  limit: number,
  elsewhere: readonly LaneNode[],
): readonly LaneNode[] {
  const isLarge = lanes.op("ge", lanes.abs(x), lanes.constant(limit));
  const { roundingShift } = lanes.format;
  const replacement: LaneReplacement = {
    name: "large angle",
    callee: (module) => largeAngle(module, roundingShift),
  };
  return lanes.graph.replace(replacement, isLarge, elsewhere, x);
}
