/** Owns the curves of the trainings under way: pieces come from the editor and are put together. No DOM. */
import type { TrainingCurves, TrainingProgress, TrainingReport } from "../../../protocol";

/** A training with as much of its curves as is known. */
export interface FollowedTraining {
  readonly report: TrainingReport;
  readonly curves: TrainingCurves;
}

export class LiveTrainings {
  private runId = -1;
  private readonly trainings = new Map<string, FollowedTraining>();

  /** In the order of their beginnings. */
  get all(): readonly FollowedTraining[] {
    return [...this.trainings.values()];
  }

  receive(runId: number, { first, losses, normSteps, norms, ...report }: TrainingProgress): void {
    if (runId !== this.runId) this.clear();
    this.runId = runId;
    const key = `${report.target} ${String(report.index)}`;
    const before = first === 0 ? noCurves : (this.trainings.get(key)?.curves ?? noCurves);
    this.trainings.set(key, {
      report,
      curves: {
        losses: joined(before.losses.subarray(0, first), losses),
        normSteps: joined(before.normSteps, normSteps),
        norms: joined(before.norms, norms),
      },
    });
  }

  clear(): void {
    this.trainings.clear();
  }
}

export const noCurves: TrainingCurves = {
  losses: new Float64Array(0),
  normSteps: new Float64Array(0),
  norms: new Float64Array(0),
};

function joined(before: Float64Array, more: Float64Array): Float64Array {
  const whole = new Float64Array(before.length + more.length);
  whole.set(before);
  whole.set(more, before.length);
  return whole;
}
