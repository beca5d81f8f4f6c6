/** The language server's entry in Node: its streams and its file system. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { openLocalData } from "./node-data";
import { listLocalFolder, listLocalSpecs } from "./node-files";
import { serve } from "./serve";
import { Connection, connectionOptions } from "./wire";

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
const messages = createMessageConnection(
  inChannel ? new IPCMessageReader(process) : new StreamMessageReader(process.stdin),
  inChannel ? new IPCMessageWriter(process) : new StreamMessageWriter(process.stdout),
  undefined,
  connectionOptions,
);
// The client is gone, with or without a word.
messages.onClose(end);
process.stdout.on("error", end);
process.on("disconnect", end);
// A message that is no JSON is passed over. Where a header cannot be read nobody knows where the next message begins: better to end
// and be started again than to be silent for good.
messages.onError(([error]) => {
  process.stderr.write(`nnspec: ${error.message.split("\n")[0] ?? ""}\n`);
  if (/\b[Hh]eader\b|Content-Length/.test(error.message)) end();
});
const connection: Connection = new Connection(messages);
connection.onNotification("exit", end);
serve(connection, {
  readFile: readLocal,
  openData: openLocalData,
  listFolder: listLocalFolder,
  listSpecs: listLocalSpecs,
  endWith,
});

/** A server that was not told to shut down ends with a failure, as the protocol has it. */
function end(): void {
  process.exit(connection.isShut ? 0 : 1);
}

/** Ends with the process that is said to have started this one, should it go without a word. */
function endWith(processId: number): void {
  const look = (): void => {
    try {
      process.kill(processId, 0);
    } catch {
      end();
    }
  };
  setInterval(look, 3000).unref();
}
