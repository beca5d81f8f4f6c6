/** A started worker as the extension sees it. Each host makes its own: a worker thread, or a web worker. */
import type { FromWorker, ToWorker } from "../../protocol";

export interface WorkerPort {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called at most once, and never after `end`. */
  onDied(listener: (reason: string) => void): void;
  end(): void;
}
