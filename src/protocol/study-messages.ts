/**
 * Studies execute a file many times over: how strong its tests are, and the smallest specs that fail like it. The messages between
 * the extension and the worker that does one, and what the panel may ask of the extension to mend what failed.
 */
import type { FailureTarget, FileReproductions } from "./reproduction";
import type { FixReport } from "./results";
import type { FileStrength } from "./strength";
import type { RunRequest } from "./worker-messages";

export type Study =
  | { readonly kind: "strength" }
  /** Undefined: everything that fails. */
  | { readonly kind: "reproduce"; readonly target: FailureTarget | undefined };

export type StudyRequest = Omit<RunRequest, "action" | "target"> & { readonly study: Study };

export type StudyOutcome =
  | { readonly kind: "strength"; readonly report: FileStrength }
  | { readonly kind: "reproduce"; readonly report: FileReproductions };

/** Progress, cancellation and crashes are told as those of a run. */
export interface StudyToWorker {
  readonly type: "study";
  readonly runId: number;
  readonly request: StudyRequest;
}

export interface StudyFromWorker {
  readonly type: "studied";
  readonly runId: number;
  readonly outcome: StudyOutcome;
}

/** From the panel. */
export type RepairMessage =
  /** A fix of the report in view; the extension looks whether it is one. */
  | { readonly type: "apply-fix"; readonly fix: FixReport }
  /** The smallest spec that fails so, on the clipboard. */
  | { readonly type: "reproduce"; readonly of: FailureTarget };
