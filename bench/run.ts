/**
 * `npm run bench`: every contestant as a process of its own, asked in turns within one run, so that what the machine does
 * besides falls on all alike. Numbers first: who disagrees is not timed. Writes bench/RESULTS.md; `--json` prints the data.
 */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { Contestant } from "./contestant";
import { measureLatencies } from "./latency";
import { peakOf } from "./peak";
import { describeMachine, resultsText, type Measurement } from "./results-text";
import { measureWorkerSize } from "./worker-size";
import { growth, workloads, type Workload } from "./workloads";

const folder = __dirname;
const isQuick = process.argv.includes("--quick");
/** `--only=TEXT` measures what has TEXT in its name, prints it, and writes nothing. */
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice("--only=".length);
const rounds = isQuick ? 3 : 9;
/** Milliseconds that one turn should last. */
const turn = isQuick ? 20 : 60;
/** Milliseconds that each is given before it is timed: engines compile what is run often, and not at once. */
const settling = isQuick ? 50 : 1500;
/** The same for gradchecks, which go many ways: after 1.5 s engines still compile them (2.9 ms a check, 1.7 ms after 4 s). */
const settlingOfChecks = isQuick ? 50 : 5000;

function install(): void {
  if (existsSync(path.join(folder, "node_modules/@jax-js/jax"))) return;
  console.error("installing the peers …");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  if (spawnSync("npm", args, { cwd: folder, stdio: ["ignore", 2, 2] }).status !== 0)
    console.error("the peers from npm could not be installed: they are left out");
}

/** The product as it ships: one file. */
function bundled(): string {
  const outfile = path.join(folder, "node_modules/.nnspec/ours.cjs");
  buildSync({
    entryPoints: [path.join(folder, "ours.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    loader: { ".nnspec": "text" },
    outfile,
    logLevel: "warning",
  });
  return outfile;
}

function python(): string | undefined {
  const candidates = [process.env["NNSPEC_PYTHON"], "/usr/bin/python3", "python3"];
  return candidates.find(
    (each) => each !== undefined && spawnSync(each, ["-c", "import torch"]).status === 0,
  );
}

function contestants(): readonly Contestant[] {
  const ours = [bundled()];
  const node = process.execPath;
  const peer = (file: string): string => path.join(folder, "peers", file);
  const found = [
    new Contestant("nnspec", node, ours),
    new Contestant("nnspec, FMA", node, ["--experimental-wasm-relaxed-simd", ...ours]),
    new Contestant(`nnspec, FMA, ${availableParallelism()} threads`, node, [
      "--experimental-wasm-relaxed-simd",
      ...ours,
      "--threads",
    ]),
    new Contestant("jax-js", node, [peer("jax.mjs")]),
    new Contestant("tfjs wasm", node, [peer("tfjs.mjs"), "wasm"]),
    new Contestant("tfjs cpu", node, [peer("tfjs.mjs"), "cpu"]),
    new Contestant("ONNX Runtime", node, [peer("onnx.mjs")]),
  ];
  const torch = python();
  const oneThread = { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
  if (torch === undefined) return found;
  return [
    ...found,
    new Contestant("PyTorch", torch, [peer("pytorch.py")], oneThread),
    new Contestant("PyTorch, fast mode", torch, [peer("pytorch.py"), "fast"], oneThread),
  ];
}

/** Whether the numbers are those of the first: float32 may differ in the last digits, and grows apart over steps. */
function agrees(numbers: readonly number[], reference: readonly number[]): boolean {
  const scale = Math.max(...reference.map(Math.abs));
  return (
    numbers.length === reference.length &&
    numbers.every((value, i) => Math.abs(value - reference[i]!) <= 2e-4 * scale)
  );
}

async function measure(workload: Workload, all: readonly Contestant[]): Promise<Measurement> {
  console.error(workload.name);
  const problems: string[] = [];
  const taking: { contestant: Contestant; repetitions: number; times: number[] }[] = [];
  let reference: readonly number[] | undefined;
  for (const contestant of all) {
    try {
      const numbers = await contestant.prepare(workload);
      if (numbers === undefined) continue;
      reference ??= numbers;
      if (!agrees(numbers, reference)) {
        problems.push(`${contestant.name} disagrees: ${numbers.join(", ")}, not ${reference.join(", ")}`);
        continue;
      }
      let repetitions = 1;
      const enough = workload.kind === "gradcheck" ? settlingOfChecks : settling;
      for (let spent = 0; spent < enough;) {
        const time = await contestant.run(repetitions);
        spent += time;
        if (time < turn) repetitions *= 2;
      }
      // As often as a turn has room for.
      repetitions = 1;
      for (let time = await contestant.run(1); time < turn && repetitions < 1_000_000;) {
        repetitions = Math.max(repetitions * 2, Math.floor((repetitions * turn) / Math.max(time, turn / 64)));
        time = await contestant.run(repetitions);
        if (time >= turn) repetitions = Math.max(1, Math.round((repetitions * turn) / time));
      }
      taking.push({ contestant, repetitions, times: [] });
    } catch (error) {
      problems.push(String(error));
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { contestant, repetitions, times } of taking) {
      // Steps of seconds are told well enough by a few.
      if (times.length < 3 || times[0]! < 500) times.push((await contestant.run(repetitions)) / repetitions);
    }
  }
  const entries = taking.map(({ contestant, times }) => {
    const sorted = [...times].sort((a, b) => a - b);
    return { name: contestant.name, best: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! };
  });
  return { workload, entries, problems };
}

async function main(): Promise<void> {
  install();
  const all = contestants();
  try {
    const measured: Measurement[] = [];
    const isWanted = ({ name }: Workload): boolean => only === undefined || name.includes(only);
    for (const workload of workloads.filter(isWanted)) measured.push(await measure(workload, all));
    const grown: Measurement[] = [];
    if (!isQuick) for (const workload of growth.filter(isWanted)) grown.push(await measure(workload, all));
    const isWhole = !isQuick && only === undefined;
    const latencies = isWhole ? measureLatencies() : [];
    const worker = isWhole ? measureWorkerSize() : undefined;
    const results = {
      machine: describeMachine(),
      peak: peakOf(),
      measured,
      growth: grown,
      latencies,
      worker,
    };
    if (process.argv.includes("--json")) console.log(JSON.stringify(results, null, 2));
    else console.log(resultsText(results));
    if (isWhole) writeFileSync(path.join(folder, "RESULTS.md"), resultsText(results));
  } finally {
    for (const contestant of all) contestant.end();
  }
}

void main();
