/** The language server's entry in a web worker: messages to the page, no file system. */
import { serve } from "./serve";
import { Connection } from "./wire";

// A worker's global scope is its own port; the DOM library types it as a window.
const port = self as unknown as Worker;
// A message to oneself comes after those that are there: a timer would be held back in a worker that has many.
const { port1, port2 } = new MessageChannel();
const turns: (() => void)[] = [];
port1.onmessage = () => turns.shift()?.();
serve(
  new Connection({
    send: (message) => port.postMessage(message),
    listen: (arrived) => {
      port.onmessage = ({ data }: MessageEvent<unknown>) => arrived(data);
    },
    soon: (work) => {
      turns.push(work);
      port2.postMessage(null);
    },
  }),
);
