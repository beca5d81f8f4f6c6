/** The language server's entry in Node: its streams and its file system. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { openLocalData } from "./node-data";
import { listLocalFolder, listLocalSpecs } from "./node-files";
import { serve } from "./serve";
import { Connection } from "./wire";
import { endWith, overProcess, overStreams } from "./wire/node-transport";

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

const inChannel = process.argv.includes("--node-ipc");
const connection: Connection = new Connection(
  inChannel ? overProcess(process, end) : overStreams(process.stdin, process.stdout, end),
);
connection.onNotification("exit", end);
serve(connection, {
  readFile: readLocal,
  openData: openLocalData,
  listFolder: listLocalFolder,
  listSpecs: listLocalSpecs,
  endWith: (processId) => endWith(processId, end),
});

/** A server that was not told to shut down ends with a failure, as the protocol has it. */
function end(): void {
  process.exit(connection.isShut ? 0 : 1);
}
