/** What has been seen of a leaf's entries: how far they are apart, the worst of them, and the verdict of all. Judges nothing. */
import { isSameKink, unravel } from "../measure/branches";
import type { Agreement } from "./agreement";
import { worstVerdict, type Kink, type LeafOutcome, type Verdict, type WorstEntry } from "../outcome";

/** The four answers at one entry (or along one direction), for one cotangent. */
export interface Answers {
  readonly rule: number;
  readonly autodiff: number;
  readonly forward: number;
  difference: number;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly kinks: readonly Kink[];
  readonly excused: boolean;
}

/** What has been seen of a leaf's entries. */
export class Tally {
  #errors: Float64Array | undefined;
  readonly #size: number;
  readonly #shape: readonly number[];
  readonly #verdicts = new Set<Verdict>();
  #reasons: readonly string[] = [];
  #reasonOf: Verdict = "passed";
  #worst:
    | { readonly entry: number; readonly answers: Answers; readonly failed: boolean; readonly error: number }
    | undefined;
  #entries = 0;
  #last = -1;
  readonly kinks: Kink[] = [];
  excused = false;

  constructor(size: number, shape: readonly number[]) {
    this.#size = size;
    this.#shape = shape;
  }

  count(entry: number, answers: Answers, { verdict }: Judged): void {
    if (entry !== this.#last) this.#entries++;
    this.#last = entry;
    const error = errorOf(answers);
    this.#errors ??= new Float64Array(this.#size).fill(NaN);
    const before = this.#errors[entry]!;
    this.#errors[entry] = Number.isNaN(before) ? error : Math.max(before, error);
    // What is on a kink, or cannot be told, is no measure of error.
    if (verdict === "undecided") return;
    const failed = verdict === "failed";
    if (
      this.#worst === undefined ||
      Number(failed) - Number(this.#worst.failed) > 0 ||
      (failed === this.#worst.failed && !(error <= this.#worst.error))
    )
      this.#worst = { entry, answers, failed, error };
  }

  /** The same for all entries that agree at once, before any other is counted; the errors are the tally's own from then on. */
  countAgreeing({ agrees, errors, worst }: Agreement): void {
    this.#errors = errors;
    this.#entries = agrees.length;
    for (let i = agrees.indexOf(0); i >= 0; i = agrees.indexOf(0, i + 1)) {
      errors[i] = NaN;
      this.#entries--;
    }
    if (this.#entries > 0) this.#verdicts.add("passed");
    if (worst !== undefined) this.#worst = { ...worst, failed: false };
  }

  note({ verdict, reason, kinks, excused }: Judged): void {
    this.#verdicts.add(verdict);
    this.excused ||= excused;
    if (reason !== null) this.#say(verdict, reason);
    for (const kink of kinks) if (!this.kinks.some((known) => isSameKink(known, kink))) this.kinks.push(kink);
  }

  /** What is said of the worst verdict: reasons of every sort, the first of each. */
  #say(verdict: Verdict, reason: string): void {
    const isWorse = worstVerdict([verdict, this.#reasonOf]) !== this.#reasonOf;
    if (isWorse) this.#reasons = [];
    else if (verdict !== this.#reasonOf && this.#reasons.length > 0) return;
    this.#reasonOf = verdict;
    const isKnown = this.#reasons.some((known) => sortOf(known) === sortOf(reason));
    if (!isKnown && this.#reasons.length < mostReasons) this.#reasons = [...this.#reasons, reason];
  }

  outcome(name: string): LeafOutcome {
    const verdict = worstVerdict(this.#verdicts);
    return {
      name,
      verdict,
      reason: this.#reasonOf === verdict && this.#reasons.length > 0 ? this.#reasons.join("; ") : null,
      entries: this.#entries,
      worstError: this.#worst?.error ?? 0,
      worst:
        this.#worst === undefined ? null : worstEntry(this.#worst.entry, this.#worst.answers, this.#shape),
      errors: this.#errors ?? new Float64Array(this.#size).fill(NaN),
    };
  }
}

const mostReasons = 3;

/** A reason, whichever element or number it is about. */
function sortOf(reason: string): string {
  return reason.replaceAll(/-?\d[\d.e+-]*/gu, "#").replaceAll(/#(?:, #)+/gu, "#");
}

/** How far the rule is from what disagrees most, in units of max(1, |that|). */
function errorOf({ rule, autodiff, forward, difference }: Answers): number {
  let worst = 0;
  for (const other of [autodiff, forward, difference]) {
    const error = apart(rule, other);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

function apart(rule: number, other: number): number {
  return Math.abs(rule - other) / Math.max(1, Math.abs(other));
}

function worstEntry(entry: number, answers: Answers, shape: readonly number[]): WorstEntry {
  const { rule, autodiff, forward, difference } = answers;
  return { index: unravel(entry, shape), rule, autodiff, forward, finiteDifference: difference };
}
