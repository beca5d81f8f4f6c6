/** The examples' literal numbers are PyTorch's and NumPy's, printed by the course notebooks. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { examples, runText, troubles } from "./run-text";

const checksIn: Readonly<Record<string, number>> = {
  "any-depth": 21,
  "autograd-tutorial": 16,
  "linear-maps": 16,
  "toy-library": 23,
  "weight-decay": 18,
};

suite("the five notebooks", () => {
  for (const [name, count] of Object.entries(checksIn)) {
    test(`every check of ${name} holds`, async () => {
      const session = await runText(readFileSync(path.join(examples, `${name}.nnspec`), "utf8"));
      const kink =
        name === "toy-library"
          ? troubles(session).filter((line) => !/gradcheck y\[relu\] undecided/u.test(line))
          : troubles(session);
      assert.deepEqual(kink, []);
      const checks = (session.outcome.report.runs ?? []).flatMap((run) => run.checks);
      assert.equal(checks.length, count);
    });
  }

  test("a wrong number in a notebook's check fails, with the worst element", async () => {
    const text = readFileSync(path.join(examples, "weight-decay.nnspec"), "utf8").replace(
      "m.J ~= 4.6537",
      "m.J ~= 4.6637",
    );
    const session = await runText(text);
    const [run] = session.outcome.report.runs ?? [];
    const failed = run?.checks.filter(({ status }) => status === "failed") ?? [];
    assert.deepEqual(
      failed.map(({ label }) => label),
      ["objective"],
    );
    assert.ok(Math.abs((failed[0]?.worst?.difference ?? 0) - 0.01) < 1e-3);
    assert.equal(run?.status, "failed");
  });
});
