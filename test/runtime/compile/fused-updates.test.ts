// Updates that are made behind the product of their gradient, in place: what interpreting gives, and no gradient in memory.
import assert from "node:assert/strict";
import type { CompileOptions } from "../../../src/runtime/compile";
import { backward, Graph, type Node, type SourceNode } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault } from "../../../src/runtime/ops";
import {
  elementCount,
  fromArray,
  type FloatDType,
  type Shape,
  type Tensor,
} from "../../../src/runtime/tensor";
import { generator } from "../ops/sample-draw";
import { assertSameTensor, compiled } from "./agreement";

type Updates = readonly (readonly [SourceNode, Node])[];

function sources(float: FloatDType) {
  const graph = new Graph({ float });
  const random = generator(3);
  const source = (shape: Shape): SourceNode => {
    const values = Array.from({ length: elementCount(shape) }, () => 2 * random() - 1);
    return graph.source(fromArray(float, shape, values));
  };
  return { graph, build: graph.builder(), source };
}

/** Three steps, compiled and interpreted: every source that is updated has the same values. Gives the names of the steps. */
function assertSameSteps(outputs: readonly Node[], updates: Updates, options: CompileOptions = {}) {
  const session = compiled(outputs, { updates, ...options });
  let values = new Map<Node, Tensor>(updates.map(([source]) => [source, source.value]));
  for (let turn = 0; turn < 3; turn++) {
    const evaluator = new Evaluator({ values });
    const next = new Map<Node, Tensor>();
    for (const [source, node] of updates) {
      const value = evaluator.evaluate(node);
      assert.ok(!isFault(value));
      next.set(source, value);
    }
    assert.ok(session.run());
    for (const [source, value] of next) assertSameTensor(session.value(source), value, `step ${turn}`);
    values = next;
  }
  return session.report.steps;
}

suite("updates behind products", () => {
  for (const float of ["float32", "float64"] as const) {
    for (const [inputs, width, batch] of [
      [9, 12, 6],
      [40, 33, 20],
      [3, 402, 2],
      [2, 517, 5],
      [64, 48, 300],
      [128, 8, 1],
    ] as const) {
      test(`descent of a layer ${inputs} to ${width}, batch ${batch}, in ${float}`, () => {
        const { graph, build, source } = sources(float);
        const [x, y, w] = [source([batch, inputs]), source([batch, width]), source([inputs, width])];
        const loss = build.mean(build.square(build.sub(build.matmul(x, w), y)));
        const gradient = backward(graph, loss, build.onesLike(loss)).gradient(w) as Node; // w moves the loss
        const next = build.sub(w, build.mul(build.constant(0.3), gradient));
        for (const options of [{}, { shares: 3 }]) {
          const steps = assertSameSteps([loss], [[w, next]], options);
          assert.equal(steps.at(-1), inputs * width < 1024 ? "fused loop" : "matmul, fused");
        }
      });

      test(`momentum of a layer ${inputs} to ${width}, batch ${batch}, in ${float}`, () => {
        const { graph, build, source } = sources(float);
        const [x, y, w] = [source([batch, inputs]), source([batch, width]), source([inputs, width])];
        const speed = source([inputs, width]);
        const loss = build.mean(build.square(build.sub(build.matmul(x, w), y)));
        const gradient = backward(graph, loss, build.onesLike(loss)).gradient(w) as Node; // w moves the loss
        const faster = build.add(build.mul(build.constant(0.9), speed), gradient);
        const next = build.sub(w, build.mul(build.constant(0.1), faster));
        for (const options of [{}, { shares: 2 }]) {
          assertSameSteps(
            [loss],
            [
              [w, next],
              [speed, faster],
            ],
            options,
          );
        }
      });
    }
  }

  test("a product of what is updated, and reads of it in another order, are made of the old values", () => {
    const { build, source } = sources("float64");
    const [w, v] = [source([40, 40]), source([40, 40])];
    const squared = build.sub(w, build.mul(build.constant(0.01), build.matmul(w, w)));
    const turned = build.add(build.transpose(v), build.mul(build.constant(0.01), build.matmul(w, w)));
    assertSameSteps(
      [],
      [
        [w, squared],
        [v, turned],
      ],
    );
  });

  test("what is wanted as it was is kept, and what a guard stops is not updated", () => {
    const { graph, build, source } = sources("float32");
    const [x, w] = [source([6, 90]), source([90, 80])];
    const loss = build.sum(build.log(build.matmul(x, w)));
    const gradient = backward(graph, loss, build.onesLike(loss)).gradient(w) as Node; // w moves the loss
    const updates = [[w, build.sub(w, gradient)]] as const;
    const session = compiled([loss], { updates, guard: loss });
    assert.equal(session.run(), false);
    assert.equal(session.outcome, "guarded");
    assertSameTensor(session.value(w), w.value, "w");
    assertSameSteps(
      [build.neg(w), w],
      [[w, build.sub(w, build.matmul(build.transpose(x), source([6, 80])))]],
    );
  });

  test("a long sum, which is made in stretches, is updated afterwards", () => {
    const { graph, build, source } = sources("float64");
    const [x, y, w] = [source([2500, 6]), source([2500, 8]), source([6, 8])];
    const loss = build.mean(build.square(build.sub(build.matmul(x, w), y)));
    const gradient = backward(graph, loss, build.onesLike(loss)).gradient(w) as Node; // w moves the loss
    const steps = assertSameSteps([loss], [[w, build.sub(w, build.mul(build.constant(0.3), gradient))]]);
    assert.equal(steps.at(-1), "fused loop");
  });

  test("a gradient takes no memory", () => {
    const { graph, build, source } = sources("float32");
    const [x, y, w] = [source([8, 500]), source([8, 400]), source([500, 400])];
    const loss = build.mean(build.square(build.sub(build.matmul(x, w), y)));
    const gradient = backward(graph, loss, build.onesLike(loss)).gradient(w) as Node; // w moves the loss
    const { report } = compiled([loss], { updates: [[w, build.sub(w, gradient)]] });
    const own = 4 * (500 * 400 + 8 * 500 + 8 * 400);
    assert.ok(report.bytes < 1.2 * own, `${report.bytes} bytes for sources of ${own}`);
  });
});
