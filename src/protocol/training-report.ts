/** How a training goes and went: its sizes, and the curves as they grow. Knows nothing of how it is carried out. */
import type { Range } from "./results";

/** One `train(…)` of a run. */
export interface TrainingReport {
  /** The run, and which of its trainings: the first is 0. */
  readonly target: string;
  readonly index: number;
  /** What is trained. */
  readonly name: string;
  readonly range: Range;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Examples in a full batch, and in an epoch. */
  readonly batch: number;
  readonly examples: number;
  /** Steps in all, and those done. */
  readonly total: number;
  readonly done: number;
  readonly milliseconds: number;
  /** Stopped: by the user, with what was trained so far. */
  readonly state: "running" | "finished" | "stopped" | "failed";
}

/** What has been added to the curves since it was last told. */
export interface TrainingProgress extends TrainingReport {
  /** The step of the first of `losses`. */
  readonly first: number;
  readonly losses: Float64Array;
  /** The steps at which the gradient's norm was measured, and the norms. */
  readonly normSteps: Float64Array;
  readonly norms: Float64Array;
}

/** The whole curves of a training. */
export type TrainingCurves = Pick<TrainingProgress, "losses" | "normSteps" | "norms">;
