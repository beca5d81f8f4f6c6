/**
 * What stands between a text and its first numbers: compiling a graph of 1,000 nodes, and the way from a text to its first
 * gradient, in a process that has run others and in a worker that was just started. Run by itself it prints the times as JSON.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { execute, type EngineHost } from "../src/engine";
import { standardLibrary } from "../src/language/std";
import { workerProtocolVersion, type FromWorker, type ToWorker } from "../src/protocol";
import { compile, isCompiled } from "../src/runtime/compile";
import { backward, Graph, type Node, type SourceNode } from "../src/runtime/graph";
import { isRejected, operator } from "../src/runtime/ops";
import { full, type Shape } from "../src/runtime/tensor";

export interface Latency {
  readonly name: string;
  /** Milliseconds. */
  readonly best: number;
  readonly median: number;
  readonly target: number | undefined;
}

const root = path.resolve(__dirname, "..");

function latency(name: string, times: readonly number[], target?: number): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  return { name, best: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]!, target };
}

/** A training step of a deep net: 1,000 nodes and a few. Each width is a structure of its own. */
function deepNet(width: number): { outputs: Node[]; updates: (readonly [SourceNode, Node])[] } {
  const graph = new Graph({ float: "float32" });
  const apply = (name: string, operands: Record<string, Node>): Node => {
    const node = graph.apply(operator(name), operands, {});
    if (isRejected(node)) throw new Error(`${name} was refused`);
    return node;
  };
  const source = (shape: Shape): SourceNode => graph.source(full("float32", shape, 0.1));
  const parameters: SourceNode[] = [];
  let h: Node = source([8, width]);
  for (let layer = 0; layer < 58; layer++) {
    const [weight, bias] = [source([width, width]), source([width])];
    parameters.push(weight, bias);
    h = apply("tanh", { x: apply("add", { x: apply("matmul", { x: h, y: weight }), y: bias }) });
  }
  const loss = apply("cross_entropy", { x: h, target: graph.source(full("int", [8], 0)) });
  const pass = backward(graph, loss, graph.source(full("float32", [], 1)));
  const build = graph.builder();
  const updates = parameters.map((parameter) => {
    const gradient = pass.gradient(parameter);
    if (typeof gradient !== "object") throw new Error("a parameter without gradient");
    return [parameter, build.sub(parameter, build.mul(gradient, build.full(0.1, gradient)))] as const;
  });
  return { outputs: [loss], updates };
}

function compileTimes(): Latency[] {
  const times: number[] = [];
  let nodes = 0;
  for (let turn = 0; turn < 16; turn++) {
    const { outputs, updates } = deepNet(16 + turn);
    const start = performance.now();
    const compiled = compile(outputs, { updates });
    times.push(performance.now() - start);
    if (!isCompiled(compiled)) throw new Error(`not compiled: ${compiled.refused}`);
    nodes = compiled.report.nodes;
  }
  const what = `compiling ${nodes.toLocaleString("en")} nodes`;
  return [
    latency(`${what}, the first graph of a process`, times.slice(0, 1), 100),
    latency(`${what}, later ones`, times.slice(6), 100),
  ];
}

const nets = {
  tiny: { sizes: [4, 3, 2], batch: 5, target: 5 },
  MLP: { sizes: [784, 256, 128, 10], batch: 64, target: 50 },
};

/** A net, one batch, and the gradients of its parameters. `seed` makes texts differ. */
function specOf(
  { sizes, batch }: { readonly sizes: readonly number[]; readonly batch: number },
  seed: number,
): string {
  const layers = sizes.slice(1).map((width, at) => ({ before: sizes[at]!, width, at }));
  return [
    "net Net()(x: [N, n], labels: int[N]) -> [] {",
    ...layers.flatMap(({ before, width, at }) => [
      `  param w${at}: [${before}, ${width}] = xavier_normal()`,
      `  param b${at}: [${width}] = zeros()`,
    ]),
    ...layers.map(({ at }) => {
      const sum = `${at === 0 ? "x" : `h${at - 1}`} @ w${at} + b${at}`;
      return `  h${at} = ${at === layers.length - 1 ? sum : `tanh(${sum})`}`;
    }),
    `  loss = cross_entropy(h${layers.length - 1}, labels)`,
    "  return loss",
    "}",
    "",
    "run first {",
    `  seed torch ${seed}`,
    `  m = Net()(randn([${batch}, ${sizes[0]}]), randint(${sizes.at(-1)}, [${batch}]))`,
    "  g = backward(m.loss)",
    ...layers.map(({ at }) => `  show norm(g.w${at})`),
    "}",
    "",
  ].join("\n");
}

async function warmTimes(): Promise<Latency[]> {
  const host: EngineHost = {
    resolve: (_, wanted) => (wanted === "std" ? { id: "std", text: standardLibrary() } : undefined),
    data: undefined,
    now: () => performance.now(),
  };
  const found: Latency[] = [];
  for (const [name, net] of Object.entries(nets)) {
    const times: number[] = [];
    for (let turn = 0; turn < 30; turn++) {
      const text = specOf(net, turn);
      const start = performance.now();
      const { outcome } = await execute(
        host,
        { id: "bench.nnspec", text, version: 1 },
        { action: "run", target: undefined },
      );
      times.push(performance.now() - start);
      const error = outcome.diagnostics.find(({ severity }) => severity === "error");
      if (error !== undefined) throw new Error(error.message);
    }
    found.push(
      latency(`first gradient of the ${name} net from its text, warm process`, times.slice(10), net.target),
    );
  }
  return found;
}

/** In the worker that ships: from its start, and from a first word of it. */
async function workerTimes(): Promise<Latency[]> {
  const dist = mkdtempSync(path.join(tmpdir(), "nnspec-bench-"));
  try {
    const built = spawnSync(process.execPath, ["esbuild.js", "--production", `--outdir=${dist}`], {
      cwd: root,
    });
    if (built.status !== 0) throw new Error(String(built.stderr));
    const found: Latency[] = [];
    for (const [name, net] of Object.entries(nets)) {
      const [started, greeted]: [number[], number[]] = [[], []];
      for (let turn = 0; turn < 7; turn++) {
        const { sinceStart, sinceHello } = await firstRun(path.join(dist, "worker.js"), specOf(net, turn));
        started.push(sinceStart);
        greeted.push(sinceHello);
      }
      found.push(
        latency(
          `first gradient of the ${name} net from its text, worker that waits for its first run`,
          greeted,
          net.target,
        ),
        latency(`first gradient of the ${name} net from its text, with the start of the worker`, started),
      );
    }
    return found;
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}

async function firstRun(file: string, text: string): Promise<{ sinceStart: number; sinceHello: number }> {
  const start = performance.now();
  const worker = new Worker(file);
  const post = (message: ToWorker): void => worker.postMessage(message);
  const heard = (type: FromWorker["type"]): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.on("message", (message: FromWorker) => {
        if (message.type === "crashed") reject(new Error(message.message));
        if (message.type === type) resolve();
      });
      worker.once("error", reject);
    });
  try {
    const hello = heard("hello");
    post({ type: "hello", version: workerProtocolVersion });
    await hello;
    // As long as an editor waits after the last key, at least.
    const idle = 1000;
    const greeted = performance.now();
    await new Promise((resolve) => setTimeout(resolve, idle));
    const finished = heard("finished");
    const uri = "file:///bench.nnspec";
    const asked = performance.now();
    post({
      type: "run",
      runId: 1,
      request: { uri, version: 1, action: "run", target: undefined, files: { [uri]: text } },
    });
    await finished;
    const end = performance.now();
    return { sinceStart: greeted - start + (end - asked), sinceHello: end - asked };
  } finally {
    await worker.terminate();
  }
}

/** Each in a process of its own, so that none profits from the others. */
export function measureLatencies(): readonly Latency[] {
  return ["compile", "warm", "worker"].flatMap((what) => {
    const args = ["--require", "tsx/cjs", "--require", "./test/setup.ts", "bench/latency.ts", what];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Latency[];
  });
}

if (require.main === module) {
  const what = process.argv[2];
  const measured = what === "compile" ? compileTimes() : what === "warm" ? warmTimes() : workerTimes();
  void Promise.resolve(measured).then((found) => {
    console.log(JSON.stringify(found));
  });
}
