/** Readers of how trainings go: reports, pieces of curves, whole curves. */
import type { AnswerOf, TrainingCurves, TrainingProgress, TrainingReport } from "../../../protocol";
import { count, list, Malformed, numeric, oneOf, type Reader, record, text } from "./decode";
import { range } from "./read-reports";

const reportFields = {
  target: text,
  index: count,
  name: text,
  range,
  epochs: count,
  stepsPerEpoch: count,
  batch: count,
  examples: count,
  total: count,
  done: count,
  milliseconds: numeric,
  state: oneOf("running", "finished", "stopped", "failed"),
} as const;

export const trainingReport = record<TrainingReport>(reportFields);

const doubles: Reader<Float64Array> = (value, path) => {
  if (value instanceof Float64Array) return value;
  throw new Malformed(path, "an array of doubles");
};

const curveFields = { losses: doubles, normSteps: doubles, norms: doubles } as const;

/** Norms have a step each. */
function paired<T extends TrainingCurves>(read: Reader<T>): Reader<T> {
  return (value, path) => {
    const curves = read(value, path);
    if (curves.normSteps.length !== curves.norms.length)
      throw new Malformed(path, "a curve: a norm has no step");
    return curves;
  };
}

export const trainingProgress = paired(
  record<TrainingProgress>({ ...reportFields, ...curveFields, first: count }),
);

export const training = record<AnswerOf<"training">>({
  curves: list(paired(record<TrainingCurves>(curveFields))),
});
