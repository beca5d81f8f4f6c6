// Verdicts where values stand on kinks, or next to them: what is undecided says why, and what no convention makes right fails.
import assert from "node:assert/strict";
import { runText } from "../../engine/run-text";

async function check(lines: string, declarations = "") {
  const text = `${declarations}\nrun r {\n${lines}\n}\n`;
  const session = await runText(text, "run");
  const [run] = session.outcome.report.runs ?? [];
  const [report] = run?.gradchecks ?? [];
  assert.ok(report !== undefined, JSON.stringify(session.outcome.diagnostics));
  return report;
}

/** An op by the name of `f`, held against its own value at x, whose elements weigh 1, 2, 3. */
function opOf(body: string, rule: string) {
  const declaration = `op f(x: [...]) -> [...] {\n  return ${body}\n  vjp x(u) = ${rule}\n}`;
  return (x: string) => check(`  x = ${x}\n  gradcheck sum(f(x) * [1.0, 2.0, 3.0]) wrt x`, declaration);
}

suite("gradchecks on kinks", () => {
  test("a kink next to a value is named where differences are uncertain for its sake", async () => {
    const report = await check("  x = [1e-12, 1.0]\n  gradcheck sum(relu(x) * [1.0, 2.0]) wrt x");
    assert.equal(report.verdict, "undecided");
    assert.match(
      report.reason ?? "",
      /^x: relu has a kink within the step at element \[0\]; .*uncertain by/u,
    );
    assert.deepEqual(
      report.kinks.map(({ op, index }) => [op, [...index]]),
      [["relu", [0]]],
    );
  });

  test("where no kink is near, the reason is rounding alone", async () => {
    const report = await check("  x = [1e-6, 2.0]\n  gradcheck sum(1 / (x^2 + 1e-12)) wrt x");
    assert.equal(report.verdict, "undecided");
    assert.match(
      report.reason ?? "",
      /^x: differences are uncertain by \S+, which is too much for a derivative of -0\.25$/u,
    );
    assert.deepEqual(report.kinks, []);
  });

  test("a right derivative lies between the slopes on both sides, whatever rounds", async () => {
    const right = [
      "sum(clamp(x, -1.0, 1.0))",
      "sum(leaky_relu(x + 1) + elu(x + 1) + gelu(x) + softplus(x))",
      "sum(abs(x + 1) + relu(x - 1))",
      "sum(sort(x) * [1.0, 2.0, 3.0])",
    ];
    for (const of of right) {
      const report = await check(`  x = [-1.0, 1.0, 1.0]\n  gradcheck ${of} wrt x`);
      assert.equal(report.verdict, "undecided", of);
      assert.match(report.reason ?? "", /^x: \w+ is on a kink at element \[\d\]$/u, of);
    }
  });

  test("any convention between the slopes is undecided; beyond them a rule is wrong, and blamed", async () => {
    const x = "[0.0, 1.0, -1.0]";
    const ruleAtZero = (value: string) =>
      opOf("relu(x)", `u * where(x == 0, ${value} * ones_like(x), float(x > 0))`);
    for (const value of ["0.3", "0.0", "1.0"]) {
      const report = await ruleAtZero(value)(x);
      assert.equal(report.verdict, "undecided");
      assert.deepEqual(report.blame, []);
    }
    for (const value of ["7", "-1"]) {
      const report = await ruleAtZero(value)(x);
      assert.equal(report.verdict, "failed");
      assert.match(report.reason ?? "", /not between the slopes on both sides/u);
      assert.deepEqual(
        report.blame.map(({ rule, index }) => [rule, [...index]]),
        [["vjp x", [0]]],
      );
    }
  });

  test("where several kinks meet, conventions add up beyond the slopes, and nothing is accused", async () => {
    const report = await opOf("relu(x) - relu(-x)", "u * (2 * (x == 0) + (x != 0))")("[0.0, 1.0, -1.0]");
    assert.equal(report.verdict, "undecided");
    assert.deepEqual(report.blame, []);
  });

  test("a fault does not pass where every value stands on a kink", async () => {
    const wrong = opOf("relu(x)", "u * (x < 0)");
    assert.equal((await wrong("[0.0, 0.0, 0.0]")).verdict, "failed");
    assert.equal((await wrong("[0.0, 0.0, 2.0]")).verdict, "failed");
    const transposed = await check(
      "  X = randn([3, 3])\n  W = zeros([3, 3])\n  gradcheck sum(relu(lin(X, W))^2 + lin(X, W)) wrt W",
      "op lin(x: [N, d], W: [d, m]) -> [N, m] {\n  return x @ W\n  vjp W(u) = x @ u\n}",
    );
    assert.equal(transposed.verdict, "failed");
    assert.equal(transposed.blame[0]?.explanation.kind, "transposed");
  });

  test("a rule that is wrong at one side alone is found where every value stands on the kink", async () => {
    for (const [body, rule] of [
      ["relu(x)", "2 * u * (x > 0)"],
      ["abs(x)", "u * (x >= 0)"],
      ["maximum(x, 0)", "where(x > 0, u, 0.01 * u)"],
    ] as const) {
      const report = await opOf(body, rule)("[0.0, 0.0, 0.0]");
      assert.equal(report.verdict, "failed", rule);
      assert.deepEqual(
        report.blame.map((each) => each.rule),
        ["vjp x"],
      );
      assert.notEqual(report.blame[0]?.explanation.kind, "unknown", rule);
    }
    // Conventions at the kink itself are nobody's fault.
    for (const rule of ["u * (x >= 0)", "u * where(x == 0, 0.5 * ones_like(x), float(x > 0))"]) {
      const report = await opOf("relu(x)", rule)("[0.0, 0.0, 0.0]");
      assert.equal(report.verdict, "undecided");
      assert.deepEqual(report.blame, []);
    }
  });

  test("reasons of every sort are told", async () => {
    const report = await check("  x = [0.0, 1.0, -1.0]\n  gradcheck sum(where(x > 0, sqrt(x), x * 0)) wrt x");
    assert.equal(report.verdict, "undecided");
    assert.match(report.reason ?? "", /greater is on a kink at element \[0\].*; the derivative is NaN$/u);
  });
});
