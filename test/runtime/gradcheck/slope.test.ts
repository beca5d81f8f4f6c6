// The Taylor test: 2 for right gradients, 1 for wrong ones, linear roots, and what an absolute tolerance must not hide.
import assert from "node:assert/strict";
import type { Node } from "../../../src/runtime/graph";
import { operator, type OpDefinition } from "../../../src/runtime/ops";
import { Program } from "./program";

function squares(factor: number, scale = 1): { p: Program; loss: Node; x: Node } {
  const p = new Program();
  const x = p.source("x", [4]);
  const y = p.op("tanh", { x }, (b) => b.tanh(x), {
    vjp: { x: (b, u) => b.mul(b.constant(factor), b.mul(u, b.sub(b.constant(1), b.square(b.tanh(x))))) },
  });
  return { p, loss: p.b.mul(p.b.constant(scale), p.b.sum(p.b.square(y))), x };
}

suite("the Taylor slope", () => {
  test("is 2 for a right gradient and 1 for a wrong one", () => {
    for (const [factor, expected] of [
      [1, 2],
      [1.001, 1],
      [2, 1],
    ] as const) {
      const { p, loss, x } = squares(factor);
      const { slope } = p.check(loss, { x });
      assert.ok(slope !== null);
      assert.ok(Math.abs(slope.value - expected) < 0.1, `${factor}: ${slope.value}`);
      assert.equal(slope.steps.length, slope.remainders.length);
    }
  });

  test("says which steps it is read from: above rounding, and those of which it is the slope", () => {
    for (const factor of [1, 1.001]) {
      const { p, loss, x } = squares(factor);
      const { slope } = p.check(loss, { x });
      assert.ok(slope?.chosen);
      const { chosen, steps, remainders, rounding } = slope;
      const read = steps.flatMap((t, i) =>
        t >= chosen.from && t <= chosen.to ? [[t, remainders[i]!] as const] : [],
      );
      assert.ok(steps.includes(chosen.from) && steps.includes(chosen.to) && read.length >= 3);
      assert.ok(read.every(([, remainder]) => remainder > rounding));
      // The least squares line through them, by the normal equations.
      const xs = read.map(([t]) => Math.log(t));
      const ys = read.map(([, remainder]) => Math.log(remainder));
      const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
      const n = read.length;
      const slopeOfThem =
        (n * sum(xs.map((each, i) => each * ys[i]!)) - sum(xs) * sum(ys)) /
        (n * sum(xs.map((each) => each * each)) - sum(xs) ** 2);
      assert.ok(Math.abs(slopeOfThem - slope.value) < 1e-9, `${slopeOfThem} ${slope.value}`);
      assert.ok(
        steps.every((t, i) => t >= chosen.from || remainders[i]! <= rounding),
        "none finer is left out",
      );
    }
  });

  test("is 2 for an exactly linear root, whose remainders are rounding", () => {
    const p = new Program();
    const x = p.source("x", [4]);
    const { slope } = p.check(p.b.sum(p.b.mul(x, p.source("c", [4]))), { x });
    assert.equal(slope?.value, 2);
    assert.equal(slope.chosen, null, "it is read from nothing");
  });

  test("is 2 and 1 for what lives on a scale far below the first steps", () => {
    for (const factor of [1, 1.01]) {
      const p = new Program();
      const x = p.source("x", [4]);
      const y = p.op("waves", { x }, (b) => b.sin(b.mul(b.constant(3e4), x)), {
        vjp: {
          x: (b, u) => b.mul(b.constant(factor * 3e4), b.mul(u, b.cos(b.mul(b.constant(3e4), x)))),
        },
      });
      const slope = p.check(p.b.sum(y), { x }).slope?.value ?? NaN;
      assert.ok(Math.abs(slope - (factor === 1 ? 2 : 1)) < 0.25, String(slope));
    }
  });

  test("is 2 where a step leaves what is saturated and a finer one does not", () => {
    const p = new Program();
    const x = p.source("x", [3], [0.3, -0.2, 0.4]);
    const y = p.b.sum(p.b.tanh(p.b.mul(p.b.constant(200), x)));
    assert.equal(p.check(y, { x }).slope?.value, 2);
  });

  test("is 2 where the gradient is structurally zero", () => {
    const p = new Program();
    const x = p.source("x", [4]);
    assert.equal(p.check(p.b.sum(p.source("c", [4])), { x }).slope?.value, 2);
  });

  test("a wrong gradient far below the absolute tolerance does not pass", () => {
    const { p, loss, x } = squares(2, 1e-12);
    const outcome = p.check(loss, { x });
    assert.equal(outcome.verdict, "failed");
    assert.equal(outcome.leaves[0]!.verdict, "failed");
    assert.match(outcome.reason ?? "", /slope 1/);
    const right = squares(1, 1e-12);
    assert.equal(right.p.check(right.loss, { x: right.x }).verdict, "passed");
  });
});

suite("a wrong built-in derivative", () => {
  for (const scale of [1, 1e-12])
    test(`is found, at scale ${scale}`, () => {
      const p = new Program();
      const x = p.source("x", [3]);
      const { wrongTanh } = planted();
      const y = p.b.exp(p.apply(wrongTanh, { x: p.b.sin(x) }));
      const outcome = p.check(p.b.mul(p.b.constant(scale), p.b.sum(y)), { x });
      assert.equal(outcome.verdict, "failed");
      assert.deepEqual(
        outcome.blame.map(({ rule, node, application }) => [
          rule,
          node.kind === "apply" && node.op.name,
          application,
        ]),
        [["forward", "tanh", undefined]],
      );
    });
});

/** tanh with a derivative that is 1: as an operator of our own that is wrong. */
function planted(): { readonly wrongTanh: OpDefinition } {
  const wrongTanh: OpDefinition = {
    ...operator("tanh"),
    vjp: { x: ({ cotangent }) => cotangent },
    jvp: { x: ({ tangent }) => tangent as Node },
  };
  return { wrongTanh };
}
