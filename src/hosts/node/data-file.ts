/** Opens data files in Node, lazily and synchronously. Knows no format. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { DataFile, Refusal } from "../../engine";
import { isMissing, systemReason } from "./system-errors";

/** A file by its path. */
export function openDataFile(file: string): DataFile | Refusal {
  try {
    const stats = statSync(file);
    // A device or a pipe may never end.
    if (!stats.isFile())
      return { problem: "unreadable", detail: stats.isDirectory() ? "it is a folder" : "it is not a file" };
    const { size } = stats;
    return {
      size,
      read: (offset, length) => readPart(file, offset, Math.max(0, Math.min(length, size - offset))),
    };
  } catch (error) {
    return isMissing(error)
      ? { problem: "missing", detail: file }
      : { problem: "unreadable", detail: systemReason(error) };
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
