/** Readers for the result model: what arrives must be a report, or it is refused with the place named. */
import type {
  BlameReport,
  CheckReport,
  Explanation,
  FixReport,
  GradcheckReport,
  LeafReport,
  LoopTurn,
  Position,
  Range,
  RunReport,
  SampledReport,
  TensorSummary,
} from "../../../protocol";
import { count, list, Malformed, nullable, numeric, oneOf, type Reader, record, text } from "./decode";

export const status = oneOf("error", "failed", "pending", "undecided", "passed");
const verdict = oneOf("passed", "failed", "undecided", "pending");
const position = record<Position>({ line: count, character: count });
export const range = record<Range>({ start: position, end: position });
const indices = list(count);

export const tensorSummary: Reader<TensorSummary> = record<TensorSummary>({
  shape: list(count),
  dtype: oneOf("float64", "float32", "int", "bool"),
  count,
  mean: numeric,
  deviation: numeric,
  min: numeric,
  max: numeric,
  zeros: count,
  nan: count,
  infinite: count,
  histogram: list(count),
});

export const loopTurn: Reader<LoopTurn> = (value, path) => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Malformed(path, "a loop's turn");
  for (const [name, turn] of Object.entries(value)) {
    if (typeof turn !== "number" && typeof turn !== "string")
      throw new Malformed(`${path}.${name}`, "a turn");
  }
  return value as LoopTurn; // Every entry was looked at just above.
};

const kind = oneOf(
  "sign",
  "factor",
  "transposed",
  "missing-factor",
  "evaluated-at-output",
  "missing-cotangent",
  "overwritten-sum",
  "missing-reduction",
  "other-argument",
  "unknown",
);

const fixFields = record<Omit<FixReport, "file">>({
  title: text,
  edits: list(record<FixReport["edits"][number]>({ range, newText: text })),
});
const fixFile = record<{ readonly file: string | null }>({ file: nullable(text) });
const fix: Reader<FixReport> = (value, path) => {
  const { file } = fixFile(value, path);
  return { ...fixFields(value, path), ...(file === null ? {} : { file }) };
};
const explanationFix = record<{ readonly fix: FixReport | null; readonly otherFix: FixReport | null }>({
  fix: nullable(fix),
  otherFix: nullable(fix),
});

const explanationFields = record<Omit<Explanation, "fix" | "otherFix" | "corrections" | "otherCorrections">>({
  kind,
  factor: nullable(numeric),
  expression: nullable(text),
  fit: numeric,
  runnerUp: nullable(record<NonNullable<Explanation["runnerUp"]>>({ kind, fit: numeric })),
  message: text,
});

const explanation: Reader<Explanation> = (value, path) => {
  const { fix: found, otherFix: other } = explanationFix(value, path);
  return {
    ...explanationFields(value, path),
    ...(found && { fix: found }),
    ...(other && { otherFix: other }),
  };
};

const leafFields = record<Omit<LeafReport, "errors">>({
  name: text,
  verdict,
  entries: count,
  worst: nullable(
    record<NonNullable<LeafReport["worst"]>>({
      index: indices,
      rule: numeric,
      autodiff: numeric,
      forward: numeric,
      finiteDifference: numeric,
    }),
  ),
});

const leafErrors = record<{ readonly errors: number | null }>({ errors: nullable(count) });

const leaf: Reader<LeafReport> = (value, path) => {
  const { errors } = leafErrors(value, path);
  return { ...leafFields(value, path), ...(errors === null ? {} : { errors }) };
};

const blameFields = record<Omit<BlameReport, "file" | "ruleRange" | "also">>({
  op: text,
  rule: text,
  node: text,
  range,
  index: indices,
  explanation,
});
const blamePlaces = record<{ readonly file: string | null; readonly ruleRange: Range | null }>({
  file: nullable(text),
  ruleRange: nullable(range),
});

const blame: Reader<BlameReport> = (value, path) => {
  const { file, ruleRange } = blamePlaces(value, path);
  return {
    ...blameFields(value, path),
    ...(ruleRange === null ? {} : { ruleRange }),
    ...(file === null ? {} : { file }),
  };
};

const checkFields = record<Omit<CheckReport, "blame">>({
  label: nullable(text),
  range,
  at: nullable(loopTurn),
  status: oneOf("passed", "failed", "pending", "error"),
  message: text,
  worst: nullable(
    record<NonNullable<CheckReport["worst"]>>({
      index: indices,
      actual: numeric,
      expected: numeric,
      difference: numeric,
      tolerance: numeric,
    }),
  ),
  explanation: nullable(explanation),
});

const checkBlame = record<{ readonly blame: readonly BlameReport[] | null }>({
  blame: nullable(list(blame)),
});

const check: Reader<CheckReport> = (value, path) => {
  const { blame: found } = checkBlame(value, path);
  return { ...checkFields(value, path), ...(found && { blame: found }) };
};

const gradcheckFields = record<Omit<GradcheckReport, "secondOrder">>({
  of: text,
  range,
  at: nullable(loopTurn),
  verdict,
  reason: nullable(text),
  entries: count,
  worstError: numeric,
  milliseconds: numeric,
  leaves: list(leaf),
  adjoint: list(record<GradcheckReport["adjoint"][number]>({ op: text, rule: text, error: numeric })),
  slope: nullable(
    record<Required<NonNullable<GradcheckReport["slope"]>>>({
      value: numeric,
      steps: list(numeric),
      remainders: list(numeric),
      chosen: nullable(
        record<{ readonly from: number; readonly to: number }>({ from: numeric, to: numeric }),
      ),
      // Reports that were remembered by an earlier version do not tell it.
      rounding: (value, path) => (value === undefined ? 0 : numeric(value, path)),
    }),
  ),
  kinks: list(record<GradcheckReport["kinks"][number]>({ node: text, op: text, range, index: indices })),
  blame: list(blame),
});

export const gradcheck: Reader<GradcheckReport> = (value, path) => {
  const { secondOrder } = secondOrderField(value, path);
  return { ...gradcheckFields(value, path), ...(secondOrder === null ? {} : { secondOrder }) };
};

const secondOrderField = record<{ readonly secondOrder: GradcheckReport | null }>({
  secondOrder: (value, path) => nullable(gradcheck)(value, path),
});

export const sampled = record<SampledReport>({ name: text, range, gradcheck });

/** What the spec shows and plots comes as nodes; the copies of those tensors in the report are left behind. */
const left: Reader<readonly []> = () => [];

export const run = record<
  Required<Pick<RunReport, "shown">> & Omit<RunReport, "plots" | "values" | "withheld">
>({
  name: text,
  range,
  milliseconds: numeric,
  status,
  error: nullable(record<NonNullable<RunReport["error"]>>({ code: text, message: text, range })),
  checks: list(check),
  gradchecks: list(gradcheck),
  shown: left,
});
