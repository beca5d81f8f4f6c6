/**
 * One leaf's verdict: at each entry the gradient by the rules in force, by plain autodiff, by forward mode and by central
 * differences. Owns what counts as agreement; knows nothing of whose fault a disagreement is.
 */
import { torchGenerator, type Tensor } from "../../tensor";
import type { ThreadHost } from "../../compile";
import type { Graph, Node } from "../../graph";
import { dot, Forward, type Reverse } from "../measure/answers";
import {
  entryCost,
  isWorthCompiling,
  oneByOne,
  recheckedOfAll,
  recomputed,
  type EntryCost,
} from "../measure/cost";
import { randomDirection } from "../measure/direction";
import type { Fields } from "../measure/fields";
import { Differences, type Move } from "../measure/differences";
import { worstVerdict, type Kink, type LeafOutcome, type Tolerance, type Verdict } from "../outcome";
import { agreementOf, answersAt, isExcused, secondChance } from "./agreement";
import { judgedNearKink, judgedOnKink } from "./on-kink";
import type { Progress } from "./progress";
import { Tally, type Answers, type Judged } from "./tally";

export interface LeafContext {
  readonly graph: Graph;
  readonly base: (node: Node) => Tensor;
  readonly root: Node;
  /** What plain autodiff and differences are taken of. */
  readonly truth: Node;
  readonly cotangents: readonly Float64Array[];
  readonly reverse: Reverse;
  /** The differences of all entries of the leaves. */
  readonly fields: Fields;
  readonly tolerance: Tolerance;
  /** Threads that help with what takes long. */
  readonly threads?: ThreadHost | undefined;
  readonly poll: () => void;
}

export interface LeafCheck {
  readonly outcome: LeafOutcome;
  readonly kinks: readonly Kink[];
  /** Whether some disagreement is excused by the absolute tolerance alone. */
  readonly excused: boolean;
  /** The number of entries when only some were compared with differences. */
  readonly sampledFrom: number | undefined;
}

interface Opinion {
  readonly verdict: Verdict;
  readonly reason: string | null;
}

const failed: Opinion = { verdict: "failed", reason: null };
const passed: Opinion = { verdict: "passed", reason: null };

function undecided(reason: string): Opinion {
  return { verdict: "undecided", reason };
}

/** At most this many suspect entries are examined with several steps; the rest of a wrong leaf is as wrong. */
const carefulLimit = 200;
/** Fewer where they take long, but not where some are on kinks: milliseconds by estimate, and how many in any case. */
const carefulBudget = 60;
const leastCareful = 3;
/** Replays that examining an entry takes, about. */
const replaysOfCareful = 6;
const projections = 3;

/** What one leaf is about to cost, and its check. */
export class LeafChecker {
  readonly name: string;
  readonly node: Node;
  readonly #context: LeafContext;
  readonly #differences: Differences;
  readonly #forward: Forward;
  #forwardDerived: Forward | undefined;
  readonly #size: number;
  readonly #rule: readonly Float64Array[] | "pending";
  readonly #autodiff: readonly Float64Array[];
  #rounding: Float64Array | undefined;
  #careful = 0;
  #hasKinks = false;
  #enough: number | undefined;

  constructor(context: LeafContext, leaf: { readonly name: string; readonly node: Node }) {
    const { graph, base, root, truth, cotangents, reverse, threads, poll } = context;
    this.name = leaf.name;
    this.node = leaf.node;
    this.#context = context;
    this.#differences = new Differences(base, leaf.node, truth, cotangents, poll);
    this.#forward = new Forward(graph, base, leaf.node, root, cotangents, { threads });
    this.#rule = reverse.gradients(leaf.node, "hand");
    // Nothing is a hole where no hand rule is used.
    this.#autodiff = reverse.gradients(leaf.node, "derived") as readonly Float64Array[];
    this.#size = base(leaf.node).data.length;
  }

  /** The gradient by the rules in force, for the first cotangent; undefined where a hole stands in its way. */
  get gradient(): Float64Array | undefined {
    return this.#rule === "pending" ? undefined : this.#rule[0];
  }

  /** Whether the difference along a direction is surely not what the gradient says, whatever the tolerance. */
  contradicts(direction: Float64Array): boolean {
    const { gradient } = this;
    if (gradient === undefined) return false;
    const slope = dot(gradient, direction);
    const { slopes, errors, kinks } = this.#differences.careful(direction, () => false);
    const miss = Math.abs(slopes[0]! - slope);
    return kinks.length === 0 && miss > 10 * errors[0]! && miss > 1e-3 * Math.abs(slopes[0]!);
  }

  /** Entries that a full check compares with differences: none where the root does not depend on the leaf. */
  get entries(): number {
    return this.#rule === "pending" || this.#forward.pending ? 0 : this.#size;
  }

  /** What comparing them is estimated to cost. */
  get cost(): EntryCost {
    return entryCost(this.#differences.steps, this.#forward.steps);
  }

  /** What comparing all of them at once is estimated to cost, in milliseconds. */
  get costOfAll(): number {
    const rechecks = (recheckedOfAll + 1) * this.cost.replay;
    return this.#context.fields.cost(this.node) + this.#forward.costOfAll + rechecks;
  }

  /** Compares all entries, or as many as `count` and a few directions. */
  check(count: number, progress: Progress): LeafCheck {
    if (this.#rule === "pending" || this.#forward.pending) return this.#pending();
    const sampled = count < this.#size;
    const tally = new Tally(this.#size, this.node.shape);
    if (sampled) this.#checkSome(this.#sample(this.#rule, count), this.#rule, tally, progress);
    else if (this.costOfAll < oneByOne(this.#size, this.cost)) this.#checkAll(this.#rule, tally, progress);
    else this.#checkSome(this.#every(), this.#rule, tally, progress);
    if (sampled) this.#checkDirections(this.#rule, tally, progress);
    return {
      outcome: tally.outcome(this.name),
      kinks: tally.kinks,
      excused: tally.excused,
      sampledFrom: sampled ? this.#size : undefined,
    };
  }

  #every(): number[] {
    return Array.from({ length: this.#size }, (_, i) => i);
  }

  #checkSome(
    chosen: readonly number[],
    rule: readonly Float64Array[],
    tally: Tally,
    progress: Progress,
  ): void {
    const done = isWorthCompiling(chosen.length, this.cost) ? this.#accelerate(chosen, rule, progress) : 0;
    for (const entry of chosen) {
      progress.advance(1 - done);
      this.#judgeEntry(entry, this.#answersOf(entry, rule), tally);
    }
  }

  /** Some entries, drawn at random, are always computed both ways. Returns which part of the work other threads have shared in. */
  #accelerate(chosen: readonly number[], rule: readonly Float64Array[], progress: Progress): number {
    const { threads } = this.#context;
    const { data } = torchGenerator(3).rand([recomputed], "float64");
    const sample = Array.from(data, (uniform) => chosen[Math.floor(uniform * chosen.length)]!);
    this.#differences.accelerate(sample);
    this.#forward.accelerate(sample);
    const part = chosen.length / 2;
    const help = {
      threads,
      poll: (share: number) => {
        progress.advance(share * part);
      },
    };
    if (!this.#forward.ahead(chosen, help)) return 0;
    if (!this.#differences.ahead(chosen, "quick", help)) return 0.5;
    // What is surely examined with several steps.
    const open = chosen.filter((entry) =>
      this.#answersOf(entry, rule).some(
        (each) => this.#near(each.rule, each.autodiff) && !this.#allNear(each, 0),
      ),
    );
    this.#differences.ahead(open, "careful", { threads, poll: progress.stay });
    return 1;
  }

  /** All entries at once; a few, and a random direction, the plain way too, which does everything where it says otherwise. */
  #checkAll(rule: readonly Float64Array[], tally: Tally, progress: Progress): void {
    const size = this.#size;
    const { tolerance } = this.#context;
    let { fields } = this.#context;
    const share = size / Math.max(1, fields.turns(this.node) + this.#forward.turnsOfAll);
    const poll = (): void => {
      progress.advance(share);
    };
    const direction = randomDirection(size, 3);
    const sample = Array.from(randomDirection(recheckedOfAll, 4), (x) => Math.floor(((x + 1) / 2) * size));
    let differences = this.#differences.all(fields, sample, direction, poll);
    // Steps of inner values may reach over kinks that an entry's own step does not reach.
    if (differences === undefined) {
      fields = fields.finer();
      differences = this.#differences.all(fields, sample, direction, progress.stay);
    }
    const forward = this.#forward.all(sample, direction, poll);
    if (differences === undefined || forward === undefined) {
      this.#checkSome(this.#every(), rule, tally, progress);
      return;
    }
    const answers = { rule, autodiff: this.#autodiff, forward, differences };
    const agreement = secondChance(answers, agreementOf(answers, tolerance), tolerance, () =>
      fields.finer().of(this.node, progress.stay),
    );
    tally.countAgreeing(agreement);
    for (
      let entry = agreement.agrees.indexOf(0);
      entry >= 0;
      entry = agreement.agrees.indexOf(0, entry + 1)
    ) {
      progress.stay();
      this.#judgeEntry(
        entry,
        rule.map((_, k) => answersAt(answers, k, entry)),
        tally,
      );
    }
  }

  #answersOf(entry: number, rule: readonly Float64Array[]): readonly Answers[] {
    const forward = this.#forward.along(entry);
    const differences = this.#differences.quick(entry);
    return rule.map((gradient, k) => ({
      rule: gradient[entry]!,
      autodiff: this.#autodiff[k]![entry]!,
      forward: forward[k]!,
      difference: differences[k]!,
    }));
  }

  #judgeEntry(entry: number, answers: readonly Answers[], tally: Tally): void {
    const judged = this.#judge(answers, entry);
    answers.forEach((each) => tally.count(entry, each, judged));
    tally.note(judged);
  }

  #checkDirections(rule: readonly Float64Array[], tally: Tally, progress: Progress): void {
    const draw = torchGenerator(1);
    for (let turn = 0; turn < projections; turn++) {
      progress.stay();
      const direction = Float64Array.from(draw.rand([this.#size], "float64").data, (u) => 2 * u - 1);
      const forward = this.#forward.along(direction);
      const differences = this.#differences.quick(direction);
      const answers = rule.map((gradient, k): Answers => ({
        rule: dot(gradient, direction),
        autodiff: dot(this.#autodiff[k]!, direction),
        forward: forward[k]!,
        difference: differences[k]!,
      }));
      const judged = this.#judge(answers, direction);
      // A random direction almost surely crosses some kink of a large program; that says nothing about any entry.
      if (judged.verdict !== "undecided") tally.note(judged);
    }
  }

  /** Which of the four agree. `answers` learns the better differences. */
  #judge(answers: readonly Answers[], move: Move): Judged {
    const fine = { ...passed, kinks: [], excused: isExcused(answers, this.#context.tolerance) };
    const apart = answers.map((_, k) => this.#apartAlong(move, k));
    if (answers.every((each, k) => this.#allNear(each, apart[k]!))) return fine;
    const differs = answers.some((each, k) => !this.#near(each.rule, each.autodiff, apart[k]));
    if (++this.#careful > this.#carefulEnough() && differs) return { ...fine, verdict: "failed" };
    const better = this.#differences.careful(move, ({ slopes, errors }) =>
      answers.every((each, k) => this.#isDecided({ ...each, difference: slopes[k]! }, errors[k]!, move, k)),
    );
    answers.forEach((each, k) => (each.difference = better.slopes[k]!));
    const verdicts = answers.map((each, k) => this.#judgeCarefully(each, better.errors[k]!, move, k));
    const verdict = worstVerdict(verdicts.map((each) => each.verdict));
    if (verdict === "passed") return { ...fine, excused: isExcused(answers, this.#context.tolerance) };
    this.#hasKinks ||= better.kinks.length > 0;
    const slack = this.#slackOf(Math.max(...answers.map(({ autodiff }) => Math.abs(autodiff))));
    if (better.kinks.length > 0) return judgedOnKink(answers, better, slack);
    const reason = verdicts.find((each) => each.verdict === verdict)?.reason ?? null;
    const near = verdict === "undecided" && typeof move === "number" ? this.#differences.kinksNear(move) : [];
    if (near.length > 0) return judgedNearKink(near, reason);
    return { verdict, reason, kinks: [], excused: false };
  }

  #carefulEnough(): number {
    if (this.#hasKinks) return carefulLimit;
    this.#enough ??= Math.max(leastCareful, carefulBudget / (replaysOfCareful * this.cost.replay));
    return Math.min(carefulLimit, this.#enough);
  }

  #judgeCarefully(answers: Answers, error: number, move: Move, k: number): Opinion {
    const { rule, autodiff, difference } = answers;
    const apart = this.#apartAlong(move, k);
    const rounding = typeof move === "number" ? this.#roundingAt(move) : apart;
    const close = (a: number, b: number, slack: number): boolean => this.#near(a, b, slack);
    const forward = Number.isFinite(answers.forward) ? answers.forward : this.#meant(answers, move, k);
    const informative = error <= this.#slackOf(difference) * 10;
    if (!close(forward, rule, rounding) && !(informative && close(forward, difference, error + apart)))
      return failed;
    if (!close(rule, autodiff, rounding))
      return informative && close(rule, difference, error + apart) ? passed : failed;
    if (!Number.isFinite(rule)) return undecided(`the derivative is ${String(rule)}`);
    if (!Number.isFinite(difference))
      return undecided("the function has no finite value on one side of the point");
    if (!close(rule, difference, error + apart)) return failed;
    if (error <= Math.max(Math.abs(rule), this.#context.tolerance.absolute) * 0.1) return passed;
    return undecided(
      Number.isFinite(error)
        ? `differences are uncertain by ${error.toExponential(1)}, which is too much for a derivative of ${rule.toPrecision(2)}`
        : "no step gives a difference to be trusted",
    );
  }

  /** Where an infinite derivative of something that does not move makes forward mode NaN, by plain autodiff too, it says nothing. */
  #meant({ rule, forward }: Answers, move: Move, k: number): number {
    const { graph, base, truth, cotangents } = this.#context;
    this.#forwardDerived ??= new Forward(graph, base, this.node, truth, cotangents, { rules: "derived" });
    return Number.isFinite(this.#forwardDerived.along(move)[k]!) ? forward : rule;
  }

  /** Whether a difference settles the matter: for all answers, or for autodiff against the rule. */
  #isDecided(answers: Answers, error: number, move: Move, k: number): boolean {
    const { rule, autodiff, difference } = answers;
    if (this.#judgeCarefully(answers, error, move, k).verdict === "passed") return true;
    const apart = this.#apartAlong(move, k);
    return !this.#near(rule, autodiff, apart) && this.#near(autodiff, difference, apart);
  }

  #allNear({ rule, autodiff, forward, difference }: Answers, apart: number): boolean {
    const near = (a: number, b: number): boolean => this.#near(a, b, apart);
    return near(rule, difference) && near(rule, autodiff) && near(forward, rule);
  }

  /** Along a direction entries' differences add up: what each of them is excused is not held against their sum. */
  #apartAlong(move: Move, k: number): number {
    if (typeof move === "number") return 0;
    const { absolute, relative } = this.#context.tolerance;
    const gradient = this.#autodiff[k]!;
    const size = gradient.reduce((sum, each, i) => sum + Math.abs(each * move[i]!), 0);
    return relative * (Number.isFinite(size) ? size : 0) + absolute * Math.sqrt(dot(move, move));
  }

  #near(a: number, b: number, slack = 0): boolean {
    return Object.is(a, b) || a === b || Math.abs(a - b) <= this.#slackOf(b) + slack;
  }

  #slackOf(expected: number): number {
    const { absolute, relative } = this.#context.tolerance;
    return absolute + relative * Math.abs(expected);
  }

  /** Near only because the absolute tolerance is larger than the numbers. */
  #roundingAt(entry: number): number {
    if (this.#rounding === undefined) {
      const hand = this.#context.reverse.rounding(this.node, "hand");
      const derived = this.#context.reverse.rounding(this.node, "derived");
      this.#rounding = hand.map((error, i) => error + derived[i]!);
    }
    return this.#rounding[entry]!;
  }

  /** Entries drawn at random, and those where the rules in force differ most from autodiff. */
  #sample(rule: readonly Float64Array[], count: number): number[] {
    const chosen = new Set<number>();
    const distance = (i: number): number =>
      rule.reduce((sum, gradient, k) => sum + Math.abs(gradient[i]! - this.#autodiff[k]![i]!), 0);
    const suspects = Array.from({ length: this.#size }, (_, i) => i).filter((i) =>
      rule.some((gradient, k) => !this.#near(gradient[i]!, this.#autodiff[k]![i]!)),
    );
    suspects.sort((a, b) => distance(b) - distance(a));
    for (const entry of suspects.slice(0, count)) chosen.add(entry);
    const draw = torchGenerator(0).rand([count], "float64").data;
    for (const uniform of draw) chosen.add(Math.floor(uniform * this.#size));
    return [...chosen].sort((a, b) => a - b);
  }

  #pending(): LeafCheck {
    const reason = "a rule that it needs is a hole";
    const outcome = {
      name: this.name,
      verdict: "pending",
      reason,
      entries: 0,
      worstError: 0,
      worst: null,
    } as const;
    return { outcome, kinks: [], excused: false, sampledFrom: undefined };
  }
}
