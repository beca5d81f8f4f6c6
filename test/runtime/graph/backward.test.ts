// Reverse and forward mode without hand-written rules: sums of paths, structural zeros, depth, second order.
import assert from "node:assert/strict";
import { backward, dependsOn, Graph, jacobian, jvp } from "../../../src/runtime/graph";
import { assertNumbers, call, numbers, source, tensorOf } from "./numbers";

suite("backward", () => {
  test("every path to the root contributes, latest first, and the gradient is their sum", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const square = call(graph, "mul", { x, y: x });
    const cube = call(graph, "mul", { x: square, y: x });
    const root = call(graph, "sum", { x: call(graph, "add", { x: square, y: cube }) });
    const pass = backward(graph, root, source(graph, [], [1]));
    // d(x² + x³) = 2x + 3x²
    assertNumbers(pass.gradient(x), [16, 33]);
    const contributions = pass.contributions(x);
    assert.deepEqual(
      contributions.map(({ through }) => through),
      [cube, square, square],
    );
    assert.ok(contributions.every(({ rule }) => rule === undefined));
    const sum = contributions
      .map(({ value }) => numbers(value))
      .reduce((a, b) => a.map((each, i) => each + b[i]!));
    assert.deepEqual(sum, numbers(pass.gradient(x)));
  });

  test("the root's own contribution is the cotangent", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const cotangent = source(graph, [2], [5, 7]);
    const pass = backward(graph, x, cotangent);
    assert.equal(pass.gradient(x), cotangent);
    assert.deepEqual(pass.contributions(x), [{ through: undefined, rule: undefined, value: cotangent }]);
  });

  test("what the root does not depend on is a structural zero", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const other = source(graph, [2], [2, 3]);
    const early = call(graph, "exp", { x });
    const late = call(graph, "exp", { x: early });
    const pass = backward(graph, early, source(graph, [2], [1, 1]));
    assert.equal(pass.gradient(other), undefined);
    assert.equal(pass.gradient(late), undefined);
    assert.deepEqual(pass.contributions(other), []);
  });

  test("stop_gradient, whole numbers and steps let nothing through", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2.5, 3.5]);
    const n = source(graph, [2], [1, 2], "int");
    for (const held of [
      call(graph, "stop_gradient", { x }),
      call(graph, "floor", { x }),
      call(graph, "int", { x }),
      call(graph, "less", { x, y: n }),
    ]) {
      const root = call(graph, "mul", { x: call(graph, "cast", { x: held }, { dtype: "float64" }), y: n });
      const pass = backward(graph, root, source(graph, [2], [1, 1]));
      assert.equal(pass.gradient(x), undefined);
      assert.equal(pass.gradient(n), undefined);
      assert.equal(jvp(graph, x, source(graph, [2], [1, 1])).tangentOf(root), undefined);
    }
  });

  test("nothing is recorded before a gradient is asked for, and each node's only once", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const root = call(graph, "sum", { x: call(graph, "exp", { x }) });
    const one = source(graph, [], [1]);
    const before = graph.nodes.length;
    const pass = backward(graph, root, one);
    assert.equal(graph.nodes.length, before);
    const gradient = pass.gradient(x);
    const after = graph.nodes.length;
    assert.equal(pass.gradient(x), gradient);
    assert.equal(graph.nodes.length, after);
  });

  test("gradients have the shape and type of their node, across broadcasting and mixed floats", () => {
    const graph = new Graph();
    const x = source(graph, [2, 1], [1, 2], "float32");
    const y = source(graph, [3], [1, 2, 3]);
    const root = call(graph, "mul", { x, y });
    assert.equal(root.dtype, "float64");
    const pass = backward(graph, root, source(graph, [2, 3], [1, 1, 1, 1, 1, 1]));
    for (const node of [x, y]) {
      const gradient = tensorOf(pass.gradient(node));
      assert.deepEqual([gradient.shape, gradient.dtype], [node.shape, node.dtype]);
    }
    assertNumbers(pass.gradient(x), [6, 6]);
    assertNumbers(pass.gradient(y), [3, 3, 3]);
  });

  test("a chain of 30,000 turns needs no deep recursion", () => {
    const graph = new Graph();
    const x = source(graph, [], [1]);
    let y = x;
    for (let turn = 0; turn < 30_000; turn++) y = call(graph, "neg", { x: y });
    const one = source(graph, [], [1]);
    assertNumbers(backward(graph, y, one).gradient(x), [1]);
    assertNumbers(jvp(graph, x, one).tangentOf(y), [1]);
    assert.ok(dependsOn(y, x));
  });

  test("a gradient is an ordinary node: it is differentiated again", () => {
    const graph = new Graph();
    const x = source(graph, [], [0.7]);
    const sine = call(graph, "sin", { x });
    const one = source(graph, [], [1]);
    const first = backward(graph, sine, one).gradient(x);
    assert.ok(first !== undefined && first !== "pending");
    const second = backward(graph, first, one).gradient(x);
    assertNumbers(second, [-Math.sin(0.7)]);
    assert.ok(second !== undefined && second !== "pending");
    assertNumbers(backward(graph, second, one).gradient(x), [-Math.cos(0.7)]);
    assertNumbers(jvp(graph, x, one).tangentOf(second), [-Math.cos(0.7)]);
  });
});

suite("jvp", () => {
  test("an inner node can be moved; what comes before it stands still", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const square = call(graph, "mul", { x, y: x });
    const root = call(graph, "mul", { x: square, y: x });
    const pass = jvp(graph, square, source(graph, [2], [1, 1]));
    assert.equal(pass.tangentOf(x), undefined);
    assertNumbers(pass.tangentOf(square), [1, 1]);
    assertNumbers(pass.tangentOf(root), [2, 3]);
  });

  test("one part of a list moves", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const y = source(graph, [1], [5]);
    const joined = call(graph, "cat", { tensors: [x, y, x] });
    assertNumbers(jvp(graph, y, source(graph, [1], [1])).tangentOf(joined), [0, 0, 1, 0, 0]);
    assertNumbers(jvp(graph, x, source(graph, [2], [1, 2])).tangentOf(joined), [1, 2, 0, 1, 2]);
    const pass = backward(graph, joined, source(graph, [5], [1, 2, 3, 4, 5]));
    assertNumbers(pass.gradient(x), [5, 7]);
    assertNumbers(pass.gradient(y), [3]);
  });
});

suite("jacobian", () => {
  test("by rows and by columns it is the same matrix", () => {
    const graph = new Graph();
    const a = [1, 2, 3, 4, 5, 6];
    const matrix = source(graph, [2, 3], a);
    const wide = source(graph, [3], [0.1, 0.2, 0.3]);
    const tall = source(graph, [2], [0.1, 0.2]);
    const byRows = jacobian(graph, call(graph, "matmul", { x: matrix, y: wide }), wide);
    assert.deepEqual(tensorOf(byRows).shape, [2, 3]);
    assertNumbers(byRows, a);
    const byColumns = jacobian(graph, call(graph, "matmul", { x: tall, y: matrix }), tall);
    assert.deepEqual(tensorOf(byColumns).shape, [3, 2]);
    assertNumbers(byColumns, [1, 4, 2, 5, 3, 6]);
  });

  test("its shape is that of y followed by that of x, zeros where there is no dependence", () => {
    const graph = new Graph();
    const x = source(graph, [2, 1], [2, 3]);
    const y = call(graph, "exp", { x });
    assert.deepEqual(tensorOf(jacobian(graph, y, x)).shape, [2, 1, 2, 1]);
    assertNumbers(jacobian(graph, y, x), [Math.exp(2), 0, 0, Math.exp(3)]);
    const none = jacobian(graph, y, source(graph, [3], [1, 2, 3]));
    assert.deepEqual(
      [tensorOf(none).shape, numbers(none)],
      [
        [2, 1, 3],
        [0, 0, 0, 0, 0, 0],
      ],
    );
  });

  test("twice it is the Hessian", () => {
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const [first, second] = [0, 1].map((index) =>
      call(graph, "slice", { x }, { dim: 0, start: index, stop: index + 1 }),
    );
    const root = call(graph, "sum", {
      x: call(graph, "mul", { x: call(graph, "square", { x: first! }), y: second! }),
    });
    const gradient = jacobian(graph, root, x);
    assert.ok(gradient !== "pending");
    assertNumbers(gradient, [12, 4]); // (2 a b, a²)
    assertNumbers(jacobian(graph, gradient, x), [6, 4, 4, 0]); // ((2b, 2a), (2a, 0))
  });
});
