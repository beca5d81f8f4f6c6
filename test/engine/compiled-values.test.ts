// Values of a run that are computed all at once: the same ones, and every fault is left to the reference evaluator.
import assert from "node:assert/strict";
import { computeTogether } from "../../src/engine/compiled-values";
import { Graph, type Node } from "../../src/runtime/graph";
import { Evaluator } from "../../src/runtime/interpret";
import { isFault, isRejected, operator } from "../../src/runtime/ops";
import { fromArray, full } from "../../src/runtime/tensor";

/** n³ multiplications. */
function product(graph: Graph, n: number): Node {
  const build = graph.builder();
  const source = (scale: number): Node =>
    graph.source(
      fromArray(
        "float64",
        [n, n],
        Array.from({ length: n * n }, (_, i) => Math.sin(scale * i)),
      ),
    );
  return build.tanh(build.matmul(source(1), source(2)));
}

suite("values computed together", () => {
  test("heavy values are known at once and are those of the reference", () => {
    const graph = new Graph();
    const y = product(graph, 320);
    const total = graph.builder().sum(y);
    const [together, alone] = [new Evaluator(), new Evaluator()];
    computeTogether(together, [y, total], Infinity);
    assert.ok(together.has(y) && together.has(total));
    const [found, expected] = [together.evaluate(y), alone.evaluate(y)];
    assert.ok(!isFault(found) && !isFault(expected));
    expected.data.forEach((value: number, index: number) => {
      assert.ok(Math.abs(found.data[index]! - value) <= 1e-12 * Math.max(1, Math.abs(value)) * 320);
    });
  });

  test("light values, and those that do not fit into memory, wait until they are asked for", () => {
    const graph = new Graph();
    const evaluator = new Evaluator();
    computeTogether(evaluator, [product(graph, 20)], Infinity);
    const heavy = product(graph, 320);
    computeTogether(evaluator, [heavy], 1000);
    assert.ok(!evaluator.has(heavy));
  });

  test("where an operand is at fault nothing is taken over", () => {
    const graph = new Graph();
    const y = product(graph, 320);
    const index = graph.source(fromArray("int", [1], [320]));
    const picked = graph.apply(operator("index_select"), { x: y, index }, { dim: 0 });
    assert.ok(!isRejected(picked));
    const evaluator = new Evaluator();
    computeTogether(evaluator, [y, picked], Infinity);
    assert.ok(!evaluator.has(y));
    const found = evaluator.evaluate(picked);
    assert.ok(isFault(found) && found.node === picked);
  });

  test("an evaluator forgets what it was told when a value changes", () => {
    const graph = new Graph();
    const build = graph.builder();
    const x = graph.source(full("float64", [2], 1));
    const y = build.square(build.neg(x));
    const evaluator = new Evaluator();
    evaluator.know(new Map([[y, full("float64", [2], 1)]]));
    assert.equal(evaluator.bytes, 16);
    evaluator.replace(new Map([[x, full("float64", [2], 3)]]));
    const found = evaluator.evaluate(y);
    assert.ok(!isFault(found));
    assert.deepEqual([...found.data], [9, 9]);
  });
});
