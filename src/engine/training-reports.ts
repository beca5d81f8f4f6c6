/** Trainings of a machine as the protocol tells of them. */
import type { TrainingReport } from "../protocol";
import { originPlace, type Places } from "./places";
import type { MachineTraining } from "./run-machine";

export function trainingReport(
  { name, origin, epochs, stepsPerEpoch, batch, examples, total, curve }: MachineTraining,
  { target, index, places }: { readonly target: string; readonly index: number; readonly places: Places },
): TrainingReport {
  const start = { line: 0, character: 0 };
  const place = originPlace(origin);
  const range = place === undefined ? { start, end: start } : places.rangeOf(place);
  const { done, milliseconds, state } = curve;
  return {
    target,
    index,
    name,
    range,
    epochs,
    stepsPerEpoch,
    batch,
    examples,
    total,
    done,
    milliseconds,
    state,
  };
}
