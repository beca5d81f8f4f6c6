/** Runs as text: marks, worst elements, explanations, loops, leaves, shown values. */
import assert from "node:assert/strict";
import { leafKey } from "../../../src/hosts/cli/error-maps";
import { fileText } from "../../../src/hosts/cli/report/file-text";
import { gradcheckText } from "../../../src/hosts/cli/report/gradcheck-text";
import { colored } from "../../../src/hosts/cli/report/paint";
import { summaryText } from "../../../src/hosts/cli/report/summary-text";
import type { RunReport } from "../../../src/protocol";
import {
  aCheck,
  aDiagnostic,
  aFailedGradcheck,
  aFile,
  aGradcheck,
  anExplanation,
  aReport,
  aRun,
  pageOf,
  rangeAt,
} from "./hand-made-reports";

const source = ["run a_run {", '  check "x": a == b', "  check c ~= d", "}"].join("\n");

function textOf(run: RunReport): string {
  return fileText(pageOf({ "a.nnspec": source }), aFile({ runs: [run] }), { action: "run" }).join("\n");
}

suite("command line: runs", () => {
  test("a passed check is one line; without a label it is called by its condition", () => {
    const text = textOf(aRun({ checks: [aCheck(), aCheck({ label: null, range: rangeAt(2, 2, 12) })] }));
    assert.match(text, /^✓ run a_run {2}3\.2 ms\n {2}✓ a label\n {2}✓ c ~= d$/m);
  });

  test("a failed check tells its place, its text, the worst element, the tolerance and the explanation", () => {
    const worst = { index: [2, 0], actual: 1, expected: 1.1, difference: 0.1, tolerance: 1e-5 };
    const range = rangeAt(1, 2, 17);
    const check = aCheck({
      status: "failed",
      message: "1 ≉ 1.1 at [2, 0]",
      range,
      worst,
      explanation: anExplanation,
    });
    const text = textOf(aRun({ status: "failed", checks: [check] }));
    for (const part of [
      "✗ run a_run  failed",
      "✗ a label  a.nnspec:2:3",
      'check "x": a == b',
      "1 ≉ 1.1 at [2, 0]",
      "0.1 apart, 1e-05 allowed",
      "It fits the transpose.",
      "fit error 2e-16; runner-up: sign (0.4)",
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  test("turns of a loop that pass are one line; those that fail are told, five of them", () => {
    const turns = [...Array(12).keys()].map((i) =>
      aCheck({ at: { i }, status: i < 4 ? "passed" : "failed", message: "no" }),
    );
    const text = textOf(aRun({ checks: turns }));
    assert.match(text, /✓ a label {2}4 of 12 turns/);
    assert.equal(text.match(/✗ a label/g)?.length, 5);
    assert.match(text, /✗ a label {2}i = 8/);
    assert.match(text, /and 3 more turns like these/);
    assert.match(textOf(aRun({ checks: turns.slice(0, 4) })), /✓ a label {2}all 4 turns/);
  });

  test("pending and undecided have marks and reasons of their own", () => {
    const pending = aCheck({ status: "pending", message: "It depends on a hole." });
    const gradchecks = [
      aGradcheck({ verdict: "undecided", reason: "no sample for n", entries: 0, leaves: [] }),
    ];
    const text = textOf(aRun({ status: "pending", checks: [pending], gradchecks }));
    assert.match(text, /… a label {2}pending: It depends on a hole\./);
    assert.match(text, /\? gradcheck m\.J undecided\n {4}no sample for n/);
  });

  test("a run's error is told with its place; one told above is only pointed to", () => {
    const error = { code: "NN202", message: "Sizes differ.", range: rangeAt(1, 4, 3) };
    const run = aRun({ status: "error", error });
    assert.match(textOf(run), /error\[NN202\]: Sizes differ\. {2}a\.nnspec:2:5/);
    const file = aFile({ runs: [run], diagnostics: [aDiagnostic()] });
    const lines = fileText(pageOf({ "a.nnspec": source }), file, { action: "gradcheck" });
    assert.equal(lines.filter((line) => line.includes("Sizes differ.")).length, 1);
    assert.ok(lines.some((line) => line.endsWith("a.nnspec:2:5, above")));
  });

  test("shown tensors have NumPy's layout, their type, and NaN and Inf counted; scalars and loop turns fit a line", () => {
    const range = rangeAt(1, 2);
    const text = textOf(
      aRun({
        shown: [
          {
            name: "m.o",
            shape: [2, 2],
            dtype: "float32",
            data: Float32Array.of(1, -2, NaN, Infinity),
            range,
          },
          { name: "y[f]", shape: [], dtype: "bool", data: [1], range, at: { f: "relu" } },
          { name: "n", shape: [3], dtype: "int", data: [1, 20, 3], range },
        ],
      }),
    );
    assert.match(text, /m\.o {2}float32 \[2, 2\] {2}1 NaN {2}1 Inf\n {4}\[\[ 1\. -2\.\]\n {5}\[nan inf\]\]/);
    assert.match(text, /y\[f\] = true {2}bool {2}f = relu/);
    assert.match(text, /n {2}int \[3\]\n {4}\[ 1 20 {2}3\]/);
  });

  test("a file with nothing to tell is one line", () => {
    const page = pageOf({});
    assert.deepEqual(fileText(page, aFile(), { action: "check" }), ["a.nnspec  ✓ no problems"]);
    const unchecked = aFile({ runs: [aRun()], ops: [], nets: [] });
    assert.deepEqual(fileText(page, unchecked, { action: "gradcheck" }), ["a.nnspec  nothing to check"]);
    assert.deepEqual(fileText(page, aFile({ runs: [] }), { action: "run" }), [
      "a.nnspec  nothing to execute",
    ]);
  });
});

suite("command line: gradient checks", () => {
  const page = pageOf({}, undefined, 100);

  test("a passed one is a line; asked for, its leaves follow with the four answers", () => {
    const short = gradcheckText(page, "a.nnspec", aGradcheck(), { action: "run" });
    assert.deepEqual(short, ["✓ gradcheck m.J  23 entries, worst error 3.1e-10, 410 µs"]);
    const long = gradcheckText(page, "a.nnspec", aGradcheck(), { action: "gradcheck" });
    assert.match(long[1] ?? "", /leaf +entries +worst at +rule +autodiff +forward +differences/);
    assert.match(long[2] ?? "", /✓ m\.W1 +12 +\[0, 2\] +0\.5 +0\.5 +0\.5 +0\.5/);
    assert.match(long[3] ?? "", /✓ m\.b1 +3 +–/);
    assert.match(long.join("\n"), /holds for 1 pair of rules/);
    assert.match(long.join("\n"), /step\^2 /);
  });

  test("a failed one says which rule of which op, where it stands, and what it looks like", () => {
    const quoting = { ...page, source: () => "\n".repeat(7) + "  vjp W(u) = u @ x" };
    const text = gradcheckText(quoting, "a.nnspec", aFailedGradcheck(), { action: "run" }).join("\n");
    for (const part of [
      "✗ gradcheck m.J failed",
      "vjp W of linear at m.s1, entry [2, 0]  lib.nnspec:8:3",
      "    vjp W(u) = u @ x\n    It fits the transpose.",
      "✗ the rules of linear for W are not adjoint",
      "m.h[3, 1] stands on a kink of relu",
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  test("the errors of a leaf that failed are drawn by entry, the remainders of its Taylor test as a curve", () => {
    const report = aFailedGradcheck();
    const data = new Float64Array([0, 0.1, 0.5, NaN, 0.26, 0.35]);
    const errorMaps = [{ leaf: leafKey(report, report.leaves[0]!), rows: 2, columns: 3, data }];
    const drawn = gradcheckText(page, "a.nnspec", report, { action: "gradcheck", errorMaps }).join("\n");
    assert.ok(drawn.includes("the error at each entry of m.W1, █ is 0.5\n    ··░░██\n      ▒▒▓▓\n"), drawn);
    assert.match(drawn, /log10 remainder against log10 step\n/);
    const short = gradcheckText(page, "a.nnspec", report, { action: "run", errorMaps: [] }).join("\n");
    assert.doesNotMatch(short, /each entry|log10/);
  });

  test("of the four answers the one that stands apart is inked", () => {
    const text = gradcheckText({ ...page, paint: colored }, "a.nnspec", aFailedGradcheck(), {
      action: "run",
    }).join("\n");
    assert.ok(text.includes("\u001b[31m0.75\u001b[0m"));
    assert.ok(!text.includes("\u001b[31m0.5\u001b[0m"));
  });
});

suite("command line: summary", () => {
  test("counts problems, runs, checks and gradient checks", () => {
    const error = { code: "NN502", message: "No.", range: rangeAt(0, 0) };
    const report = aReport(
      aFile({
        diagnostics: [aDiagnostic(), aDiagnostic({ severity: "warning" }), aDiagnostic({ severity: "hint" })],
        runs: [
          aRun({ error, checks: [aCheck(), aCheck({ status: "failed" }), aCheck({ status: "error" })] }),
          aRun({ gradchecks: [aGradcheck(), aFailedGradcheck()] }),
        ],
        ops: [{ name: "f", range: rangeAt(0, 0), gradcheck: aGradcheck({ verdict: "undecided" }) }],
      }),
    );
    assert.deepEqual(summaryText(pageOf({}), report), [
      "problems    1 error, 1 warning",
      "runs        1 of 2 with an error",
      "checks      1 passed, 1 failed, 1 in error",
      "gradchecks  1 passed, 1 failed, 1 undecided",
    ]);
    assert.deepEqual(summaryText(pageOf({}), aReport(aFile(), aFile())), ["✓ 2 files, no problems"]);
  });
});
