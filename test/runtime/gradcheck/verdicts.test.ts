// Verdicts by leaf: right programs pass, wrong rules fail at their worst entry, kinks are undecided where they are.
import assert from "node:assert/strict";
import type { Node } from "../../../src/runtime/graph";
import { Program, type Rules } from "./program";

/** loss = Σ tanh(X W + b)², with a hand rule for the layer. */
function layer(rules: (x: Node, w: Node) => Rules, dtype: "float64" | "float32" = "float64") {
  const p = new Program({ dtype });
  const x = p.source("x", [5, 4]);
  const w = p.source("W", [4, 3]);
  const bias = p.source("b", [3]);
  const z = p.op("linear", { x, W: w }, (b) => b.matmul(x, w), rules(x, w));
  const loss = p.b.sum(p.b.square(p.b.tanh(p.b.add(z, bias))));
  return { p, x, w, bias, loss };
}

suite("gradcheck's verdicts", () => {
  test("a right program passes at every entry", () => {
    for (const dtype of ["float64", "float32"] as const) {
      const { p, w, bias, loss } = layer(
        (x) => ({ vjp: { W: (b, u) => b.matmul(b.transpose(x), u) } }),
        dtype,
      );
      const outcome = p.check(loss, { W: w, b: bias });
      assert.equal(outcome.verdict, "passed", outcome.reason ?? "");
      assert.equal(outcome.entries, 15);
      assert.ok(outcome.worstError < 1e-7);
    }
  });

  test("a wrong rule fails its own leaf, at an entry with all four answers", () => {
    const { p, w, bias, loss } = layer((x) => ({
      vjp: { W: (b, u) => b.mul(b.constant(2), b.matmul(b.transpose(x), u)) },
    }));
    const outcome = p.check(loss, { W: w, b: bias });
    assert.equal(outcome.verdict, "failed");
    assert.deepEqual(
      outcome.leaves.map(({ name, verdict }) => [name, verdict]),
      [
        ["W", "failed"],
        ["b", "passed"],
      ],
    );
    const worst = outcome.leaves[0]!.worst!;
    assert.ok(Math.abs(worst.rule - 2 * worst.autodiff) < 1e-9);
    assert.ok(Math.abs(worst.forward - worst.autodiff) < 1e-9);
    assert.ok(Math.abs(worst.finiteDifference - worst.autodiff) < 1e-7);
  });

  test("a hole makes its leaf pending and no other", () => {
    const { p, w, bias, loss } = layer(() => ({ vjp: { W: () => undefined } }));
    const outcome = p.check(loss, { W: w, b: bias });
    assert.deepEqual(
      outcome.leaves.map(({ verdict }) => verdict),
      ["pending", "passed"],
    );
    assert.equal(outcome.verdict, "pending");
  });

  test("an entry on a kink is undecided, and only it", () => {
    const p = new Program();
    const x = p.source("x", [2, 2], [0.5, 0, -1, 2]);
    const y = p.op("relu", { x }, (b) => b.maximum(x, b.constant(0)), {
      vjp: { x: (b, u) => b.where(b.greater(x, b.constant(0)), u, b.constant(0)) },
    });
    const outcome = p.check(y, { x });
    assert.equal(outcome.verdict, "undecided");
    assert.match(outcome.reason ?? "", /maximum is on a kink at element \[0, 1\]/);
    assert.deepEqual(
      outcome.kinks.map(({ op, index }) => [op, index]),
      [["maximum", [0, 1]]],
    );
  });

  test("a kink within the first step is stepped around", () => {
    const p = new Program();
    const x = p.source("x", [2], [1e-7, -3e-7]);
    const outcome = p.check(p.b.sum(p.b.apply("relu", [x])), { x });
    assert.equal(outcome.verdict, "passed", outcome.reason ?? "");
  });
});
