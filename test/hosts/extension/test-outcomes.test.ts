/** What becomes of each test of the Test Explorer, from reports. */
import assert from "node:assert/strict";
import { outcomeAlone, outcomeAt } from "../../../src/hosts/extension/test-outcomes";
import { blame, checkReport, gradcheckReport, range, runReport, targetReport } from "./reports";

suite("extension: outcomes of tests", () => {
  test("a check is found by its line; the turns of a loop count together, the worst speaks", () => {
    const worst = { index: [0, 1], actual: 1, expected: 2, difference: 1, tolerance: 1e-5 };
    const checks = [
      checkReport({ range: range(7), at: { l: 1 } }),
      checkReport({ range: range(7), at: { l: 2 }, status: "failed", message: "1 is not 2", worst }),
      checkReport({ range: range(8) }),
    ];
    const report = targetReport({ run: runReport({ checks }) });
    assert.deepEqual(outcomeAt(report, range(7)), {
      status: "failed",
      message: "1 is not 2 (l = 2)",
      difference: { expected: "[0, 1]: 2 ± 1.0e-5", actual: "[0, 1]: 1" },
      milliseconds: null,
    });
    assert.equal(outcomeAt(report, range(8))?.status, "passed");
    assert.equal(outcomeAt(report, range(9)), undefined);
  });

  test("a scalar is its number: there is no entry to name", () => {
    const worst = { index: [], actual: 5, expected: 4, difference: 1, tolerance: 1e-5 };
    const checks = [checkReport({ range: range(7), status: "failed", worst })];
    assert.deepEqual(outcomeAt(targetReport({ run: runReport({ checks }) }), range(7))?.difference, {
      expected: "4 ± 1.0e-5",
      actual: "5",
    });
  });

  test("a gradcheck in a run, and an op alone with its explanation", () => {
    const report = targetReport({ gradchecks: [gradcheckReport({ range: range(9) })] });
    assert.equal(outcomeAt(report, range(9))?.status, "passed");
    const failed = gradcheckReport({ of: "f", verdict: "failed", blame: [blame] });
    const alone = outcomeAlone(targetReport({ kind: "op", name: "f", run: null, gradchecks: [failed] }));
    assert.equal(alone.status, "failed");
    assert.match(alone.message, /^vjp W: transposed .*\nvjp W: The rule is the transpose\.$/);
    assert.equal(outcomeAlone(targetReport({ kind: "op", run: null })).status, "undecided");
  });
});
