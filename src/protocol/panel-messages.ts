/** The messages between the extension host and the inspector panel. One line a message. Knows nothing of either side. */
import type { AnswerOf, Question, TensorRef } from "./questions";
import type { Range, Status } from "./results";
import type { SliceReply, SliceRequest, TargetReport } from "./session";
import type { RepairMessage } from "./study-messages";
import type { TrainingProgress } from "./training-report";

export const panelProtocolVersion = 1;

/** What the panel shows, whole: it can be rebuilt from this alone. */
export interface PanelState {
  readonly uri: string;
  readonly fileName: string;
  readonly phase: "empty" | "running" | "finished" | "cancelled" | "crashed";
  /** The text has changed since the results were made. */
  readonly stale: boolean;
  readonly runId: number;
  /** While running. */
  readonly progress: { readonly done: number; readonly total: number; readonly what: string } | null;
  readonly targets: readonly TargetReport[];
  /** The target in view. */
  readonly target: string | null;
  readonly message: string | null;
  /** The runs of the target in view that are still kept, newest first. */
  readonly history?: readonly HistoryEntry[];
  /** Where an earlier one of them is shown, its id. */
  readonly earlierRun?: number | null;
  /** The documents that have results, in the order of their first runs. */
  readonly documents?: readonly { readonly uri: string; readonly fileName: string }[];
}

/** A run that is still kept. */
export interface HistoryEntry {
  readonly runId: number;
  /** Milliseconds since 1970. */
  readonly finished: number;
  readonly status: Status;
  readonly milliseconds: number;
}

export type ToPanel =
  | { readonly type: "hello"; readonly version: number }
  | { readonly type: "state"; readonly state: PanelState }
  /** The cursor stands on this node. */
  | { readonly type: "follow"; readonly target: string; readonly node: number }
  | { readonly type: "slice"; readonly requestId: number; readonly reply: SliceReply | null }
  | { readonly type: "answer"; readonly requestId: number; readonly answer: AnswerOf | null }
  /** What a training of the run under way has added to its curves. */
  | { readonly type: "training"; readonly runId: number; readonly training: TrainingProgress };

export type FromPanel =
  | RepairMessage
  | { readonly type: "ready"; readonly version: number }
  | { readonly type: "slice"; readonly requestId: number; readonly slice: SliceRequest }
  | { readonly type: "ask"; readonly requestId: number; readonly question: Question }
  | { readonly type: "reveal"; readonly range: Range; readonly file: string | null }
  | { readonly type: "choose-target"; readonly target: string }
  | { readonly type: "choose-root"; readonly target: string; readonly root: number }
  | { readonly type: "run"; readonly action: "run" | "gradcheck" }
  | { readonly type: "cancel" }
  /** The training under way ends with what it has; one that was stopped goes on. */
  | { readonly type: "stop-training" }
  | { readonly type: "continue-training" }
  /** An earlier run; null is the newest. */
  | { readonly type: "choose-run"; readonly runId: number | null }
  /** The run of a tensor that others are compared with: it is kept as long. */
  | { readonly type: "keep-run"; readonly runId: number | null }
  | { readonly type: "choose-document"; readonly uri: string }
  /** The whole result as JSON: where it goes is asked. */
  | { readonly type: "save-report" }
  | { readonly type: "pin"; readonly pinned: boolean }
  | { readonly type: "copy"; readonly text: string }
  /** Writes a pass that the panel began into the run, as a line that gives it this name, or one like it that is free. */
  | {
      readonly type: "insert-line";
      readonly target: string;
      readonly expression: string;
      readonly name: string;
    }
  /** A file of the user's: where it goes is asked, with this name offered. */
  | { readonly type: "save"; readonly name: string; readonly bytes: Uint8Array }
  /** One tensor as npy, or every node's value as npz: the bytes are fetched from the engine. */
  | {
      readonly type: "save-tensor";
      readonly name: string;
      readonly target: string;
      readonly tensor: TensorRef | null;
    };
