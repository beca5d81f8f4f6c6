// Nothing that the panel sends is believed before it was judged.
import assert from "node:assert/strict";
import fc from "fast-check";
import { readPanelMessage } from "../../../src/hosts/extension/read-panel-message";
import type { FromPanel } from "../../../src/protocol";

const place = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
const slice = {
  node: 3,
  of: "gradient",
  root: 1,
  leading: [0],
  rows: { from: 0, to: 2 },
  columns: { from: 0, to: 4 },
  limit: 8,
} as const;

const good: readonly FromPanel[] = [
  { type: "ready", version: 1 },
  { type: "slice", requestId: 0, slice },
  { type: "ask", requestId: 4, question: { kind: "graph", target: "one", root: null, norms: false } },
  { type: "ask", requestId: 4, question: { kind: "graph", target: "one", root: 2, norms: true } },
  { type: "reveal", range: place, file: null },
  { type: "reveal", range: place, file: "std" },
  { type: "choose-target", target: "one" },
  { type: "choose-root", target: "one", root: 2 },
  { type: "run", action: "gradcheck" },
  { type: "cancel" },
  { type: "pin", pinned: true },
  { type: "copy", text: "[1, 2]" },
  { type: "save", name: "graph.svg", bytes: new Uint8Array([60]) },
  { type: "insert-line", target: "one", expression: "backward(m.z, one_hot(0, 3))", name: "d_z" },
  { type: "ask", requestId: 5, question: { kind: "differences", target: "one", run: 3, root: null } },
  { type: "ask", requestId: 6, question: { kind: "check", target: "one", index: 2 } },
  {
    type: "ask",
    requestId: 4,
    question: { kind: "tensor", target: "one", tensor: { node: 3, of: "value", root: null } },
  },
];

const bad: readonly unknown[] = [
  null,
  "ready",
  { type: "ready" },
  { type: "ready", version: "1" },
  { type: "delete-everything" },
  { type: "slice", requestId: -1, slice },
  { type: "slice", requestId: 1, slice: { ...slice, of: "both" } },
  { type: "slice", requestId: 1, slice: { ...slice, rows: { from: 2, to: 1 } } },
  { type: "slice", requestId: 1, slice: { ...slice, leading: [0.5] } },
  { type: "ask", requestId: 4 },
  { type: "ask", requestId: 4, question: { kind: "toString", target: "one" } },
  { type: "ask", requestId: 4, question: { kind: "graph", root: null, norms: false } },
  { type: "ask", requestId: 4, question: { kind: "graph", target: "one", root: "x", norms: true } },
  { type: "ask", requestId: -4, question: { kind: "graph", target: "one", root: null, norms: false } },
  { type: "reveal", range: { start: place.start }, file: null },
  { type: "reveal", range: place, file: 3 },
  { type: "choose-root", target: "one", root: NaN },
  { type: "run", action: "forward" },
  { type: "pin", pinned: 1 },
  { type: "copy" },
  { type: "insert-line", target: "one", expression: "backward(m.z)\n}", name: "d" },
  { type: "insert-line", target: "one", expression: "", name: "d" },
  { type: "ask", requestId: 5, question: { kind: "differences", target: "one", run: "3", root: null } },
  { type: "ask", requestId: 6, question: { kind: "check", target: "one", index: -1 } },
  { type: "insert-line", target: "one", expression: "backward(m.z)" },
  { type: "insert-line", target: "one", expression: "backward(m.z)", name: "d = 1; e" },
  { type: "ask", requestId: 4, question: { kind: "tensor", target: "one", tensor: 3 } },
  { type: "save", name: "../graph.svg", bytes: new Uint8Array(1) },
  { type: "save", name: "graph.svg", bytes: "<svg/>" },
];

suite("extension: messages from the panel", () => {
  for (const message of good) {
    test(`${JSON.stringify(message).slice(0, 60)} is understood`, () =>
      assert.deepEqual(readPanelMessage(message), message));
  }
  for (const message of bad) {
    test(`${JSON.stringify(message).slice(0, 60)} is not`, () =>
      assert.equal(readPanelMessage(message), undefined));
  }

  test("more than the protocol says is left out", () => {
    assert.deepEqual(readPanelMessage({ type: "cancel", extra: "x" }), { type: "cancel" });
  });

  test("no value whatever makes it throw", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ type: fc.constantFrom(...good.map(({ type }) => type)) }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        readPanelMessage(value);
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});
