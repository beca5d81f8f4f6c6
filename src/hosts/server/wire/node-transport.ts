/** How messages reach a server in Node: on its standard streams, or by the channel of the process that started it. */
import type { Readable, Writable } from "node:stream";
import { framed, FrameReader } from "./framing";
import type { Transport } from "./transport";

/** `ended` is called when nobody is there any more. */
export function overStreams(input: Readable, output: Writable, ended: () => void): Transport {
  output.on("error", ended);
  return {
    send: (message) => void output.write(framed(message)),
    listen: (arrived, fault) => {
      const frames = new FrameReader();
      input.on("data", (bytes: Uint8Array) => {
        for (const body of frames.push(bytes)) {
          try {
            arrived(JSON.parse(body));
          } catch (error) {
            fault(String(error));
          }
        }
      });
      input.on("end", ended).on("close", ended).on("error", ended);
    },
    soon: setImmediate,
  };
}

export function overProcess(channel: NodeJS.Process, ended: () => void): Transport {
  return {
    send: (message) => {
      if (channel.connected) channel.send?.(message, undefined, {}, (error) => error && ended());
    },
    listen: (arrived) => channel.on("message", arrived).on("disconnect", ended),
    soon: setImmediate,
  };
}

/** Ends with the process that is said to have started this one, should it go without a word. */
export function endWith(processId: number, ended: () => void): void {
  const look = (): void => {
    try {
      process.kill(processId, 0);
    } catch {
      ended();
    }
  };
  setInterval(look, 3000).unref();
}
