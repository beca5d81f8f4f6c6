/** Readers of the answers about tensors: comparisons, causes of NaN, parts of files. */
import type {
  CauseReport,
  CheckSidesReport,
  ComparisonReport,
  DifferencesReport,
  FilePart,
  NodeDifference,
  SideReport,
  SizedDifference,
  TensorDifference,
  TensorRef,
  TensorReport,
} from "../../../protocol";
import { count, list, Malformed, nullable, numeric, oneOf, type Reader, record, text } from "./decode";
import { range, tensorSummary } from "./read-reports";
import { picture } from "./read-step-answer";

export const compare = record<ComparisonReport>({
  difference: tensorSummary,
  largest: nullable(
    record<NonNullable<ComparisonReport["largest"]>>({
      index: list(count),
      difference: numeric,
      value: numeric,
      other: numeric,
    }),
  ),
  cosine: numeric,
  relative: numeric,
});

const sized = record<SizedDifference>({
  other: record<TensorRef>({ node: count, of: oneOf("value", "gradient"), root: nullable(count) }),
  summary: tensorSummary,
  largest: numeric,
  relative: numeric,
});

const difference: Reader<TensorDifference> = (value, path) =>
  value === "new" || value === "reshaped" ? value : sized(value, path);

export const differences = record<DifferencesReport>({
  rows: list(record<NodeDifference>({ node: count, value: difference, gradient: nullable(difference) })),
});

export const tensor = record<TensorReport>({ summary: tensorSummary, picture });

const side = record<SideReport>({ node: count, summary: tensorSummary });

export const check = record<CheckSidesReport>({ actual: side, expected: side });

export const cause = record<CauseReport>({
  pass: oneOf("forward", "backward"),
  op: text,
  name: text,
  inputs: text,
  index: list(count),
  range: nullable(range),
  file: nullable(text),
  node: nullable(count),
});

export const file = record<FilePart>({
  total: count,
  bytes: (value, path) => {
    if (value instanceof Uint8Array) return value;
    throw new Malformed(path, "bytes");
  },
});
