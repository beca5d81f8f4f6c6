/**
 * erf. Knows nothing of other functions but the exponential.
 *
 * Near 0 an odd polynomial; beyond, 1 − exp(Q(|x|)) with Q a polynomial for ln erfc, where the error of the exponential counts
 * less and less (the idea is N. Juffa's, 2015). In double precision Q has two pieces, around their middles. Truncation errors
 * relative to erf (see derive-coefficients.py among the tests): 2^-30.1 and 2^-56.4 near 0, 2^-34 and 2^-59.4 beyond.
 */
import { boundedExp } from "./exponential";
import type { Lanes } from "./lane-arithmetic";
import type { LaneNode } from "./lane-graph";

/** erf(x)/x − 1 in x². */
const near = {
  f32x4: [
    0.12837916612625122, -0.37612631916999817, 0.11283677816390991, -0.026858672499656677,
    0.0051995934918522835, -0.0008129061316139996, 8.320448250742629e-5,
  ],
  f64x2: [
    0.1283791670955126, -0.37612638903183876, 0.11283791670958743, -0.02686617064561954, 0.005223977629095658,
    -0.0008548327189606624, 0.00012055337777810952, -1.4925738504204218e-5, 1.646308709483387e-6,
    -1.637063829093387e-7, 1.4786548418167036e-8, -1.1830590465705277e-9, 6.684830822627492e-11,
  ],
};

/** ln erfc from 0.921875 to 4. */
const singleFar = [
  0.00017849951109383255, -1.1295340061187744, -0.6333068013191223, -0.1083260029554367, 0.02515031211078167,
  -0.004183260723948479, 0.00043707992881536484, -2.133032467099838e-5,
];

/** ln erfc around 1.625, from 1 to 2.25. */
const doubleMiddle = [
  -3.8370887037779426, -3.7331259590726167, -0.9017850296579176, -0.023008967325806307, 0.005270029325115999,
  -0.0011028409201816356, 0.00019549045113029476, -2.396398884202638e-5, -4.967309928612864e-7,
  1.5008555404290262e-6, -5.82398062029097e-7, 1.5110288355871069e-7, -2.78191371260369e-8,
  1.1718026387921027e-9, 1.8146930356721354e-9,
];

/** ln erfc around 4, from 2.25 to 6. */
const doubleFar = [
  -17.987778312102705, -8.23637689269936, -0.9734445885207663, -0.0037931432545860394, 0.0005821483540837368,
  -9.102538549311387e-5, 1.4140135164862266e-5, -2.144177438142128e-6, 3.1509128186984284e-7,
  -4.443040150894128e-8, 3.191828110885519e-9, -2.5936564859329545e-9, -8.87580476966469e-10,
  -2.496583786353102e-10, -3.301239911043128e-11,
];

export function erf(lanes: Lanes, x: LaneNode): LaneNode {
  const a = lanes.abs(x);
  const square = lanes.mul(a, a);
  const inner = lanes.multiplyAdd(a, lanes.polynomial(square, near[lanes.format.type]), a);
  const outer = lanes.sub(lanes.constant(1), boundedExp(lanes, logComplement(lanes, a)));
  const isInner = lanes.op("lt", a, lanes.constant(lanes.pick(0.921875, 1)));
  return lanes.or(lanes.select(isInner, inner, outer), lanes.signOf(x));
}

/** ln erfc(a) from the inner polynomial's end on; where erf rounds to 1, that of a bound. */
function logComplement(lanes: Lanes, a: LaneNode): LaneNode {
  if (lanes.format.type === "f32x4") return lanes.polynomial(lanes.atMost(a, 4), singleFar);
  const bounded = lanes.atMost(a, 6);
  const isFar = lanes.op("ge", bounded, lanes.constant(2.25));
  const choose = (far: number, middle: number): LaneNode =>
    lanes.select(isFar, lanes.constant(far), lanes.constant(middle));
  const coefficients = doubleFar.map((far, i) => choose(far, doubleMiddle[i]!));
  return lanes.polynomial(lanes.sub(bounded, choose(4, 1.625)), coefficients);
}
