/** The published schema accepts every kind of report, and rejects what is wrong with one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { jsonText } from "../../../src/hosts/cli/report/json-text";
import type { Report } from "../../../src/protocol";
import {
  aCheck,
  aDiagnostic,
  aFailedGradcheck,
  aFile,
  aGradcheck,
  anExplanation,
  aReport,
  aRun,
  rangeAt,
} from "./hand-made-reports";
import { schemaProblems } from "./schema-problems";

const schema = JSON.parse(
  readFileSync(path.resolve(__dirname, "../../../docs/results.schema.json"), "utf8"),
) as Record<string, unknown>;

function problemsOf(value: unknown): string[] {
  return schemaProblems(schema, JSON.parse([...jsonText(value)].join("")));
}

function fullReport(): Report {
  const worst = { index: [2, 0], actual: NaN, expected: Infinity, difference: NaN, tolerance: 1e-5 };
  const value = {
    name: "x",
    shape: [2],
    dtype: "float32" as const,
    data: Float32Array.of(1, -Infinity),
    range: rangeAt(0, 0),
  };
  const run = aRun({
    error: { code: "NN502", message: "No.", range: rangeAt(0, 0) },
    checks: [
      aCheck(),
      aCheck({ label: null, at: { i: 0, f: "relu" }, status: "failed", worst, explanation: anExplanation }),
    ],
    gradchecks: [aGradcheck(), aFailedGradcheck({ worstError: Infinity })],
    shown: [value, { ...value, at: { i: 1 } }],
    plots: [{ range: rangeAt(0, 0), at: null, series: [value] }],
    values: [value],
  });
  const fixes = [{ title: "Transpose", edits: [{ range: rangeAt(1, 2), newText: ".T" }] }];
  const related = [{ file: "lib.nnspec", range: rangeAt(0, 0), message: "Here" }];
  const sampled = [
    {
      name: "f",
      range: rangeAt(0, 0),
      gradcheck: aGradcheck({ verdict: "undecided", reason: "no sample for n", slope: null }),
    },
  ];
  return aReport(
    aFile({ diagnostics: [aDiagnostic({ fixes, related })], runs: [run], ops: sampled, nets: sampled }),
    aFile(),
  );
}

suite("command line: the schema of results", () => {
  test("every kind of report is valid", () => {
    assert.deepEqual(problemsOf(fullReport()), []);
  });

  test("what breaks the contract is found", () => {
    const broken: readonly ((report: Record<string, never>) => unknown)[] = [
      (report) => ({ ...report, schema: 2 }),
      (report) => ({ ...report, files: undefined }),
      () => aReport(aFile({ diagnostics: [aDiagnostic({ severity: "fatal" as "error" })] })),
      () =>
        aReport(
          aFile({
            diagnostics: [aDiagnostic({ range: { ...rangeAt(0, 0), start: { line: -1, character: 0 } } })],
          }),
        ),
      () => aReport(aFile({ runs: [aRun({ status: "fine" as "passed" })] })),
      () => aReport(aFile({ runs: [aRun({ checks: [aCheck({ at: { i: true as unknown as number } })] })] })),
      () => aReport(aFile({ runs: [aRun({ gradchecks: [aGradcheck({ entries: 1.5 })] })] })),
      () =>
        aReport(aFile({ runs: [aRun({ gradchecks: [aGradcheck({ reason: 3 as unknown as string })] })] })),
    ];
    for (const [i, breakIt] of broken.entries()) {
      const problems = problemsOf(breakIt(fullReport() as unknown as Record<string, never>));
      assert.ok(problems.length > 0, `case ${String(i)}`);
    }
  });
});
