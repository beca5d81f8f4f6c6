/** The language server's entry in a web worker: messages to the page, no file system. */
import { BrowserMessageReader, BrowserMessageWriter, createMessageConnection } from "vscode-jsonrpc/browser";
import { serve } from "./serve";
import { Connection, connectionOptions } from "./wire";

// A worker's global scope is its own port; the DOM library types it as a window.
const port = self as unknown as Worker;
const messages = createMessageConnection(
  new BrowserMessageReader(port),
  new BrowserMessageWriter(port),
  undefined,
  connectionOptions,
);
serve(new Connection(messages));
