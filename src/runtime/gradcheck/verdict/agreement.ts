/** The entries at which all four answers agree beyond doubt, found for all at once. The others are somebody else's to judge. */
import type { Tolerance } from "../outcome";
import { apart, type Answers } from "./tally";

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
export function agreementOf(answers: Fourfold, { absolute, relative }: Tolerance): Agreement {
  const size = answers.rule[0]?.length ?? 0;
  const agrees = new Uint8Array(size).fill(1);
  const errors = new Float64Array(size);
  const excusable = Math.max(relative, 1e-3);
  for (let k = 0; k < answers.rule.length; k++) {
    const [rule, autodiff] = [answers.rule[k]!, answers.autodiff[k]!];
    const [forward, differences] = [answers.forward[k]!, answers.differences[k]!];
    for (let i = 0; i < size; i++) {
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
        Math.max(toA, toD) <= excusable * Math.max(ofA, ofD);
      if (!isNear) agrees[i] = 0;
      const error = Math.max(
        toA / Math.max(1, ofA),
        toF / Math.max(1, Math.abs(f)),
        toD / Math.max(1, ofD),
      );
      if (error > errors[i]!) errors[i] = error;
    }
  }
  return { agrees, errors, worst: worstOf(answers, agrees, errors) };
}

function worstOf(answers: Fourfold, agrees: Uint8Array, errors: Float64Array): Agreement["worst"] {
  let entry = -1;
  let error = -1;
  for (let i = 0; i < errors.length; i++) {
    if (agrees[i] === 0 || errors[i]! <= error) continue;
    entry = i;
    error = errors[i]!;
  }
  if (entry < 0) return undefined;
  const all = answers.rule.map((_, k) => answersAt(answers, k, entry));
  const found = all.find(({ rule, autodiff, forward, difference }) =>
    [autodiff, forward, difference].some((other) => apart(rule, other) === error),
  );
  return { entry, error, answers: found ?? all[0]! };
}

export function answersAt(answers: Fourfold, k: number, entry: number): Answers {
  return {
    rule: answers.rule[k]![entry]!,
    autodiff: answers.autodiff[k]![entry]!,
    forward: answers.forward[k]![entry]!,
    difference: answers.differences[k]![entry]!,
  };
}
