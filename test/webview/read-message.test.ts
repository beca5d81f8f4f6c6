/** Nothing that arrives is believed before it has been read: messages to the panel, and what it saved itself. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readMessage } from "../../src/hosts/webview/state/read-message";
import { freshState, readSavedState } from "../../src/hosts/webview/state/saved-state";
import { failedTarget } from "./fixture-failed";
import { passedTarget } from "./fixture-passed";
import { panelState } from "./fixture-states";

function problemOf(message: unknown): string | null {
  const read = readMessage(message);
  return read.type === "malformed" ? read.problem : null;
}

suite("messages to the panel", () => {
  const state = panelState([passedTarget(), failedTarget()], {
    message: "note",
    progress: { done: 1, total: 2, what: "it" },
  });

  test("what is of the protocol comes through unchanged", () => {
    const messages = [
      { type: "hello", version: 1 },
      { type: "state", state },
      { type: "follow", target: "broken", node: 3 },
      { type: "slice", requestId: 7, reply: null },
      { type: "answer", requestId: 7, answer: null },
      {
        type: "slice",
        requestId: 8,
        reply: { rowStep: 1, columnStep: 2, rows: 1, columns: 2, data: new Float64Array([1, NaN]) },
      },
    ];
    for (const message of messages) assert.deepEqual(readMessage(message), message);
  });

  test("numbers that JSON cannot carry come by name, or as null", () => {
    const names = new Map<number, string>([
      [Infinity, "Infinity"],
      [-Infinity, "-Infinity"],
    ]);
    const wire: unknown = JSON.parse(
      JSON.stringify({ type: "state", state }, (_key, value: unknown) =>
        typeof value === "number" && !Number.isFinite(value) ? (names.get(value) ?? null) : value,
      ),
    );
    assert.deepEqual(readMessage(wire), { type: "state", state });
    const named = JSON.parse(
      JSON.stringify({ type: "state", state }, (_key, value: unknown) =>
        Number.isNaN(value) ? "NaN" : value,
      ),
    ) as unknown;
    assert.equal(problemOf(named), null);
  });

  test("what is wrong is named with its place", () => {
    const broken = structuredClone(state) as unknown as {
      targets: { nodes: { value: { mean: unknown } }[] }[];
    };
    broken.targets[0]!.nodes[2]!.value.mean = "large";
    assert.equal(
      problemOf({ type: "state", state: broken }),
      "state.state.targets[0].nodes[2].value.mean is not a number",
    );
    const cases: readonly (readonly [unknown, string])[] = [
      [null, "message is not an object"],
      [[], "message is not an object"],
      [{ type: "fly" }, "message.type is not one of hello, state, follow, slice, answer, training"],
      [{ type: "hello", version: "1" }, "hello.version is not a finite number"],
      [{ type: "follow", target: "x", node: -1 }, "follow.node is not a count"],
      [
        {
          type: "slice",
          requestId: 1,
          reply: { rowStep: 0, columnStep: 1, rows: 0, columns: 0, data: new Float64Array(0) },
        },
        "slice.reply is not stepping forward",
      ],
      [
        {
          type: "slice",
          requestId: 1,
          reply: { rowStep: 1, columnStep: 1, rows: 2, columns: 2, data: new Float64Array(3) },
        },
        "slice.reply.data is not rows × columns long",
      ],
      [
        { type: "slice", requestId: 1, reply: { rowStep: 1, columnStep: 1, rows: 1, columns: 1, data: [1] } },
        "slice.reply.data is not an array of doubles",
      ],
      [
        { type: "state", state: { ...state, phase: "asleep" } },
        "state.state.phase is not one of empty, running, finished, cancelled, crashed",
      ],
    ];
    for (const [message, problem] of cases) assert.equal(problemOf(message), problem);
  });

  test("no value whatever makes the reader throw", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => void readMessage(value)),
      { seed: 42 },
    );
    const damaged = fc.record({
      type: fc.constantFrom("hello", "state", "follow", "slice"),
      state: fc.object(),
      reply: fc.object(),
    });
    fc.assert(
      fc.property(damaged, (value) => void readMessage(value)),
      { seed: 42 },
    );
  });

  test("what the report carries for others is left behind", () => {
    const heavy = structuredClone(state) as unknown as { targets: { run: { shown: unknown } }[] };
    heavy.targets[0]!.run.shown = [{ name: "m.o", data: [1, 2, 3] }];
    assert.deepEqual(readMessage({ type: "state", state: heavy }), { type: "state", state });
  });
});

suite("saved state", () => {
  test("what was saved comes back", () => {
    const saved = {
      ...freshState,
      tab: "tensor" as const,
      selected: "m.z",
      pinned: true,
      sort: { column: "gradient.deviation" as const, direction: "ascending" as const },
      leading: [3, 1],
      collapsed: ["net:m"],
    };
    assert.deepEqual(readSavedState(JSON.parse(JSON.stringify(saved))), saved);
  });

  test("anything else is a fresh start", () => {
    for (const value of [
      undefined,
      null,
      3,
      {},
      { ...freshState, tab: "elsewhere" },
      { ...freshState, sort: { column: "value.color", direction: "ascending" } },
    ]) {
      assert.deepEqual(readSavedState(value), freshState);
    }
  });
});
