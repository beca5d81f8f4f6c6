// `finite_differences` gives the numbers that moving each element by the step gives, truncation included, and soon for many.
import assert from "node:assert/strict";
import { centralDifferences } from "../../src/engine/finite-differences";
import { Graph, type Node } from "../../src/runtime/graph";
import { fromArray, full, torchGenerator, type Tensor } from "../../src/runtime/tensor";

function setting() {
  const graph = new Graph();
  const draw = torchGenerator(3);
  return {
    graph,
    b: graph.builder(),
    source: (...shape: number[]): Node => graph.source(draw.randn(shape, "float64")),
  };
}

function differences(
  graph: Graph,
  root: Node,
  node: Node,
  step?: number,
  poll: (done: number, total: number) => void = () => undefined,
): Tensor {
  const cotangent = graph.source(full("float64", root.shape, 1));
  const found = centralDifferences({ root, cotangent, node, step, poll });
  assert.ok("data" in found);
  return found;
}

suite("finite differences", () => {
  test("of cubes with step h are 3x² + h², for 60,000 elements at once", () => {
    const { graph, b, source } = setting();
    const x = source(300, 200);
    const cubes = b.pow(x, graph.source(fromArray("float64", [], [3])));
    let polls = 0;
    for (const root of [cubes, b.sum(cubes)]) {
      const found = differences(graph, root, x, 0.25, () => polls++);
      const at = x.kind === "source" ? x.value.data : [];
      found.data.forEach((value: number, i: number) => {
        const expected = 3 * at[i]! ** 2 + 0.0625;
        assert.ok(Math.abs(value - expected) <= 1e-9 * expected, `${value}, not ${expected}`);
      });
    }
    assert.ok(polls < 100);
  });

  test("of elements that meet are those of each moved by itself", () => {
    const { graph, b, source } = setting();
    const [x, w] = [source(3, 4), source(4, 2)];
    // softmax of two scores: p = σ(s₁ − s₂).
    const p = b.apply("softmax", [b.matmul(x, w)], { dim: 1 });
    const first = b.sum(b.slice(p, 1, 0, 1, 1));
    const found = differences(graph, first, w, 0.5);
    const [xs, ws] = [x, w].map((node) => (node.kind === "source" ? node.value.data : []));
    const value = (weights: ArrayLike<number>): number =>
      [0, 1, 2].reduce((sum, row) => {
        const score = (column: number): number =>
          [0, 1, 2, 3].reduce((s, k) => s + xs![row * 4 + k]! * weights[k * 2 + column]!, 0);
        return sum + 1 / (1 + Math.exp(score(1) - score(0)));
      }, 0);
    found.data.forEach((difference: number, i: number) => {
      const [above, below] = [0.5, -0.5].map((by) =>
        value(Float64Array.from(ws!, (v, j) => v + (i === j ? by : 0))),
      );
      assert.ok(Math.abs(difference - (above! - below!)) <= 1e-13);
    });
  });

  test("what stop_gradient gives stays as it is", () => {
    const { graph, b, source } = setting();
    const x = source(5);
    const root = b.mul(x, b.apply("stop_gradient", [x]));
    const at = x.kind === "source" ? x.value.data : [];
    differences(graph, root, x, 0.5).data.forEach((value: number, i: number) => {
      assert.ok(Math.abs(value - at[i]!) <= 1e-14);
    });
  });

  test("a root that has no value says why", () => {
    const { graph, b, source } = setting();
    const x = source(2);
    const far = graph.source(fromArray("int", [1], [7]));
    const root = b.apply("index_select", [x, far], { dim: 0 });
    const cotangent = graph.source(full("float64", root.shape, 1));
    const found = centralDifferences({ root, cotangent, node: x, step: undefined, poll: () => undefined });
    assert.ok("message" in found);
  });

  test("cancelling is heard", () => {
    const { graph, b, source } = setting();
    const x = source(40, 40);
    const cancelled = new Error("cancelled");
    assert.throws(
      () =>
        differences(graph, b.sum(b.apply("softmax", [x], { dim: 1 })), x, undefined, () => {
          throw cancelled;
        }),
      cancelled,
    );
  });
});
