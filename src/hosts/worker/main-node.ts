/** The engine's worker in Node: a worker thread, with the machine's files beside the spec. */
import { setImmediate } from "node:timers/promises";
import { parentPort, receiveMessageOnPort } from "node:worker_threads";
import type { ToWorker } from "../../protocol";
import { nodeThreads } from "../node";
import { nodeData } from "./node-data-host";
import { serveEngine } from "./serve-engine";

if (parentPort === null) throw new Error("The engine's worker is started by its host, not by hand.");
const port = parentPort;
const receive = serveEngine({
  post: (message, transfer) => port.postMessage(message, [...transfer]),
  breathe: () => setImmediate(),
  // What the other end posts is a ToWorker.
  pull: () => (receiveMessageOnPort(port) as { message: ToWorker } | undefined)?.message,
  now: () => performance.now(),
  data: nodeData,
  threads: nodeThreads,
});
port.on("message", (message: ToWorker) => receive(message));
