// Sweeps that take long are divided among threads: the numbers are the same bits, whoever helps, is late, or is lost.
import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { nodeThreads } from "../../../../src/hosts/node";
import type { ThreadHost } from "../../../../src/runtime/compile";
import { stepDifferences } from "../../../../src/runtime/gradcheck";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { torchGenerator, type Tensor } from "../../../../src/runtime/tensor";

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

  const alone = differences(undefined);

  test("with another thread they are those of one", () => {
    assert.equal(alone.length, 64 * 48);
    assert.ok(alone.some((slope) => slope !== 0));
    assert.deepEqual(differences({ ...nodeThreads, count: 1 }), alone);
  });

  test("the other thread does its share", () => {
    // Its turns are marked by what nobody computes.
    const marking = changed((script) =>
      script.replace("Atomics.store(done", "slopes[0][next] = 1234; Atomics.store(done"),
    );
    // This thread is slow, so that the other is there in time.
    const found = differences(marking, () =>
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.3),
    );
    assert.ok(found.includes(1234));
    assert.equal(marking.ended, 1);
  });

  test("a thread that is lost with a turn in its hands changes nothing", () => {
    const dying = changed((script) => script.replace("turn(next * job.lanes);", "process.exit();"));
    const slow = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.3);
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
