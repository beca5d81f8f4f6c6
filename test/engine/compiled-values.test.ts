// Values of a run that are computed all at once: the same ones, and every fault is left to the reference evaluator.
import assert from "node:assert/strict";
import { computeTogether } from "../../src/engine/compiled-values";
import { Graph, type Node } from "../../src/runtime/graph";
import { Evaluator } from "../../src/runtime/interpret";
import { isFault, isRejected, operator } from "../../src/runtime/ops";
import { fromArray, full } from "../../src/runtime/tensor";
import { runText } from "./run-text";

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

const plain = { gradients: () => [], memoryLimit: Infinity };

suite("values computed together", () => {
  test("heavy values are known at once and are those of the reference", () => {
    const graph = new Graph();
    const y = product(graph, 320);
    const total = graph.builder().sum(y);
    const [together, alone] = [new Evaluator(), new Evaluator()];
    computeTogether(together, { ...plain, nodes: [y, total] });
    assert.ok(together.has(y) && together.has(total));
    const [found, expected] = [together.evaluate(y), alone.evaluate(y)];
    assert.ok(!isFault(found) && !isFault(expected));
    expected.data.forEach((value: number, index: number) => {
      assert.ok(Math.abs(found.data[index]! - value) <= 1e-12 * Math.max(1, Math.abs(value)) * 320);
    });
  });

  test("gradients are recorded and known where values are heavy, and not asked for where they are light", () => {
    const evaluator = new Evaluator();
    const graph = new Graph();
    // Their own work is not enough, but that of their gradients is.
    const y = product(graph, 250);
    const other = product(graph, 250);
    computeTogether(evaluator, { ...plain, nodes: [y], gradients: () => [other] });
    assert.ok(evaluator.has(y) && evaluator.has(other));
    const light = (): never => assert.fail("nobody asks for these");
    computeTogether(evaluator, { ...plain, nodes: [product(graph, 20)], gradients: light });
  });

  test("values are known where their gradients do not fit into memory, or are at fault", () => {
    for (const isFaulty of [false, true]) {
      const evaluator = new Evaluator();
      const graph = new Graph();
      const [y, other] = [product(graph, 320), product(graph, 330)];
      const index = graph.source(fromArray("int", [1], [330]));
      const picked = graph.apply(operator("index_select"), { x: other, index }, { dim: 0 });
      assert.ok(!isRejected(picked));
      // Three tensors and what a module has beside them, but not six.
      const memoryLimit = isFaulty ? Infinity : 4 * 8 * 320 ** 2;
      const gradients = (): Node[] => [isFaulty ? picked : other];
      computeTogether(evaluator, { nodes: [y], gradients, memoryLimit });
      assert.ok(evaluator.has(y));
      assert.ok(!evaluator.has(other) && !evaluator.has(picked));
    }
  });

  test("a heavy run's report has the gradients of its root, whether the spec asks for them or not", async () => {
    for (const pass of ["", "  g = backward(m.loss)\n"]) {
      const { outcome } = await runText(`net Squares()(x: [N, n]) -> [] {
  param w: [n, n] = normal(0, 1)
  y = x @ w
  # What the gradient at x is.
  dx = y @ w.T * (2 / (N * n))
  loss = mean(y ^ 2)
  return loss
}

run heavy {
  x = randn([300, 300])
  m = Squares()(x)
${pass}}
`);
      const { nodes } = outcome.targets[0]!;
      const [x, dx] = ["x", "m.dx"].map((name) => nodes.find((node) => node.name === name)!);
      const [found, expected] = [x!.gradient, dx!.value];
      assert.ok(typeof found === "object" && found !== null && expected !== null);
      assert.deepEqual(found.shape, [300, 300]);
      for (const key of ["mean", "deviation", "min", "max"] as const)
        assert.ok(Math.abs(found[key] - expected[key]) <= 1e-12 * expected.max, key);
    }
  });

  test("light values, and those that do not fit into memory, wait until they are asked for", () => {
    const graph = new Graph();
    const evaluator = new Evaluator();
    computeTogether(evaluator, { ...plain, nodes: [product(graph, 20)] });
    const heavy = product(graph, 320);
    computeTogether(evaluator, { ...plain, nodes: [heavy], memoryLimit: 1000 });
    assert.ok(!evaluator.has(heavy));
  });

  test("where an operand is at fault nothing is taken over", () => {
    const graph = new Graph();
    const y = product(graph, 320);
    const index = graph.source(fromArray("int", [1], [320]));
    const picked = graph.apply(operator("index_select"), { x: y, index }, { dim: 0 });
    assert.ok(!isRejected(picked));
    const evaluator = new Evaluator();
    computeTogether(evaluator, { ...plain, nodes: [y, picked] });
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
