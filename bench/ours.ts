/** The product as a contestant: graphs built with its own builder, compiled, and one call a step. */
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { compile, isCompiled, type CompiledGraph, type ThreadHost } from "../src/runtime/compile";
import { gradcheck } from "../src/runtime/gradcheck";
import { backward, Graph, type Node, type SourceNode } from "../src/runtime/graph";
import { isRejected, operator } from "../src/runtime/ops";
import { elementCount, full, type FloatDType, type Shape, type Tensor } from "../src/runtime/tensor";
import {
  element,
  learningRate,
  type ChainWorkload,
  type GradcheckWorkload,
  type NetWorkload,
  type ProductWorkload,
  type Workload,
} from "./workloads";

/** All processors, where the contestant is told to use them. */
const threads: ThreadHost | undefined = process.argv.includes("--threads")
  ? {
      count: availableParallelism() - 1,
      start: (script) => {
        const worker = new Worker(script, { eval: true, execArgv: [] });
        started += 1;
        worker.unref();
        return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
      },
    }
  : undefined;
let started = 0;

interface Work {
  readonly numbers: readonly number[];
  readonly step: () => void;
}

/** `known` has the numbers that were made before. */
function source(
  graph: Graph,
  seed: number,
  shape: Shape,
  scale = 1,
  known?: Map<number, Tensor>,
): SourceNode {
  const made = known?.get(seed);
  if (made !== undefined) return graph.source(made);
  const count = elementCount(shape);
  const values = graph.float === "float32" ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = element(seed, i) * scale;
  const value: Tensor = { dtype: graph.float, shape, data: values };
  known?.set(seed, value);
  return graph.source(value);
}

function apply(
  graph: Graph,
  name: string,
  operands: Record<string, Node>,
  attributes: Record<string, string | number> = {},
): Node {
  const node = graph.apply(operator(name), operands, attributes);
  if (isRejected(node)) throw new Error(`${name} was refused`);
  return node;
}

function ready(
  outputs: readonly Node[],
  updates: readonly (readonly [SourceNode, Node])[] = [],
): CompiledGraph {
  const compiled = compile(outputs, { updates, ...(threads === undefined ? {} : { threads }) });
  if (!isCompiled(compiled)) throw new Error(`not compiled: ${compiled.refused}`);
  return compiled;
}

interface Net {
  readonly graph: Graph;
  readonly parameters: readonly SourceNode[];
  readonly loss: Node;
}

function netOf(
  { sizes, batch }: Pick<NetWorkload, "sizes" | "batch">,
  activation: string,
  float: FloatDType,
  known?: Map<number, Tensor>,
): Net {
  const graph = new Graph({ float });
  const [inputs = 0] = sizes;
  const classes = sizes.at(-1)!;
  const labels = Float64Array.from({ length: batch }, (_, i) => (i * 7) % classes);
  const parameters: SourceNode[] = [];
  let h: Node = source(graph, 1, [batch, inputs], 2, known);
  sizes.slice(1).forEach((width, layer) => {
    const before = sizes[layer]!;
    const weight = source(graph, 10 + layer, [before, width], 4 / Math.sqrt(before), known);
    const bias = source(graph, 50 + layer, [width], 0.1, known);
    parameters.push(weight, bias);
    h = apply(graph, "add", { x: apply(graph, "matmul", { x: h, y: weight }), y: bias });
    if (layer + 2 < sizes.length) h = apply(graph, activation, { x: h });
  });
  const target = graph.source({ dtype: "int", shape: [batch], data: labels });
  return { graph, parameters, loss: apply(graph, "cross_entropy", { x: h, target }) };
}

function net(workload: NetWorkload): Work {
  const { graph, parameters, loss } = netOf(workload, workload.activation, "float32");
  const pass = backward(graph, loss, graph.source(full("float32", [], 1)));
  const build = graph.builder();
  const updates = parameters.map((parameter) => {
    const gradient = pass.gradient(parameter);
    if (typeof gradient !== "object") throw new Error("a parameter without gradient");
    const change = build.mul(gradient, build.full(learningRate, gradient));
    return [parameter, build.sub(parameter, change)] as const;
  });
  const compiled = ready([loss], updates);
  const step = (): void => void compiled.run();
  const numbers = [0, 1, 2].map(() => {
    step();
    return compiled.view(loss)[0]!;
  });
  return { numbers, step };
}

function product({ size }: ProductWorkload): Work {
  const graph = new Graph({ float: "float32" });
  const result = apply(graph, "matmul", {
    x: source(graph, 1, [size, size]),
    y: source(graph, 2, [size, size]),
  });
  const compiled = ready([result]);
  compiled.run();
  const c = compiled.view(result);
  return { numbers: [c[0]!, c[size * size - 1]!], step: () => void compiled.run() };
}

function chain({ count }: ChainWorkload): Work {
  const graph = new Graph({ float: "float32" });
  const x = source(graph, 3, [count], 4);
  const build = graph.builder();
  const wave = build.tanh(build.add(build.mul(build.constant(2), x), build.constant(1)));
  const y = build.add(build.mul(wave, build.exp(build.neg(build.square(x)))), build.sigmoid(x));
  const compiled = ready([y]);
  // Threads come with the second run.
  compiled.run();
  compiled.run();
  const data = compiled.view(y);
  return { numbers: [data[0]!, data[1]!, data[count - 1]!], step: () => void compiled.run() };
}

function checked(workload: GradcheckWorkload): Work {
  const known = new Map<number, Tensor>();
  // Recorded anew each time, as PyTorch does it: what a gradcheck records stays in its graph.
  const step = (): boolean => {
    const { graph, parameters, loss } = netOf(workload, "tanh", "float64", known);
    const leaves = parameters.map((node, i) => ({ name: `p${i}`, node }));
    const outcome = gradcheck({ graph, root: loss, leaves, effort: "full", poll: () => undefined });
    return outcome.verdict === "passed";
  };
  return { numbers: [Number(step())], step };
}

function prepare(workload: Workload): Work {
  switch (workload.kind) {
    case "net":
      return net(workload);
    case "product":
      return product(workload);
    case "chain":
      return chain(workload);
    case "gradcheck":
      return checked(workload);
  }
}

let work: Work | undefined;
createInterface(process.stdin).on("line", (line) => {
  const question = JSON.parse(line) as
    | { readonly action: "prepare"; readonly workload: Workload }
    | { readonly action: "run"; readonly repetitions: number };
  const answer = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  try {
    if (question.action === "prepare") {
      work = undefined;
      started = 0;
      const isShared = question.workload.kind === "net" || question.workload.kind === "chain";
      work = threads !== undefined && !isShared ? undefined : prepare(question.workload);
      // Short steps are one thread's.
      if (work === undefined || (threads !== undefined && started === 0)) answer({ status: "no" });
      else answer({ status: "ok", numbers: work.numbers });
    } else if (work === undefined) answer({ status: "error", message: "nothing is prepared" });
    else {
      const start = performance.now();
      for (let i = 0; i < question.repetitions; i++) work.step();
      answer({ status: "ok", milliseconds: performance.now() - start });
    }
  } catch (error) {
    answer({
      status: "error",
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
