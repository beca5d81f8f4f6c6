/**
 * Owns the worker of one study: studies last, and runs must not wait for them, so that each has a worker of its own which ends with
 * it. Knows no editor.
 */
import { workerProtocolVersion, type FromWorker, type StudyOutcome, type StudyRequest } from "../../protocol";
import type { Progress } from "./engine-link";
import type { WorkerPort } from "./worker-port";

export type StudyResult =
  | { readonly kind: "studied"; readonly outcome: StudyOutcome }
  | { readonly kind: "cancelled" }
  | { readonly kind: "crashed"; readonly message: string };

export interface Studying {
  readonly result: Promise<StudyResult>;
  /** Ends the worker at once: nothing in it is needed any more. */
  cancel(): void;
}

/** One study at a time has this id in its own worker. */
const runId = 1;

export function startStudy(
  start: () => WorkerPort,
  request: StudyRequest,
  progress: (progress: Progress) => void,
): Studying {
  const port = start();
  let settle: (result: StudyResult) => void = () => undefined;
  const result = new Promise<StudyResult>((resolve) => {
    settle = (found) => {
      port.end();
      resolve(found);
    };
  });
  port.onMessage((message) => {
    if (message.type === "progress")
      progress({ done: message.done, total: message.total, what: message.what });
    const end = endOf(message);
    if (end !== undefined) settle(end);
  });
  port.onDied((reason) => settle({ kind: "crashed", message: reason }));
  port.post({ type: "hello", version: workerProtocolVersion });
  port.post({ type: "study", runId, request });
  return { result, cancel: () => settle({ kind: "cancelled" }) };
}

function endOf(message: FromWorker): StudyResult | undefined {
  switch (message.type) {
    case "hello":
      return message.version === workerProtocolVersion
        ? undefined
        : {
            kind: "crashed",
            message: "The engine speaks another version of the protocol. Reload the window.",
          };
    case "studied":
      return { kind: "studied", outcome: message.outcome };
    case "cancelled":
      return { kind: "cancelled" };
    case "crashed":
      return { kind: "crashed", message: message.message };
    default:
      return undefined;
  }
}
