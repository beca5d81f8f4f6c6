/**
 * The natural logarithm, sine and cosine to about 2^-66 of their value from tables, and rounded where that is certain to be right:
 * this is where drawing normal numbers spends its time, so nothing is allocated. The tables are made when they are first needed.
 * Knows nothing of generators.
 *
 * After P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic" (1990): the
 * argument is a tabulated point and a small rest, and the first terms in that rest are summed in pairs of doubles.
 */
import { add, divide, multiply, type DoubleDouble } from "./double-double";

export const ln2: DoubleDouble = { high: 0.6931471805599453, low: 2.3190468138462996e-17 };

/** A sum is at most a quarter of this away from its value, relatively. */
const certainty = 2 ** -64;

/** The double next to high + low, where numbers a little smaller and a little larger have the same; else NaN. */
function certain(high: number, low: number): number {
  const margin = Math.abs(high) * certainty;
  const rounded = high + (low - margin);
  return rounded === high + (low + margin) ? rounded : NaN;
}

const splitter = 2 ** 27 + 1;

/** a² − square, exactly (T. J. Dekker, 1971). */
function squareError(a: number, square: number): number {
  const scaled = splitter * a;
  const high = scaled - (scaled - a);
  const low = a - high;
  return high * high - square + 2 * high * low + low * low;
}

/** Multiples of it are summed without error: whole numbers of ln 2, and logarithms of the points. */
const grid = 2 ** -42;
const ln2High = onGrid(ln2.high);
const ln2Low = ln2.high - ln2High + ln2.low;

function onGrid(x: number): number {
  return Math.round(x / grid) * grid;
}

const pointsOfLog = 256;
const firstOfLog = 181;
const lastOfLog = 363;

/** Near a mantissa k/256: a reciprocal of 24 bits, and the negative of its logarithm, as a multiple of `grid` and the rest. */
interface LogTable {
  readonly reciprocal: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
}

let logTable: LogTable | undefined;

function makeLogTable(): LogTable {
  const reciprocal = Float64Array.from({ length: lastOfLog }, (_, k) => Math.fround(pointsOfLog / k));
  const high = new Float64Array(lastOfLog);
  const low = new Float64Array(lastOfLog);
  for (const towards of [-1, 1]) {
    let value: DoubleDouble = { high: 0, low: 0 };
    for (let k = pointsOfLog + towards; k >= firstOfLog && k < lastOfLog; k += towards) {
      value = add(value, logOfRatio(reciprocal[k - towards]!, reciprocal[k]!));
      high[k] = onGrid(value.high);
      low[k] = value.high - high[k]! + value.low;
    }
  }
  return { reciprocal, high, low };
}

/** ln(a / b) = 2·atanh((a − b) / (a + b)), where a and b are neighbours, and doubles of 24 bits. */
function logOfRatio(a: number, b: number): DoubleDouble {
  const s = divide({ high: a - b, low: 0 }, { high: a + b, low: 0 });
  const square = s.high * s.high;
  const rest = s.high * square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square / 9)));
  return add({ high: 2 * s.high, low: 2 * s.low }, { high: 2 * rest, low: 0 });
}

/** ln(mantissa·2^exponent) for √½ ≤ mantissa ≤ √2; NaN where its rounding is not certain. */
export function quickLog(mantissa: number, exponent: number): number {
  const { reciprocal, high, low } = (logTable ??= makeLogTable());
  const k = Math.trunc(mantissa * pointsOfLog + 0.5);
  const c = reciprocal[k]!;
  // mantissa · c − 1 = r + rLow: products of 24 and of 29 bits with one of 24 are exact.
  const front = Math.fround(mantissa);
  const larger = front * c - 1;
  const smaller = (mantissa - front) * c;
  const r = larger + smaller;
  const part = r - larger;
  const rLow = larger - (r - part) + (smaller - part);
  // ln(1 + r) = r − r²/2 + r³/3 − …, |r| < 2^-8.4
  const square = r * r;
  const squareLow = squareError(r, square) + 2 * r * rLow;
  const rest = r * square * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7 - r / 8)))));
  // What is added is smaller each time, or the sum still 0.
  const point = exponent * ln2High + high[k]!;
  const first = point + r;
  const sum = first - square / 2;
  const lost = r - (first - point) + (first - sum - square / 2);
  return certain(sum, lost + (rLow - squareLow / 2 + (low[k]! + exponent * ln2Low) + rest));
}

const pointsOfQuarter = 256;
const turn = 4 * pointsOfQuarter;

/** π/512 in three parts, the first two of 33 bits, so that a small whole multiple of them is exact. */
const stepHead = 1.5707963267341256 / pointsOfQuarter;
const stepMiddle = 6.077100506303966e-11 / pointsOfQuarter;
const stepTail = 2.0222662487959506e-21 / pointsOfQuarter;
const perStep = 1 / (stepHead + stepMiddle);

/** Of sin(i·π/512), i = 0 … 256: 24 bits, and the rest. */
interface SineTable {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

let sineTable: SineTable | undefined;

/** The angle is turned by one step each time. */
function makeSineTable(): SineTable {
  const high = new Float64Array(pointsOfQuarter + 1);
  const low = new Float64Array(pointsOfQuarter + 1);
  const step = add({ high: stepHead, low: 0 }, { high: stepMiddle, low: stepTail });
  const square = multiply(step, step);
  const sine = multiply(step, alternating(square, 1));
  const cosine = alternating(square, 0);
  let [s, c]: [DoubleDouble, DoubleDouble] = [
    { high: 0, low: 0 },
    { high: 1, low: 0 },
  ];
  for (let i = 0; i <= pointsOfQuarter; i++) {
    high[i] = Math.fround(s.high);
    low[i] = s.high - high[i]! + s.low;
    const back = multiply(s, sine);
    [s, c] = [
      add(multiply(s, cosine), multiply(c, sine)),
      add(multiply(c, cosine), { high: -back.high, low: -back.low }),
    ];
  }
  return { high, low };
}

/** 1 − x/((n + 1)(n + 2)) + x²/((n + 1)(n + 2)(n + 3)(n + 4)) − … for small x: the series of cosine for n = 0, and of sine for n = 1. */
function alternating(x: DoubleDouble, n: number): DoubleDouble {
  let sum: DoubleDouble = { high: 1, low: 0 };
  for (let k = 14 + n; k > n; k -= 2) {
    const term = divide(multiply(sum, x), { high: k * (k - 1), low: 0 });
    sum = add({ high: 1, low: 0 }, { high: -term.high, low: -term.low });
  }
  return sum;
}

/** Rests that are smaller are those of angles next to a point, of which too little is known. */
const leastRest = 2 ** -20;

/** Writes sin x and cos x for |x| ≤ 1000, NaN for each whose rounding is not certain. */
export function quickSinCos(x: number, into: Float64Array): void {
  const { high, low } = (sineTable ??= makeSineTable());
  const k = Math.round(x * perStep);
  // x − k·π/512 = r + rLow
  const head = -k * stepHead;
  const a = x + head;
  const aPart = a - x;
  const b = -k * stepMiddle;
  const near = a + b;
  const bPart = near - a;
  const lost = x - (a - aPart) + (head - aPart) + (a - (near - bPart) + (b - bPart)) - k * stepTail;
  const r = near + lost;
  if (!(Math.abs(r) >= leastRest)) {
    into[0] = into[1] = NaN;
    return;
  }
  const rLow = lost - (r - near);
  const front = Math.fround(r);
  const back = r - front + rLow;
  const square = r * r;
  // sin r − r and cos r − 1, |r| < 2^-8.3
  const sineRest = r * square * (-1 / 6 + square * (1 / 120 - square / 5040));
  const cosineRest = square * (-1 / 2 + square * (1 / 24 - square / 720));
  const at = k & (turn - 1);
  const i = at & (pointsOfQuarter - 1);
  const s = high[i]!;
  const sLow = low[i]!;
  const c = high[pointsOfQuarter - i]!;
  const cLow = low[pointsOfQuarter - i]!;
  // sin(i + r) = s + c·r + s·(cos r − 1) + c·(sin r − r), cos(i + r) = c − s·r + c·(cos r − 1) − s·(sin r − r)
  const ofSine = (s + sLow) * cosineRest + (c + cLow) * sineRest;
  const ofCosine = (c + cLow) * cosineRest - (s + sLow) * sineRest;
  const rise = c * front;
  const sine = s + rise;
  const sineLow = rise - (sine - s) + (sLow + (cLow * r + c * back) + ofSine);
  const fall = s * front;
  const cosine = c - fall;
  const cosineLow = c - cosine - fall + (cLow - (sLow * r + s * back) + ofCosine);
  const first = certain(sine, sineLow);
  const second = certain(cosine, cosineLow);
  const quadrant = at / pointsOfQuarter;
  into[0] = quadrant < 1 ? first : quadrant < 2 ? second : quadrant < 3 ? -first : -second;
  into[1] = quadrant < 1 ? second : quadrant < 2 ? -first : quadrant < 3 ? -second : first;
}
