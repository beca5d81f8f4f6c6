/** A hole anywhere makes pending what depends on it, and nothing else. */
import assert from "node:assert/strict";
import { runText } from "./run-text";

const declarations = `op square(x: [n]) -> [n] {
  return x^2
  vjp x(u) = ?
}
net M(h)(X: [N, d]) -> [] {
  param W: [d, h] = ?
  return sum(X @ W)
  sample h = 3
}
net P(h)(X: [N, d]) -> [] {
  param W: [d, h] = randn()
  return sum(X @ W)
  sample h = 3
  sample X = ?
}
`;

const statements: readonly string[] = [
  "m = M(3)(ones([2, 4])); check m == 1",
  "m = P(?)(ones([2, 4])); check m == 1",
  "m = P(3)(?); check m == 1",
  "m = P(3)(ones([2, 4]), W = ?); check m == 1",
  "fit = train(P(3), batches(ones([4, 2]), size = 2), sgd(?)); check fit.loss[0] == 1",
  "fit = train(P(3), batches(ones([4, 2]), size = ?), sgd(1)); check fit.loss[0] == 1",
  "m = P(3)(ones([2, 4])); n = update(m, backward(m), adam(?)); check n == 1",
  "const n = ?; check zeros([n]) == 0",
  "check ones([?, 2]) == 1",
  "x = ones([3]); check x[?] == 1",
  "x = ones([3]); check x[0:?] == 1",
  "check [1, ?] == 1",
  "check 1 ~= 1 within ?",
  "check 1 ~= 1 within (?, 1e-3)",
  "check ?(1) == 1",
  "d = backward(?); check d.x == 1",
  "y = square([1.0, 2.0]); d = backward(sum(y)); x = 1.0; check d[y] == 1 and hessian(sum(y), y) == ?",
  "x = ones([2]); y = sum(square(x)); check backward(y)[x] == 2",
  "x = ones([2]); y = sum(square(x)); check jacobian(square(x), x) == 2",
  "iterate y = 1 while ? do y + 1; check y == 1",
  "iterate y = ? while y < 3 do y + 1; check y == 3",
  "iterate y = 1 while y < 3 do ?; check y == 3",
  "z[1] = ?; check z[1] == 1",
  "check jvp(?, 1)[1] == 1",
];

suite("holes", () => {
  for (const statement of statements) {
    test(`pending: ${statement}`, async () => {
      const text = `${declarations}run r {\n  ${statement}\n  check "other": 1 == 1\n}\n`;
      const session = await runText(text);
      const [run] = session.outcome.report.runs ?? [];
      assert.deepEqual(
        session.outcome.diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ message }) => message),
        [],
      );
      assert.deepEqual(
        run?.checks.map(({ status }) => status),
        ["pending", "passed"],
      );
    });
  }

  test("of ops, nets and samples: their gradchecks are pending", async () => {
    const session = await runText(declarations, "gradcheck");
    const { ops = [], nets = [] } = session.outcome.report;
    assert.deepEqual(
      [...ops, ...nets].map(({ name, gradcheck }) => [name, gradcheck.verdict]),
      [
        ["square", "pending"],
        ["M", "pending"],
        ["P", "pending"],
      ],
    );
  });
});
