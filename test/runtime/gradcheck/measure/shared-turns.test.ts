// Sweeps that take long are divided among threads: the numbers are the same bits, whoever helps, is late, or is lost.
import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { nodeThreads } from "../../../../src/hosts/node";
import type { ThreadHost } from "../../../../src/runtime/compile";
import { stepDifferences } from "../../../../src/runtime/gradcheck";
import { Differences } from "../../../../src/runtime/gradcheck/measure/differences";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { torchGenerator, type Tensor } from "../../../../src/runtime/tensor";
import { Program } from "../program";

/** One thread, whose script is changed; and how it was used. */
function changed(change: (script: string) => string): ThreadHost & { ended: number } {
  const host = {
    count: 1,
    ended: 0,
    start: (script: string) => {
      const worker = new Worker(change(script), { eval: true, execArgv: [] });
      worker.unref();
      worker.on("error", () => undefined);
      return {
        post: (message: unknown) => worker.postMessage(message),
        end: () => {
          host.ended++;
          void worker.terminate();
        },
      };
    },
  };
  return host;
}

/** Holds this thread up, so that others are there in time. */
const wait = (milliseconds: number) => (): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const slow = wait(0.3);

suite("gradcheck: sweeps by several threads", () => {
  // Normalised rows bring all columns together: each element of the weights moves by itself.
  const graph = new Graph();
  const b = graph.builder();
  const draw = torchGenerator(3);
  const source = (...shape: number[]): Node => graph.source(draw.randn(shape, "float64"));
  const [x, w] = [source(96, 64), source(64, 48)];
  const root = b.mean(b.square(b.apply("softmax", [b.tanh(b.matmul(x, w))], { dim: 1 })));
  const evaluator = new Evaluator({ float: "float64" });
  const base = (node: Node): Tensor => evaluator.evaluate(node) as Tensor;

  function differences(threads: ThreadHost | undefined, poll: () => void = () => undefined): Float64Array {
    return stepDifferences({
      base,
      root,
      cotangent: Float64Array.of(1),
      node: w,
      step: () => 1e-6,
      threads,
      poll,
    });
  }

  const alone = differences(undefined);

  test("with another thread they are those of one", () => {
    assert.equal(alone.length, 64 * 48);
    assert.ok(alone.some((slope) => slope !== 0));
    assert.deepEqual(differences({ ...nodeThreads, count: 1 }), alone);
  });

  test("the other thread does its share", () => {
    // Its turns are marked by what nobody computes.
    const marking = changed((script) =>
      script.replace("Atomics.store(done", "written[0][next] = 1234; Atomics.store(done"),
    );
    // This thread is slow, so that the other is there in time.
    const found = differences(marking, slow);
    assert.ok(found.includes(1234));
    assert.equal(marking.ended, 1);
  });

  test("a thread that is lost with a turn in its hands changes nothing", () => {
    const dying = changed((script) => script.replace("turn(next);", "process.exit();"));
    assert.deepEqual(differences(dying, slow), alone);
    assert.equal(dying.ended, 1);
  });

  test("threads that cannot be started, or never do anything, change nothing", () => {
    const refusing = {
      count: 3,
      start: (): never => {
        throw new Error("no threads here");
      },
    };
    assert.deepEqual(differences(refusing), alone);
    assert.deepEqual(differences(changed(() => "")), alone);
  });

  test("cancelling ends the threads", () => {
    const host = changed((script) => script);
    let polls = 0;
    const cancel = (): void => {
      if (++polls > 3) throw new Error("cancelled");
    };
    assert.throws(() => differences(host, cancel), /cancelled/);
    assert.equal(host.ended, 1);
  });

  test("each turn is told once, whoever does it", () => {
    let told = 0;
    differences({ ...nodeThreads, count: 1 }, () => {
      told++;
    });
    let expected = 0;
    differences(undefined, () => {
      expected++;
    });
    assert.ok(told > 0 && told <= expected);
  });
});

suite("gradcheck: entries moved one by one by several threads", () => {
  // Large inputs to small weights: steps are coarse, and each entry is examined with several.
  const p = new Program();
  const scaled = (shape: readonly number[], scale: number): Float64Array =>
    Float64Array.from(p.draw.randn(shape, "float64").data, (value) => value * scale);
  const x = p.source("x", [64, 32], scaled([64, 32], 1000));
  const w = p.source("W", [32, 64], scaled([32, 64], 1 / 4000));
  const v = p.source("V", [64, 48]);
  const h = p.b.tanh(p.b.matmul(x, w));
  const root = p.b.mean(p.b.square(p.b.apply("softmax", [p.b.matmul(h, v)], { dim: 1 })));
  const entries = Array.from({ length: 32 * 64 }, (_, i) => i);

  /** Quick differences of all entries, and careful ones of some. */
  function found(threads: ThreadHost | undefined, poll: () => void = () => undefined): unknown[] {
    const evaluator = new Evaluator({ float: "float64" });
    const base = (node: Node): Tensor => evaluator.evaluate(node) as Tensor; // nothing is at fault here
    const differences = new Differences(base, w, root, [Float64Array.of(1)], () => undefined);
    differences.accelerate([5]);
    const isShared = differences.ahead(entries, "quick", { threads, poll });
    assert.equal(isShared, threads !== undefined);
    differences.ahead(entries, "careful", { threads, poll });
    const quick = entries.map((entry) => differences.quick(entry));
    return [quick, [0, 7, 500, 2047].map((entry) => differences.careful(entry, () => false))];
  }

  const alone = found(undefined);

  test("with another thread they are the same bits", () => {
    assert.deepEqual(found({ ...nodeThreads, count: 1 }), alone);
  });

  test("the other thread does its share", () => {
    const marking = changed((script) =>
      script.replace("Atomics.store(done", "written[0][job.together * next] = 1234; Atomics.store(done"),
    );
    const [quick] = found(marking, wait(1)) as [number[][]];
    assert.ok(quick.some(([slope]) => slope === 1234));
    assert.equal(marking.ended, 2);
  });

  test("threads that are lost, or cannot be started, change nothing", () => {
    const dying = changed((script) => script.replace("turn(next);", "process.exit();"));
    assert.deepEqual(found(dying, wait(1)), alone);
    const refusing = {
      count: 3,
      start: (): never => {
        throw new Error("no threads here");
      },
    };
    assert.deepEqual(found(refusing), alone);
  });

  test("cancelling ends the threads", () => {
    const host = changed((script) => script);
    let polls = 0;
    const cancel = (): void => {
      if (++polls > 2) throw new Error("cancelled");
    };
    assert.throws(() => found(host, cancel), /cancelled/);
    assert.equal(host.ended, 1);
  });

  test("a gradcheck says the same with threads and without, and tells all of its progress", () => {
    const host = changed((script) => script);
    const outcomes = [undefined, host].map((threads) => {
      const told: number[] = [];
      const poll = (done: number): void => void told.push(done);
      const outcome = p.check(root, { W: w }, { effort: "full", threads, poll });
      assert.equal(told.at(-1), entries.length);
      assert.ok(told.every((done, i) => i === 0 || done >= told[i - 1]!));
      return outcome;
    });
    assert.equal(outcomes[0]!.verdict, "passed", outcomes[0]!.reason ?? "");
    assert.deepEqual(outcomes[1], outcomes[0]);
    // For tangents, for differences, and for what is examined with several steps.
    assert.equal(host.ended, 3);
  });
});
