/** The language server's entry in Node: its streams and its file system. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { openLocalData } from "./node-data";
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

serve(createConnection(ProposedFeatures.all), { readFile: readLocal, openData: openLocalData });
