// The spec that an idle worker runs: it must be right, or it warms nothing, and it must make way.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { serveEngine } from "../../../src/hosts/worker/serve-engine";
import { warmUp } from "../../../src/hosts/worker/warm-up";
import { workerProtocolVersion, type FromWorker } from "../../../src/protocol";

const clock = { now: () => performance.now(), breathe: () => setImmediate() };

suite("worker: warming up", () => {
  test("the small spec passes", async () => {
    assert.equal(await warmUp(() => true, clock), true);
  });

  test("it ends as soon as something is wanted", async () => {
    let asked = 0;
    assert.equal(await warmUp(() => ++asked < 2, clock), false);
    assert.ok(asked < 5, "asked again and again after the answer was no");
  });

  test("a run that comes with the greeting does not wait for it, and nobody hears of it", async () => {
    const said: FromWorker[] = [];
    const finished = new Promise<void>((resolve) => {
      const receive = serveEngine({
        ...clock,
        post: (message) => {
          said.push(message);
          if (message.type === "finished") resolve();
        },
        data: undefined,
      });
      receive({ type: "hello", version: workerProtocolVersion });
      const uri = "file:///a.nnspec";
      const files = { [uri]: "run r {\n  show 1 + 1\n}\n" };
      receive({
        type: "run",
        runId: 1,
        request: { uri, version: 1, action: "run", target: undefined, files },
      });
    });
    await finished;
    assert.deepEqual(
      said.filter(({ type }) => type !== "progress").map(({ type }) => type),
      ["hello", "finished"],
    );
  });
});
