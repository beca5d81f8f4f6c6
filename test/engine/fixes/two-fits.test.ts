// Where two mistakes fit equally, each has a fix, and each of them by itself makes the check pass.
import assert from "node:assert/strict";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

const text = `run r {
  seed torch 8
  A = randn([4, 4])
  check mean(A, dim = 0) ~= sum(A, dim = 1) / 4
}
`;

suite("two mistakes that fit equally", function () {
  this.timeout(60_000);

  test("each has a fix that is right", async () => {
    const { outcome } = await runText(text);
    const explanation = outcome.report.runs?.[0]?.checks[0]?.explanation;
    assert.ok(explanation?.fix && explanation.otherFix, explanation?.message);
    const [dimension, transposed] = [explanation.fix, explanation.otherFix].map((fix) =>
      applyFixes(text, [fix]),
    );
    assert.match(dimension!, /sum\(A, dim = 0\) \/ 4/);
    assert.match(transposed!, /sum\(A\.T, dim = 1\) \/ 4/);
    for (const mended of [dimension!, transposed!]) {
      const { outcome: after } = await runText(mended);
      assert.deepEqual(
        after.report.runs?.[0]?.checks.map(({ status }) => status),
        ["passed"],
      );
    }
  });
});
