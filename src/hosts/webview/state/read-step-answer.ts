/** The reader of a step of a backward pass. */
import type { Picture, StepEquation, StepReport, StepTensor, StepTerm } from "../../../protocol";
import { count, list, Malformed, nullable, numeric, type Reader, record, text, truth } from "./decode";

const doubles: Reader<Float64Array> = (value, path) => {
  if (value instanceof Float64Array) return value;
  throw new Malformed(path, "an array of doubles");
};

export const picture: Reader<Picture> = (value, path) => {
  const read = record<Picture>({
    shape: list(count),
    rows: count,
    columns: count,
    data: doubles,
    whole: truth,
    norm: numeric,
  })(value, path);
  if (read.data.length !== read.rows * read.columns)
    throw new Malformed(`${path}.data`, "rows × columns long");
  return read;
};

export const equation = record<StepEquation>({ text, tex: text });
const tensor = record<StepTensor>({ name: equation, picture: nullable(picture) });

export const step: Reader<StepReport> = record<StepReport>({
  cotangent: tensor,
  terms: list(
    record<StepTerm>({
      to: count,
      gradient: equation,
      share: equation,
      rule: nullable(text),
      factors: list(tensor),
      value: nullable(picture),
      before: nullable(picture),
      after: nullable(picture),
      isComplete: truth,
    }),
  ),
});
