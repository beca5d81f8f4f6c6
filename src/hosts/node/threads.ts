/** Threads of Node's that help with long trainings. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ThreadHost } from "../../engine";

/** More than this many wait for each other longer than they work. */
const most = 7;

export const nodeThreads: ThreadHost = {
  count: Math.min(most, availableParallelism() - 1),
  start: (script) => {
    const worker = new Worker(script, { eval: true, execArgv: [] });
    worker.unref();
    // Who is lost helps no more; the work is done without.
    worker.on("error", () => undefined);
    return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
  },
};
