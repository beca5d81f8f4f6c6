/** Finds files of this machine for the language server: folders' contents, and the specs of a workspace. Knows no feature. */
import { readdir } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import path from "node:path";
import type { FolderEntry } from "../../protocol";

/** More files, or folders deeper down, are not looked for. */
const mostFiles = 2000;
const mostFolders = 20_000;
const deepest = 16;

/** What is in a folder; undefined where the uri is none of this machine's. */
export async function listLocalFolder(uri: string): Promise<readonly FolderEntry[] | undefined> {
  if (!uri.startsWith("file:")) return undefined;
  try {
    const entries = await readdir(fileURLToPath(uri), { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return []; // there is no such folder
  }
}

/** The specs below some folders, the nearest first. */
export async function listLocalSpecs(folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  let level = folders.flatMap((uri) => (uri.startsWith("file:") ? [fileURLToPath(uri)] : []));
  let looked = 0;
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      if (++looked > mostFolders) return found;
      for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
        const hidden = entry.name.startsWith(".") || entry.name === "node_modules";
        if (entry.isDirectory() && !hidden) below.push(path.join(folder, entry.name));
        else if (entry.isFile() && entry.name.endsWith(".nnspec")) {
          found.push(pathToFileURL(path.join(folder, entry.name)).href);
          if (found.length >= mostFiles) return found;
        }
      }
    }
    level = below;
  }
  return found;
}
