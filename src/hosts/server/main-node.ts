/** The language server's entry in Node: its streams and its file system. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { openLocalData } from "./node-data";
import { listLocalFolder, listLocalSpecs } from "./node-files";
import { serve } from "./serve";

/** Files of other schemes are the client's. */
async function readLocal(uri: string): Promise<string | undefined> {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return await readFile(fileURLToPath(uri), "utf8");
  } catch {
    return undefined; // missing or unreadable: the checker says so at the import
  }
}

// A keystroke in a long file leaves a tree behind: it is collected before many of them are together, not when the heap has doubled.
setFlagsFromString("--heap-growing-percent=40");

serve(createConnection(ProposedFeatures.all), {
  readFile: readLocal,
  openData: openLocalData,
  listFolder: listLocalFolder,
  listSpecs: listLocalSpecs,
});
