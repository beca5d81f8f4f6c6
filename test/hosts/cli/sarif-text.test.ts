/** SARIF: results with rules, levels and places as the 2.1.0 standard has them. */
import assert from "node:assert/strict";
import { sarifText } from "../../../src/hosts/cli/report/sarif-text";
import type { Report } from "../../../src/protocol";
import {
  aCheck,
  aDiagnostic,
  aFailedGradcheck,
  aFile,
  aGradcheck,
  aReport,
  aRun,
  rangeAt,
} from "./hand-made-reports";

interface Place {
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
  readonly message?: { readonly text: string };
}

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly version: string;
        readonly rules: readonly { readonly id: string }[];
      };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly Place[];
      readonly relatedLocations?: readonly Place[];
      readonly fixes?: readonly {
        readonly artifactChanges: readonly { readonly replacements: readonly object[] }[];
      }[];
    }[];
  }[];
}

function logOf(report: Report, strict = false): Log {
  return JSON.parse(
    sarifText(report, { version: "1.2.3", strict, source: () => undefined, uri: (file) => file }),
  ) as Log;
}

suite("command line: SARIF", () => {
  test("a diagnostic has its code, level, place counted from 1, related places and fix", () => {
    const diagnostic = aDiagnostic({
      related: [{ file: "lib.nnspec", range: rangeAt(0, 0, 2), message: "Declared here" }],
      fixes: [{ title: "Transpose", edits: [{ range: rangeAt(1, 7, 0), newText: ".T" }] }],
    });
    const [run] = logOf(
      aReport(aFile({ diagnostics: [diagnostic, aDiagnostic({ severity: "hint", code: "NN301" })] })),
    ).runs;
    assert.deepEqual(
      run?.tool.driver.rules.map(({ id }) => id),
      ["NN202", "NN301"],
    );
    const [result, hint] = run.results;
    assert.equal(result?.level, "error");
    assert.equal(hint?.level, "note");
    assert.deepEqual(result.locations[0]?.physicalLocation, {
      artifactLocation: { uri: "a.nnspec" },
      region: { startLine: 2, startColumn: 5, endLine: 2, endColumn: 8 },
    });
    assert.equal(result.relatedLocations?.[0]?.message?.text, "Declared here");
    assert.deepEqual(result.fixes?.[0]?.artifactChanges[0]?.replacements, [
      {
        deletedRegion: { startLine: 2, startColumn: 8, endLine: 2, endColumn: 8 },
        insertedContent: { text: ".T" },
      },
    ]);
  });

  test("what did not pass is a result; a blamed rule at its own place", () => {
    const run = aRun({
      error: { code: "NN202", message: "Sizes differ.", range: rangeAt(1, 4, 3) },
      checks: [aCheck(), aCheck({ status: "failed", message: "1 ≉ 2" }), aCheck({ status: "pending" })],
      gradchecks: [
        aGradcheck(),
        aFailedGradcheck(),
        aGradcheck({ verdict: "undecided", reason: "no sample for n" }),
      ],
    });
    const report = aReport(aFile({ runs: [run], diagnostics: [aDiagnostic()] }));
    const results = logOf(report).runs[0]?.results ?? [];
    assert.deepEqual(
      results.map(({ ruleId, level }) => `${ruleId} ${level}`),
      [
        "NN202 error",
        "check-failed error",
        "check-pending error",
        "gradcheck-failed error",
        "gradcheck-undecided warning",
      ],
    );
    assert.equal(results[3]?.locations[0]?.physicalLocation.artifactLocation.uri, "lib.nnspec");
    assert.equal(logOf(report, true).runs[0]?.results[4]?.level, "error");
  });
});
