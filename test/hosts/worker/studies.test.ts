// Studies through the worker's protocol: their progress, their outcome, their cancellation.
import assert from "node:assert/strict";
import { serveEngine } from "../../../src/hosts/worker/serve-engine";
import type { FromWorker, StudyRequest, ToWorker } from "../../../src/protocol";

const uri = "file:///spec/a.nnspec";
const spec = `op square(x: [n, n]) -> [n, n] {
  return x @ x
  vjp x(u) = x @ u + u @ x.T
}

run r {
  x = [[1, 2], [2, 1]]
  y = square(x)
  check backward(sum(y)).x ~= [[6, 6], [6, 6]]
}
`;

function study(text: string, wanted: StudyRequest["study"]): StudyRequest {
  return { uri, version: 3, files: { [uri]: text }, study: wanted };
}

/** Carries out one message; `during` may answer each breath with another. */
async function said(
  message: ToWorker,
  during: () => ToWorker | undefined = () => undefined,
): Promise<FromWorker> {
  let clock = 0;
  return new Promise((resolve) => {
    const receive = serveEngine({
      post: (told) => {
        if (told.type !== "progress") resolve(told);
      },
      breathe: async () => {
        await Promise.resolve();
        const more = during();
        if (more !== undefined) receive(more);
      },
      now: () => (clock += 1),
      data: undefined,
    });
    receive(message);
  });
}

suite("worker: studies", () => {
  test("the strength of a file's tests", async () => {
    const told = await said({
      type: "study",
      runId: 4,
      request: study(spec.replace("x @ u", "x.T @ u"), { kind: "strength" }),
    });
    assert.equal(told.type, "studied");
    assert.equal(told.runId, 4);
    assert.ok(told.outcome.kind === "strength");
    const outcomes = told.outcome.report.subjects.flatMap(({ mutants }) =>
      mutants.map(({ outcome }) => outcome),
    );
    assert.ok(outcomes.includes("missed") && outcomes.includes("caught"));
  });

  test("a reproduction of one failure", async () => {
    const target = { kind: "op", name: "square", index: 0 } as const;
    const told = await said({ type: "study", runId: 1, request: study(spec, { kind: "reproduce", target }) });
    assert.ok(told.type === "studied" && told.outcome.kind === "reproduce");
    const [found, ...others] = told.outcome.report.reproductions;
    assert.deepEqual([found?.of, others], [target, []]);
    assert.match(found?.text ?? "", /gradcheck y/u);
  });

  test("a study is cancelled", async () => {
    let breaths = 0;
    const told = await said({ type: "study", runId: 9, request: study(spec, { kind: "strength" }) }, () =>
      breaths++ === 2 ? { type: "cancel", runId: 9 } : undefined,
    );
    assert.deepEqual(told, { type: "cancelled", runId: 9 });
  });

  test("a run that wants no fixes has none", async () => {
    const request = {
      uri,
      version: 1,
      action: "gradcheck",
      target: undefined,
      files: { [uri]: spec },
    } as const;
    for (const fixes of [true, false]) {
      const told = await said({ type: "run", runId: 1, request: { ...request, fixes } });
      assert.ok(told.type === "finished");
      const [blame] = told.outcome.report.ops?.[0]?.gradcheck.blame ?? [];
      assert.equal(blame?.explanation.fix !== undefined, fixes);
    }
  });
});
