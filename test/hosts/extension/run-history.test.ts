/** Which runs are kept: the last ones, fewer of large ones, and runs that follow fast as one. */
import assert from "node:assert/strict";
import { DocumentResults } from "../../../src/hosts/extension/document-results";
import { reportBytes } from "../../../src/hosts/extension/report-file";
import { RunHistory } from "../../../src/hosts/extension/run-history";
import type { TargetResults } from "../../../src/hosts/extension/document-results";
import { nodeSummary, summary, targetReport } from "./reports";

function results(runId: number, count = 4): TargetResults {
  const nodes = [nodeSummary({ value: summary({ count }) })];
  return { report: targetReport({ name: "r", nodes }), files: {}, runId, byAction: new Map() };
}

suite("history of runs", () => {
  test("the newest comes first, and the oldest go", () => {
    const history = new RunHistory();
    for (let run = 1; run <= 20; run++) history.add(results(run), run * 10_000);
    const ids = history.of("r").map(({ runId }) => runId);
    assert.deepEqual(ids, [20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9]);
    assert.deepEqual([...history.sessions()], ids);
    assert.deepEqual(history.of("other"), []);
  });

  test("runs that follow within two seconds are one, as while typing", () => {
    const history = new RunHistory();
    history.add(results(1), 0);
    history.add(results(2), 5000);
    history.add(results(3), 5400);
    assert.deepEqual(
      history.of("r").map(({ runId }) => runId),
      [3, 1],
    );
  });

  test("large runs are not kept for long, the newest always", () => {
    const history = new RunHistory();
    history.add(results(1, 60_000_000), 0);
    history.add(results(2, 60_000_000), 10_000);
    assert.deepEqual(
      history.of("r").map(({ runId }) => runId),
      [2],
    );
    assert.equal(history.find(1, "r"), undefined);
  });

  test("a run that something is compared with stays, however many, fast or large the later ones are", () => {
    const history = new RunHistory();
    history.add(results(1), 0);
    history.hold(1);
    history.add(results(2), 500);
    for (let run = 3; run <= 20; run++) history.add(results(run, 60_000_000), run * 10_000);
    const ids = (): number[] => history.of("r").map(({ runId }) => runId);
    assert.deepEqual(ids(), [20, 1]);
    history.hold(null);
    history.add(results(21, 60_000_000), 1_000_000);
    assert.deepEqual(ids(), [21]);
  });

  test("an earlier run is looked at until a new one comes", () => {
    const document = new DocumentResults("file:///a.nnspec");
    document.history.add(results(1), 0);
    const newest = results(2);
    document.history.add(newest, 10_000);
    document.earlierRun = 1;
    assert.equal(document.looked(newest).runId, 1);
    document.earlierRun = undefined;
    assert.equal(document.looked(newest).runId, 2);
  });

  test("results are saved as the command line writes them", () => {
    const document = new DocumentResults("file:///a.nnspec");
    const report: unknown = JSON.parse(new TextDecoder().decode(reportBytes("/a.nnspec", document)));
    assert.deepEqual(report, {
      schema: 1,
      files: [{ file: "/a.nnspec", diagnostics: [], runs: [], ops: [], nets: [] }],
    });
  });
});
