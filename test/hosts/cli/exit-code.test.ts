/** Exit codes: 2 beats 1, pending is a failure, undecided only when strict. */
import assert from "node:assert/strict";
import { exitCodeOf } from "../../../src/hosts/cli/report/exit-code";
import type { FileReport } from "../../../src/protocol";
import { aCheck, aDiagnostic, aFile, aGradcheck, aReport, aRun, rangeAt } from "./hand-made-reports";

function codes(...files: readonly FileReport[]): string {
  const report = aReport(...files);
  return `${String(exitCodeOf(report, { strict: false }))} ${String(exitCodeOf(report, { strict: true }))}`;
}

suite("command line: exit codes", () => {
  const sampled = (verdict: "passed" | "failed" | "undecided" | "pending") => [
    { name: "f", range: rangeAt(0, 0), gradcheck: aGradcheck({ verdict }) },
  ];
  const cases: readonly (readonly [string, string, FileReport])[] = [
    [
      "nothing wrong",
      "0 0",
      aFile({ runs: [aRun({ checks: [aCheck()] })], diagnostics: [aDiagnostic({ severity: "warning" })] }),
    ],
    ["a failed run", "1 1", aFile({ runs: [aRun({ status: "failed" })] })],
    ["a pending run", "1 1", aFile({ runs: [aRun({ status: "pending" })] })],
    ["an undecided gradient check", "0 1", aFile({ runs: [aRun({ status: "undecided" })] })],
    [
      "an undecided one hidden by a pending one",
      "1 1",
      aFile({ runs: [aRun({ status: "pending", gradchecks: [aGradcheck({ verdict: "undecided" })] })] }),
    ],
    ["a failed net", "1 1", aFile({ nets: sampled("failed") })],
    ["an undecided op", "0 1", aFile({ ops: sampled("undecided") })],
    ["a pending op", "1 1", aFile({ ops: sampled("pending") })],
    [
      "an error in the file",
      "2 2",
      aFile({ diagnostics: [aDiagnostic()], runs: [aRun({ status: "failed" })] }),
    ],
    [
      "an error in a run",
      "2 2",
      aFile({ runs: [aRun({ error: { code: "NN502", message: "", range: rangeAt(0, 0) } })] }),
    ],
    [
      "a check that could not be carried out",
      "2 2",
      aFile({ runs: [aRun({ status: "error", checks: [aCheck({ status: "error" })] })] }),
    ],
  ];
  for (const [what, expected, file] of cases) {
    test(`${what}: ${expected.replace(" ", ", strict ")}`, () => {
      assert.equal(codes(file), expected);
      assert.equal(codes(aFile(), file), expected, "in any of several files");
    });
  }
});
