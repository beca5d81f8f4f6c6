/** Opens data files beside a spec in Node, lazily and synchronously. Knows no format. */
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { DataFile, Refusal } from "../../engine";
import { isWithin } from "../../language/features";
import type { LocalData } from "./serve-engine";

export const nodeData: LocalData = {
  open(uri, folders) {
    if (!uri.startsWith("file:"))
      return { problem: "unreadable", detail: "only files of this machine's file system can be read" };
    const file = fileURLToPath(uri);
    const opened = openDataFile(file);
    if ("problem" in opened || folders === undefined || leadsInto(file, folders)) return opened;
    return { problem: "outside-workspace", detail: "a link leads out of it" };
  },
};

/** Whether the file lies in one of the folders when all links are followed. */
function leadsInto(file: string, folders: readonly string[]): boolean {
  try {
    const local = folders.filter((folder) => folder.startsWith("file:"));
    const real = local.map((folder) => pathToFileURL(realpathSync(fileURLToPath(folder))).href);
    return isWithin(pathToFileURL(realpathSync(file)).href, real);
  } catch {
    return false; // gone meanwhile
  }
}

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
