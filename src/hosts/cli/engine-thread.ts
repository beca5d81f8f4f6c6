/**
 * Runs a job in a thread, so that the terminal stays alive while numbers are made: the progress bar moves and ctrl-C
 * works even inside one long operation. The thread runs the program's own file again. Knows nothing of what a job does.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { carryOut, type EngineJob, type JobMessage } from "./engine-job";

type ThreadMessage = JobMessage | { readonly type: "done" };

/** Ends when every file is reported; rejects where the engine itself breaks. */
export function runInThread(
  program: string,
  job: EngineJob,
  tell: (message: JobMessage) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(program, { workerData: job });
    let done = false;
    thread.on("message", (message: ThreadMessage) => {
      if (message.type === "done") done = true;
      else tell(message);
    });
    thread.on("error", reject);
    thread.on("messageerror", reject);
    thread.on("exit", () =>
      done ? resolve() : reject(new Error("The engine's thread ended before its work.")),
    );
  });
}

/** The thread's side. */
export async function serveThread(): Promise<void> {
  const post = (message: ThreadMessage): void => parentPort?.postMessage(message);
  // `runInThread` alone starts this program as a thread, and hands it a job.
  await carryOut(workerData as EngineJob, post);
  post({ type: "done" });
}
