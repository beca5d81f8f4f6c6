// A message of the Test Explorer and what stands at a line's end never overlap: which lines have one is known after every edit.
import assert from "node:assert/strict";
import { linesAfterChanges, type LineChange } from "../../../src/hosts/extension/message-lines";

function change(from: number, to: number, text: string): LineChange {
  return { range: { start: { line: from }, end: { line: to } }, text };
}

function after(lines: readonly number[], ...changes: readonly LineChange[]): readonly number[] {
  return [...linesAfterChanges(new Set(lines), changes)];
}

suite("extension: lines with a message", () => {
  test("the line that is edited loses it, the others keep it", () => {
    assert.deepEqual(after([2, 5, 9], change(5, 5, "x")), [2, 9]);
    assert.deepEqual(after([2, 5, 9], change(4, 6, "x")), [2, 7]);
  });

  test("lines that come or go above move it, those below do not", () => {
    assert.deepEqual(after([5], change(2, 2, "a\nb\n")), [7]);
    assert.deepEqual(after([5], change(1, 3, "")), [3]);
    assert.deepEqual(after([5], change(8, 9, "a\nb\nc")), [5]);
    assert.deepEqual(after([5], change(2, 2, "a\r\nb")), [6]);
  });

  test("several edits at once count from the end of the text", () => {
    assert.deepEqual(after([3, 8, 12], change(10, 10, "\n"), change(8, 8, "y"), change(0, 1, "")), [2, 12]);
  });

  test("none is left of none", () => assert.deepEqual(after([], change(0, 0, "\n")), []));
});
