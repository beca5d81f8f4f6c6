/** The entries at which all four answers agree beyond doubt, found for all at once. The others are somebody else's to judge. */
import type { Tolerance } from "../outcome";
import type { Answers } from "./tally";

/** By cotangent, a number for each entry. */
export interface Fourfold {
  readonly rule: readonly Float64Array[];
  readonly autodiff: readonly Float64Array[];
  readonly forward: readonly Float64Array[];
  readonly differences: readonly Float64Array[];
}

export interface Agreement {
  /** 1 for entries at which the answers agree. */
  readonly agrees: Uint8Array;
  /** By entry, how far the rule is from what disagrees most, in units of max(1, |that|). */
  readonly errors: Float64Array;
  /** The one of them that is furthest apart. */
  readonly worst: { readonly entry: number; readonly error: number; readonly answers: Answers } | undefined;
}

/** Where answers are near one another only because the absolute tolerance is larger than they are, they do not agree here. */
export function agreementOf(answers: Fourfold, tolerance: Tolerance): Agreement {
  const size = answers.rule[0]?.length ?? 0;
  const agrees = new Uint8Array(size).fill(1);
  const errors = new Float64Array(size);
  let worst: Agreement["worst"];
  for (let k = 0; k < answers.rule.length; k++) {
    const entry = compare(answers, k, tolerance, agrees, errors);
    if (entry >= 0 && (worst === undefined || errors[entry]! > worst.error))
      worst = { entry, error: errors[entry]!, answers: answersAt(answers, k, entry) };
  }
  // For another cotangent it may be that they do not agree.
  return { agrees, errors, worst: worst !== undefined && agrees[worst.entry] === 0 ? undefined : worst };
}

/** From so many disagreeing entries on, other differences of all entries are sooner found than those of each. */
const many = 8;

/**
 * Where an element of a layer is next to a kink, all entries that it is made of disagree with differences that step over it: finer ones,
 * which do not, speak for these entries, if they agree. Nothing is changed where a rule is not what autodiff says.
 */
export function secondChance(
  answers: Fourfold,
  first: Agreement,
  tolerance: Tolerance,
  finer: () => readonly Float64Array[],
): Agreement {
  const differs = (i: number): boolean =>
    answers.rule.some((rule, k) => {
      const expected = answers.autodiff[k]![i]!;
      const allowed = tolerance.absolute + tolerance.relative * Math.abs(expected);
      return !(Math.abs(rule[i]! - expected) <= allowed);
    });
  let doubtful = 0;
  for (let i = first.agrees.indexOf(0); i >= 0; i = first.agrees.indexOf(0, i + 1))
    if (!differs(i)) doubtful++;
  if (doubtful < many) return first;
  const fine = finer();
  const differences = answers.differences.map((each, k) =>
    each.map((difference, i) => (first.agrees[i] === 0 ? fine[k]![i]! : difference)),
  );
  return agreementOf({ ...answers, differences }, tolerance);
}

/** Notes where one cotangent's answers disagree, and how far all are apart; gives the entry that is furthest apart, or -1. */
function compare(
  answers: Fourfold,
  k: number,
  { absolute, relative }: Tolerance,
  agrees: Uint8Array,
  errors: Float64Array,
): number {
  const rule = answers.rule[k]!;
  const autodiff = answers.autodiff[k]!;
  const forward = answers.forward[k]!;
  const differences = answers.differences[k]!;
  const excusable = Math.max(relative, 1e-3);
  let worst = -1;
  let largest = -1;
  for (let i = 0; i < rule.length; i++) {
    const r = rule[i]!;
    const a = autodiff[i]!;
    const f = forward[i]!;
    const d = differences[i]!;
    const ofA = Math.abs(a);
    const ofD = Math.abs(d);
    const toA = Math.abs(r - a);
    const toD = Math.abs(r - d);
    const toF = Math.abs(r - f);
    const isNear =
      toD <= absolute + relative * ofD &&
      toA <= absolute + relative * ofA &&
      toF <= absolute + relative * Math.abs(r) &&
      (toA > toD ? toA : toD) <= excusable * (ofA > ofD ? ofA : ofD);
    if (!isNear) {
      agrees[i] = 0;
      continue;
    }
    const fromD = ofD > 1 ? toD / ofD : toD;
    const fromA = ofA > 1 ? toA / ofA : toA;
    const fromF = f > 1 || f < -1 ? toF / Math.abs(f) : toF;
    const error = fromD > fromA ? (fromD > fromF ? fromD : fromF) : fromA > fromF ? fromA : fromF;
    if (error > errors[i]!) errors[i] = error;
    if (error > largest) {
      largest = error;
      worst = i;
    }
  }
  return worst;
}

export function answersAt(answers: Fourfold, k: number, entry: number): Answers {
  return {
    rule: answers.rule[k]![entry]!,
    autodiff: answers.autodiff[k]![entry]!,
    forward: answers.forward[k]![entry]!,
    difference: answers.differences[k]![entry]!,
  };
}

/** Whether answers are further apart than what is relative allows, so that the absolute tolerance alone excuses them. */
export function isExcused(answers: readonly Answers[], { relative }: Tolerance): boolean {
  return answers.some(({ rule, autodiff, difference }) => {
    const apart = Math.max(Math.abs(rule - autodiff), Math.abs(rule - difference));
    return apart > Math.max(relative, 1e-3) * Math.max(Math.abs(autodiff), Math.abs(difference));
  });
}
