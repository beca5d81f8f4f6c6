// What a gradcheck promises, each in a spec of its own: what must not pass, what must not fail, and what is told apart.
import assert from "node:assert/strict";
import { runText } from "../../engine/run-text";

async function check(lines: string, declarations = "") {
  const session = await runText(`${declarations}\nrun r {\n${lines}\n}\n`, "run");
  const [run] = session.outcome.report.runs ?? [];
  const [report] = run?.gradchecks ?? [];
  assert.ok(report !== undefined, JSON.stringify(session.outcome.diagnostics));
  return report;
}

const square = (rule: string) => `op sq(x: [...]) -> [...] {\n  return 1e-10 * x^2\n  vjp x(u) = ${rule}\n}`;

suite("what a gradcheck promises", () => {
  test("an absolute tolerance that is larger than all gradients grants no pass where the slope says 1", async () => {
    const lines = "  x = [1.0, 2.0, 3.0]\n  gradcheck sum(sq(x)) wrt x";
    const right = await check(lines, square("2e-10 * x * u"));
    assert.equal(right.verdict, "passed");
    assert.ok(Math.abs((right.slope?.value ?? 0) - 2) < 0.1);
    const wrong = await check(lines, square("1e-10 * x * u"));
    assert.equal(wrong.verdict, "failed");
    assert.ok(Math.abs((wrong.slope?.value ?? 0) - 1) < 0.1);
    assert.match(wrong.reason ?? "", /below the absolute tolerance, but the remainder falls with slope 1/u);
    assert.equal(wrong.blame[0]?.explanation.factor, 2);
  });

  test("each pair of rules is adjoint or told; a wrong jvp is blamed though every gradient is right", async () => {
    const rules = (jvp: string) =>
      `op lin(A: [n, m], x: [m]) -> [n] {\n  return A @ x\n  vjp x(u) = A.T @ u\n  jvp x(v) = ${jvp}\n}`;
    const lines = "  A = randn([4, 3])\n  x = randn([3])\n  gradcheck lin(A, x) wrt x";
    const right = await check(lines, rules("A @ v"));
    assert.equal(right.verdict, "passed");
    assert.ok(right.adjoint.length === 1 && Number(right.adjoint[0]?.error) < 1e-14);
    const wrong = await check(lines, rules("2 * A @ v"));
    assert.equal(wrong.verdict, "failed");
    assert.ok(Number(wrong.adjoint[0]?.error) > 1e-3);
    assert.deepEqual(
      wrong.blame.map(({ rule, explanation: { kind } }) => [rule, kind]),
      [["jvp x", "factor"]],
    );
  });

  test("what is exactly linear has a remainder of rounding alone, and passes", async () => {
    const report = await check("  x = [1.0, 2.0]\n  gradcheck sum(3 * x) wrt x");
    assert.equal(report.verdict, "passed");
    assert.equal(report.slope?.value, 2);
    assert.equal(report.slope.chosen, null);
    const wrong = await check(
      "  x = [1.0, 2.0]\n  gradcheck sum(f(x)) wrt x",
      "op f(x: [...]) -> [...] {\n  return 3 * x\n  vjp x(u) = 2 * u\n}",
    );
    assert.equal(wrong.verdict, "failed");
    assert.ok(Math.abs((wrong.slope?.value ?? 0) - 1) < 0.1);
  });

  test("a rule that stands in for steps is not judged; mistakes beside it are, and rules of what does not count at all", async () => {
    const steps = (k: string) =>
      `op scaled(x: [n], k: [n]) -> [n] {\n  return round(x) * k\n  vjp x(u) = u * k\n  vjp k(u) = ${k}\n}`;
    const lines = "  x = randn([3])\n  k = randn([3])\n  gradcheck sum(scaled(x, k)^2) wrt x, k";
    const right = await check(lines, steps("u * round(x)"));
    assert.deepEqual(
      right.leaves.map(({ name, verdict }) => [name, verdict]),
      [
        ["x", "undecided"],
        ["k", "passed"],
      ],
    );
    assert.match(right.reason ?? "", /`vjp x` of `scaled` stands in/u);
    const wrong = await check(lines, steps("2 * u * round(x)"));
    assert.equal(wrong.verdict, "failed");
    assert.deepEqual(
      wrong.blame.map(({ rule }) => rule),
      ["vjp k"],
    );
    const idle = await check(
      "  x = randn([3])\n  gradcheck sum(idle(x, x)) wrt x",
      "op idle(x: [n], k: [n]) -> [n] {\n  return 2 * k\n  vjp x(u) = u\n  vjp k(u) = 2 * u\n}",
    );
    assert.equal(idle.verdict, "failed");
  });

  test("what is stopped is a constant for differences too", async () => {
    const report = await check(
      "  x = [1.0, 2.0]\n  gradcheck sum(stop_gradient(x) * x + stop_gradient(tanh(x))) wrt x",
    );
    assert.equal(report.verdict, "passed");
    const worst = report.leaves[0]?.worst;
    assert.ok(Math.abs(Number(worst?.finiteDifference) - (worst?.index[0] === 0 ? 1 : 2)) < 1e-6);
  });

  test("structural zeros are told apart from zeros", async () => {
    const zero = await check("  x = [1.0]\n  q = [5.0]\n  gradcheck sum(3 * x + 0 * q) wrt x, q");
    assert.deepEqual([zero.verdict, zero.reason], ["passed", null]);
    const none = await check("  x = [1.0]\n  q = [5.0]\n  gradcheck sum(3 * x) wrt x, q");
    assert.deepEqual(
      [none.verdict, none.reason],
      ["passed", "zeros are structural at q: nothing that counts depends on it"],
    );
    const stopped = await check(
      "  x = [1.0]\n  q = [5.0]\n  gradcheck sum(3 * x + stop_gradient(q)) wrt x, q",
    );
    assert.match(stopped.reason ?? "", /structural at q/u);
  });

  test("a float32 run is checked in float64, and does not fail for being float32", async () => {
    const report = await check(
      "  dtype float32\n  x = randn([6, 5]) * 1000\n  W = randn([5, 4]) / 1000\n  gradcheck mean((f(x @ W) - 1e4)^2) wrt x, W",
      "op f(z: [...]) -> [...] {\n  a = sigmoid(z)\n  return a\n  vjp z(u) = u * a * (1 - a)\n}",
    );
    assert.equal(report.verdict, "passed");
  });

  test("symmetric inputs and cotangents of ones hide no transposed rule", async () => {
    const text = (rule: string) => `op f(A: [n, n]) -> [n, n] {\n  return A @ A.T\n  vjp A(u) = ${rule}\n}`;
    const lines = "  A = ones([3, 3])\n  gradcheck f(A) wrt A";
    assert.equal((await check(lines, text("(u + u.T) @ A"))).verdict, "passed");
    assert.equal((await check(lines, text("(u + u) @ A"))).verdict, "failed");
    assert.equal((await check(lines, text("2 * u.T @ A"))).verdict, "failed");
  });
});
