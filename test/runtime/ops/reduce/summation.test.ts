// How well sums are summed: against closed forms and against PyTorch's behaviour where naive loops lose digits.
import assert from "node:assert/strict";
import { Graph } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { isFault, isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { fromArray, full, type Tensor } from "../../../../src/runtime/tensor";

function valueOf(
  name: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): Tensor {
  const graph = new Graph();
  const nodes = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, graph.source(value)]));
  const node = graph.apply(operator(name), nodes, attributes);
  assert.ok(!isRejected(node));
  const value = new Evaluator().evaluate(node);
  assert.ok(!isFault(value));
  return value;
}

suite("summation", () => {
  test("a million tenths miss 100000 by less than 1e-10, as in PyTorch", () => {
    const tenths = full("float64", [1_000_000], 0.1);
    // 1e6 · fl(0.1) is 100000.00000000000555; one ulp there is 1.5e-11. PyTorch 1.13 misses by 7e-11, NumPy by 2e-10.
    assert.ok(Math.abs((valueOf("sum", { x: tenths }).data[0] ?? 0) - 100_000) < 1e-10);
    // A running sum misses by 1.3e-6.
    let running = 0;
    for (const value of tenths.data) running += value;
    assert.ok(Math.abs(running - 100_000) > 1e-6);
  });

  test("a float32 sum does not stall at 2^24", () => {
    const ones = full("float32", [20_000_000], 1);
    const total = valueOf("sum", { x: ones });
    assert.equal(total.dtype, "float32");
    assert.equal(total.data[0], 20_000_000);
  });

  test("a float32 mean is that of its elements, rounded once", () => {
    const values = fromArray("float32", [3], [1, 1, 0.1]);
    assert.equal(valueOf("mean", { x: values }).data[0], Math.fround((2 + Math.fround(0.1)) / 3));
  });

  test("the variance of large numbers that differ little is exact", () => {
    const values = fromArray("float64", [3], [1e9 + 4, 1e9 + 7, 1e9 + 13]);
    assert.equal(valueOf("var", { x: values }).data[0], 21);
    assert.equal(valueOf("std", { x: values }).data[0], Math.sqrt(21));
  });

  test("softmax and logsumexp of large numbers neither overflow nor lose the small ones", () => {
    const values = fromArray("float64", [3], [1e4, 1e4 + Math.log(2), 1e4 - 800]);
    const soft = valueOf("softmax", { x: values }, { dim: 0 }).data;
    assert.ok(Math.abs((soft[0] ?? 0) - 1 / 3) < 1e-12 && Math.abs((soft[1] ?? 0) - 2 / 3) < 1e-12);
    assert.ok(
      Math.abs((valueOf("logsumexp", { x: values }, { dim: [0] }).data[0] ?? 0) - 1e4 - Math.log(3)) < 1e-11,
    );
    // softmax underflows there, its logarithm does not
    assert.equal(soft[2], 0);
    const log = valueOf("log_softmax", { x: values }, { dim: 0 }).data[2] ?? 0;
    assert.ok(Math.abs(log + 800 + Math.log(3)) < 1e-11);
  });

  test("whole numbers sum exactly", () => {
    const values = fromArray("int", [3], [2 ** 52, 1, 2 ** 52 - 2]);
    assert.equal(valueOf("sum", { x: values }).data[0], 2 ** 53 - 1);
  });
});
