// Steps that are done in shares, by threads or one after the other: the same bits as in one piece, whoever does them.
import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import type { CompiledGraph, ThreadHost } from "../../../src/runtime/compile";
import { backward, Graph, type Node, type SourceNode } from "../../../src/runtime/graph";
import { operators } from "../../../src/runtime/ops";
import { elementCount, fromArray, type Shape, type Tensor } from "../../../src/runtime/tensor";
import { generator } from "../ops/sample-draw";
import { compiled } from "./agreement";
import { recordOp } from "./record-op";
import { randomProgram, wantedOf } from "./random-program";
import { recordedSample } from "./recorded-sample";

function assertSameBits(actual: Tensor, expected: Tensor, what: string): void {
  expected.data.forEach((value: number, index: number) => {
    const found = actual.data[index]!;
    assert.ok(Object.is(found, value), `${what}: element ${index} is ${found}, not ${value}`);
  });
}

/** Runs both twice and compares what they make of the nodes. */
function assertAlike(one: CompiledGraph, other: CompiledGraph, nodes: readonly Node[], what: string): void {
  for (let turn = 0; turn < 2; turn++) {
    assert.equal(one.run(), other.run(), what);
    if (one.outcome !== "done") continue;
    for (const [index, node] of nodes.entries())
      assertSameBits(one.value(node), other.value(node), `${what}, output ${index}`);
  }
}

function source(graph: Graph, shape: Shape, seed = 5): SourceNode {
  const random = generator(seed);
  const values = Array.from({ length: elementCount(shape) }, () => 2 * random() - 1);
  return graph.source(fromArray(graph.float, shape, values));
}

/** A step of descent through two layers. */
function training(sizes: readonly [number, number, number], batch: number) {
  const graph = new Graph({ float: "float32" });
  const build = graph.builder();
  const [x, target] = [source(graph, [batch, sizes[0]]), source(graph, [batch, sizes[2]])];
  const first = source(graph, [sizes[0], sizes[1]]);
  const second = source(graph, [sizes[1], sizes[2]], 6);
  const hidden = recordOp(graph, "relu", { x: recordOp(graph, "matmul", { x, y: first }) });
  const result = recordOp(graph, "matmul", { x: hidden, y: second });
  const loss = build.mean(build.square(build.sub(result, target)));
  const pass = backward(graph, loss, build.onesLike(loss));
  const parameters = [first, second];
  const updates = parameters.map((parameter) => {
    const gradient = pass.gradient(parameter) as Node; // they move the loss
    return [parameter, build.sub(parameter, build.mul(build.constant(0.01), gradient))] as const;
  });
  return { loss, parameters, updates };
}

interface Threads extends ThreadHost {
  readonly started: Worker[];
}

function threads(count: number): Threads {
  const started: Worker[] = [];
  return {
    started,
    count,
    start: (script) => {
      const worker = new Worker(script, { eval: true });
      worker.unref();
      started.push(worker);
      return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
    },
  };
}

suite("steps in shares", () => {
  for (const shares of [2, 3, 7]) {
    test(`random programs give the same bits in ${shares} shares`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.nat(10_000), { minLength: 40, maxLength: 80 }),
          fc.constantFrom("exact" as const, "smooth" as const),
          (choices, kind) => {
            const wanted = wantedOf(randomProgram(choices, kind), choices);
            assertAlike(compiled(wanted, { shares }), compiled(wanted), wanted, "program");
          },
        ),
        { seed: 42, numRuns: 60 },
      );
    });
  }

  test("every operator gives the same bits in shares, with its derivatives", () => {
    for (const op of operators.values()) {
      for (const [index, sample] of op.samples.entries()) {
        const nodes = recordedSample(op, sample, index % 2 === 0 ? "float64" : "float32");
        assertAlike(compiled(nodes, { shares: 3 }), compiled(nodes), nodes, `${op.name}, sample ${index}`);
      }
    }
  });

  test("products of every layout and loops over long axes give the same bits in shares", () => {
    for (const float of ["float32", "float64"] as const) {
      for (const [m, k, n] of [
        [64, 784, 37],
        [784, 64, 100],
        [3, 50, 61],
        [1, 300, 77],
        [130, 40, 1],
        [500, 33, 10],
      ] as const) {
        const graph = new Graph({ float });
        const [x, y] = [source(graph, [m, k]), source(graph, [k, n])];
        const [xT, yT] = [source(graph, [k, m]), source(graph, [n, k])];
        const turn = { dim0: 0, dim1: 1 };
        const transposed = (each: Node): Node => recordOp(graph, "transpose", { x: each }, turn);
        const bias = source(graph, [n]);
        const nodes = [
          recordOp(graph, "tanh", {
            x: recordOp(graph, "add", { x: recordOp(graph, "matmul", { x, y }), y: bias }),
          }),
          recordOp(graph, "matmul", { x: transposed(xT), y }),
          recordOp(graph, "matmul", { x, y: transposed(yT) }),
          recordOp(graph, "sum", { x: recordOp(graph, "exp", { x }) }, { dim: [0] }),
          recordOp(graph, "sum", { x }, { dim: [1] }),
        ];
        for (const shares of [2, 5]) {
          const what = `${m}x${k}x${n} in ${shares}`;
          assertAlike(compiled(nodes, { shares }), compiled(nodes), nodes, what);
        }
      }
    }
  });

  test("a convolution of a batch gives the same bits in shares, with its derivatives", () => {
    const graph = new Graph({ float: "float32" });
    const [x, weight] = [source(graph, [5, 4, 9, 8]), source(graph, [12, 2, 3, 3])];
    const y = recordOp(graph, "conv2d", { x, weight, bias: source(graph, [12]) }, { groups: 2, padding: 1 });
    const pass = backward(graph, y, source(graph, y.shape));
    const nodes = [y, pass.gradient(x) as Node, pass.gradient(weight) as Node]; // both move it
    for (const shares of [2, 3])
      assertAlike(compiled(nodes, { shares }), compiled(nodes), nodes, `${shares} shares`);
  });

  test("threads train as one does, bit for bit, and end when told to", async () => {
    const [one, other] = [training([200, 300, 50], 256), training([200, 300, 50], 256)];
    const host = threads(3);
    const alone = compiled([one.loss], { updates: one.updates });
    const helped = compiled([other.loss], { updates: other.updates, threads: host });
    for (let turn = 0; turn < 40; turn++) {
      assert.ok(alone.run() && helped.run());
      // Threads arrive while the work goes on.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assertSameBits(helped.value(other.loss), alone.value(one.loss), "loss");
    for (const [index, parameter] of one.parameters.entries())
      assertSameBits(helped.value(other.parameters[index]!), alone.value(parameter), `parameter ${index}`);
    assert.equal(host.started.length, 3);
    const ended = host.started.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
    helped.rest();
    await Promise.all(ended);
    assert.ok(alone.run() && helped.run());
    helped.rest();
    assertSameBits(helped.value(other.loss), alone.value(one.loss), "loss after a rest");
  });

  test("a host whose threads do not start, or never answer, leaves all the work to one", () => {
    const failing: ThreadHost = {
      count: 2,
      start: () => {
        throw new Error("no threads here");
      },
    };
    const silent: ThreadHost = { count: 2, start: () => ({ post: () => undefined, end: () => undefined }) };
    const { loss, updates } = training([200, 300, 50], 256);
    for (const host of [failing, silent]) {
      const helped = compiled([loss], { updates, threads: host });
      const alone = compiled([loss], { updates });
      assert.ok(helped.run() && helped.run() && alone.run() && alone.run());
      assertSameBits(helped.value(loss), alone.value(loss), "loss");
      helped.rest();
    }
  });

  test("a thread that ends with a share that it has claimed ends the run, soon, and later ones go on", async () => {
    // Words 3 and 6 are the job's ticket and its shares; see team-code.ts.
    const thief = `
      const { parentPort } = require("node:worker_threads");
      parentPort.once("message", ({ memory }) => {
        const words = new Int32Array(memory.buffer);
        for (;;) {
          const ticket = Atomics.load(words, 3);
          const isOpen = (ticket & 255) < Atomics.load(words, 6);
          if (isOpen && Atomics.compareExchange(words, 3, ticket, ticket + 1) === ticket) process.exit();
        }
      });`;
    const honest = threads(1);
    const { loss, updates } = training([200, 300, 50], 256);
    const helped = compiled([loss], { updates, threads: { count: 1, start: () => honest.start(thief) } });
    let milliseconds = 0;
    const runUntilLost = async (): Promise<void> => {
      for (let turn = 0; turn < 400; turn++) {
        const start = performance.now();
        try {
          helped.run();
        } finally {
          milliseconds = performance.now() - start;
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await assert.rejects(runUntilLost, /a thread that helped with a run has ended/u);
    assert.ok(milliseconds < 6000, `noticed after ${milliseconds.toFixed(0)} ms`);
    assert.ok(helped.run(), "a later run goes on");
    helped.rest();
  });

  test("a long run can be left between its parts", () => {
    const graph = new Graph({ float: "float32" });
    let x: Node = source(graph, [640, 640]);
    for (let layer = 0; layer < 5; layer++) x = recordOp(graph, "matmul", { x, y: x });
    const session = compiled([x]);
    let polls = 0;
    assert.ok(session.run(undefined, () => (polls += 1)));
    assert.ok(polls > 0, "it has several parts");
    const leave = (): never => {
      throw new Error("enough");
    };
    assert.throws(() => session.run(undefined, leave), /enough/u);
  });

  test("small steps start no threads", () => {
    const host = threads(3);
    const { loss, updates } = training([4, 3, 2], 5);
    const session = compiled([loss], { updates, threads: host });
    assert.ok(session.run());
    assert.equal(host.started.length, 0);
  });
});
