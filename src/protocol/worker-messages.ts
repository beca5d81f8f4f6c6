/** The messages between the extension host and the engine's worker. One line a message. Knows nothing of either side. */
import type { AnswerOf, Question } from "./questions";
import type { DiagnosticReport, FileReport } from "./results";
import type { SliceReply, SliceRequest, TargetReport } from "./session";
import type { TrainingProgress } from "./training-report";
import type { StudyFromWorker, StudyToWorker } from "./study-messages";

export const workerProtocolVersion = 1;

/** What is wanted of a document. `target` names a run, op or net; undefined means the whole file. */
export interface RunRequest {
  readonly uri: string;
  readonly version: number;
  readonly action: "forward" | "backward" | "gradcheck" | "run" | "inspect";
  readonly target: { readonly kind: "run" | "op" | "net"; readonly name: string } | undefined;
  /** False where edits that mend what is wrong need not be looked for: that takes longer than many a run. */
  readonly fixes?: boolean;
  /** Whether gradchecks compare every entry, whatever that costs, and whether they differentiate the gradients again. */
  readonly full?: boolean;
  readonly secondOrder?: boolean;
  /** The texts of the document and of everything it imports, by uri; and each import as written, resolved. */
  readonly files: Readonly<Record<string, string>>;
  /** An earlier run of the same texts: its trainings that were stopped go on. */
  readonly resume?: number;
  /** Data files that the worker cannot open by itself, by uri. */
  readonly data?: Readonly<Record<string, SentData>>;
  /** Only files in these folders may be read; any where the workspace is trusted. */
  readonly folders?: readonly string[];
}

/** A whole data file, or why there is none. */
export type SentData = Uint8Array | { readonly problem: "missing" | "unreadable"; readonly detail: string };

export type ToWorker =
  | { readonly type: "hello"; readonly version: number }
  | { readonly type: "run"; readonly runId: number; readonly request: RunRequest }
  | { readonly type: "cancel"; readonly runId: number }
  /** The training under way ends with what it has; the run goes on. */
  | { readonly type: "stop-training"; readonly runId: number }
  | StudyToWorker
  | {
      readonly type: "slice";
      readonly requestId: number;
      readonly runId: number;
      readonly slice: SliceRequest;
    }
  /** Other gradients for the same session: the root by node id. */
  | {
      readonly type: "root";
      readonly requestId: number;
      readonly runId: number;
      readonly target: string;
      readonly root: number;
    }
  | { readonly type: "ask"; readonly requestId: number; readonly runId: number; readonly question: Question }
  | { readonly type: "forget"; readonly runId: number };

export type FromWorker =
  | { readonly type: "hello"; readonly version: number }
  | {
      readonly type: "progress";
      readonly runId: number;
      readonly done: number;
      readonly total: number;
      readonly what: string;
      /** What a training has added to its curves. */
      readonly training?: TrainingProgress;
    }
  | { readonly type: "finished"; readonly runId: number; readonly outcome: RunOutcome }
  | StudyFromWorker
  | { readonly type: "cancelled"; readonly runId: number }
  | { readonly type: "crashed"; readonly runId: number; readonly message: string }
  | { readonly type: "slice"; readonly requestId: number; readonly reply: SliceReply | null }
  | { readonly type: "root"; readonly requestId: number; readonly target: TargetReport | null }
  /** `problem` is a failure of the tool's own. */
  | {
      readonly type: "answer";
      readonly requestId: number;
      readonly answer: AnswerOf | null;
      readonly problem: string | null;
    };

export interface RunOutcome {
  readonly uri: string;
  readonly version: number;
  readonly report: FileReport;
  readonly diagnostics: readonly DiagnosticReport[];
  readonly targets: readonly TargetReport[];
}
