/**
 * Turns of something divided among threads, each with a module and memory of its own: whoever is free takes the next one. Where
 * threads are slow to come, or one is lost, this thread does what is left: results do not depend on who helps. Knows nothing of what a
 * turn computes.
 */
import { sharesMemory, type HelperThread, type ThreadHost } from "../../compile";
import type { Cone } from "./cone-module";

/** A turn, by its number: what is computed by a cone goes to arrays of numbers. Its text is all that other threads have of it. */
export type TurnOf<Job> = (
  job: Job,
  cone: Pick<Cone, "moved" | "results" | "run">,
  written: readonly Float64Array[],
) => (index: number) => void;

export interface SharedTurns<Job> {
  readonly turnOf: TurnOf<Job>;
  /** Data that can be posted. */
  readonly job: Job;
  readonly turns: number;
  /** The lengths of the arrays that turns write; no two turns write the same elements. */
  readonly written: readonly number[];
  readonly cone: Cone;
  readonly threads: ThreadHost;
  /** What all turns are estimated to take by themselves. */
  readonly milliseconds: number;
  /** Called once for each turn, whoever does it; it may throw to cancel. */
  readonly poll: () => void;
}

/** Threads take some fifty milliseconds to come: what takes less is done without. */
export const worthThreads = 60;

/** More memory is not copied for each thread. */
const largestImage = 2 ** 26;
/** A turn that somebody has taken is done again by this thread after so many times what one should take, and no sooner than this. */
const patience = 20;
const leastPatience = 1000;
/** Milliseconds between two looks at what the others do. */
const glance = 20;

/** What the turns write; undefined where nothing can be divided here. */
export function sharedTurns<Job>(input: SharedTurns<Job>): Float64Array[] | undefined {
  const { turnOf, job, turns, cone, threads, milliseconds, poll } = input;
  const canShare = sharesMemory() && typeof SharedArrayBuffer === "function" && threads.count > 0;
  const twin = canShare ? cone.twin?.() : undefined;
  if (twin === undefined || twin.image.byteLength > largestImage) return undefined;
  // What is taken next, how many are done, and which.
  const counters = new Int32Array(new SharedArrayBuffer(8));
  const done = new Uint8Array(new SharedArrayBuffer(turns));
  const written = input.written.map((length) => new Float64Array(new SharedArrayBuffer(8 * length)));
  const elements = [cone.moved, ...cone.results].map(({ length }) => length);
  const helpers = started(threads, Math.min(threads.count, turns - 1), programOf(turnOf), {
    ...twin,
    elements,
    job,
    written,
    counters,
    done,
  });
  try {
    const turn = turnOf(job, cone, written);
    let told = 0;
    const tell = (): void => {
      for (; told < Atomics.load(counters, 1); told++) poll();
    };
    const own = (index: number): void => {
      turn(index);
      Atomics.store(done, index, 1);
    };
    for (let next = Atomics.add(counters, 0, 1); next < turns; next = Atomics.add(counters, 0, 1)) {
      tell();
      own(next);
      Atomics.add(counters, 1, 1);
    }
    let left = Math.max(leastPatience, (patience * milliseconds) / turns);
    for (let known = Atomics.load(counters, 1); known < turns && left > 0;) {
      tell();
      left = Atomics.wait(counters, 1, known, glance) === "timed-out" ? left - glance : left;
      known = Atomics.load(counters, 1);
    }
    for (let index = 0; index < turns; index++) if (Atomics.load(done, index) === 0) own(index);
    return written.map((each) => each.slice());
  } finally {
    for (const helper of helpers) helper.end();
  }
}

function started(threads: ThreadHost, count: number, program: string, message: unknown): HelperThread[] {
  const helpers: HelperThread[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const helper = threads.start(program);
      helpers.push(helper);
      helper.post(message);
    }
  } catch {
    // Fewer threads are slower and give the same.
  }
  return helpers;
}

/**
 * What a helping thread runs, as text: a thread begins with a text or a file, and this text serves in Node and in browsers alike. Where
 * this module was not minified, `turnOf` names its inner functions by a helper of the bundler's.
 */
const programOf = (turnOf: TurnOf<never>): string => `
const port = typeof require === "function" ? require("node:worker_threads").parentPort : self;
const __name = (named) => named;
const turnOf = ${turnOf.toString()};
port.onmessage = ({ data: { module, pages, image, sections, addresses, elements, job, written, counters, done } }) => {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  new Uint8Array(memory.buffer).set(new Uint8Array(image));
  // Every module imports it; those that come here never call it.
  const { exports } = new WebAssembly.Instance(module, { env: { memory, reference: () => 1 } });
  const runs = Array.from({ length: sections }, (_, index) => exports["run" + index]);
  const [moved, ...results] = addresses.map((address, i) => new Float64Array(memory.buffer, address, elements[i]));
  const turn = turnOf(job, { moved, results, run: () => runs.every((run) => (run() ?? 0) === 0) }, written);
  for (let next; (next = Atomics.add(counters, 0, 1)) < done.length; ) {
    turn(next);
    Atomics.store(done, next, 1);
    Atomics.add(counters, 1, 1);
    Atomics.notify(counters, 1);
  }
};
`;
