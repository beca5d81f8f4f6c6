// Derivatives as a spec writes them: matrix products by @, masks by comparisons, columns by [:, None]; by the rules of calculus.
import assert from "node:assert/strict";
import { alongFirst, backward, Graph, specOf, type Node } from "../../../src/runtime/graph";
import { fromArray } from "../../../src/runtime/tensor";
import { call } from "./numbers";

function setting(shapes: Readonly<Record<string, readonly number[]>>) {
  const graph = new Graph();
  const names = new Map<Node, string>();
  const leaves = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const count = shape.reduce((product, size) => product * size, 1);
      const data = Array.from({ length: count }, (_, i) => 0.3 * i - 0.7);
      const node = graph.source(fromArray("float64", shape, data));
      names.set(node, name);
      return [name, node];
    }),
  ) as Record<string, Node>;
  const op = (name: string, operands: Record<string, Node>, attributes = {}): Node =>
    call(graph, name, operands, attributes);
  const gradientText = (root: Node, cotangent: Node, at: Node): string | undefined => {
    const gradient = backward(graph, root, cotangent).gradient(at);
    assert.ok(gradient !== undefined && gradient !== "pending");
    return specOf(gradient, { nameOf: (node) => names.get(node) }, (name, z) =>
      name === "tanh" ? `1 - tanh(${z})^2` : undefined,
    );
  };
  return { leaves, op, gradientText };
}

suite("equations of specs", () => {
  test("a matrix product among factors stands in parentheses", () => {
    const { leaves, op, gradientText } = setting({ X: [5, 4], W: [4, 3], u: [5, 3] });
    const z = op("matmul", { x: leaves.X!, y: leaves.W! });
    const root = op("tanh", { x: z });
    assert.equal(gradientText(root, leaves.u!, leaves.W!), "X.T @ (u * (1 - tanh(X @ W)^2))");
  });

  test("a mask is a comparison", () => {
    const { leaves, op, gradientText } = setting({ x: [4], u: [4], y: [4] });
    const root = op("where", {
      cond: op("greater", { x: leaves.x!, y: leaves.y! }),
      x: leaves.x!,
      y: leaves.y!,
    });
    assert.equal(gradientText(root, leaves.u!, leaves.x!), "u * (x > y)");
    assert.equal(gradientText(root, leaves.u!, leaves.y!), "u * (x <= y)");
  });

  test("a cotangent of rows is a column beside a matrix", () => {
    const { leaves, op, gradientText } = setting({ X: [5, 4], Y: [5, 4], u: [5] });
    const root = op("sum", { x: op("mul", { x: leaves.X!, y: leaves.Y! }) }, { dim: [1] });
    assert.equal(gradientText(root, leaves.u!, leaves.X!), "u[:, None] * Y");
  });

  test("what is picked is put back between zeros, and nothing else", () => {
    const { leaves, op, gradientText } = setting({ x: [5, 7], u: [5, 4], v: [2, 7], w: [5, 3], c: [] });
    const slice = (attributes: object): Node => op("slice", { x: leaves.x! }, attributes);
    const columns = op("mul", { x: slice({ dim: 1, start: 1, stop: 5 }), y: leaves.c! });
    assert.equal(gradientText(columns, leaves.u!, leaves.x!), "c * pad(u, pad = [1, 2])");
    const rows = slice({ dim: 0, start: -2 });
    assert.equal(gradientText(rows, leaves.v!, leaves.x!), "pad(v, pad = [0, 0, 3, 0])");
    const everyOther = slice({ dim: 1, start: 1, step: 2 });
    assert.equal(gradientText(everyOther, leaves.w!, leaves.x!), undefined);
  });

  test("an element of what is stretched from one number is that number", () => {
    const { leaves, op, gradientText } = setting({ W: [3, 2], u: [3, 2], c: [], v: [4] });
    const stretched = op("expand", { x: leaves.c! }, { shape: [4] });
    const of = (x: Node): Node => op("mul", { x: leaves.W!, y: op("select", { x }, { dim: 0, index: 2 }) });
    assert.equal(gradientText(of(stretched), leaves.u!, leaves.W!), "u * c");
    assert.equal(gradientText(of(leaves.v!), leaves.u!, leaves.W!), "u * select(v, dim = 0, index = 2)");
  });

  test("what has no short derivative has no text", () => {
    const { leaves, op, gradientText } = setting({ x: [4], u: [4] });
    assert.equal(gradientText(op("erf", { x: leaves.x! }), leaves.u!, leaves.x!), undefined);
  });

  test("a value along the first dimensions is stretched by hand, others are not", () => {
    assert.equal(alongFirst("u", [5], [5, 4]), "u[:, None]");
    assert.equal(alongFirst("u", [4], [5, 4]), "u");
    assert.equal(alongFirst("u", [], [5, 4]), "u");
    assert.equal(alongFirst("u", [5, 4], [5, 4, 3]), "u[:, :, None]");
  });
});
