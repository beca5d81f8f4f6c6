// When a run is repeated as one types.
import assert from "node:assert/strict";
import { isBroken, isQuick, lastRunOf } from "../../../src/hosts/extension/live-rule";
import { runOutcome, runReport, runRequest, targetReport } from "./reports";

function outcomeWithError(code: string) {
  const error = {
    code,
    message: "",
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
  };
  return runOutcome({
    targets: [targetReport({ status: "error", run: runReport({ status: "error", error }) })],
  });
}

function lasting(milliseconds: number, { warm }: { readonly warm: boolean }) {
  return { action: "run", target: undefined, milliseconds, warm } as const;
}

suite("extension: live runs", () => {
  test("quick runs repeat by default, all of them where it is on, none where it is off", () => {
    assert.deepEqual(
      [99, 100].map((milliseconds) =>
        (["auto", "on", "off"] as const).map((mode) => isQuick(mode, lasting(milliseconds, { warm: true }))),
      ),
      [
        [true, true, false],
        [false, true, false],
      ],
    );
  });

  test("a first run may be slower: it compiles what it runs", () => {
    assert.equal(isQuick("auto", lasting(300, { warm: false })), true);
    assert.equal(isQuick("auto", lasting(300, { warm: true })), false);
    assert.equal(isQuick("auto", lasting(500, { warm: false })), false);
  });

  test("what is repeated is what was run, with the time that it took", () => {
    const target = { kind: "run", name: "one" } as const;
    const outcome = runOutcome({
      targets: [targetReport({ milliseconds: 3 }), targetReport({ milliseconds: 4 })],
    });
    assert.deepEqual(lastRunOf(runRequest({ action: "gradcheck", target }), outcome), {
      action: "gradcheck",
      target,
      milliseconds: 7,
      warm: false,
    });
  });

  test("a half-typed text keeps the results before; what only values show replaces them", () => {
    assert.equal(isBroken(outcomeWithError("NN201"), []), true);
    assert.equal(isBroken(outcomeWithError("NN501"), []), false);
    assert.equal(isBroken(runOutcome({ targets: [] }), []), true);
    assert.equal(isBroken(runOutcome(), []), false);
  });

  test("an error that was there before, elsewhere in the file, keeps nothing from repeating", () => {
    const { range } = targetReport();
    const error = { code: "NN101", severity: "error", message: "", range, related: [] } as const;
    assert.equal(isBroken(runOutcome({ diagnostics: [error] }), []), true);
    assert.equal(isBroken(runOutcome({ diagnostics: [error] }), [error]), false);
  });
});
