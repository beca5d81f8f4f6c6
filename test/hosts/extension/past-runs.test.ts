/** Runs of before the window was reloaded: they are remembered, and repeated when something of them is asked for. */
import assert from "node:assert/strict";
import { DocumentResults } from "../../../src/hosts/extension/document-results";
import type { RunResult } from "../../../src/hosts/extension/engine-link";
import { HistoryMemory, type Memory } from "../../../src/hosts/extension/history-memory";
import { PastRuns } from "../../../src/hosts/extension/past-runs";
import type { PastRun } from "../../../src/hosts/extension/run-history";
import type { FromPanel } from "../../../src/protocol";
import { nodeSummary, summary, targetReport } from "./reports";

const uri = "file:///a.nnspec";

function pastRun(runId: number, part: Partial<PastRun> = {}): PastRun {
  const nodes = [nodeSummary({ value: summary({ mean: NaN }) })];
  return {
    report: targetReport({ name: "r", nodes }),
    files: { [uri]: `text ${String(runId)}` },
    runId,
    byAction: new Map(),
    finished: runId * 10_000,
    asked: { action: "run", target: { kind: "run", name: "r" } },
    ...part,
  };
}

/** What is written passes through JSON, as on the disk. */
function memoryOf(written: { json: string }): Memory {
  return {
    get: () => (written.json === "" ? undefined : (JSON.parse(written.json) as unknown)),
    update: (_, value) => {
      written.json = JSON.stringify(value);
      return Promise.resolve();
    },
  };
}

function documentWith(...runs: readonly PastRun[]): DocumentResults {
  const document = new DocumentResults(uri);
  document.history.restore(runs);
  return document;
}

const slice: FromPanel = {
  type: "slice",
  requestId: 1,
  slice: {
    node: 0,
    of: "value",
    root: null,
    leading: [],
    rows: { from: 0, to: 1 },
    columns: { from: 0, to: 1 },
    limit: 1,
  },
};

interface World {
  readonly past: PastRuns;
  readonly repeated: { readonly runId: number; readonly text: string | undefined }[];
}

function world(document: DocumentResults, memory = memoryOf({ json: "" })): World {
  const repeated: { readonly runId: number; readonly text: string | undefined }[] = [];
  const result: RunResult = {
    kind: "finished",
    outcome: {
      uri,
      version: 1,
      report: { file: uri, diagnostics: [] },
      diagnostics: [],
      targets: [targetReport({ name: "r" })],
    },
  };
  const past = new PastRuns(
    {
      again: (_, runId, { files }) => {
        repeated.push({ runId, text: files[uri] });
        return Promise.resolve(result);
      },
    },
    {
      all: () => [document],
      known: (wanted) => (wanted === uri ? document : undefined),
      changed: () => undefined,
      onDidChange: () => ({ dispose: () => undefined }),
    },
    new HistoryMemory(memory),
  );
  return { past, repeated };
}

suite("past runs", () => {
  test("what was run before a reload is there after it, without tensors", async () => {
    const written = { json: "" };
    await new HistoryMemory(memoryOf(written)).keep([documentWith(pastRun(2), pastRun(1))]);
    const after = new HistoryMemory(memoryOf(written));
    const runs = after.of(uri);
    assert.deepEqual(
      runs.map(({ finished, asleep, files }) => [finished, asleep, files[uri]]),
      [
        [20_000, true, "text 2"],
        [10_000, true, "text 1"],
      ],
    );
    assert.equal(new Set(runs.map(({ runId }) => runId)).size, 2);
    assert.deepEqual(after.of("file:///other.nnspec"), []);
    // A number that JSON has no word for is its name, as in every message to the panel.
    assert.equal(runs[0]!.report.nodes[0]!.value!.mean, "NaN");
    // What has not been opened since is not forgotten.
    await after.keep([]);
    assert.equal(new HistoryMemory(memoryOf(written)).of(uri).length, 2);
  });

  test("what cannot be repeated or is too large is not remembered, and what is no memory of ours is ignored", async () => {
    const written = { json: "" };
    const { asked: _, ...trainedOn } = pastRun(1);
    const large = pastRun(2, { files: { [uri]: "x".repeat(500_000) } });
    await new HistoryMemory(memoryOf(written)).keep([documentWith(large, trainedOn, pastRun(3))]);
    assert.deepEqual(
      new HistoryMemory(memoryOf(written)).of(uri).map(({ finished }) => finished),
      [30_000],
    );
    for (const json of ['{"format":0,"runs":[]}', "[]", '{"format":1,"runs":[{"uri":1},null]}'])
      assert.deepEqual(new HistoryMemory(memoryOf({ json })).of(uri), []);
  });

  test("a run without tensors is repeated once from its own text, when something of it is asked for", async () => {
    const document = documentWith(pastRun(5), pastRun(4, { asleep: true }));
    const { past, repeated } = world(document);
    await past.ready(uri, 4, { type: "cancel" });
    await past.ready(uri, 5, slice);
    assert.deepEqual(repeated, []);
    await Promise.all([past.ready(uri, 4, slice), past.ready(uri, 4, slice)]);
    await past.ready(uri, 4, slice);
    assert.deepEqual(repeated, [{ runId: 4, text: "text 4" }]);
  });

  test("the run that values are held against is repeated", async () => {
    const { past, repeated } = world(documentWith(pastRun(5), pastRun(4, { asleep: true })));
    const question = { kind: "differences", target: "r", run: 4, root: null } as const;
    await past.ready(uri, 5, { type: "ask", requestId: 1, question });
    assert.deepEqual(
      repeated.map(({ runId }) => runId),
      [4],
    );
  });

  test("the run of a pinned tensor is repeated too; one that lasted long is not", async () => {
    const slow = targetReport({ name: "r", milliseconds: 60_000 });
    const document = documentWith(
      pastRun(5),
      pastRun(4, { asleep: true }),
      pastRun(3, { asleep: true, report: slow }),
    );
    const { past, repeated } = world(document);
    await past.ready(uri, 5, { ...slice, slice: { ...slice.slice, run: 4 } });
    await past.ready(uri, 3, slice);
    assert.deepEqual(
      repeated.map(({ runId }) => runId),
      [4],
    );
  });

  test("when the engine is gone, runs sleep until they are asked for", async () => {
    const document = documentWith(pastRun(5));
    const { past, repeated } = world(document);
    document.history.sleep();
    await past.ready(uri, 5, slice);
    assert.deepEqual(
      repeated.map(({ runId }) => runId),
      [5],
    );
    assert.equal(document.history.runs[0]!.asleep, false);
  });
});
