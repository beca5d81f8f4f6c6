/** The page of results: machine, versions, times, and ratios to each peer. Knows nothing of how they were measured. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import path from "node:path";
import type { Latency } from "./latency";
import type { WorkerSize } from "./worker-size";
import type { Workload } from "./workloads";

export interface Measurement {
  readonly workload: Workload;
  /** Milliseconds a step. */
  readonly entries: readonly { readonly name: string; readonly best: number; readonly median: number }[];
  readonly problems: readonly string[];
}

export interface Results {
  readonly machine: readonly string[];
  /** Multiply-adds of four float32 lanes, in GFLOP/s, by whether they are fused; null where this Node cannot. */
  readonly peak: { readonly separate: number | null; readonly fused: number | null };
  readonly measured: readonly Measurement[];
  readonly growth: readonly Measurement[];
  readonly latencies: readonly Latency[];
  /** Undefined where it was not measured. */
  readonly worker: WorkerSize | undefined;
}

/** ours ÷ peer that architecture.md asks for. */
const targets: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "MLP 784-256-128-10, batch 64": { "jax-js": 0.35, "tfjs wasm": 0.07, PyTorch: 1.3 },
  "sigmoid 3-128-128-4, batch 32": { "jax-js": 0.25, "tfjs wasm": 0.07, PyTorch: 1 },
  "tiny 4-3-2, batch 5": { "jax-js": 0.001, "tfjs wasm": 0.0003, PyTorch: 0.003 },
  "elementwise chain, 1M": { "jax-js": 0.1, "tfjs wasm": 0.08, PyTorch: 0.3 },
  "gradcheck 576-16-10": { PyTorch: 1 / 300, "PyTorch, fast mode": 1 },
};

export function describeMachine(): readonly string[] {
  const manifest = readFileSync(path.join(__dirname, "package.json"), "utf8");
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  const [cpu] = cpus();
  return [
    `${cpu?.model ?? "unknown processor"}, ${cpus().length} cores; ${type()} ${release()}`,
    `Node ${process.version} (V8 ${process.versions.v8})`,
    ...Object.entries(dependencies).map(([name, version]) => `${name} ${version}`),
    pythonVersions(),
  ];
}

function pythonVersions(): string {
  const script =
    "import torch, numpy; print('PyTorch', torch.__version__, 'on', 'OpenBLAS' if 'openblas' in open('/proc/self/maps').read() else 'the BLAS it is linked to')";
  try {
    return execFileSync(process.env["NNSPEC_PYTHON"] ?? "/usr/bin/python3", ["-c", script], {
      encoding: "utf8",
    }).trim();
  } catch {
    return "no PyTorch here";
  }
}

function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${(milliseconds * 1000).toPrecision(3)} µs`;
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
  return `${(milliseconds / 1000).toPrecision(3)} s`;
}

function section({ workload, entries, problems }: Measurement, peak: Results["peak"]): string {
  const ours = entries.filter(({ name }) => name.startsWith("nnspec"));
  const head = ours.map(({ name }) => ` ${name} ÷ it |`).join("");
  const rows = entries.map(({ name, best, median }) => {
    const ratios = ours.map((own) => (own.name === name ? " |" : ` ${(own.best / best).toPrecision(2)} |`));
    const target = targets[workload.name]?.[name];
    const rate = rateOf(workload, name, best, peak);
    return `| ${name} | ${duration(best)} | ${duration(median)} |${ratios.join("")} ${target === undefined ? "" : `≤ ${target.toPrecision(2)}`} | ${rate} |`;
  });
  return [
    `### ${workload.name}`,
    "",
    `| | best | median |${head} target | rate |`,
    `| --- | ---: | ---: |${ours.map(() => " ---: |").join("")} ---: | --- |`,
    ...rows,
    ...missed(workload, entries),
    ...problems.map((problem) => `\n${problem}`),
    "",
  ].join("\n");
}

/** What stands in the way of a target that is not reached, and what was tried. */
const obstacles: Readonly<Record<string, string>> = {
  "MLP 784-256-128-10, batch 64":
    "Products take 97 % of the step and run at about 87 % of the 128-bit peak above; at that peak itself the step would take 1.2 ms, with " +
    "FMA 1.04 ms. PyTorch has vectors of 256 bits, WebAssembly has not. Tried: another order of the innermost loop (1.55 times slower " +
    "here, 5 % faster in newer engines: long trainings measure it once); shares for several threads, which are what helps. The transposed " +
    "left operand is no slower than others, so that packing it gains nothing. Updates behind the products of their gradients save memory, and time with small batches (12 % at batch 1).",
  "sigmoid 3-128-128-4, batch 32":
    "Products take four fifths of the step, at about 86 % of the peak; most of the rest is sigmoid, four numbers within 2 ulp in about 4 ns.",
  "tiny 4-3-2, batch 5":
    "The step is one call, of which 7 ns are the way into the module and back; in it some twenty functions take 11 ns each, the first layer " +
    "with its tanh a fifth of all, the loss 100 ns. " +
    "Tried: softmax and cross entropy as loops that share their exponentials (three times faster).",
  "elementwise chain, 1M":
    "tanh, exp and sigmoid within 2 ulp are about a hundred instructions for four numbers. Tried: scaling by powers of two in fewer " +
    "instructions (5 % faster); one or four vectors a turn instead of two (no faster); tanh by expm1 alone (a tenth faster, but 2.4 ulp). " +
    "Shares for several threads are what helps further.",
  "gradcheck 576-16-10":
    "All 9,402 entries are compared, by eleven turns of single operators up and down, what their results are worth being known; what is " +
    "left is spread thin: recording the passes and the tangents a sixth, the Taylor test a sixth, an entry and a direction moved the plain " +
    "way an eighth, memory an eighth, planning a tenth. PyTorch's fast mode compares one random direction of each parameter. Tried: each " +
    "entry by a compiled module (30 times slower); whole sweeps behind each layer instead of single operators (a fifth slower here, many times in deep nets).",
};

function missed({ name }: Workload, entries: Measurement["entries"]): string[] {
  const best = (own: string): number => entries.find((entry) => entry.name === own)?.best ?? NaN;
  const misses = Object.entries(targets[name] ?? {}).flatMap(([peer, target]) => {
    const [plain, fused] = [best("nnspec") / best(peer), best("nnspec, FMA") / best(peer)];
    if (!(plain > target)) return [];
    const times = (ratio: number): string => `${(ratio / target).toPrecision(2)} times`;
    return [
      `${peer} ${times(plain)}${fused > target ? ` (FMA ${times(fused)})` : " (with FMA it is reached)"}`,
    ];
  });
  if (misses.length === 0) return [];
  return ["", `Targets missed: ${misses.join(", ")}. ${obstacles[name] ?? ""}`.trim()];
}

function rateOf(workload: Workload, name: string, best: number, peak: Results["peak"]): string {
  if (workload.kind !== "product") return "";
  const rate = (2 * workload.size ** 3) / best / 1e6;
  const limit = name === "nnspec" ? peak.separate : name === "nnspec, FMA" ? peak.fused : null;
  const share = limit === null ? "" : `, ${((100 * rate) / limit).toFixed(0)} % of its peak`;
  return `${rate.toFixed(1)} GFLOP/s${share}`;
}

function latencySection(latencies: readonly Latency[]): string[] {
  const rows = latencies.map(({ name, best, median, target }) => {
    const missed =
      target === undefined || median <= target ? "" : `, missed ${(median / target).toPrecision(2)} times`;
    return `| ${name} | ${duration(best)} | ${duration(median)} | ${target === undefined ? "" : `≤ ${target} ms${missed}`} |`;
  });
  return [
    "## From a text to its numbers",
    "",
    "Each in processes of their own. A text is read, checked and run, gradients and their report included; no two texts are equal.",
    "The worker is the one that ships, and has been idle for a second before its first run.",
    "",
    "| | best | median | target |",
    "| --- | ---: | ---: | --- |",
    ...rows,
    "",
  ];
}

/** KiB that the worker's bundle should have at most. */
const workerTarget = 250;

function workerSection({ core, compressed, parts }: WorkerSize): string[] {
  const kib = (bytes: number): string => (bytes / 1024).toFixed(0);
  const missed = core / 1024 / workerTarget;
  return [
    "## The worker's bundle",
    "",
    `${kib(core)} KiB before the first run (${kib(compressed)} compressed); loaded when they are asked for: ${parts.map(({ name, bytes }) => `${name} ${kib(bytes)} KiB`).join(", ")}.`,
    ...(missed <= 1
      ? []
      : [
          `The target is ${workerTarget} KiB, missed ${missed.toPrecision(2)} times. The worker reads texts itself, by the same parser and elaborator as the language`,
          "server, so that a squiggle and a run's error are one rule: these are half of it. A fifth are the operators: how each is",
          "called, and the shape rules, kernels and derivatives of the common ones. The first gradients of a perceptron load nothing else.",
          "Tried: parts for all that they can do without, as above (from 907 KiB); operators without their pages and samples. What of it",
          "only optimizers, data files and user-written ops need is 15 KiB, spread over functions whose tables are asked for in any text.",
          "Shorter names for properties would give 271 KiB, but messages, operators' arguments and `in` ask for them by name.",
        ]),
    "",
  ];
}

export function resultsText({ machine, peak, measured, growth, latencies, worker }: Results): string {
  const peaks = [
    `multiplication and addition apart ${peak.separate?.toFixed(1) ?? "not"} GFLOP/s`,
    `fused ${peak.fused === null ? "not to be had" : `${peak.fused.toFixed(1)} GFLOP/s`}`,
  ];
  return [
    "# Measured",
    "",
    "Made by `npm run bench`. One thread each, where none are named; contestants take turns within one run; the best and the",
    "median of the turns; all of them agree on the numbers first. Ratios are best to best: below 1 is faster than the peer.",
    "The second column of ratios is Node with relaxed SIMD switched on, as browsers and newer Nodes have it; several threads",
    "are used for steps of more than a millisecond.",
    "",
    ...machine.map((line) => `- ${line}`),
    `- 128-bit peak of one core inside WebAssembly, measured in the same run: ${peaks.join("; ")}`,
    "",
    "## Against peers",
    "",
    ...measured.map((each) => section(each, peak)),
    ...(latencies.length === 0 ? [] : latencySection(latencies)),
    ...(worker === undefined ? [] : workerSection(worker)),
    ...(growth.length === 0 ? [] : ["## How cost grows", "", ...growth.map((each) => section(each, peak))]),
  ].join("\n");
}
