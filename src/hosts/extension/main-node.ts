/** The extension's entry in the Node extension host: the server in a process, the engine in a worker thread. */
import { Worker } from "node:worker_threads";
import type { ExtensionContext } from "vscode";
import { startExtension, stopExtension, type ExtensionApi } from "./start-extension";
import type { WorkerPort } from "./worker-port";

export function activate(context: ExtensionContext): ExtensionApi {
  return startExtension(context, {
    createClient: async (options) => {
      const { LanguageClient, TransportKind } = await import("vscode-languageclient/node");
      const server = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.ipc };
      return new LanguageClient("nnspec", "nnspec", { run: server, debug: server }, options);
    },
    opensFiles: true,
    startWorker: () => startThread(context.asAbsolutePath("dist/worker.js")),
  });
}

export function deactivate(): Promise<void> {
  return stopExtension();
}

function startThread(file: string): WorkerPort {
  const worker = new Worker(file);
  let ended = false;
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on("message", listener),
    onDied: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (told || ended) return;
        told = true;
        listener(reason);
      };
      worker.on("error", (error) =>
        tell(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
      worker.on("exit", (code) => tell(`The worker ended with code ${String(code)}.`));
    },
    end: () => {
      ended = true;
      void worker.terminate();
    },
  };
}
