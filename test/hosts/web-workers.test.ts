// The web entries of the server and the engine run with what a web worker has and nothing of Node: each is bundled as
// for the browser and evaluated in a world of its own.
import assert from "node:assert/strict";
import path from "node:path";
import vm from "node:vm";
import esbuild from "esbuild";
import { serverRequests, workerProtocolVersion, type FromWorker, type ToWorker } from "../../src/protocol";

const root = path.resolve(__dirname, "../..");

interface WorkerWorld {
  /** Delivers a message as the page would. */
  readonly send: (data: unknown) => void;
  /** The first answer that fits. */
  readonly answer: <T>(fits: (message: unknown) => message is T) => Promise<T>;
}

/** Bundles an entry as esbuild.js does for web workers, and starts it where only a worker's globals exist. */
async function startWorker(entry: string): Promise<WorkerWorld> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    target: "es2023",
    mainFields: ["browser", "module", "main"],
    define: { global: "globalThis" },
    loader: { ".nnspec": "text" },
    logLevel: "silent",
  });
  const said: unknown[] = [];
  const waiting = new Set<() => void>();
  const world: Record<string, unknown> = {
    ...{ console, performance, setTimeout, clearTimeout, queueMicrotask, MessageChannel },
    ...{ TextDecoder, TextEncoder, URL, crypto },
    onmessage: undefined,
    postMessage: (message: unknown) => {
      said.push(structuredClone(message)); // as a message between workers is
      for (const look of [...waiting]) look();
    },
    addEventListener: () => undefined,
  };
  world["self"] = world;
  const context = vm.createContext(world);
  vm.runInContext(outputFiles[0]?.text ?? "", context);
  return {
    send: (data) => {
      assert.equal(typeof world["onmessage"], "function", "the worker listens to nothing");
      // Objects of this world would not be plain ones over there.
      const deliver = vm.runInContext("(text) => self.onmessage({ data: JSON.parse(text) })", context) as (
        text: string,
      ) => void;
      deliver(JSON.stringify(data));
    },
    answer: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = said.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

suite("web workers", () => {
  test("the engine's worker hears in the middle of a training that it is to stop", async () => {
    const worker = await startWorker("src/hosts/worker/main-web.ts");
    const send = (message: ToWorker): void => worker.send(message);
    const uri = "file:///a.nnspec";
    const text = `
net Line(n)(x: [N, n], y: [N, 1]) -> [] {
  param W: [n, 1] = zeros()
  return mean((x @ W - y)^2)
}
run r {
  x = randn([64, 3])
  fit = train(Line(3), batches(x, x @ [[1.0], [2.0], [-1.0]], size = 8), sgd(0.001), epochs = 1000000)
  loss = fit.loss
}
`;
    const request = { uri, version: 1, action: "run", target: undefined, files: { [uri]: text } } as const;
    send({ type: "run", runId: 1, request });
    await worker.answer((message): message is FromWorker => {
      const told = message as FromWorker;
      return told.type === "progress" && told.training !== undefined && told.training.done > 0;
    });
    send({ type: "stop-training", runId: 1 });
    const finished = await worker.answer(
      (message): message is Extract<FromWorker, { type: "finished" }> =>
        (message as FromWorker).type === "finished",
    );
    const [training] = finished.outcome.targets[0]?.trainings ?? [];
    assert.equal(training?.state, "stopped");
    assert.ok(training.done > 0 && training.done < 8_000_000, `${training.done} steps`);
  });

  test("the engine's worker runs a spec", async () => {
    const worker = await startWorker("src/hosts/worker/main-web.ts");
    const send = (message: ToWorker): void => worker.send(message);
    const typed =
      <K extends FromWorker["type"]>(type: K) =>
      (message: unknown): message is Extract<FromWorker, { type: K }> =>
        (message as FromWorker).type === type;
    send({ type: "hello", version: workerProtocolVersion });
    assert.deepEqual(await worker.answer(typed("hello")), { type: "hello", version: workerProtocolVersion });
    const uri = "vscode-vfs://github/o/r/a.nnspec";
    const text = "run one {\n  x = [1.0, 2.0]\n  check x[1] == 2\n}\n";
    const request = { uri, version: 1, action: "run", target: undefined, files: { [uri]: text } } as const;
    send({ type: "run", runId: 1, request });
    const { outcome } = await worker.answer(typed("finished"));
    assert.deepEqual(
      outcome.targets.map(({ name, status }) => `${name} ${status}`),
      ["one passed"],
    );
  });

  test("the language server checks a file and asks its client for what it imports", async () => {
    const server = await startWorker("src/hosts/server/main-web.ts");
    interface Rpc {
      readonly id?: number | string;
      readonly method?: string;
      readonly params?: { readonly uri: string; readonly diagnostics?: readonly { readonly code: string }[] };
      readonly result?: { readonly capabilities: object };
    }
    const rpc =
      (fits: (message: Rpc) => boolean) =>
      (message: unknown): message is Rpc =>
        fits(message as Rpc);
    const params = {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { files: true },
    };
    server.send({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    const initialized = await server.answer(rpc(({ id }) => id === 1));
    assert.ok(initialized.result?.capabilities);
    const uri = "vscode-vfs://github/o/r/a.nnspec";
    const text = 'import { f } from "lib.nnspec"\nrun r {\n  y = f(exq)\n}\n';
    const textDocument = { uri, languageId: "nnspec", version: 1, text };
    server.send({ jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument } });
    const asked = await server.answer(rpc(({ method }) => method === serverRequests.readFile));
    assert.equal(asked.params?.uri, "vscode-vfs://github/o/r/lib.nnspec");
    server.send({ jsonrpc: "2.0", id: asked.id, result: "op f(x: [N]) -> [N] {\n  return x\n}\n" });
    const published = await server.answer(rpc(({ method }) => method === "textDocument/publishDiagnostics"));
    assert.deepEqual(
      published.params?.diagnostics?.map(({ code }) => code),
      ["NN201"],
    );
  });
});
