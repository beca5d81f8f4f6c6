/**
 * Tries hypotheses on an expression and judges them by numbers alone: one explains an outcome when what it gives is the truth in
 * every world. Owns what counts as a fit; knows nothing of what the hypotheses mean.
 */
import type { Candidate } from "./candidate";
import type { Expression, Outcome } from "./expression";
import type { ExplanationKind } from "../outcome";

/** The relative distance from the truth below which a candidate is taken to be it. */
const exactFit = 1e-6;
/** What approximate rules (a small constant inside of a logarithm) leave, accepted where nothing else comes near. */
const looseFit = 1e-4;
const lead = 100;

export interface Finding {
  readonly candidate: Candidate;
  /** The outcomes that it makes right. */
  readonly fixes: readonly Outcome[];
  readonly fit: number;
  /** What the candidate must be multiplied by as well; 1 where it fits as it is. */
  readonly scale: number;
  readonly runnerUp: { readonly kind: ExplanationKind; readonly fit: number } | null;
  /** Another kind of mistake that explains as much as well. */
  readonly equal: Candidate | undefined;
}

export interface SearchInput {
  readonly expression: Expression;
  readonly wrong: readonly Outcome[];
  /** How many of the worlds, from the first, must fit; the others tell apart what fits there by accident. */
  readonly binding: number;
  readonly poll: () => void;
  /** How many candidates are tried. */
  readonly limit: number;
  /** Whether a fit is taken for the truth; by default where it is exact, or far better than all others. */
  readonly isTrusted?: (candidate: Candidate, fit: number, everywhere: boolean) => boolean;
  /** Fits worse than this are none. */
  readonly loose?: number;
  /** What the expression is a part of: what fits is judged by all that it makes right there, and must harm nothing. */
  readonly whole?: { readonly expression: Expression; readonly wrong: readonly Outcome[] };
  /** Outcomes of the whole that may well have been right by two mistakes, where one of them is of a whole value's sign or size. */
  readonly isHarmless?: (outcome: Outcome) => boolean;
  /** Whether a simple candidate that fits ends the search: where nothing else that is wrong is made of these steps. */
  readonly isAlone?: boolean;
}

/** Hypotheses of a sort, none of them simpler than `least`. */
export interface CandidateGroup {
  readonly least: number;
  readonly candidates: Iterable<Candidate>;
}

interface Tried {
  readonly candidate: Candidate;
  readonly fixes: readonly Outcome[];
  readonly fit: number;
  /** The fit without a scale, of the outcome that it comes nearest to. */
  readonly plain: number;
  readonly everywhere: boolean;
  readonly scale: number;
}

export interface SearchResult {
  /** The simplest candidate that explains the most outcomes; undefined where none does. */
  readonly finding: Finding | undefined;
  readonly nearest: { readonly kind: ExplanationKind; readonly fit: number } | null;
}

export function search(input: SearchInput, groups: readonly CandidateGroup[]): SearchResult {
  const { tried, nearest } = tryAll(input, groups);
  const { isTrusted = isEnough(input) } = input;
  const trusted = tried.filter(({ candidate, fit, everywhere }) => isTrusted(candidate, fit, everywhere));
  const nearestTrusted = Math.min(...trusted.map(({ fit }) => fit));
  const accepted = trusted.filter(
    ({ fit }) =>
      fit <= (input.isTrusted === undefined ? exactFit : Math.max(exactFit, lead * nearestTrusted)),
  );
  const fitting = accepted.length > 0 || input.isTrusted !== undefined ? accepted : clearLeaders(trusted);
  const pool = input.whole === undefined ? fitting : inWhole(input, input.whole, fitting);
  const [best] = [...pool].sort(compare);
  if (best === undefined) return { finding: undefined, nearest: nearestOf(nearest, undefined) };
  const equal = pool.find((other) => isAsGood(other, best));
  const runnerUp =
    equal === undefined
      ? nearestOf(nearest, best.candidate.kind)
      : { kind: equal.candidate.kind, fit: equal.fit };
  return { finding: { ...best, runnerUp, equal: equal?.candidate }, nearest: runnerUp };
}

/** The candidates that come near, until the work allowed is done or a simple one fits that nothing left could be simpler than. */
function tryAll(
  input: SearchInput,
  groups: readonly CandidateGroup[],
): { readonly tried: Tried[]; readonly nearest: Map<ExplanationKind, number> } {
  const tried: Tried[] = [];
  const nearest = new Map<ExplanationKind, number>();
  let left = input.limit;
  let simplest = Infinity;
  for (const { least, candidates } of [...groups].sort((a, b) => a.least - b.least)) {
    if (input.isAlone === true && simplest + asSimple < least) break;
    for (const candidate of candidates) {
      if (left-- <= 0) return { tried, nearest };
      input.poll();
      const result = attempt(input, candidate, input.wrong);
      if (result === undefined) continue;
      if (result.fixes.length > 0) tried.push(result);
      if (result.everywhere && result.fixes.length > 0) {
        // What cannot be written may be one with something that can, which comes later.
        const isTold = candidate.rank < unwrittenRank || candidate.corrections().length > 0;
        if (result.fit <= exactFit && result.scale === 1 && isTold)
          simplest = Math.min(simplest, candidate.rank);
        continue;
      }
      if (!(result.plain >= (nearest.get(candidate.kind) ?? Infinity)))
        nearest.set(candidate.kind, result.plain);
    }
  }
  return { tried, nearest };
}

/** A few numbers are no evidence, unless the candidate fits at other values too or is what mistakes are made of. */
function isEnough({ wrong, expression }: SearchInput): NonNullable<SearchInput["isTrusted"]> {
  const entries = Math.min(...wrong.map(({ truths }) => truths[0]!.length));
  if (entries >= fewEntries) return () => true;
  return ({ isFitted }, fit, everywhere) =>
    (everywhere && expression.worlds > 2) || (isFitted !== true && fit < surelyExact);
}

const fewEntries = 3;
const surelyExact = 1e-9;

/** What fits a part, as it is in the whole: the simplest of them. */
function inWhole(
  input: SearchInput,
  { expression, wrong }: NonNullable<SearchInput["whole"]>,
  fitting: readonly Tried[],
): Tried[] {
  const simplest = [...fitting].sort(compare).slice(0, mostInWhole);
  return simplest.flatMap((found) => {
    input.poll();
    const judged = attempt({ ...input, expression }, found.candidate, wrong);
    const isSame = judged !== undefined && input.wrong.every((outcome) => judged.fixes.includes(outcome));
    return isSame ? [judged] : [];
  });
}

/** Candidates of lower rank change a value as a whole. */
const wholeRank = 2;
const mostInWhole = 24;
/** Ranks that are no further apart are of mistakes about as simple. */
const asSimple = 3;

/**
 * Whether another kind of mistake explains the same outcomes as well and is about as simple: two that give the truth lead
 * to the same right rule, so that far-fetched ways to it are not worth telling.
 */
function isAsGood(other: Tried, best: Tried): boolean {
  return (
    (other.candidate.kind !== best.candidate.kind || isOfSizes(other) !== isOfSizes(best)) &&
    other.everywhere === best.everywhere &&
    other.scale === 1 &&
    other.fixes.length === best.fixes.length &&
    other.fixes.every((outcome) => best.fixes.includes(outcome)) &&
    other.candidate.rank - best.candidate.rank <= asSimple &&
    (other.candidate.corrections().length > 0 || best.candidate.corrections().length === 0) &&
    (other.candidate.isOfBody !== true || best.candidate.isOfBody === true) &&
    !isExtension(other.candidate) &&
    !isRestatement(other.candidate, best.candidate)
  );
}

function isOfSizes({ candidate }: Tried): boolean {
  return candidate.isOfSizes === true;
}

/**
 * "x * (1 - x) stands where s * (1 - s) belongs" says no more than that x stands where s belongs; and two changes of one value are the
 * same change in other words.
 */
function isRestatement(other: Candidate, best: Candidate): boolean {
  const [longer, shorter] = [other, best].map(({ corrections }) => corrections()[0]);
  if (longer === undefined || shorter === undefined) return false;
  if (longer.at !== null && longer.at === shorter.at && longer.within === shorter.within) return true;
  // Twice a value is the value and itself.
  if (longer.how === "add-term" && longer.term === longer.at) return true;
  if (longer.how !== "replace" || shorter.how !== "replace") return false;
  if (longer.at === null || shorter.at === null) return false;
  const words = longer.at.split(/([\p{L}_][\p{L}\p{M}\p{N}_.']*)/u);
  return words.map((word) => (word === shorter.at ? shorter.by : word)).join("") === longer.by;
}

/** "x stands where x - y belongs" says no more than that a term is missing. */
function isExtension({ corrections }: Candidate): boolean {
  return corrections().some(
    (each) => each.how === "replace" && each.at !== null && each.by !== each.at && each.by.includes(each.at),
  );
}

/** The nearest fit of a kind other than `kind`. */
function nearestOf(
  fits: ReadonlyMap<ExplanationKind, number>,
  besides: ExplanationKind | undefined,
): SearchResult["nearest"] {
  let nearest: SearchResult["nearest"] = null;
  for (const [kind, fit] of fits)
    if (kind !== besides && (nearest === null || fit < nearest.fit)) nearest = { kind, fit };
  return nearest;
}

/** Loose fits that are far better than those of every other kind. */
function clearLeaders(tried: readonly Tried[]): Tried[] {
  const loose = tried.filter(({ fit }) => fit <= looseFit).sort(compare);
  const [best] = loose;
  if (best === undefined) return [];
  const rival = tried.some(
    ({ candidate, fit }) => candidate.kind !== best.candidate.kind && fit < best.fit * lead,
  );
  return rival ? [] : loose;
}

/** From this rank on, where what is told are terms, the shorter is the simpler. */
const termRank = 15;

/** From this rank on it counts whether a change can be written down. */
const unwrittenRank = 6;

function isUnwritten({ candidate }: Tried): boolean {
  return candidate.rank >= unwrittenRank && candidate.corrections().length === 0;
}

function compare(a: Tried, b: Tried): number {
  return (
    b.fixes.length - a.fixes.length ||
    Number(b.everywhere) - Number(a.everywhere) ||
    Number(a.scale !== 1) - Number(b.scale !== 1) ||
    Number(isUnwritten(a)) - Number(isUnwritten(b)) ||
    a.candidate.rank - b.candidate.rank ||
    Math.max(a.fit, noFit) - Math.max(b.fit, noFit) ||
    (a.candidate.rank < termRank || a.candidate.kind !== "overwritten-sum"
      ? 0
      : a.candidate.message.length - b.candidate.message.length)
  );
}

/** Below this, fits differ by rounding. */
const noFit = 1e-11;

/** What a candidate does to the wrong outcomes; the others must stay as they are. */
function attempt(
  { expression, binding, isHarmless, loose = looseFit }: SearchInput,
  candidate: Candidate,
  wrong: readonly Outcome[],
): Tried | undefined {
  const numbers = numbersOf(expression, candidate);
  if (numbers === undefined) return undefined;
  const scales = candidate.change.how === "edit" && candidate.isExact !== true;
  const fixes: Outcome[] = [];
  let nearest = Infinity;
  let fit = 0;
  let everywhere = true;
  let scale = 1;
  let scaled: (Judged & { readonly outcome: Outcome }) | undefined;
  for (const outcome of wrong) {
    const judged = judge(outcome, numbers, { binding, worlds: expression.worlds, loose });
    if (judged === undefined) continue;
    nearest = Math.min(nearest, judged.plain);
    if (judged.fit > loose) continue;
    if (judged.scale !== 1) {
      if (scales && !isMultiple(expression, outcome, loose)) scaled ??= { outcome, ...judged };
      continue;
    }
    fixes.push(outcome);
    fit = Math.max(fit, judged.fit);
    everywhere &&= judged.everywhere;
  }
  // A scale explains one outcome only: two with scales of their own have two mistakes.
  if (fixes.length === 0 && scaled !== undefined) {
    fixes.push(scaled.outcome);
    ({ fit, everywhere, scale } = scaled);
  }
  if (fixes.length === 0)
    return nearest === Infinity
      ? undefined
      : { candidate, fixes, fit: nearest, plain: nearest, everywhere: false, scale: 1 };
  const harmed = expression.outcomes.some(
    (outcome) =>
      !wrong.includes(outcome) &&
      !(candidate.rank < wholeRank && isHarmless?.(outcome) === true) &&
      (judge(outcome, numbers, { binding: 1, worlds: 1, loose })?.plain ?? 0) > loose,
  );
  return { candidate, fixes: harmed ? [] : fixes, fit, plain: nearest, everywhere, scale };
}

/** Whether the outcome is a multiple of the truth as it is: then a constant is all that is wrong. */
function isMultiple(expression: Expression, { node, truths }: Outcome, loose: number): boolean {
  const value = expression.valueIn(0, node);
  return value !== undefined && distance(value.data, truths[0]!, scaleTo(value.data, truths[0]!)) <= loose;
}

type Numbers = (outcome: Outcome, world: number) => ArrayLike<number> | undefined;

function numbersOf(expression: Expression, { change }: Candidate): Numbers | undefined {
  if (change.how === "numbers") return change.numbers;
  const replaced = expression.replaced(change.edit);
  if (replaced === undefined) return undefined;
  return (outcome, world) => {
    const node = replaced.get(outcome.node);
    return node && expression.valueIn(world, node)?.data;
  };
}

interface Judged {
  readonly fit: number;
  /** Without the scale. */
  readonly plain: number;
  readonly everywhere: boolean;
  readonly scale: number;
}

function judge(
  outcome: Outcome,
  numbers: Numbers,
  { binding, worlds, loose }: { readonly binding: number; readonly worlds: number; readonly loose: number },
): Judged | undefined {
  const first = numbers(outcome, 0);
  if (first === undefined) return undefined;
  const truth = outcome.truths[0]!;
  const plain = distance(first, truth, 1);
  const scale = plain <= loose ? 1 : niceScale(first, truth);
  let fit = scale === 1 ? plain : distance(first, truth, scale);
  if (!(fit <= loose)) return { fit: plain, plain, everywhere: false, scale: 1 };
  let everywhere = true;
  for (let world = 1; world < worlds; world++) {
    const found = numbers(outcome, world);
    const miss = found === undefined ? Infinity : distance(found, outcome.truths[world]!, scale);
    if (world < binding) fit = Math.max(fit, miss);
    else if (!(miss <= loose)) everywhere = false;
  }
  if (Number.isNaN(fit)) fit = Infinity;
  return { fit, plain: scale === 1 ? fit : plain, everywhere, scale };
}

/** The constant that makes `found` the truth, where it is one that mistakes are made with; else 1. */
function niceScale(found: ArrayLike<number>, truth: Float64Array): number {
  const scale = scaleTo(found, truth);
  for (const nice of [-1, 2, -2, 0.5, -0.5]) if (Math.abs(scale - nice) < 1e-6) return nice;
  const whole = Math.abs(scale) >= 1 ? Math.abs(scale) : 1 / Math.abs(scale);
  return Math.abs(whole - Math.round(whole)) < 1e-6 && whole < 1e6 ? scale : 1;
}

/** ⟨found, truth⟩ / ⟨found, found⟩: the best multiple. */
export function scaleTo(found: ArrayLike<number>, truth: ArrayLike<number>): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < truth.length; i++) {
    product += found[i]! * truth[i]!;
    square += found[i]! ** 2;
  }
  return product / square;
}

/** ‖scale · found − truth‖ / ‖truth‖. */
export function distance(found: ArrayLike<number>, truth: ArrayLike<number>, scale: number): number {
  if (found.length !== truth.length) return Infinity;
  let error = 0;
  let size = 0;
  for (let i = 0; i < truth.length; i++) {
    error += (scale * found[i]! - truth[i]!) ** 2;
    size += truth[i]! ** 2;
  }
  if (error === 0) return 0;
  const relative = Math.sqrt(error / size);
  return Number.isNaN(relative) ? Infinity : relative;
}
