// Each study has a worker of its own, which ends with it, however it ends.
import assert from "node:assert/strict";
import { startStudy } from "../../../src/hosts/extension/study-link";
import { strengthReport, strengthSummary } from "../../../src/hosts/extension/strength-report";
import type { WorkerPort } from "../../../src/hosts/extension/worker-port";
import type { FileStrength, FromWorker, StudyRequest, ToWorker } from "../../../src/protocol";

const request: StudyRequest = { uri: "file:///a.nnspec", version: 1, files: {}, study: { kind: "strength" } };
const range = { start: { line: 2, character: 2 }, end: { line: 2, character: 9 } };
const report: FileStrength = {
  file: "file:///a.nnspec",
  errors: 0,
  subjects: [
    {
      name: "linear vjp x",
      kind: "rule",
      range,
      refused: 1,
      mutants: [
        {
          ...{ kind: "transpose", title: "`W.T` without its transpose", range, newText: "W" },
          ...{
            outcome: "missed",
            by: null,
            suggestion: { title: "A gradcheck would.", text: "gradcheck y" },
          },
        },
        {
          ...{ kind: "factor", title: "twice the whole", range, newText: "2 * W.T @ u", outcome: "caught" },
          ...{ by: { run: "r", kind: "check", name: "dx", range }, suggestion: null },
        },
      ],
    },
  ],
  skipped: [{ run: "long", reason: "it takes 3 s" }],
  untried: 0,
  milliseconds: 5,
};

class FakeWorker implements WorkerPort {
  readonly posted: ToWorker[] = [];
  ended = 0;
  say: (message: FromWorker) => void = () => undefined;
  die: (reason: string) => void = () => undefined;
  post(message: ToWorker): void {
    this.posted.push(message);
  }
  onMessage(listener: (message: FromWorker) => void): void {
    this.say = listener;
  }
  onDied(listener: (reason: string) => void): void {
    this.die = listener;
  }
  end(): void {
    this.ended += 1;
  }
}

suite("extension: studies", () => {
  test("progress is told, the outcome handed over, and the worker ended", async () => {
    const worker = new FakeWorker();
    const told: unknown[] = [];
    const studying = startStudy(
      () => worker,
      request,
      (progress) => void told.push(progress),
    );
    assert.deepEqual(
      worker.posted.map(({ type }) => type),
      ["hello", "study"],
    );
    worker.say({ type: "hello", version: 1 });
    worker.say({ type: "progress", runId: 1, done: 2, total: 5, what: "Mutants" });
    worker.say({ type: "studied", runId: 1, outcome: { kind: "strength", report } });
    assert.deepEqual(await studying.result, { kind: "studied", outcome: { kind: "strength", report } });
    assert.deepEqual(told, [{ done: 2, total: 5, what: "Mutants" }]);
    assert.equal(worker.ended, 1);
  });

  test("cancelling ends the worker at once; crashes and deaths are told; another version is refused", async () => {
    const end = async (how: (worker: FakeWorker, cancel: () => void) => void) => {
      const worker = new FakeWorker();
      const studying = startStudy(
        () => worker,
        request,
        () => undefined,
      );
      how(worker, () => studying.cancel());
      const result = await studying.result;
      assert.ok(worker.ended > 0);
      return result;
    };
    assert.deepEqual(await end((_, cancel) => cancel()), { kind: "cancelled" });
    assert.deepEqual(await end((worker) => worker.die("gone")), { kind: "crashed", message: "gone" });
    assert.deepEqual(await end((worker) => worker.say({ type: "crashed", runId: 1, message: "oh" })), {
      kind: "crashed",
      message: "oh",
    });
    assert.equal((await end((worker) => worker.say({ type: "hello", version: 99 }))).kind, "crashed");
  });

  test("the report tells what is missed first, with what would catch it", () => {
    assert.equal(strengthSummary(report), "The tests would miss 1 of 2 planted mistakes.");
    const text = strengthReport("a.nnspec", report);
    assert.match(text, /^# The strength of the tests of a\.nnspec/u);
    assert.match(text, /## linear vjp x, line 3/u);
    assert.match(
      text,
      /\*\*missed\*\*: `W\.T` without its transpose[^]*```nnspec\n {2}gradcheck y\n {2}```/u,
    );
    assert.match(text, /caught: twice the whole — by check `dx` in run `r`/u);
    assert.match(text, /run `long` was not repeated: it takes 3 s/u);
    assert.equal(
      strengthSummary({ ...report, subjects: [] }),
      "Nothing that is derived by hand was found to test the tests with.",
    );
  });
});
