/** Opens data files beside a spec in Node, lazily and synchronously. Knows no format. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DataFile, EngineDataHost, Refusal } from "../../engine";
import { resolveUri } from "../../language/features";

export const nodeDataHost: EngineDataHost = {
  open(from, written) {
    const uri = resolveUri(from, written);
    if (uri?.startsWith("file:") !== true) {
      return { problem: "unreadable", detail: "only files of this machine's file system can be read" };
    }
    return openDataFile(fileURLToPath(uri));
  },
};

function openDataFile(file: string): DataFile | Refusal {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return { problem: "missing", detail: file };
    // A device or a pipe may never end.
    if (!stats.isFile()) return { problem: "unreadable", detail: "it is not a file" };
    const { size } = stats;
    return {
      size,
      read: (offset, length) => readPart(file, offset, Math.max(0, Math.min(length, size - offset))),
    };
  } catch (error) {
    return { problem: "unreadable", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Opened for each part, so that nothing is held open that nobody closes; readers ask for large parts. */
function readPart(file: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const descriptor = openSync(file, "r");
  try {
    let done = 0;
    while (done < length) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done === length ? bytes : bytes.subarray(0, done);
  } finally {
    closeSync(descriptor);
  }
}
