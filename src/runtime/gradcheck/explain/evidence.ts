/**
 * What numbers copied from a page prove, of which there may be only one: whether a candidate that fits them would hardly do so by
 * accident. Knows nothing of how candidates are made.
 */
import type { Candidate } from "./candidate";
import type { Sizes } from "./sizes";

export interface Evidence {
  /** The constant that the numbers ask for. */
  readonly scale: number;
  readonly sizes: Sizes;
  readonly numbers: ArrayLike<number>;
}

export function isEvidence(candidate: Candidate, fit: number, evidence: Evidence): boolean {
  const { scale, sizes } = evidence;
  const numbers = evidence.numbers.length;
  if (isRound(evidence) && candidate.kind !== "factor" && candidate.kind !== "sign") return false;
  const isConstant = candidate.kind === "factor" && candidate.isFitted === true;
  if (numbers > 1 || !isLikely(scale, sizes)) return isBeyondChance(candidate, fit, numbers);
  // Nobody forgets 3 / 4, but 3 may stand where 4 belongs.
  const isWhole = candidate.kind === "factor" && candidate.rank !== literalRank;
  if (isWhole && !isUsual(scale, sizes) && candidate.factor !== null) return false;
  return isConstant ? candidate.rank < 8 && fit < 1e-4 : isBeyondChance(candidate, fit, numbers);
}

/** One small whole number, which a great many mistakes meet. */
function isRound({ numbers }: Evidence): boolean {
  const [first = NaN, ...others] = Array.from(numbers).slice(0, 2);
  return others.length === 0 && Number.isInteger(first) && Math.abs(first) < 100;
}

/** Of a number that is written and should be another. */
const literalRank = 3.9;

/** Whether a constant is one that mistakes are made with, though there is but one number that asks for it. */
export function isLikely(scale: number, sizes: Sizes): boolean {
  return isUsual(scale, sizes) || isOffByOne(scale, sizes);
}

/** 2, N, 2 / N. */
function isUsual(scale: number, sizes: Sizes): boolean {
  return isOneOf(scale, [1, 2, 4, ...[...sizes.keys()].flatMap((n) => [n, n / 2])]);
}

/** N - 1 in the place of N. */
function isOffByOne(scale: number, sizes: Sizes): boolean {
  return isOneOf(
    scale,
    [...sizes.keys()].flatMap((n) => (n > 1 ? [n / (n - 1), n / (n + 1)] : [])),
  );
}

function isOneOf(scale: number, factors: readonly number[]): boolean {
  return factors.some((each) =>
    [each, 1 / each].some((factor) => Math.abs(Math.abs(scale) / factor - 1) < 1e-6),
  );
}

/**
 * Whether a candidate that fits n numbers to a relative error would hardly do so by accident, given how many of its sort are tried.
 * Numbers copied from a page have few digits, and there may be only one of them.
 */
function isBeyondChance({ rank, isFitted }: Candidate, fit: number, n: number): boolean {
  const tried = rank < 2 ? 10 : rank < 8 ? 200 : 3000;
  // What is fitted has spent one number.
  const evidence = Math.min(isFitted === true ? n - 1 : n, 8);
  return fit < 3e-3 && tried * Math.max(fit, 1e-15) ** evidence < 1e-3;
}
