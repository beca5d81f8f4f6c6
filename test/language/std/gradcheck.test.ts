// Every net of the standard library passes the gradcheck that its lens runs: sampled inputs, hand-independent answers.
import assert from "node:assert/strict";
import { execute, type EngineHost } from "../../../src/engine";
import { standardLibrary } from "../../../src/language/std";

const host: EngineHost = { resolve: () => undefined, data: undefined, now: () => 0 };

suite("gradchecks of the standard library", () => {
  test("every layer and loss passes", async () => {
    const file = { id: "std", text: standardLibrary(), version: 1 };
    const session = await execute(host, file, { action: "gradcheck", target: undefined });
    const { nets = [] } = session.outcome.report;
    assert.ok(nets.length > 20);
    const others = nets.filter(({ gradcheck }) => gradcheck.verdict !== "passed");
    assert.deepEqual(
      others.map(({ name, gradcheck }) => `${name}: ${gradcheck.verdict}, ${gradcheck.reason ?? ""}`),
      [],
    );
  });
});
