// Failing checks `a ~= b`: what is wrong with the side that was written by hand, against gradients and against copied numbers.
import assert from "node:assert/strict";
import { backward, type Node } from "../../../src/runtime/graph";
import { explainDifference, type Explanation, type ExplanationKind } from "../../../src/runtime/gradcheck";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault, type Builder } from "../../../src/runtime/ops";
import { fromArray } from "../../../src/runtime/tensor";
import { Program } from "./program";

type B = Builder<Node>;
type Names = Readonly<Record<string, Node>>;

/** A two-layer net of tanh with squared loss, every value named, and its gradients by autodiff. */
function net(sizes: readonly [number, number, number, number] = [4, 2, 3, 2]): {
  p: Program;
  v: Names;
  d: (name: string) => Node;
} {
  const [n, d0, d1, d2] = sizes;
  const p = new Program({ seed: 5 });
  const v: Record<string, Node> = {};
  const name = (key: string, node: Node): Node => (v[key] = p.name(key, node));
  // As lowering does: every expression has an origin of its own, which passes give to what they record.
  const builder = p.graph;
  const b = new Proxy(p.b, {
    get:
      (_, method: keyof B) =>
      (...operands: unknown[]): unknown =>
        Reflect.apply(
          Reflect.get(builder.builder({ method }), method) as () => unknown,
          builder.builder({ method }),
          operands,
        ),
  });
  const x = name("x", p.source("x", [n, d0]));
  const y = name("y", p.source("y", [n, d2]));
  const w1 = name("W[1]", p.source("W[1]", [d1, d0]));
  const b1 = name("b[1]", p.source("b[1]", [d1]));
  const w2 = name("W[2]", p.source("W[2]", [d2, d1]));
  const z1 = name("z[1]", b.add(b.matmul(x, b.transpose(w1)), b1));
  const a1 = name("a[1]", b.tanh(z1));
  const z2 = name("z[2]", b.matmul(a1, b.transpose(w2)));
  const a2 = name("a[2]", b.tanh(z2));
  const loss = name("loss", b.div(b.sum(b.square(b.sub(a2, y))), b.constant(2)));
  const pass = backward(p.graph, loss, p.graph.source(fromArray("float64", [], [1])));
  return { p, v, d: (key) => pass.gradient(v[key]!) as Node };
}

function explain(p: Program, v: Names, actual: Node, expected: Node): Explanation {
  return explainDifference({
    graph: p.graph,
    actual,
    expected,
    evaluator: new Evaluator(),
    scope: Object.entries(v).map(([name, node]) => ({ name, node })),
  });
}

function assertKind(found: Explanation, kind: ExplanationKind, message: RegExp): void {
  assert.equal(found.kind, kind, JSON.stringify(found));
  assert.match(found.message, message);
  assert.ok(found.fit < 1e-3);
}

const T = (b: B, x: Node): Node => b.transpose(x);

suite("explaining a failing check", () => {
  test("f' left out of the last layer, as in the notebook", () => {
    const { p, v, d } = net();
    const { b } = p;
    const wrong = b.matmul(T(b, b.sub(v["a[2]"]!, v.y!)), v["a[1]"]!);
    const found = explain(p, { ...v, wrong }, wrong, d("W[2]"));
    assertKind(
      found,
      "missing-factor",
      /`wrong`.*the factor 1 - a\[2\]\^2, which is tanh′\(z\[2\]\), is missing/,
    );
    assert.equal(found.expression, "1 - a[2]^2");
  });

  test("the same with the sides exchanged", () => {
    const { p, v, d } = net();
    const { b } = p;
    const wrong = b.matmul(T(b, b.sub(v["a[2]"]!, v.y!)), v["a[1]"]!);
    assertKind(explain(p, { ...v, wrong }, d("W[2]"), wrong), "missing-factor", /`wrong`.*1 - a\[2\]\^2/);
  });

  test("a sign, a factor, a transpose", () => {
    const { p, v, d } = net([4, 3, 3, 3]);
    const { b } = p;
    const right = d("W[1]");
    assert.equal(explain(p, v, b.neg(right), right).factor, -1);
    assertKind(explain(p, v, b.neg(right), right), "sign", /sign/);
    const quarter = explain(p, v, b.div(right, b.constant(4)), right);
    assertKind(quarter, "factor", /the division by 4 \(the size of dimension 0 of x\) is too much/);
    assert.equal(quarter.factor, 4);
    const reverse = explain(p, v, right, b.div(right, b.constant(4)));
    assert.equal(reverse.factor, 0.25);
    assertKind(explain(p, v, T(b, right), right), "transposed", /transposed/);
  });

  test("an exchanged argument and a missing sum", () => {
    const { p, v, d } = net([4, 3, 3, 3]);
    const { b } = p;
    const dz = b.mul(b.sub(v["a[2]"]!, v.y!), b.sub(b.constant(1), b.square(v["a[2]"]!)));
    const withZ = b.matmul(T(b, dz), v["z[1]"]!);
    const found = explain(p, v, withZ, d("W[2]"));
    assertKind(found, "other-argument", /`z\[1\]` stands where.*`a\[1\]`/);
    const dz1 = b.mul(b.matmul(dz, v["W[2]"]!), b.sub(b.constant(1), b.square(v["a[1]"]!)));
    const row = b.reshape(b.slice(dz1, 0, 0, 1, 1), [3]);
    assertKind(explain(p, v, row, d("b[1]")), "missing-reduction", /sum/);
  });

  test("a mistake in a value that it is made of", () => {
    const { p, v, d } = net();
    const { b } = p;
    const dz = p.name("dz", b.sub(v["a[2]"]!, v.y!));
    const dW = b.matmul(T(b, dz), v["a[1]"]!);
    assertKind(explain(p, { ...v, dz, dW }, dW, d("W[2]")), "missing-factor", /1 - a\[2\]\^2/);
  });

  test("numbers copied with four digits", () => {
    const { p, v, d } = net();
    const { b } = p;
    const value = new Evaluator().evaluate(d("W[2]"));
    assert.ok(!isFault(value));
    const copied = Float64Array.from(value.data, (x) => Number((2 * x).toPrecision(4)));
    const literal = b.tensor(fromArray("float64", value.shape, copied));
    const found = explain(p, v, d("W[2]"), literal);
    assertKind(found, "factor", /the factor 2/);
    assert.equal(found.factor, 2);
  });

  test("one number with few digits is no evidence", () => {
    const { p, v } = net();
    const literal = p.b.tensor(fromArray("float64", [], [0.7312]));
    assert.equal(explain(p, v, v.loss!, literal).kind, "unknown");
  });

  test("unrelated values are unknown, with the range of their ratio", () => {
    const { p, v } = net();
    const other = p.source("other", [3, 2]);
    const found = explain(p, v, v["W[1]"]!, other);
    assert.equal(found.kind, "unknown");
    assert.match(found.message, /between/);
  });
});
