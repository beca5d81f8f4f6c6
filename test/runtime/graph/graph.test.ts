// Recording: promotion, refusals, and what builders leave out.
import assert from "node:assert/strict";
import { Graph } from "../../../src/runtime/graph";
import { isRejected, operator } from "../../../src/runtime/ops";
import { call, numbers, source, tensorOf } from "./numbers";

suite("graph", () => {
  test("whole numbers become the float that they meet", () => {
    const graph = new Graph();
    const x = source(graph, [2], [0.5, 1.5], "float32");
    const n = source(graph, [2], [1, 2], "int");
    const sum = call(graph, "add", { x, y: n });
    assert.equal(sum.dtype, "float32");
    assert.deepEqual(numbers(sum), [1.5, 3.5]);
  });

  test("whole numbers stay whole under + - *, and divide as floats", () => {
    const graph = new Graph();
    const n = source(graph, [2], [7, 2], "int");
    assert.equal(call(graph, "mul", { x: n, y: n }).dtype, "int");
    const quotient = call(graph, "div", { x: n, y: source(graph, [], [2], "int") });
    assert.equal(quotient.dtype, "float64");
    assert.deepEqual(numbers(quotient), [3.5, 1]);
  });

  test("a graph of float32 makes float32 of whole numbers alone", () => {
    const graph = new Graph({ float: "float32" });
    assert.equal(call(graph, "exp", { x: source(graph, [1], [1], "int") }).dtype, "float32");
  });

  test("truth values count as whole numbers in sums", () => {
    const graph = new Graph();
    const truth = source(graph, [3], [1, 0, 1], "bool");
    const sum = call(graph, "add", { x: truth, y: truth });
    assert.equal(sum.dtype, "int");
    assert.deepEqual(numbers(sum), [2, 0, 2]);
  });

  test("a condition must be a truth value", () => {
    const graph = new Graph();
    const x = source(graph, [2], [1, 2]);
    const refused = graph.apply(operator("where"), { cond: x, x, y: x }, {});
    assert.ok(isRejected(refused));
    assert.deepEqual(refused.rejected, {
      kind: "dtype",
      input: "cond",
      found: "float64",
      needs: "truth values",
    });
  });

  test("operands that do not broadcast are refused with both dimensions", () => {
    const graph = new Graph();
    const refused = graph.apply(
      operator("add"),
      { x: source(graph, [2, 3], [1, 2, 3, 4, 5, 6]), y: source(graph, [2], [1, 2]) },
      {},
    );
    assert.ok(isRejected(refused) && refused.rejected.kind === "broadcast");
    const { left, right } = refused.rejected;
    assert.deepEqual([left.input, left.axis, left.dim.size], ["x", 1, 3]);
    assert.deepEqual([right.input, right.axis, right.dim.size], ["y", 0, 2]);
  });

  test("an unknown argument is refused", () => {
    const graph = new Graph();
    const refused = graph.apply(operator("elu"), { x: source(graph, [], [1]) }, { slope: 2 });
    assert.ok(isRejected(refused) && refused.rejected.kind === "attribute");
  });

  test("ids grow and operands come before what uses them", () => {
    const graph = new Graph();
    const build = graph.builder();
    const x = source(graph, [2, 2], [1, 2, 3, 4]);
    build.sum(build.matmul(build.transpose(x), build.exp(x)), [0]);
    graph.nodes.forEach((node, index) => {
      assert.equal(node.id, index);
      for (const input of node.inputs) assert.ok(input.id < node.id);
    });
  });
});

suite("builder", () => {
  const graph = new Graph();
  const build = graph.builder("origin");
  const x = source(graph, [2, 3], [1, -2, 3, -4, 5, -6]);

  test("leaves out what changes nothing", () => {
    const one = build.constant(1);
    const zero = build.constant(0);
    for (const same of [
      build.mul(x, one),
      build.mul(one, x),
      build.add(x, zero),
      build.sub(x, zero),
      build.div(x, one),
      build.pow(x, one),
      build.mul(x, build.onesLike(x)),
      build.neg(build.neg(x)),
      build.transpose(build.transpose(x)),
      build.permute(x, [0, -1]),
      build.reshape(x, [2, 3]),
      build.expand(x, [2, 3]),
      build.cast(x, "float64"),
      build.sumTo(x, [2, 3]),
      build.sum(x, []),
      build.flip(x, []),
      build.concatenate([x], 0),
    ]) {
      assert.equal(same, x);
    }
  });

  test("keeps a product with ones that stretches", () => {
    const ones = build.full(1, { shape: [4, 2, 3], dtype: "float64" });
    assert.deepEqual(build.mul(x, ones).shape, [4, 2, 3]);
  });

  test("does not mistake a source of ones for the constant 1", () => {
    const parameter = source(graph, [], [1]);
    assert.notEqual(build.mul(x, parameter), x);
  });

  test("constants take the type of what they meet", () => {
    const single = source(graph, [2], [1, 2], "float32");
    assert.equal(build.mul(single, build.constant(0.1)).dtype, "float32");
    assert.deepEqual(numbers(build.mul(single, build.constant(0.1))), [
      Math.fround(0.1),
      Math.fround(Math.fround(0.1) * 2),
    ]);
    const whole = source(graph, [2], [1, 2], "int");
    assert.equal(build.add(whole, build.constant(1)).dtype, "int");
    assert.equal(build.mul(whole, build.constant(0.5)).dtype, "float64");
    const truth = build.less(single, build.constant(1.5));
    assert.equal(
      graph.builder(undefined, "float32").where(truth, build.constant(1), build.constant(0)).dtype,
      "float32",
    );
  });

  test("sumTo is the adjoint of broadcasting", () => {
    const wide = source(graph, [2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    assert.deepEqual(numbers(build.sumTo(wide, [3])), [22, 26, 30]);
    assert.deepEqual(numbers(build.sumTo(wide, [2, 1])), [30, 48]);
    assert.deepEqual(numbers(build.sumTo(wide, [])), [78]);
    assert.deepEqual(tensorOf(build.sumTo(wide, [1, 2, 1])).shape, [1, 2, 1]);
  });

  test("its nodes carry its origin", () => {
    assert.equal(build.exp(x).origin, "origin");
  });
});
