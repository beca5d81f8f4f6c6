/** The worker that ships: what it has at hand is enough for the first gradients of a perceptron, and the rest comes when it is asked for. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { FromWorker, RunRequest, ToWorker } from "../../../src/protocol";

const root = path.resolve(import.meta.dirname, "../../..");

/** Tells what files the worker loads while it runs. */
const watching = `
  const { parentPort, workerData } = require("node:worker_threads");
  const Module = require("node:module");
  const load = Module._load;
  Module._load = function (name, ...rest) {
    if (name.startsWith("./worker")) parentPort.postMessage({ type: "loads", name });
    return load.call(this, name, ...rest);
  };
  require(workerData);
`;

const perceptron = `
net Net(n_in, n_out)(x: [N, n_in], labels: int[N]) -> [] {
  param w: [n_in, n_out] = xavier_normal()
  param b: [n_out] = zeros()
  loss = cross_entropy(tanh(x @ w + b), labels)
  return loss
}

run first {
  seed torch 0
  m = Net(3, 2)(randn([4, 3]), randint(2, [4]))
  g = backward(m.loss)
  show norm(g.w)
}
`;

const convolution = `
run second {
  seed torch 0
  y = conv2d(randn([1, 1, 5, 5]), randn([2, 1, 3, 3]))
  show sum(y)
}
`;

/** The rule of an op, and whether it is right. */
const checked = (rule: string): string => `
op half(x: [n]) -> [n] {
  y = x / 2
  vjp x(dy) = ${rule}
  return y
}

run third {
  gradcheck sum(half(randn([3])) ^ 2)
}
`;

suite("the worker in parts", () => {
  let folder = "";

  suiteSetup(function () {
    // A build by the side of a busy browser.
    this.timeout(120_000);
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-worker-"));
    const args = ["esbuild.js", "--production", "--only=worker", `--outdir=${folder}`];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, timeout: 110_000 });
    assert.equal(status, 0, String(stderr));
  });

  suiteTeardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What each text's run loads, one after the other in one worker. */
  async function loadedBy(texts: readonly string[]): Promise<string[][]> {
    const worker = new Worker(watching, { eval: true, workerData: path.join(folder, "worker.js") });
    try {
      const found: string[][] = [];
      for (const [runId, text] of texts.entries()) {
        const loads: string[] = [];
        found.push(loads);
        const uri = "file:///text.nnspec";
        const request: RunRequest = {
          ...{ uri, version: 1, action: "run", target: undefined },
          files: { [uri]: text },
        };
        await new Promise<void>((resolve, reject) => {
          worker.removeAllListeners("message");
          worker.once("error", reject);
          worker.on("message", (message: FromWorker | { readonly type: "loads"; readonly name: string }) => {
            if (message.type === "loads") loads.push(message.name);
            if (message.type === "crashed") reject(new Error(message.message));
            if (message.type !== "finished") return;
            assert.deepEqual(
              message.outcome.report.runs?.map(({ status, error }) => ({ status, error })),
              [{ status: text.includes("dy * 2") ? "failed" : "passed", error: null }],
            );
            resolve();
          });
          worker.postMessage({ type: "run", runId, request } satisfies ToWorker);
        });
      }
      return found;
    } finally {
      await worker.terminate();
    }
  }

  test("a perceptron's first gradients load nothing, a convolution the operators that are rare", async () => {
    const [first, second] = await loadedBy([perceptron, convolution]);
    assert.deepEqual(first, []);
    assert.deepEqual(second?.[0], "./worker-rare.js");
  });

  test("a gradcheck loads how rules are explained where one is wrong", async () => {
    const [right = [], wrong = []] = await loadedBy([checked("dy / 2"), checked("dy * 2")]);
    assert.ok(right.includes("./worker-gradcheck.js"));
    assert.ok(!right.includes("./worker-explanations.js"));
    assert.ok(wrong.includes("./worker-explanations.js"));
  });
});
