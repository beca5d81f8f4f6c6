/** The data files that a document names by uri, as a worker in Node finds them. Keeps to the workspace where it must. */
import { realpathSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isWithin } from "../../language/features";
import { openDataFile } from "../node";
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
