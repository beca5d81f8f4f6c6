/** Readers for the messages to the panel: nothing that arrives is believed before it has been through here. */
import type {
  HistoryEntry,
  NodeSummary,
  PanelState,
  Root,
  SliceReply,
  TargetReport,
  ToPanel,
  TrainingProgress,
} from "../../../protocol";
import {
  count,
  finite,
  list,
  Malformed,
  nullable,
  numeric,
  oneOf,
  type Reader,
  record,
  text,
  truth,
} from "./decode";
import { trainingProgress, trainingReport } from "./read-training";
import { gradcheck, loopTurn, range, run, sampled, status, tensorSummary } from "./read-reports";

/** A message to the panel; an answer is read by who asked, who knows its kind. */
export type PanelMessage =
  | Exclude<ToPanel, { readonly type: "answer" }>
  | { readonly type: "answer"; readonly requestId: number; readonly answer: unknown };

/** The message, or the sentence that says what is wrong with it. */
export function readMessage(
  value: unknown,
): PanelMessage | { readonly type: "malformed"; readonly problem: string } {
  try {
    return message(value);
  } catch (error) {
    if (error instanceof Malformed) return { type: "malformed", problem: error.message };
    throw error;
  }
}

const typeOf = record<{ readonly type: ToPanel["type"] }>({
  type: oneOf("hello", "state", "follow", "slice", "answer", "training"),
});

function message(value: unknown): PanelMessage {
  const { type } = typeOf(value, "message");
  switch (type) {
    case "hello":
      return { type, ...record<{ version: number }>({ version: finite })(value, type) };
    case "state":
      return { type, ...record<{ state: PanelState }>({ state })(value, type) };
    case "follow":
      return {
        type,
        ...record<{ target: string; node: number }>({ target: text, node: count })(value, type),
      };
    case "slice":
      return { type, ...sliceMessage(value, type) };
    case "answer":
      return { type, ...answerMessage(value, type) };
    case "training":
      return {
        type,
        ...record<{ runId: number; training: TrainingProgress }>({
          runId: count,
          training: trainingProgress,
        })(value, type),
      };
  }
}

const gradient: Reader<NodeSummary["gradient"]> = (value, path) => {
  if (value === null || value === undefined) return null;
  return value === "zero" || value === "pending" ? value : tensorSummary(value, path);
};

const node = record<NodeSummary>({
  id: count,
  name: text,
  group: text,
  role: oneOf("parameter", "input", "draw", "value", "gradient"),
  op: text,
  parents: list(count),
  range,
  file: nullable(text),
  at: nullable(loopTurn),
  dims: list(nullable(text)),
  value: nullable(tensorSummary),
  gradient,
  fault: nullable(text),
});

const target = record<TargetReport>({
  kind: oneOf("run", "op", "net"),
  name: text,
  range,
  status,
  milliseconds: numeric,
  run: nullable(run),
  sampled: nullable(sampled),
  gradchecks: list(gradcheck),
  nodes: list(node),
  trainings: (value, path) => (value === undefined ? [] : list(trainingReport)(value, path)),
  roots: list(record<Omit<Root, "begun">>({ id: count, name: text })),
  root: nullable(count),
});

const historyEntry = record<HistoryEntry>({ runId: count, finished: finite, status, milliseconds: numeric });
const shownDocument = record<{ readonly uri: string; readonly fileName: string }>({
  uri: text,
  fileName: text,
});

const state: Reader<PanelState> = record<PanelState>({
  uri: text,
  fileName: text,
  phase: oneOf("empty", "running", "finished", "cancelled", "crashed"),
  stale: truth,
  runId: finite,
  progress: nullable(
    record<NonNullable<PanelState["progress"]>>({ done: numeric, total: numeric, what: text }),
  ),
  targets: list(target),
  target: nullable(text),
  message: nullable(text),
  history: (value, path) => (value === undefined ? [] : list(historyEntry)(value, path)),
  earlierRun: nullable(count),
  documents: (value, path) => (value === undefined ? [] : list(shownDocument)(value, path)),
});

const reply: Reader<SliceReply> = (value, path) => {
  const read = record<SliceReply>({
    rowStep: count,
    columnStep: count,
    rows: count,
    columns: count,
    data: doubles,
  })(value, path);
  if (read.rowStep === 0 || read.columnStep === 0) throw new Malformed(path, "stepping forward");
  if (read.data.length !== read.rows * read.columns)
    throw new Malformed(`${path}.data`, "rows × columns long");
  return read;
};

const sliceMessage = record<{ readonly requestId: number; readonly reply: SliceReply | null }>({
  requestId: count,
  reply: nullable(reply),
});

const answerMessage = record<{ readonly requestId: number; readonly answer: unknown }>({
  requestId: count,
  answer: (value) => value ?? null,
});

function doubles(value: unknown, path: string): Float64Array {
  if (value instanceof Float64Array) return value;
  throw new Malformed(path, "an array of doubles");
}
