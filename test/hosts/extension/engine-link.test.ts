// The extension's side of the worker: questions are paired with answers, and a worker that dies or hangs is replaced.
import assert from "node:assert/strict";
import { EngineLink } from "../../../src/hosts/extension/engine-link";
import type { WorkerPort } from "../../../src/hosts/extension/worker-port";
import type { FromWorker, SliceRequest, ToWorker } from "../../../src/protocol";
import { runOutcome, runRequest, targetReport } from "./reports";

/** A worker that does nothing by itself: the test says what it answers. */
class FakeWorker implements WorkerPort {
  readonly received: ToWorker[] = [];
  ended = false;
  #listener: (message: FromWorker) => void = () => undefined;
  #died: (reason: string) => void = () => undefined;

  post(message: ToWorker): void {
    this.received.push(message);
  }
  onMessage(listener: (message: FromWorker) => void): void {
    this.#listener = listener;
  }
  onDied(listener: (reason: string) => void): void {
    this.#died = listener;
  }
  end(): void {
    this.ended = true;
  }
  say(message: FromWorker): void {
    this.#listener(message);
  }
  die(reason: string): void {
    this.#died(reason);
  }
  types(): readonly string[] {
    return this.received.map(({ type }) => type);
  }
}

const slice: SliceRequest = {
  node: 1,
  of: "value",
  root: null,
  leading: [],
  rows: { from: 0, to: 2 },
  columns: { from: 0, to: 2 },
  limit: 4,
};

function setUp(graceMilliseconds = 5) {
  const workers: FakeWorker[] = [];
  const restarts: string[] = [];
  const link = new EngineLink({
    start: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    onDidRestart: (cause) => restarts.push(cause),
    graceMilliseconds,
  });
  const worker = (index = 0): FakeWorker =>
    workers[index] ?? assert.fail(`worker ${String(index)} was not started`);
  return { link, workers, worker, restarts };
}

suite("extension: the engine's worker", () => {
  test("a worker that was prepared takes the first run", () => {
    const { link, workers, worker } = setUp();
    link.prepare();
    assert.deepEqual(worker().types(), ["hello"]);
    link.run(runRequest(), () => undefined);
    assert.deepEqual([workers.length, worker().types()], [1, ["hello", "run"]]);
    link.dispose();
  });

  test("it is started with the first run, which a handshake goes before", () => {
    const { link, workers, worker } = setUp();
    assert.equal(workers.length, 0);
    link.run(runRequest(), () => undefined);
    assert.deepEqual(worker().types(), ["hello", "run"]);
    link.run(runRequest(), () => undefined);
    assert.equal(workers.length, 1);
  });

  test("a run ends with its own outcome, and its progress is told", async () => {
    const { link, worker } = setUp();
    const told: number[] = [];
    const first = link.run(runRequest(), ({ done }) => told.push(done));
    const second = link.run(runRequest(), () => assert.fail("not its progress"));
    const outcome = runOutcome();
    worker().say({ type: "progress", runId: first.runId, done: 3, total: 10, what: "half" });
    worker().say({ type: "finished", runId: second.runId, outcome: runOutcome({ version: 2 }) });
    worker().say({ type: "finished", runId: first.runId, outcome });
    assert.deepEqual(await first.result, { kind: "finished", outcome });
    assert.deepEqual(told, [3]);
  });

  test("slices and roots are answered to who asked, in any order", async () => {
    const { link, worker } = setUp();
    const { runId } = link.run(runRequest(), () => undefined);
    const one = link.slice(runId, slice);
    const two = link.slice(runId, slice);
    const root = link.chooseRoot(runId, "one", 4);
    const ids = worker().received.flatMap((message) => ("requestId" in message ? [message.requestId] : []));
    const reply = { rowStep: 1, columnStep: 1, rows: 1, columns: 1, data: new Float64Array([7]) };
    worker().say({ type: "slice", requestId: ids[1]!, reply });
    worker().say({ type: "root", requestId: ids[2]!, target: targetReport() });
    worker().say({ type: "slice", requestId: ids[0]!, reply: null });
    assert.equal(await one, null);
    assert.equal(await two, reply);
    assert.deepEqual(await root, targetReport());
  });

  test("questions are answered to who asked; without a worker there is no answer", async () => {
    const { link, worker } = setUp();
    const question = { kind: "graph", target: "one", root: null, norms: false } as const;
    assert.deepEqual(await link.ask(1, question), { answer: null, problem: null });
    link.run(runRequest(), () => undefined);
    const first = link.ask(1, question);
    const second = link.ask(1, { ...question, root: 3 });
    const asked = worker().received.flatMap((message) => (message.type === "ask" ? [message] : []));
    assert.deepEqual(
      asked.map(({ runId, question }) => [runId, question.kind === "graph" ? question.root : question.kind]),
      [
        [1, null],
        [1, 3],
      ],
    );
    const graph = { root: 3, nodes: [], groups: [], edges: [], flows: [], omitted: 0 };
    worker().say({ type: "answer", requestId: asked[1]!.requestId, answer: graph, problem: null });
    worker().say({ type: "answer", requestId: asked[0]!.requestId, answer: null, problem: "it broke" });
    assert.deepEqual(await second, { answer: graph, problem: null });
    assert.deepEqual(await first, { answer: null, problem: "it broke" });
    const third = link.ask(1, question);
    worker().die("gone");
    assert.deepEqual(await third, { answer: null, problem: null });
  });

  test("a cancelled run that says so ends at once, and its worker lives on", async () => {
    const { link, worker, workers, restarts } = setUp(10_000);
    const run = link.run(runRequest(), () => undefined);
    run.cancel();
    run.cancel();
    assert.deepEqual(worker().types(), ["hello", "run", "cancel"]);
    worker().say({ type: "cancelled", runId: run.runId });
    assert.deepEqual(await run.result, { kind: "cancelled" });
    assert.equal(workers.length, 1);
    assert.deepEqual(restarts, []);
    link.dispose();
  });

  test("one that does not answer in time is ended with its worker, and what waits goes to a new one", async () => {
    const { link, worker, restarts } = setUp();
    const hanging = link.run(runRequest(), () => undefined);
    const waiting = link.run(runRequest(), () => undefined);
    hanging.cancel();
    assert.deepEqual(await hanging.result, { kind: "cancelled" });
    assert.equal(worker(0).ended, true);
    assert.deepEqual(restarts, ["unresponsive"]);
    assert.deepEqual(worker(1).types(), ["hello", "run"]);
    worker(0).say({ type: "finished", runId: waiting.runId, outcome: runOutcome() }); // too late: nobody listens
    worker(1).say({ type: "cancelled", runId: waiting.runId });
    assert.deepEqual(await waiting.result, { kind: "cancelled" });
  });

  test("a death ends its runs and questions, is told once, and the next run has a new worker", async () => {
    const { link, worker, workers, restarts } = setUp();
    const run = link.run(runRequest(), () => undefined);
    const asked = link.slice(run.runId, slice);
    worker().die("out of memory");
    assert.deepEqual(await run.result, { kind: "crashed", message: "out of memory" });
    assert.equal(await asked, null);
    assert.deepEqual(restarts, ["died"]);
    assert.equal(await link.slice(run.runId, slice), null);
    link.run(runRequest(), () => undefined);
    assert.equal(workers.length, 2);
  });

  test("a failure of the engine ends that run alone", async () => {
    const { link, worker, workers, restarts } = setUp();
    const run = link.run(runRequest(), () => undefined);
    worker().say({ type: "crashed", runId: run.runId, message: "a bug" });
    assert.deepEqual(await run.result, { kind: "crashed", message: "a bug" });
    assert.equal(workers.length, 1);
    assert.deepEqual(restarts, []);
  });

  test("a worker of another version is not trusted", async () => {
    const { link, worker } = setUp();
    const run = link.run(runRequest(), () => undefined);
    worker().say({ type: "hello", version: 99 });
    const result = await run.result;
    assert.equal(result.kind, "crashed");
    assert.match(result.message, /version 99.*Reload the window/);
    assert.equal(worker().ended, true);
  });

  test("nothing waits for ever when the extension ends", async () => {
    const { link, worker } = setUp();
    const run = link.run(runRequest(), () => undefined);
    link.dispose();
    assert.deepEqual(await run.result, { kind: "cancelled" });
    assert.equal(worker().ended, true);
  });
});
