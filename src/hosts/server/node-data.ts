/** Opens data files of this machine without waiting for the disk. Knows no format. */
import { open, realpath, stat } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isWithin } from "../../language/features";
import type { Refusal } from "../../engine";
import type { OpenedData } from "./data-headers";

/** A file of this machine; undefined where the uri names none. Its links must not lead out of `folders`, where there are any. */
export async function openLocalData(
  uri: string,
  folders: readonly string[] | undefined,
): Promise<OpenedData | Refusal | undefined> {
  if (!uri.startsWith("file:")) return undefined;
  try {
    const file = fileURLToPath(uri);
    if (folders !== undefined) {
      const target = await realpath(file);
      if (!isWithin(pathToFileURL(target).href, await Promise.all(folders.map(realUri))))
        return { problem: "outside-workspace", detail: `it leads to ${target}` };
    }
    const stats = await stat(file);
    // A device or a pipe may never end.
    if (!stats.isFile()) return { problem: "unreadable", detail: "it is not a file" };
    const { size, mtimeMs, ino } = stats;
    return {
      size,
      stamp: [size, mtimeMs, ino].join(" "),
      read: (offset, length) => readPart(file, offset, length),
    };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing) return { problem: "missing", detail: fileURLToPath(uri) };
    return { problem: "unreadable", detail: error instanceof Error ? error.message : String(error) };
  }
}

async function realUri(folder: string): Promise<string> {
  return folder.startsWith("file:") ? pathToFileURL(await realpath(fileURLToPath(folder))).href : folder;
}

async function readPart(file: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await open(file, "r");
  try {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await handle.close();
  }
}
