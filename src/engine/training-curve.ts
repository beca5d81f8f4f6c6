/**
 * Owns the curves of one training: the loss of every step, the gradient's norm at some. Tells of them now and then, at
 * most ten times a second. Knows nothing of how a step is done.
 */
import type { TrainingCurves, TrainingProgress } from "../protocol";

/** What was added since it was last told. */
export type CurveNews = Pick<
  TrainingProgress,
  "done" | "milliseconds" | "state" | "first" | "losses" | "normSteps" | "norms"
>;

export interface CurveOptions {
  readonly total: number;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly tell: (news: CurveNews) => void;
}

const tellEvery = 100;
/** Norms that have to be computed for their own sake may take this share of the time. */
const normShare = 0.05;
/** Beyond this many every other one is dropped: more than a screen has pixels. */
const mostNorms = 4096;

export class TrainingCurve {
  readonly #options: CurveOptions;
  readonly #losses: Float64Array;
  #steps: number[] = [];
  #norms: number[] = [];
  #done = 0;
  #told = 0;
  /** Norms that have not been told yet. */
  #newNorms = 0;
  #stride = 1;
  #started: number;
  #lastTold: number;
  #normTime = 0;
  /** From runs before this one, where it was stopped and goes on. */
  #before = 0;
  #state: TrainingProgress["state"] = "running";

  constructor(options: CurveOptions) {
    this.#options = options;
    this.#losses = new Float64Array(options.total);
    this.#started = options.now();
    this.#lastTold = this.#started - tellEvery;
  }

  get done(): number {
    return this.#done;
  }

  get state(): TrainingProgress["state"] {
    return this.#state;
  }

  get milliseconds(): number {
    return this.#before + (this.#state === "running" ? this.#options.now() - this.#started : 0);
  }

  /** The losses of the steps that were done. */
  get losses(): Float64Array {
    return this.#losses.subarray(0, this.#done);
  }

  get curves(): TrainingCurves {
    return {
      losses: this.#losses.slice(0, this.#done),
      normSteps: Float64Array.from(this.#steps),
      norms: Float64Array.from(this.#norms),
    };
  }

  /** A step is done; its gradient's norm where that is known anyway. */
  add(loss: number, norm: number | undefined): void {
    if (norm !== undefined && this.#done % this.#stride === 0) this.#addNorm(norm);
    this.#losses[this.#done++] = loss;
    if (this.#options.now() - this.#lastTold >= tellEvery) this.#tell();
  }

  /** Measures the norm of the step that was just done, unless norms have taken their share of the time. */
  measure(norm: () => number | undefined): void {
    const { now } = this.#options;
    const started = now();
    if (this.#normTime > normShare * (started - this.#started)) return;
    const found = norm();
    if (found !== undefined) this.#addNorm(found);
    this.#normTime += now() - started;
  }

  end(state: "finished" | "stopped" | "failed"): void {
    this.#before = this.milliseconds;
    this.#state = state;
    this.#tell();
  }

  /** Goes on after it was stopped: all of it is told again. */
  resume(options: Pick<CurveOptions, "tell">): TrainingCurve {
    const going = new TrainingCurve({ ...this.#options, ...options });
    going.#losses.set(this.#losses);
    going.#steps = this.#steps;
    going.#norms = this.#norms;
    going.#newNorms = this.#norms.length;
    going.#stride = this.#stride;
    going.#done = this.#done;
    going.#before = this.#before;
    return going;
  }

  #addNorm(norm: number): void {
    this.#steps.push(this.#done);
    this.#norms.push(norm);
    this.#newNorms += 1;
    if (this.#norms.length < mostNorms) return;
    const even = (_: number, index: number): boolean => index % 2 === 0;
    this.#steps = this.#steps.filter(even);
    this.#norms = this.#norms.filter(even);
    this.#newNorms = Math.min(this.#newNorms, this.#norms.length);
    this.#stride *= 2;
  }

  #tell(): void {
    this.#lastTold = this.#options.now();
    const from = this.#norms.length - this.#newNorms;
    this.#options.tell({
      done: this.#done,
      milliseconds: this.milliseconds,
      state: this.#state,
      first: this.#told,
      losses: this.#losses.slice(this.#told, this.#done),
      normSteps: Float64Array.from(this.#steps.slice(from)),
      norms: Float64Array.from(this.#norms.slice(from)),
    });
    this.#told = this.#done;
    this.#newNorms = 0;
  }
}
