// What a session of a compiled graph promises: values given and kept, updates, guards, faults, memory, one module a structure.
import assert from "node:assert/strict";
import { compile, isCompiled } from "../../../src/runtime/compile";
import { backward, Graph, type Node, type SourceNode } from "../../../src/runtime/graph";
import { isRejected, operator } from "../../../src/runtime/ops";
import { elementCount, fromArray, scalar, type Shape } from "../../../src/runtime/tensor";
import { assertAgrees, compiled } from "./agreement";

function source(graph: Graph, shape: Shape, value: (index: number) => number): SourceNode {
  const data = Array.from({ length: elementCount(shape) }, (_, index) => value(index));
  return graph.source(fromArray(graph.float, shape, data));
}

suite("compiled graphs", () => {
  test("sources keep what they are given, and give it back", () => {
    const graph = new Graph();
    const x = source(graph, [3], (i) => i);
    const y = graph.builder().square(x);
    const session = compiled([y]);
    assert.ok(session.run());
    assert.deepEqual([...session.value(y).data], [0, 1, 4]);
    assert.ok(session.run(new Map([[x, fromArray("float64", [3], [3, 4, 5])]])));
    assert.ok(session.run());
    assert.deepEqual([...session.value(y).data], [9, 16, 25]);
    session.view(x)[0] = 7;
    assert.ok(session.run());
    assert.equal(session.value(y).data[0], 49);
    assert.deepEqual([...session.value(x).data], [7, 4, 5]);
  });

  test("updates happen all at once: sources may change places, and depend on each other", () => {
    const graph = new Graph();
    const a = source(graph, [5], (i) => i);
    const b = source(graph, [5], (i) => 10 * i);
    const c = source(graph, [5], () => 1);
    const build = graph.builder();
    const session = compiled([build.add(a, b)], {
      updates: [
        [a, b],
        [b, a],
        [c, build.add(build.add(c, a), c)],
      ],
    });
    assert.ok(session.run());
    assert.deepEqual([...session.value(a).data], [0, 10, 20, 30, 40]);
    assert.deepEqual([...session.value(b).data], [0, 1, 2, 3, 4]);
    assert.deepEqual([...session.value(c).data], [2, 3, 4, 5, 6]);
    assert.ok(session.run());
    assert.deepEqual([...session.value(a).data], [0, 1, 2, 3, 4]);
    assert.deepEqual([...session.value(c).data], [4, 16, 28, 40, 52]);
  });

  test("a descent in place follows the formula: w ← w - 0.1 · 2(w - t)", () => {
    const graph = new Graph({ float: "float32" });
    const build = graph.builder();
    const w = source(graph, [3, 7], () => 1);
    const t = source(graph, [7], (i) => i);
    const loss = build.sum(build.square(build.sub(w, t)));
    const gradient = backward(graph, loss, build.onesLike(loss)).gradient(w) as Node; // w moves the loss
    const next = build.sub(w, build.mul(build.constant(0.1), gradient));
    const session = compiled([loss], { updates: [[w, next]] });
    for (let turn = 0; turn < 4; turn++) assert.ok(session.run());
    session.value(w).data.forEach((value: number, index: number) => {
      const target = index % 7;
      assert.ok(Math.abs(value - (target + 0.8 ** 4 * (1 - target))) < 1e-5);
    });
    assert.equal(session.report.steps.length, 1, "one loop computes loss, gradient and update");
  });

  test("a guard that is NaN stops before anything is updated, unless it is told not to", () => {
    const graph = new Graph();
    const build = graph.builder();
    const w = source(graph, [4], () => 2);
    const x = source(graph, [], () => 1);
    const loss = build.sum(build.mul(w, build.log(x)));
    const session = compiled([loss], { updates: [[w, build.add(w, build.mul(w, x))]], guard: loss });
    assert.ok(session.run());
    assert.deepEqual([...session.value(w).data], [4, 4, 4, 4]);
    assert.equal(session.run(new Map([[x, scalar(-1)]])), false);
    assert.equal(session.outcome, "guarded");
    assert.deepEqual([...session.value(w).data], [4, 4, 4, 4]);
    assert.ok(Number.isNaN(session.value(loss).data[0]));
    session.setGuarded(false);
    assert.ok(session.run());
    assert.deepEqual([...session.value(w).data], [0, 0, 0, 0]);
  });

  test("operands at fault leave every source as it was", () => {
    const graph = new Graph();
    const build = graph.builder();
    const w = source(graph, [4], (i) => i);
    const index = graph.source(fromArray("int", [2], [1, 3]));
    const picked = graph.apply(operator("index_select"), { x: w, index }, { dim: 0 });
    assert.ok(!isRejected(picked));
    const session = compiled([picked], { updates: [[w, build.neg(w)]] });
    assert.ok(session.run());
    assert.deepEqual([...session.value(picked).data], [1, 3]);
    assert.equal(session.run(new Map([[index, fromArray("int", [2], [1, 4])]])), false);
    assert.equal(session.outcome, "fault");
    assert.deepEqual([...session.value(w).data].map(Math.abs), [0, 1, 2, 3]);
    assert.equal(session.value(w).data[1], -1);
  });

  test("more memory than allowed is refused before it is taken, and says how much it would be", () => {
    const graph = new Graph();
    const x = source(graph, [1], () => 1);
    const y = graph.builder().expand(x, [1000, 1000]);
    const refused = compile([y], { memoryLimit: 1e6 });
    assert.ok(!isCompiled(refused));
    assert.equal(refused.refused, "memory");
    assert.ok(refused.bytes >= 8e6 && refused.bytes < 8.1e6);
    const enormous = graph.builder().expand(x, [2 ** 15, 2 ** 15]);
    assert.ok(!isCompiled(compile([enormous])));
  });

  test("memory is used again: a long chain of reductions and loops takes little more than is needed", () => {
    const graph = new Graph();
    const build = graph.builder();
    let x: Node = source(graph, [64, 64], (i) => Math.sin(i));
    for (let i = 0; i < 30; i++) x = build.tanh(build.sub(x, build.mean(x, [i % 2], true)));
    const { report } = assertAgrees([x], "chain");
    assert.ok(report.bytes <= 1.5 * report.neededBytes, `${report.bytes} of ${report.neededBytes}`);
    assert.ok(report.bytes < 5 * 64 * 64 * 8);
  });

  test("hundreds of sessions live beside each other, each with values of its own", () => {
    const graph = new Graph();
    const x = source(graph, [3], () => 0);
    const y = graph.builder().square(x);
    const sessions = Array.from({ length: 300 }, (_, index) => {
      const session = compiled([y]);
      session.set(x, fromArray("float64", [3], [index, 0, 1]));
      return session;
    });
    for (const [index, session] of sessions.entries()) {
      assert.ok(session.run());
      assert.deepEqual([...session.value(y).data], [index * index, 0, 1]);
    }
  });

  test("graphs alike share one module; other values need no other", () => {
    const build = (value: number) => {
      const graph = new Graph();
      const x = source(graph, [3], (i) => value * i);
      return graph.builder().mul(
        x,
        source(graph, [], () => value),
      );
    };
    const [first, second] = [build(2), build(3)];
    const [a, b] = [compiled([first]), compiled([second])];
    assert.equal(a.report, b.report, "one structure, one report");
    a.run();
    b.run();
    assert.deepEqual([...a.value(first).data], [0, 4, 8]);
    assert.deepEqual([...b.value(second).data], [0, 9, 18]);
  });

  test("a graph of a thousand nodes is a small module: layers alike share their functions", () => {
    const graph = new Graph();
    const build = graph.builder();
    const w = source(graph, [16, 16], (i) => Math.sin(i) / 5);
    let h: Node = source(graph, [8, 16], (i) => Math.cos(i));
    for (let i = 0; i < 110; i++) h = build.tanh(build.add(build.matmul(h, w), h));
    const loss = build.sum(h);
    const gradient = backward(graph, loss, build.onesLike(loss)).gradient(w) as Node; // w moves the loss
    const { report } = assertAgrees([loss, gradient], "deep");
    assert.ok(report.nodes > 1000, String(report.nodes));
    assert.ok(report.moduleBytes < 60_000, String(report.moduleBytes));
  });
});
