/** The extension's entry in a web extension host: the server and the engine in web workers. */
import { Uri, type ExtensionContext } from "vscode";
import type { FromWorker } from "../../protocol";
import { startExtension, stopExtension, type ExtensionApi } from "./start-extension";
import type { WorkerPort } from "./worker-port";

export function activate(context: ExtensionContext): ExtensionApi {
  const bundle = (name: string): string =>
    Uri.joinPath(context.extensionUri, "dist/web", name).toString(true);
  return startExtension(context, {
    createClient: async (options) => {
      const { LanguageClient } = await import("vscode-languageclient/browser");
      return new LanguageClient("nnspec", "nnspec", startInParts(bundle("server.js")), options);
    },
    opensFiles: false,
    startWorker: () => startWebWorker(bundle("worker.js")),
  });
}

export function deactivate(): Promise<void> {
  return stopExtension();
}

/** The name tells a worker where its parts are: its own location is that of the editor's wrapper. */
function startInParts(url: string): Worker {
  return new Worker(url, { name: url });
}

function startWebWorker(url: string): WorkerPort {
  const worker = startInParts(url);
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => listener(data);
    },
    onDied: (listener) => {
      worker.onerror = (event) => {
        worker.onerror = null;
        listener(event.message);
      };
    },
    end: () => {
      worker.onerror = null;
      worker.terminate();
    },
  };
}
