/** What holds in a check, element by element: NaN, infinities, tolerances, chains, and what a failure tells. */
import assert from "node:assert/strict";
import { checkDiagnostics } from "../language/check/snippet";
import { runText } from "./run-text";

async function statuses(conditions: readonly string[]): Promise<string[]> {
  const lines = conditions.map((condition) => `  check ${condition}`).join("\n");
  const session = await runText(`run r {\n  a = [1, 2, 3]\n  n = a * nan\n  i = a * inf\n${lines}\n}\n`);
  const checks = session.outcome.report.runs?.[0]?.checks ?? [];
  return checks.map(({ status }, index) => `${conditions[index] ?? ""}: ${status}`);
}

async function all(status: "passed" | "failed", conditions: readonly string[]): Promise<void> {
  assert.deepEqual(
    await statuses(conditions),
    conditions.map((condition) => `${condition}: ${status}`),
  );
}

suite("conditions", () => {
  // numpy.isclose and numpy's comparisons say the same of each.
  test("NaN is close to nothing and in no order", () =>
    all("failed", ["n ~= n", "n == n", "a < n", "a <= n", "a > n", "a >= n", "a ~= n", "n ~= a within 1e9"]));
  test("equal infinities are close, opposite ones and finite numbers are not", async () => {
    await all("passed", [
      "i ~= i",
      "i == i",
      "inf ~= inf",
      "not i ~= -i",
      "not 1 ~= inf",
      "not inf ~= 1",
      "-i < i",
    ]);
    await all("failed", ["i ~= -i", "1 ~= inf", "inf ~= 1 within 1e300", "i == -i", "i < i"]);
  });
  test("tolerances are PyTorch's isclose, or those given", async () => {
    await all("passed", [
      "a ~= a + 1e-9",
      "1 ~= 1.00001",
      "a ~= a + 1 within 1",
      "a ~= 1.5 * a within (0, 0.5)",
      "a ~= a + 1 within (1, 0)",
      "0 ~= 1e-8",
    ]);
    await all("failed", [
      "1 ~= 1.00003",
      "0 ~= 1.1e-8",
      "a ~= a + 1 within (0.9, 0)",
      "a ~= 2.1 * a within (0, 0.5)",
    ]);
  });
  test("each comparison is reduced before `and or not`", async () => {
    await all("passed", [
      "a != [1, 2, 4]",
      "not a < 2",
      "a > 0 and not a > 1",
      "a < 2 or a > 0",
      "0 < a <= 3",
      "(a ~= a) and not (a == 7)",
      "any(a > 2)",
      "(a > 2) == [false, false, true]",
    ]);
    await all("failed", ["a != a", "a == 1 or a == 2", "a < 2 and a > 2", "not a > 0", "1 < a < 3"]);
  });
  test("a failure tells the worst element and both values there", async () => {
    const session = await runText("run r {\n  check [[1, 2], [3, 4]] ~= [[1, 2.1], [3, 9]]\n}\n");
    const check = session.outcome.report.runs?.[0]?.checks[0];
    assert.equal(check?.message, "4 ≉ 9 at [1, 1], 2 of 4 elements");
    assert.deepEqual(check.worst?.index, [1, 1]);
  });
  test("a failure tells what holds instead; of NaN nothing does", async () => {
    const conditions = [
      "2 == 3",
      "3 < 3",
      "4 <= 3",
      "1 > 3",
      "2 >= 3",
      "nan < 3",
      "([1, 2] > 1) == [true, true]",
    ];
    const lines = conditions.map((condition) => `  check ${condition}`).join("\n");
    const checks = (await runText(`run r {\n${lines}\n}\n`)).outcome.report.runs?.[0]?.checks ?? [];
    assert.deepEqual(
      checks.map(({ message }) => message),
      ["2 ≠ 3", "3 ≥ 3", "4 > 3", "1 ≤ 3", "2 < 3", "nan not < 3", "false ≠ true at [0], 1 of 2 elements"],
    );
  });
  test("a check in a loop says at which turn it failed", async () => {
    const text = "run r {\n  for k in [1, 2] {\n    for f in [relu, tanh] { check k ~= f(k) }\n  }\n}\n";
    const checks = (await runText(text)).outcome.report.runs?.[0]?.checks ?? [];
    assert.deepEqual(
      checks.map(({ at, status }) => [at, status]),
      [
        [{ k: 1, f: "relu" }, "passed"],
        [{ k: 1, f: "tanh" }, "failed"],
        [{ k: 2, f: "relu" }, "passed"],
        [{ k: 2, f: "tanh" }, "failed"],
      ],
    );
  });
  test("a check needs a condition, a tolerance a number of at least 0", () => {
    checkDiagnostics(
      `run r {
  a = [1, 2]
  z[1] = 1
  check ⟦sum(a)⟧
  check ⟦relu⟧
  check ⟦z⟧ == 1
  check a ~= a within ⟦-1⟧
  check a ~= a within (1, ⟦a⟧)
  check a == a within ⟦1⟧
  check true and any(a > 1)
}
`.replace("within ⟦1⟧", "⟦within 1⟧"),
      [
        ["NN236", "this is float []"],
        ["NN236", "the function `relu`"],
        ["NN236", "the family `z`"],
        ["NN209", "at least 0"],
        ["NN236", "known before anything runs"],
        ["NN225", "none"],
      ],
    );
  });
  test("`show` and `plot` need values", () => {
    checkDiagnostics('run r {\n  show ⟦relu⟧, 3\n  plot ⟦adam(0.1)⟧\n  show ⟦"text"⟧\n}\n', [
      ["NN236", "the function `relu`"],
      ["NN236", "the optimizer `adam`"],
      ["NN236", "the text"],
    ]);
  });
  test("`show` lists the parameters of a layer", async () => {
    const text =
      "net N(k)(x: [n]) -> [] {\n  param w: [k] = ones()\n  return sum(x) * sum(w)\n}\nrun r {\n  l = N(2)\n  show l\n}\n";
    const shown = (await runText(text)).outcome.report.runs?.[0]?.shown ?? [];
    assert.deepEqual(
      shown.map(({ name, shape }) => [name, shape]),
      [["l.w", [2]]],
    );
  });
});
