// The evaluator: memory, replaced values, dtypes, faults.
import assert from "node:assert/strict";
import { Graph, type Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault, type OpDefinition, operator } from "../../../src/runtime/ops";
import { fromArray, full, scalar } from "../../../src/runtime/tensor";
import { call, source } from "../graph/numbers";

function values(evaluator: Evaluator, node: Node): number[] {
  const value = evaluator.evaluate(node);
  assert.ok(!isFault(value));
  return [...value.data];
}

suite("evaluator", () => {
  test("computes each node once", () => {
    const graph = new Graph();
    let calls = 0;
    const exp = operator("exp");
    const counting: OpDefinition = { ...exp, forward: (context) => ((calls += 1), exp.forward(context)) };
    const node = graph.apply(counting, { x: source(graph, [], [0]) }, {}) as Node;
    const root = call(graph, "add", { x: node, y: node });
    const evaluator = new Evaluator();
    assert.deepEqual(values(evaluator, root), [2]);
    assert.deepEqual(values(evaluator, node), [1]);
    assert.equal(calls, 1);
  });

  test("replaces values of leaves and of inner nodes, and forgets exactly what depends on them", () => {
    const graph = new Graph();
    const x = source(graph, [], [2]);
    const y = source(graph, [], [3]);
    const square = call(graph, "square", { x });
    const other = call(graph, "exp", { x: y });
    const root = call(graph, "mul", { x: square, y });
    const evaluator = new Evaluator();
    assert.deepEqual(values(evaluator, root), [12]);
    const kept = evaluator.evaluate(other);
    evaluator.replace(new Map([[x, scalar(5)]]));
    assert.deepEqual(values(evaluator, root), [75]);
    assert.equal(evaluator.evaluate(other), kept);
    evaluator.replace(new Map([[square, scalar(100)]]));
    assert.deepEqual(values(evaluator, root), [300]);
    evaluator.replace(new Map([[x, scalar(7)]]));
    assert.deepEqual(values(evaluator, root), [300], "a given inner node no longer depends on x");
    assert.deepEqual(values(new Evaluator({ values: new Map([[square, scalar(1)]]) }), root), [3]);
  });

  test("evaluates a float32 graph in float64 and the other way round", () => {
    const graph = new Graph();
    const x = source(graph, [], [0.1], "float32");
    const root = call(graph, "mul", { x, y: x });
    assert.deepEqual(values(new Evaluator(), root), [Math.fround(Math.fround(0.1) * Math.fround(0.1))]);
    const wide = new Evaluator({ float: "float64" }).evaluate(root);
    assert.ok(!isFault(wide));
    assert.equal(wide.dtype, "float64");
    assert.deepEqual([...wide.data], [Math.fround(0.1) * Math.fround(0.1)]);
    const count = source(graph, [], [3], "int");
    const kept = new Evaluator({ float: "float32" }).evaluate(count);
    assert.ok(!isFault(kept));
    assert.equal(kept.dtype, "int");
  });

  test("a fault names its node and spreads to what depends on it", () => {
    const graph = new Graph();
    const power = call(graph, "pow", {
      x: source(graph, [2], [2, 3], "int"),
      y: source(graph, [2], [1, -1], "int"),
    });
    const root = call(graph, "add", { x: power, y: source(graph, [], [1], "int") });
    const fault = new Evaluator().evaluate(root);
    assert.ok(isFault(fault));
    assert.equal(fault.node, power);
    assert.equal(fault.fault.input, "y");
    assert.deepEqual(fault.fault.index, [1]);
    assert.match(fault.fault.message, /-1/);
  });

  test("refuses to take more memory than allowed, and gives back what is forgotten", () => {
    const graph = new Graph();
    const x = graph.source(full("float64", [100], 1));
    const small = call(graph, "exp", { x });
    const large = call(graph, "expand", { x: small }, { shape: [100, 100] });
    const evaluator = new Evaluator({ memoryLimit: 10_000 });
    const fault = evaluator.evaluate(large);
    assert.ok(isFault(fault) && fault.fault.kind === "memory");
    assert.match(fault.fault.message, /\[100, 100\]/);
    for (let turn = 0; turn < 50; turn++) {
      evaluator.replace(new Map([[x, full("float64", [100], turn)]]));
      assert.equal(values(evaluator, small)[0], Math.exp(turn));
    }
  });

  test("elementwise kernels broadcast across blocks", () => {
    // Larger than one block, with every kind of operand: whole, stretched rows, stretched columns, a scalar.
    const graph = new Graph();
    const [rows, columns] = [37, 101];
    const count = rows * columns;
    const whole = fromArray(
      "float64",
      [rows, columns],
      Array.from({ length: count }, (_, i) => i),
    );
    const row = fromArray(
      "float64",
      [columns],
      Array.from({ length: columns }, (_, i) => 0.5 * i),
    );
    const column = fromArray(
      "int",
      [rows, 1],
      Array.from({ length: rows }, (_, i) => 1000 * i),
    );
    const sum = call(graph, "add", { x: graph.source(whole), y: graph.source(row) });
    const root = call(graph, "where", {
      cond: call(graph, "less", { x: sum, y: graph.source(column) }),
      x: call(graph, "mul", { x: sum, y: graph.source(column) }),
      y: graph.source(scalar(-1)),
    });
    const expected = Array.from({ length: count }, (_, i) => {
      const found = i + 0.5 * (i % columns);
      const limit = 1000 * Math.floor(i / columns);
      return found < limit ? found * limit : -1;
    });
    assert.deepEqual(values(new Evaluator(), root), expected);
  });
});
