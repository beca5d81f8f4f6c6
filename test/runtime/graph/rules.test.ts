// Hand-written rules: where they replace autodiff, where they do not, holes, nesting, second order.
import assert from "node:assert/strict";
import { backward, Graph, jacobian, jvp, type Node } from "../../../src/runtime/graph";
import { applied, assertNumbers, call, numbers, source } from "./numbers";

const derived = { rules: "derived" } as const;

/** y = w · x with the rules given; both inputs [2]. */
function product(
  rules: Parameters<typeof applied>[3],
  graph = new Graph(),
): { graph: Graph; x: Node; w: Node; y: Node; one: Node } {
  const x = source(graph, [2], [2, 3]);
  const w = source(graph, [2], [5, 7]);
  const y = applied(graph, "op", { x, w }, rules, () => call(graph, "mul", { x, y: w }));
  return { graph, x, w, y, one: source(graph, [2], [1, 1]) };
}

suite("hand-written rules of an op", () => {
  test("are used, right or wrong, and named in the contribution", () => {
    const scale = (factor: number) => (u: Node) =>
      call(graph, "mul", { x: u, y: source(graph, [], [factor]) });
    const { graph, x, w, y, one } = product({
      vjp: { x: (u) => scale(10)(u) },
      jvp: { w: (t) => scale(100)(t) },
    });
    const pass = backward(graph, y, one);
    assertNumbers(pass.gradient(x), [10, 10]);
    assert.deepEqual(
      pass.contributions(x).map(({ through, rule }) => [through, rule]),
      [[y, "vjp x"]],
    );
    assertNumbers(backward(graph, y, one, derived).gradient(x), [5, 7]);
    assertNumbers(jvp(graph, w, one).tangentOf(y), [100, 100]);
    assertNumbers(jvp(graph, w, one, derived).tangentOf(y), [2, 3]);
  });

  test("a missing rule is derived from the body", () => {
    const { graph, w, x, y, one } = product({ vjp: { x: (u) => u }, jvp: { w: (t) => t } });
    assertNumbers(backward(graph, y, one).gradient(w), [2, 3]);
    assertNumbers(jvp(graph, x, one).tangentOf(y), [5, 7]);
  });

  test("a vjp rule is not used for jvp, nor the other way round", () => {
    const { graph, x, y, one } = product({ vjp: { x: (u) => u } });
    assertNumbers(jvp(graph, x, one).tangentOf(y), [5, 7]);
  });

  test("see the sum of all cotangents that arrive", () => {
    const arrived: number[][] = [];
    const { graph, x, y, one } = product({ vjp: { x: (u) => (arrived.push(numbers(u)), u) } });
    const root = call(graph, "add", { x: y, y: call(graph, "mul", { x: y, y: y }) });
    backward(graph, root, one).gradient(x);
    assert.deepEqual(arrived, [[21, 43]]); // 1 + 2y
  });

  test("a hole makes its input pending, and what lies before it, but nothing else", () => {
    const graph = new Graph();
    const before = source(graph, [2], [2, 3]);
    const x = call(graph, "exp", { x: before });
    const w = source(graph, [2], [5, 7]);
    const y = applied(
      graph,
      "op",
      { x, w },
      { vjp: { x: () => undefined }, jvp: { x: () => undefined } },
      () => call(graph, "mul", { x, y: w }),
    );
    const one = source(graph, [2], [1, 1]);
    const pass = backward(graph, call(graph, "add", { x: y, y: before }), one);
    assert.equal(pass.gradient(x), "pending");
    assert.equal(pass.gradient(before), "pending");
    assert.equal(pass.contributions(before).length, 1);
    assertNumbers(pass.gradient(w), numbers(x));
    assert.equal(jvp(graph, before, one).tangentOf(y), "pending");
    assertNumbers(jvp(graph, w, one).tangentOf(y), numbers(x));
    assert.equal(jacobian(graph, y, x), "pending");
    assert.notEqual(backward(graph, y, one, derived).gradient(before), "pending");
  });

  test("a rule may give a gradient where the body has none", () => {
    const graph = new Graph();
    const x = source(graph, [2], [0.2, 0.9]);
    // The straight-through estimator.
    const y = applied(graph, "op", { x }, { vjp: { x: (u) => u }, jvp: { x: (t) => t } }, () =>
      call(graph, "round", { x }),
    );
    const cotangent = source(graph, [2], [4, 5]);
    assertNumbers(backward(graph, y, cotangent).gradient(x), [4, 5]);
    assertNumbers(jvp(graph, x, cotangent).tangentOf(y), [4, 5]);
    assert.equal(backward(graph, y, cotangent, derived).gradient(x), undefined);
  });

  test("an input that reaches the body by another way than its rule counts once by each", () => {
    // f(x, w) with w = x²: the rule for x speaks for x in the body; through w autodiff goes on.
    const graph = new Graph();
    const x = source(graph, [2], [2, 3]);
    const w = call(graph, "square", { x });
    const y = applied(graph, "op", { x, w }, { vjp: { x: (u) => call(graph, "mul", { x: u, y: w }) } }, () =>
      call(graph, "mul", { x, y: w }),
    );
    assertNumbers(backward(graph, y, source(graph, [2], [1, 1])).gradient(x), [12, 27]); // 3x²
  });

  test("a rule's nodes are ordinary: second order goes through the rule, not through the body", () => {
    const graph = new Graph();
    const x = source(graph, [], [2]);
    // Claims that d(x²) is u · x³.
    const y = applied(
      graph,
      "op",
      { x },
      {
        vjp: {
          x: (u) => call(graph, "mul", { x: u, y: call(graph, "pow", { x, y: source(graph, [], [3]) }) }),
        },
      },
      () => call(graph, "square", { x }),
    );
    const one = source(graph, [], [1]);
    const first = backward(graph, y, one).gradient(x);
    assertNumbers(first, [8]);
    assert.ok(first !== undefined && first !== "pending");
    assertNumbers(backward(graph, first, one).gradient(x), [12]);
    assertNumbers(jvp(graph, x, one).tangentOf(first), [12]);
  });

  test("ops that a rule calls bring their own rules to the second order", () => {
    const graph = new Graph();
    const x = source(graph, [], [2]);
    const one = source(graph, [], [1]);
    // g(v) = v² with a rule that says 7u; f(x) = x³ / 3 with the rule u · g(x).
    const g = (v: Node): Node =>
      applied(
        graph,
        "op",
        { v },
        { vjp: { v: (u) => call(graph, "mul", { x: u, y: source(graph, [], [7]) }) } },
        () => call(graph, "square", { x: v }),
      );
    const y = applied(graph, "op", { x }, { vjp: { x: (u) => call(graph, "mul", { x: u, y: g(x) }) } }, () =>
      call(graph, "div", {
        x: call(graph, "pow", { x, y: source(graph, [], [3]) }),
        y: source(graph, [], [3]),
      }),
    );
    const first = backward(graph, y, one).gradient(x);
    assertNumbers(first, [4]);
    assert.ok(first !== undefined && first !== "pending");
    assertNumbers(backward(graph, first, one).gradient(x), [7]);
    assertNumbers(backward(graph, first, one, derived).gradient(x), [4]);
  });
});

suite("hand-written rules of a net", () => {
  /** h = x · w, o = exp(h) returned; rules multiply by 100 so that their way is seen. */
  function net(): { graph: Graph; x: Node; w: Node; h: Node; o: Node; one: Node } {
    const graph = new Graph();
    const x = source(graph, [], [0.5]);
    const w = source(graph, [], [0.25]);
    let h = x;
    const hundred = (u: Node): Node => call(graph, "mul", { x: u, y: source(graph, [], [100]) });
    const o = applied(graph, "net", { x, w }, { vjp: { w: hundred }, jvp: { w: hundred } }, () => {
      h = call(graph, "mul", { x, y: w });
      return call(graph, "exp", { x: h });
    });
    return { graph, x, w, h, o, one: source(graph, [], [1]) };
  }
  const e = Math.exp(0.125);

  test("the rule speaks for its parameter, autodiff for the others and for inner nodes", () => {
    const { graph, x, w, h, o, one } = net();
    const pass = backward(graph, o, one);
    assertNumbers(pass.gradient(w), [100]);
    assertNumbers(pass.gradient(x), [0.25 * e]);
    assertNumbers(pass.gradient(h), [e]);
    assert.equal(pass.contributions(h).length, 1);
  });

  test("what arrives at an inner node from outside flows by autodiff, to ruled inputs too, and adds", () => {
    const { graph, x, w, h, o, one } = net();
    const pass = backward(graph, call(graph, "add", { x: o, y: h }), one);
    assertNumbers(pass.gradient(h), [e + 1]);
    assertNumbers(pass.gradient(w), [100 + 0.5]);
    assert.deepEqual(
      pass.contributions(w).map(({ rule }) => rule),
      ["vjp w", undefined],
    );
    assertNumbers(pass.gradient(x), [0.25 * (e + 1)]);
  });

  test("from a root inside the net there is plain autodiff", () => {
    const { graph, w, h, one } = net();
    assertNumbers(backward(graph, h, one).gradient(w), [0.5]);
  });

  test("in forward mode inner nodes move by autodiff and the result by the rule", () => {
    const { graph, w, x, h, o, one } = net();
    const pass = jvp(graph, w, one);
    assertNumbers(pass.tangentOf(h), [0.5]);
    assertNumbers(pass.tangentOf(o), [100]);
    assertNumbers(pass.tangentOf(call(graph, "add", { x: o, y: h })), [100.5]);
    assertNumbers(jvp(graph, x, one).tangentOf(o), [0.25 * e]);
    assertNumbers(jvp(graph, h, one).tangentOf(o), [e]);
  });

  test("an op's rule inside a net's region is used, but does not reach the net's ruled input", () => {
    const graph = new Graph();
    const x = source(graph, [], [2]);
    const w = source(graph, [], [3]);
    const times = (factor: number) => (u: Node) =>
      call(graph, "mul", { x: u, y: source(graph, [], [factor]) });
    const o = applied(graph, "net", { x, w }, { vjp: { w: times(1000) } }, () => {
      const inner = applied(graph, "op", { a: x, b: w }, { vjp: { a: times(10), b: times(10) } }, () =>
        call(graph, "mul", { x, y: w }),
      );
      return call(graph, "neg", { x: inner });
    });
    const pass = backward(graph, o, source(graph, [], [1]));
    assertNumbers(pass.gradient(x), [-10]);
    assertNumbers(pass.gradient(w), [1000]);
  });
});
