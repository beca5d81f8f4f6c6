// Gradients as matrix equations: against the formulas that a textbook gives.
import assert from "node:assert/strict";
import { backward, equationOf, Graph, jvp, type Node } from "../../../src/runtime/graph";
import { fromArray, type DType } from "../../../src/runtime/tensor";
import { call } from "./numbers";

class Spec {
  readonly graph = new Graph();
  readonly names = new Map<Node, string>();

  leaf(name: string, shape: readonly number[], dtype: DType = "float64"): Node {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Array.from({ length: count }, (_, index) =>
      dtype === "int" ? index % 2 : 0.3 * index - 0.7,
    );
    return this.named(name, this.graph.source(fromArray(dtype, shape, values)));
  }

  number(value: number): Node {
    return this.graph.source(fromArray("float64", [], [value]));
  }

  named(name: string, node: Node): Node {
    this.names.set(node, name);
    return node;
  }

  call(op: string, operands: Record<string, Node>, attributes = {}): Node {
    return call(this.graph, op, operands, attributes);
  }

  /** The gradients of a scalar at every named node get the names dX, dW, … */
  gradients(root: Node): (node: Node) => { text: string; tex: string } {
    const pass = backward(this.graph, root, this.graph.builder().onesLike(root));
    const own = [...this.names];
    for (const [node, name] of own) {
      const gradient = pass.gradient(node);
      if (gradient !== undefined && gradient !== "pending" && !this.names.has(gradient))
        this.names.set(gradient, `d${name}`);
    }
    return (node) => this.equation(pass.gradient(node));
  }

  equation(node: Node | "pending" | undefined): { text: string; tex: string } {
    assert.ok(node !== undefined && node !== "pending");
    return equationOf(node, (each) => this.names.get(each));
  }
}

suite("equations", () => {
  test("backpropagation through a two-layer classifier with weight decay", () => {
    const spec = new Spec();
    const X = spec.leaf("X", [5, 4]);
    const y = spec.leaf("y", [5], "int");
    const W1 = spec.leaf("W1", [4, 3]);
    const b1 = spec.leaf("b1", [3]);
    const W2 = spec.leaf("W2", [3, 2]);
    const b2 = spec.leaf("b2", [2]);
    const z = spec.named("z", spec.call("add", { x: spec.call("matmul", { x: X, y: W1 }), y: b1 }));
    const h = spec.named("h", spec.call("relu", { x: z }));
    const o = spec.named("o", spec.call("add", { x: spec.call("matmul", { x: h, y: W2 }), y: b2 }));
    const loss = spec.call("cross_entropy", { x: o, target: y });
    const half = (w: Node): Node =>
      spec.call("div", {
        x: spec.call("sum", { x: spec.call("pow", { x: w, y: spec.number(2) }) }),
        y: spec.number(2),
      });
    const decay = spec.call("mul", {
      x: spec.number(0.1),
      y: spec.call("add", { x: half(W1), y: half(W2) }),
    });
    const at = spec.gradients(spec.call("add", { x: loss, y: decay }));
    assert.equal(at(o).text, "0.2 (softmax(o, dim = 1) - one_hot(y))");
    assert.equal(at(W2).text, "0.1 W2 + hᵀ · do");
    assert.equal(at(b2).text, "sum(do, dim = 0)");
    assert.equal(at(h).text, "do · W2ᵀ");
    assert.equal(at(z).text, "dh ⊙ relu′(z)");
    assert.equal(at(W1).text, "0.1 W1 + Xᵀ · dz");
    assert.equal(at(X).text, "dz · W1ᵀ");
    assert.equal(at(W1).tex, "0.1 \\, W_{1} + X^{\\top} \\, dz");
    assert.equal(at(z).tex, "dh \\odot \\operatorname{relu}'\\left(z\\right)");
  });

  test("unnamed nodes are written out in parentheses where they bind less", () => {
    const spec = new Spec();
    const X = spec.leaf("X", [5, 4]);
    const W = spec.leaf("W", [4, 3]);
    const z = spec.named("z", spec.call("matmul", { x: X, y: W }));
    const u = spec.leaf("u", [5, 3]);
    const gradient = backward(spec.graph, spec.call("tanh", { x: z }), u).gradient(W);
    assert.equal(spec.equation(gradient).text, "Xᵀ · (u ⊙ tanh′(z))");
    assert.equal(
      spec.equation(gradient).tex,
      "X^{\\top} \\, \\left(u \\odot \\tanh'\\left(z\\right)\\right)",
    );
  });

  test("numbers come to the front and short fractions stay fractions", () => {
    const spec = new Spec();
    const x = spec.leaf("x", [3, 5]);
    const y = spec.leaf("y", [3, 5]);
    const at = spec.gradients(spec.call("mse_loss", { x, y }));
    assert.equal(at(x).text, "2/15 (x - y)");
    assert.equal(at(x).tex, "\\tfrac{2}{15} \\, \\left(x - y\\right)");
  });

  test("powers, quotients and their rules", () => {
    const spec = new Spec();
    const x = spec.leaf("x", [3]);
    const y = spec.leaf("y", [3]);
    const u = spec.leaf("u", [3]);
    const gradient = (node: Node, of: Node): string =>
      spec.equation(backward(spec.graph, node, u).gradient(of)).text;
    assert.equal(gradient(spec.call("pow", { x, y: spec.number(3) }), x), "3 u ⊙ x²");
    assert.equal(gradient(spec.call("pow", { x, y: spec.number(0.5) }), x), "0.5 u ⊙ x^(-0.5)");
    assert.equal(gradient(spec.call("div", { x, y }), x), "u / y");
    const quotient = spec.named("q", spec.call("div", { x, y }));
    assert.equal(gradient(quotient, y), "-u ⊙ q / y");
    assert.equal(gradient(spec.call("sub", { x, y }), y), "-u");
    assert.equal(gradient(spec.named("e", spec.call("exp", { x })), x), "u ⊙ e");
  });

  test("what is chosen by a condition is marked by it", () => {
    const spec = new Spec();
    const x = spec.leaf("x", [3]);
    const u = spec.leaf("u", [3]);
    const cond = spec.call("greater", { x, y: spec.number(0) });
    const root = spec.call("where", { cond, x, y: spec.number(1) });
    assert.equal(spec.equation(backward(spec.graph, root, u).gradient(x)).text, "u ⊙ [x > 0]");
  });

  test("tangents read as they are pushed forward", () => {
    const spec = new Spec();
    const X = spec.leaf("X", [5, 4]);
    const W = spec.leaf("W", [4, 3]);
    const dW = spec.leaf("Ẇ", [4, 3]);
    const z = spec.named("z", spec.call("matmul", { x: X, y: W }));
    const tangent = jvp(spec.graph, W, dW).tangentOf(spec.call("sigmoid", { x: z }));
    assert.equal(spec.equation(tangent).text, "(X · Ẇ) ⊙ sigmoid′(z)");
  });

  test("a constant that rules share never takes a node's name", () => {
    const spec = new Spec();
    const x = spec.leaf("x", [3]);
    const at = spec.gradients(spec.named("J", spec.call("sum", { x: spec.call("abs", { x }) })));
    assert.equal(at(x).text, "sign(x)");
  });

  test("what would be too long ends in …", () => {
    const spec = new Spec();
    let x = spec.leaf("x", [3]);
    for (let turn = 0; turn < 100; turn++) x = spec.call("sin", { x: spec.call("mul", { x, y: x }) });
    const { text } = spec.equation(x);
    assert.ok(text.includes("…") && text.length < 1000);
  });

  test("names become TeX", () => {
    const spec = new Spec();
    const names = ["lambda", "W1", "z[2]", "m.fc.W", "loss", "θ", "x'", "h₁"];
    const sum = names
      .map((name) => spec.leaf(name, [2]))
      .reduce((total, node) => spec.call("add", { x: total, y: node }));
    const expected = ["\\lambda", "W_{1}", "z_{2}", "m.\\mathrm{fc}.W", "\\mathrm{loss}", "θ", "x'", "h_{1}"];
    assert.equal(spec.equation(sum).tex, expected.join(" + "));
  });
});
