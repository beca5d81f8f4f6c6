/** A training for the panel's tests: a loss that falls with noise, a gradient's norm that falls with it. */
import type { TrainingCurves, TrainingProgress, TrainingReport } from "../../src/protocol";
import { noise } from "./fixture-tensors";

export const trainingTotal = 2400;

export function trainingReport(more: Partial<TrainingReport> = {}): TrainingReport {
  return {
    target: "section_5_3",
    index: 0,
    name: "MLP",
    range: { start: { line: 21, character: 2 }, end: { line: 21, character: 60 } },
    epochs: 3,
    stepsPerEpoch: 800,
    batch: 64,
    examples: 51_200,
    total: trainingTotal,
    done: trainingTotal,
    milliseconds: 4800,
    state: "finished",
    ...more,
  };
}

function loss(step: number): number {
  return 2.3 * Math.exp(-step / 500) + 0.08 + 0.05 * Math.abs(noise(61)(step)) * Math.exp(-step / 1500);
}

export function trainingCurves(from: number, to: number): TrainingCurves {
  const steps = Array.from({ length: to - from }, (_, i) => from + i);
  const measured = steps.filter((step) => step % 20 === 0);
  return {
    losses: Float64Array.from(steps, loss),
    normSteps: Float64Array.from(measured),
    norms: Float64Array.from(measured, (step) => 3 * Math.exp(-step / 700) * (1 + 0.2 * noise(62)(step))),
  };
}

/** What the engine tells after these steps. */
export function trainingPiece(from: number, to: number): TrainingProgress {
  const report = trainingReport({ done: to, milliseconds: 2 * to, state: "running" });
  return { ...report, first: from, ...trainingCurves(from, to) };
}
