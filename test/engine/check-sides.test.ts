// Which side of a failed check is explained, and that the sides are held against each other at every element that either has.
import assert from "node:assert/strict";
import type { CheckReport } from "../../src/protocol";
import { runText } from "./run-text";

const regression = (check: string, jvp = "2 * sum(x * dx)"): string => `op energy(x: [n, k]) -> [] {
  return sum(x^2)
  jvp x(dx) = ${jvp}
}

run r {
  A = randn([3, 2])
  x = randn([2, 1])
  u = randn([2, 1])
  J = energy(A @ x)
  t = jvp(x, u)
  forward = [jvp(x, basis(x, i, 0)).J for i in 0 to 1]
  gradient = 2 * A.T @ (A @ x)
  check ${check}
}
`;

async function failed(check: string, jvp?: string): Promise<CheckReport> {
  const { outcome } = await runText(regression(check, jvp), "run");
  const [report] = outcome.report.runs?.[0]?.checks ?? [];
  assert.equal(report?.status, "failed");
  return report;
}

suite("the sides of a failed check", () => {
  test("right, they hold", async () => {
    const { outcome } = await runText(regression("t.J ~= sum(gradient * u)"), "run");
    assert.deepEqual(
      outcome.report.runs?.[0]?.checks.map(({ status }) => status),
      ["passed"],
    );
  });

  test("a row against a column is transposed, not a factor of one", async () => {
    const { explanation } = await failed("reshape(forward, [2, 1]) ~= gradient.T");
    assert.equal(explanation?.kind, "transposed");
    assert.doesNotMatch(explanation.message, /factor/);
  });

  test("a derivative that a forward pass has made is not accused", async () => {
    const { explanation } = await failed("t.J ~= sum(A.T @ (A @ x) * u)");
    assert.equal(explanation?.kind, "factor");
    assert.match(explanation.message, /^the right side: the factor 2 is missing/);
    assert.equal(explanation.factor, 0.5);
  });
});
