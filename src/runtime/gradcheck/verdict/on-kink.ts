/**
 * What can be said of an entry whose differences step over kinks, or come so near to them that only rounding is left. Knows no other
 * reasons for doubt.
 */
import type { Difference } from "../measure/differences";
import type { Kink } from "../outcome";
import type { Answers, Judged } from "./tally";

/**
 * Conventions at kinks differ, so that a disagreement is undecided; but where a single element is on one, every convention lies between
 * the slopes on both sides, and what autodiff does not say either is wrong.
 */
export function judgedOnKink(answers: readonly Answers[], difference: Difference, slack: number): Judged {
  const { kinks } = difference;
  const nothing = answers.find(({ rule }) => !Number.isFinite(rule));
  if (nothing !== undefined)
    return undecided(kinks, `${onKinks(kinks)}, and the derivative is ${String(nothing.rule)}`);
  const outside = answers.filter(({ rule }, k) => isOutside(rule, difference, k));
  if (outside.length === 0) return undecided(kinks, onKinks(kinks));
  const reason = `${onKinks(kinks)}, and the derivative is not between the slopes on both sides`;
  const isWrong = outside.some(({ rule, autodiff }) => Math.abs(rule - autodiff) > slack);
  if (kinks.length === 1 && isWrong) return { verdict: "failed", reason, kinks, excused: false };
  return undecided(kinks, reason);
}

/** Where no difference is to be trusted because steps that reach over no kink are too small. */
export function judgedNearKink(kinks: readonly Kink[], reason: string | null): Judged {
  const [kink] = kinks;
  const where = kink === undefined ? "a kink is" : `${kink.op} has a kink`;
  return undecided(
    kinks,
    `${where} within the step${kink === undefined ? "" : ` at ${elementOf(kink)}`}; without stepping over it, ${reason ?? "nothing is to be told"}`,
  );
}

/** Whether a number is beyond the slopes on both sides by more than they are uncertain. */
export function isOutside(rule: number, { sides, sideErrors }: Difference, k: number): boolean {
  const [left, right] = sides[k]!;
  const slack = 1e-4 * Math.max(1, Math.abs(left), Math.abs(right)) + 10 * sideErrors[k]!;
  return !(rule >= Math.min(left, right) - slack && rule <= Math.max(left, right) + slack);
}

function undecided(kinks: readonly Kink[], reason: string): Judged {
  return { verdict: "undecided", reason, kinks, excused: false };
}

function onKinks([kink]: readonly Kink[]): string {
  return kink === undefined ? "a kink" : `${kink.op} is on a kink at ${elementOf(kink)}`;
}

function elementOf({ index }: Kink): string {
  return index.length === 0 ? "its value" : `element [${index.join(", ")}]`;
}
