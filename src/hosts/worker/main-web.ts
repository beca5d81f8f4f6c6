/** The engine's worker in a browser. Data files cannot be read synchronously there; they come with the request. */
import type { ToWorker } from "../../protocol";
import type { ThreadHost } from "../../engine";
import { serveEngine } from "./serve-engine";

// A worker's global scope is its own port; the DOM library types it as a window.
const port = self as unknown as Worker;

/** A message of one's own goes to the end of the queue: everything that waits is delivered before it. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Threads share memory only where the page is isolated from others. */
function webThreads(): ThreadHost | undefined {
  if (!self.crossOriginIsolated) return undefined;
  return {
    count: Math.min(7, navigator.hardwareConcurrency - 1),
    start: (script) => {
      const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      const worker = new Worker(url);
      return {
        post: (message) => worker.postMessage(message),
        end: () => {
          worker.terminate();
          URL.revokeObjectURL(url);
        },
      };
    },
  };
}

const receive = serveEngine({
  post: (message, transfer) => port.postMessage(message, [...transfer]),
  breathe,
  now: () => performance.now(),
  data: undefined,
  threads: webThreads(),
});
port.onmessage = ({ data }: MessageEvent<ToWorker>) => receive(data);
