// The contestant's side of the conversation: a way to prepare each kind of workload, and the repetitions of the last one.
import { createInterface } from "node:readline";

/**
 * @typedef {{ numbers: readonly number[], step: () => unknown, settle?: () => unknown }} Work
 * @param {(workload: any) => Work | undefined | Promise<Work | undefined>} prepare undefined where there is no means for it
 */
export function serve(prepare) {
  /** @type {Work | undefined} */
  let work;
  let last = Promise.resolve();
  const answer = (/** @type {object} */ value) => process.stdout.write(`${JSON.stringify(value)}\n`);
  const handle = async (/** @type {any} */ question) => {
    try {
      if (question.action === "prepare") {
        work = undefined; // what was prepared before may go
        work = await prepare(question.workload);
        answer(work === undefined ? { status: "no" } : { status: "ok", numbers: work.numbers });
        return;
      }
      if (work === undefined) throw new Error("nothing is prepared");
      const start = performance.now();
      for (let i = 0; i < question.repetitions; i++) await work.step();
      await work.settle?.();
      answer({ status: "ok", milliseconds: performance.now() - start });
    } catch (error) {
      answer({ status: "error", message: String(error?.stack ?? error) });
    }
  };
  createInterface(process.stdin).on("line", (line) => {
    last = last.then(() => handle(JSON.parse(line)));
  });
}

/** The same numbers as `element` of workloads.ts. */
export function stream(seed, count, scale = 1) {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let hash = Math.imul(i + seed * 7919 + 1, 0x9e3779b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x85ebca77);
    hash ^= hash >>> 13;
    values[i] = ((hash >>> 0) / 2 ** 32 - 0.5) * scale;
  }
  return values;
}

export const learningRate = 0.1;

/** @param {number} batch @param {number} classes */
export const labels = (batch, classes) => Int32Array.from({ length: batch }, (_, i) => (i * 7) % classes);

/** The weights and biases that a net begins with. @param {readonly number[]} sizes */
export function initialParameters(sizes) {
  return sizes.slice(1).map((width, layer) => ({
    inputs: sizes[layer],
    width,
    weight: stream(10 + layer, sizes[layer] * width, 4 / Math.sqrt(sizes[layer])),
    bias: stream(50 + layer, width, 0.1),
  }));
}
