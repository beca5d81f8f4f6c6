/** A training in the worker: its curves come with the progress, a word stops it, and another run takes it up. */
import assert from "node:assert/strict";
import { serveEngine } from "../../../src/hosts/worker/serve-engine";
import type { FromWorker, RunRequest, ToWorker } from "../../../src/protocol";

const uri = "file:///spec/a.nnspec";
const spec = `
net Line(n)(x: [N, n], y: [N, 1]) -> [] {
  param W: [n, 1] = zeros()
  return mean((x @ W - y)^2)
}
run r {
  seed torch 0
  x = randn([64, 3])
  y = x @ [[1.0], [2.0], [-1.0]]
  fit = train(Line(3), batches(x, y, size = 8), sgd(0.001), epochs = 2000)
  loss = fit.loss
  show fit.loss
}
`;

function request(more: Partial<RunRequest> = {}): RunRequest {
  return { uri, version: 1, action: "run", target: undefined, files: { [uri]: spec }, ...more };
}

/** An engine whose clock is fast, so that it tells and hears often; the word comes once a training has begun. */
function startEngine(): { readonly said: FromWorker[]; readonly receive: (message: ToWorker) => void } {
  const said: FromWorker[] = [];
  let time = 0;
  let stopped = false;
  const receive = serveEngine({
    post: (message) => said.push(message),
    breathe: () => Promise.resolve(),
    pull: () => {
      const begun = said.find((message) => message.type === "progress" && message.training !== undefined);
      if (begun === undefined || stopped) return undefined;
      stopped = true;
      return { type: "stop-training", runId: 1 };
    },
    now: () => (time += 5),
    data: undefined,
  });
  return { said, receive };
}

async function finished(
  said: readonly FromWorker[],
  runId: number,
): Promise<Extract<FromWorker, { type: "finished" }>> {
  for (;;) {
    const found = said.find((message) => message.type === "finished" && message.runId === runId);
    if (found?.type === "finished") return found;
    const crashed = said.find((message) => message.type === "crashed");
    assert.equal(crashed, undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

suite("trainings in the worker", () => {
  test("a word ends a training with what it has, and the next run goes on from there", async () => {
    const { said, receive } = startEngine();
    receive({ type: "run", runId: 1, request: request() });
    const first = (await finished(said, 1)).outcome.targets[0]!;
    const [stopped] = first.trainings ?? [];
    assert.equal(stopped?.state, "stopped");
    assert.ok(stopped.done > 0 && stopped.done < 16_000, `${String(stopped.done)} steps`);
    assert.deepEqual(first.nodes.find(({ name }) => name === "loss")?.value?.shape, [stopped.done]);
    receive({ type: "run", runId: 2, request: request({ resume: 1 }) });
    const [whole] = (await finished(said, 2)).outcome.targets[0]!.trainings ?? [];
    assert.deepEqual([whole?.state, whole?.done], ["finished", 16_000]);
    receive({ type: "ask", requestId: 3, runId: 2, question: { kind: "training", target: "r" } });
    const answer = said.find((message) => message.type === "answer");
    assert.ok(answer?.type === "answer" && answer.answer !== null && "curves" in answer.answer);
    assert.equal(answer.answer.curves[0]?.losses.length, 16_000);
  });
});
