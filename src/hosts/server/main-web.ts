/** The language server's entry in a web worker: messages to the page, no file system. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { serve } from "./serve";

// A worker's global scope is its own port; the DOM library types it as a window.
const port = self as unknown as Worker;
serve(createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port)));
