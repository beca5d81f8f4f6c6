// What the extension makes of reports: which are kept, when they are stale, what is said of them and where.
import assert from "node:assert/strict";
import { DocumentResults, isStale } from "../../../src/hosts/extension/document-results";
import { findNode } from "../../../src/hosts/extension/find-node";
import { problemsOf } from "../../../src/hosts/extension/run-problems";
import { shiftRange } from "../../../src/hosts/extension/shift-range";
import {
  checkText,
  durationText,
  gradcheckVerdict,
  lensTitle,
  numberText,
  summaryText,
} from "../../../src/hosts/extension/verdict-text";
import {
  blame,
  checkReport,
  gradcheckReport,
  nodeSummary,
  range,
  runOutcome,
  runReport,
  runRequest,
  summary,
  targetReport,
} from "./reports";

const uri = "file:///a.nnspec";
const net = { kind: "net", name: "M" } as const;

suite("extension: results of a document", () => {
  test("a session is kept while one of its targets shows", () => {
    const results = new DocumentResults(uri);
    const both = runOutcome({ targets: [targetReport({ name: "one" }), targetReport({ name: "two" })] });
    assert.deepEqual(results.take(1, runRequest(), both), []);
    const target = { kind: "run", name: "one" } as const;
    assert.deepEqual(
      results.take(2, runRequest({ target }), runOutcome({ targets: [targetReport({ name: "one" })] })),
      [],
    );
    assert.deepEqual(results.target("one")?.runId, 2);
    assert.deepEqual(results.target("two")?.runId, 1);
    assert.deepEqual([...results.take(3, runRequest(), both)].sort(), [1, 2]);
  });

  test("clearing gives every session back", () => {
    const results = new DocumentResults(uri);
    results.take(4, runRequest(), runOutcome());
    results.ending = "finished";
    assert.deepEqual(results.clear(), [4]);
    assert.deepEqual([results.targets(), results.ending], [[], "none"]);
  });

  test("a run that gives nothing keeps no session", () => {
    const results = new DocumentResults(uri);
    assert.deepEqual(results.take(1, runRequest(), runOutcome({ targets: [] })), [1]);
  });

  test("a run of the file forgets runs that are gone, and keeps ops and nets", () => {
    const results = new DocumentResults(uri);
    results.take(
      1,
      runRequest({ target: net, action: "gradcheck" }),
      runOutcome({ targets: [targetReport({ kind: "net", name: "M" })] }),
    );
    results.take(2, runRequest(), runOutcome({ targets: [targetReport({ name: "old" })] }));
    results.take(3, runRequest(), runOutcome({ targets: [targetReport({ name: "new" })] }));
    assert.deepEqual(
      results.targets().map(({ report }) => report.name),
      ["M", "new"],
    );
  });

  test("a gradcheck of the same text keeps the run's checks", () => {
    const results = new DocumentResults(uri);
    const checks = [checkReport({ status: "failed" })];
    results.take(
      1,
      runRequest(),
      runOutcome({
        targets: [targetReport({ status: "failed", run: runReport({ status: "failed", checks }) })],
      }),
    );
    const gradchecks = [gradcheckReport()];
    results.take(
      2,
      runRequest({ action: "gradcheck" }),
      runOutcome({ targets: [targetReport({ gradchecks })] }),
    );
    const report = results.target("one")?.report;
    assert.deepEqual(report?.run?.checks, checks);
    assert.deepEqual(report.gradchecks, gradchecks);
    assert.equal(report.status, "failed");
  });

  test("a gradcheck of another text does not", () => {
    const results = new DocumentResults(uri);
    results.take(
      1,
      runRequest(),
      runOutcome({ targets: [targetReport({ run: runReport({ checks: [checkReport()] }) })] }),
    );
    results.take(2, runRequest({ action: "gradcheck", files: { [uri]: "other" } }), runOutcome());
    assert.deepEqual(results.target("one")?.report.run?.checks, []);
  });

  test("it is stale while a text differs, of the file or of an import, and fresh again after undoing", () => {
    const dated = { report: targetReport(), files: { [uri]: "a", "file:///lib.nnspec": "b" } };
    const texts = (open: Readonly<Record<string, string>>) => (file: string) => open[file];
    assert.equal(isStale(dated, texts({ [uri]: "a" })), false);
    assert.equal(isStale(dated, texts({ [uri]: "a " })), true);
    assert.equal(isStale(dated, texts({ [uri]: "a", "file:///lib.nnspec": "c" })), true);
    assert.equal(isStale(dated, texts({})), false);
  });

  test("each action's verdict has its own date", () => {
    const results = new DocumentResults(uri);
    results.take(1, runRequest(), runOutcome());
    results.take(2, runRequest({ action: "gradcheck", files: { [uri]: "other" } }), runOutcome());
    const now = (file: string) => (file === uri ? "other" : undefined);
    const byAction = results.target("one")?.byAction;
    const [run, gradcheck] = [byAction?.get("run"), byAction?.get("gradcheck")];
    assert.ok(run && gradcheck);
    assert.equal(isStale(run, now), true);
    assert.equal(isStale(gradcheck, now), false);
  });
});

suite("extension: verdicts in words", () => {
  const state = { running: false, stale: false };

  for (const [what, action, report, expected] of [
    [
      "a run whose checks passed",
      "run",
      targetReport({ run: runReport({ checks: [checkReport(), checkReport()] }) }),
      "✓ Run passed · 2 checks · 3.2 ms",
    ],
    ["a run without checks", "run", targetReport(), "✓ Run finished · 3.2 ms"],
    [
      "a run with a failed check",
      "run",
      targetReport({
        run: runReport({ status: "failed", checks: [checkReport({ status: "failed" }), checkReport()] }),
      }),
      "✗ Run: 1 of 2 checks failed · 3.2 ms",
    ],
    [
      "a run with holes",
      "run",
      targetReport({ run: runReport({ status: "pending", checks: [checkReport({ status: "pending" })] }) }),
      "○ Run: 1 of 1 check pending · 3.2 ms",
    ],
    [
      "a run with an error",
      "run",
      targetReport({
        run: runReport({
          status: "error",
          error: { code: "NN202", message: "`@` needs\n equal sizes.", range: range(1) },
        }),
      }),
      "✗ Run: @ needs equal sizes.",
    ],
    [
      "a passed gradcheck",
      "gradcheck",
      targetReport({ gradchecks: [gradcheckReport()] }),
      "✓ Gradcheck passed · 23 entries · worst 3.1e-10 · 1.8 ms",
    ],
    [
      "a failed gradcheck with a culprit",
      "gradcheck",
      targetReport({ gradchecks: [gradcheckReport({ verdict: "failed", blame: [blame] })] }),
      "✗ vjp W: transposed (m.s1, entry [2, 0])",
    ],
    [
      "an undecided gradcheck",
      "gradcheck",
      targetReport({ gradchecks: [gradcheckReport({ verdict: "undecided", reason: "no sample for n" })] }),
      "? Gradcheck undecided: no sample for n",
    ],
    ["nothing to check", "gradcheck", targetReport(), "✓ Gradcheck: nothing to check"],
    ["an evaluation", "forward", targetReport(), "The lens"],
  ] as const) {
    test(what, () => assert.equal(lensTitle(action, "The lens", { ...state, report }), expected));
  }

  test("while it runs, before it ran, and when the text has changed since", () => {
    assert.equal(
      lensTitle("run", "▷ Run", { running: true, stale: false, report: undefined }),
      "$(loading~spin) Run…",
    );
    assert.equal(lensTitle("run", "▷ Run", { ...state, report: undefined }), "▷ Run");
    const report = targetReport();
    assert.equal(
      lensTitle("run", "▷ Run", { running: false, stale: true, report }),
      "▷ Run · passed before the last edit",
    );
  });

  test("several gradchecks: the first that failed, else their sum and the worst", () => {
    const two = [gradcheckReport(), gradcheckReport({ entries: 1000, worstError: 2e-9, milliseconds: 20 })];
    assert.equal(gradcheckVerdict(two), "Gradcheck passed · 1,023 entries · worst 2.0e-9 · 22 ms");
    assert.match(
      gradcheckVerdict([...two, gradcheckReport({ verdict: "failed", blame: [blame] })]),
      /^vjp W/,
    );
  });

  test("the gradcheck of a net alone counts once", () => {
    const gradcheck = gradcheckReport({ of: "M" });
    const sampled = { name: "M", range: range(0), gradcheck };
    const report = targetReport({ kind: "net", name: "M", run: null, sampled, gradchecks: [gradcheck] });
    assert.match(lensTitle("gradcheck", "", { ...state, report }), /passed · 23 entries/);
  });

  test("the turns of a loop share their line's end", () => {
    assert.deepEqual(checkText([checkReport()]), { status: "passed", text: "✓" });
    assert.deepEqual(checkText([checkReport(), checkReport()]), { status: "passed", text: "✓ ×2" });
    const failed = checkReport({ status: "failed", message: "1 is not 2" });
    assert.deepEqual(checkText([failed]), { status: "failed", text: "✗ 1 is not 2" });
    assert.deepEqual(checkText([checkReport(), failed]), { status: "failed", text: "✗ 1 of 2: 1 is not 2" });
  });

  test("numbers have three digits and all whole ones, times a unit", () => {
    assert.deepEqual([0, 1, 0.125, 1234.6, 123456, 1e-5, -2.5, NaN, -Infinity].map(numberText), [
      "0",
      "1",
      "0.125",
      "1235",
      "1.2e+5",
      "1.0e-5",
      "-2.5",
      "NaN",
      "-∞",
    ]);
    assert.deepEqual([0.042, 1.84, 12.3, 999, 1500, 61_000].map(durationText), [
      "0.04 ms",
      "1.8 ms",
      "12 ms",
      "999 ms",
      "1.5 s",
      "61 s",
    ]);
  });

  test("a tensor in short: one number, or mean, spread and range, or what is odd", () => {
    assert.equal(summaryText(summary()).replaceAll("\u00a0", " "), "μ 0.125  σ 1.9  [-2.3, 4.2]");
    assert.equal(summaryText(summary({ count: 1, shape: [], mean: 4.6537 })), "4.65");
    assert.equal(summaryText(summary({ nan: 2, infinite: 1 })), "2 NaN, 1 infinite");
  });
});

suite("extension: problems of a run", () => {
  test("failed checks, at their places, with their labels; passed and pending ones are none", () => {
    const checks = [
      checkReport(),
      checkReport({ status: "pending" }),
      checkReport({ status: "failed", label: "5.3.8", message: "1 is not 2", range: range(7) }),
    ];
    const problems = problemsOf([targetReport({ run: runReport({ checks }) })], []);
    assert.deepEqual(
      problems.map(({ message, range: { start }, severity }) => [message, start.line, severity]),
      [["5.3.8: 1 is not 2", 7, "error"]],
    );
  });

  test("a failed check says why, or leads to the rules that make it fail", () => {
    const failed = { status: "failed", label: "dW", message: "1 is not 2" } as const;
    const { explanation } = blame;
    const checks = [
      checkReport({ ...failed, explanation }),
      checkReport({
        ...failed,
        explanation,
        blame: [{ ...blame, file: "file:///lib.nnspec" }],
        range: range(7),
      }),
    ];
    const problems = problemsOf([targetReport({ run: runReport({ checks }) })], []);
    assert.deepEqual(
      problems.map(({ message, related }) => [message, ...related.map((each) => [each.file, each.message])]),
      [
        ["dW: 1 is not 2\nThe rule is the transpose."],
        ["dW: 1 is not 2", ["file:///lib.nnspec", "vjp W of linear: The rule is the transpose."]],
      ],
    );
  });

  test("a blamed rule in its own file, with the gradcheck that found it", () => {
    const gradchecks = [
      gradcheckReport({ verdict: "failed", blame: [{ ...blame, file: "file:///lib.nnspec" }] }),
    ];
    const [problem] = problemsOf([targetReport({ gradchecks })], []);
    assert.equal(problem?.file, "file:///lib.nnspec");
    assert.equal(problem.message, "vjp W: The rule is the transpose. (at m.s1, entry [2, 0])");
    assert.deepEqual(
      problem.related.map(({ message }) => message),
      ["Found by the gradcheck of m.J"],
    );
  });

  test("what the checker says already is not said again; what only a run finds is", () => {
    const diagnostic = { severity: "error", message: "x", range: range(1), related: [] } as const;
    const problems = problemsOf(
      [],
      [
        { ...diagnostic, code: "NN202" },
        { ...diagnostic, code: "NN501" },
        { ...diagnostic, code: "NN501" },
      ],
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["NN501"],
    );
  });
});

suite("extension: ranges after an edit", () => {
  const at = range(5, 4, 3);
  for (const [what, edit, expected] of [
    ["behind it", { range: range(6), text: "xx" }, at],
    ["on its line, behind it", { range: range(5, 7, 2), text: "" }, at],
    ["a new line above", { range: range(1, 0, 0), text: "a\nb" }, range(6, 4, 3)],
    [
      "two lines above joined",
      { range: { start: { line: 1, character: 3 }, end: { line: 2, character: 0 } }, text: "" },
      range(4, 4, 3),
    ],
    ["before it on its line", { range: range(5, 0, 2), text: "abcd" }, range(5, 6, 3)],
    ["a line break before it on its line", { range: range(5, 2, 0), text: "\n" }, range(6, 2, 3)],
    [
      "its line joined to the one above",
      { range: { start: { line: 4, character: 9 }, end: { line: 5, character: 2 } }, text: "" },
      range(4, 11, 3),
    ],
    ["inside it", { range: range(5, 5, 1), text: "x" }, undefined],
    ["over its beginning", { range: range(5, 2, 3), text: "" }, undefined],
  ] as const) {
    test(what, () => assert.deepEqual(shiftRange(at, edit), expected));
  }
});

suite("extension: the node under the cursor", () => {
  const o = nodeSummary({ id: 1, name: "m.o", range: range(2) });
  const other = nodeSummary({ id: 2, name: "m2.o", range: range(2) });
  const imported = nodeSummary({ id: 3, name: "m.fc.W", range: range(2), file: "file:///lib.nnspec" });
  const targets = [
    targetReport({ name: "one", nodes: [o, imported] }),
    targetReport({ name: "two", nodes: [other] }),
  ];
  const reply = { path: "o", name: "o", file: uri, range: range(2) };

  for (const [what, asked, inView, expected] of [
    ["by its path", { ...reply, path: "m2.o" }, "one", { target: "two", node: 2 }],
    ["a gradient at it", { ...reply, path: "dJ.o" }, "one", { target: "one", node: 1 }],
    ["by its definition, in the target in view", reply, "two", { target: "two", node: 2 }],
    [
      "in another file",
      { ...reply, path: "W", file: "file:///lib.nnspec" },
      "two",
      { target: "one", node: 3 },
    ],
    ["one that no run has", { ...reply, range: range(3) }, "one", undefined],
  ] as const) {
    test(what, () => assert.deepEqual(findNode(asked, uri, targets, inView), expected));
  }
});
