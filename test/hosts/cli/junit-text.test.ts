/** JUnit XML: what passed, failed, broke and was skipped, in well-formed XML whatever the texts. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { junitText } from "../../../src/hosts/cli/report/junit-text";
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

function xmlOf(report: Report, strict = false): string {
  return junitText(report, { strict, source: () => undefined });
}

/** Fails unless tags are balanced and nothing else has a `<` or a bare `&`. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml [^?]*\?>/, "")
    .replace(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, close, name, _attributes, empty) => {
      if (close === "/") assert.equal(open.pop(), name);
      else if (empty !== "/") open.push(name as string);
      return "";
    });
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!(?:amp|lt|gt|quot);)/);
  assert.ok([...xml].every((character) => character >= " " || "\t\n\r".includes(character)));
  assert.doesNotMatch(xml, /[\ufffe\uffff]|\p{Cs}/u);
}

suite("command line: JUnit", () => {
  test("every check and gradient check is a case; the counts are those of its elements", () => {
    const checks = [
      aCheck(),
      aCheck({ status: "failed", at: { i: 1 } }),
      aCheck({ status: "pending" }),
      aCheck({ status: "error" }),
    ];
    const run = aRun({
      checks,
      gradchecks: [
        aGradcheck(),
        aFailedGradcheck(),
        aGradcheck({ verdict: "undecided", reason: "no sample for n" }),
      ],
    });
    const net = { name: "M", range: rangeAt(0, 0), gradcheck: aGradcheck() };
    const report = aReport(
      aFile({ diagnostics: [aDiagnostic(), aDiagnostic({ severity: "warning" })], runs: [run], nets: [net] }),
    );
    const xml = xmlOf(report);
    assertWellFormed(xml);
    assert.match(xml, /<testsuites name="nnspec" tests="9" failures="3" errors="2" skipped="1"/);
    for (const [element, count] of [
      ["testcase", 9],
      ["failure", 3],
      ["error", 2],
      ["skipped", 1],
      ["testsuite", 3],
    ] as const) {
      assert.equal(xml.match(new RegExp(`<${element} `, "g"))?.length, count, element);
    }
    assert.ok(xml.includes('name="a label (i = 1)"'));
    assert.ok(xml.includes("vjp W of linear: It fits the transpose."));
    assert.match(xmlOf(report, true), /failures="4" errors="2" skipped="0"/);
  });

  test("a file without runs and without errors is one passed case", () => {
    assert.match(xmlOf(aReport(aFile())), /tests="1" failures="0" errors="0"/);
  });

  test("any label, message and name gives well-formed XML", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, text, (label, message, name) => {
        const run = aRun({ name, checks: [aCheck({ label, status: "failed", message })] });
        assertWellFormed(xmlOf(aReport(aFile({ runs: [run] }))));
      }),
      { seed: 42 },
    );
  });
});
