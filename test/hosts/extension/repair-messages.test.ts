// What the panel asks to have mended is judged before it is believed.
import assert from "node:assert/strict";
import fc from "fast-check";
import { readPanelMessage } from "../../../src/hosts/extension/read-panel-message";
import type { FromPanel } from "../../../src/protocol";

const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
const good: readonly FromPanel[] = [
  { type: "apply-fix", fix: { title: "Transpose `W`", edits: [{ range, newText: "W.T" }] } },
  {
    type: "apply-fix",
    fix: { title: "Transpose `W`", file: "file:///ops.nnspec", edits: [{ range, newText: "W.T" }] },
  },
  { type: "reproduce", of: { kind: "check", name: "r", index: 2 } },
  { type: "reproduce", of: { kind: "op", name: "linear", index: 0 } },
];
const bad: readonly unknown[] = [
  { type: "apply-fix" },
  { type: "apply-fix", fix: { title: "x", edits: "none" } },
  { type: "apply-fix", fix: { title: "x", file: 3, edits: [] } },
  { type: "apply-fix", fix: { title: "x", edits: [{ range, newText: 3 }] } },
  { type: "apply-fix", fix: { title: "x", edits: [{ range: { start: range.start }, newText: "" }] } },
  { type: "reproduce", of: { kind: "file", name: "r", index: 0 } },
  { type: "reproduce", of: { kind: "check", name: "r", index: -1 } },
  { type: "reproduce", of: null },
];

suite("extension: repair messages", () => {
  test("messages of the protocol are read as they are, and nothing else is carried along", () => {
    for (const message of good) {
      assert.deepEqual(readPanelMessage(message), message);
      assert.deepEqual(readPanelMessage({ ...message, extra: 1 }), message);
    }
  });

  test("anything else is none", () => {
    for (const message of bad) assert.equal(readPanelMessage(message), undefined, JSON.stringify(message));
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom("apply-fix", "reproduce"), (value, type) => {
        const message = readPanelMessage({ type, fix: value, of: value });
        return message === undefined || typeof message === "object";
      }),
      { seed: 42 },
    );
  });
});
