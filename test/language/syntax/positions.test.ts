import assert from "node:assert/strict";
import fc from "fast-check";
import { lineMap } from "../../../src/language/syntax";

suite("positions", () => {
  test("lines end at \\n, \\r\\n and \\r", () => {
    assert.deepEqual(lineMap("a\nb\r\nc\rd").lineStarts, [0, 2, 5, 7]);
    assert.deepEqual(lineMap("").lineStarts, [0]);
    assert.deepEqual(lineMap("\n").lineStarts, [0, 1]);
  });

  test("characters are UTF-16 units", () => {
    assert.deepEqual(lineMap("𝛼b").positionAt(2), { line: 0, character: 2 });
  });

  test("what lies beyond a line or the text is clamped", () => {
    const { offsetAt, positionAt } = lineMap("ab\r\ncd");
    assert.equal(offsetAt({ line: 0, character: 9 }), 2);
    assert.equal(offsetAt({ line: 1, character: 9 }), 6);
    assert.equal(offsetAt({ line: 7, character: 0 }), 6);
    assert.equal(offsetAt({ line: -1, character: 3 }), 0);
    assert.deepEqual(positionAt(99), { line: 1, character: 2 });
    assert.deepEqual(positionAt(-1), { line: 0, character: 0 });
  });

  test("there and back is the same offset", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\r\n", "𝛼") });
    const check = (text: string): void => {
      const { offsetAt, positionAt } = lineMap(text);
      for (let offset = 0; offset <= text.length; offset++) {
        const inLineBreak = text[offset - 1] === "\r" && text[offset] === "\n";
        if (!inLineBreak) assert.equal(offsetAt(positionAt(offset)), offset);
      }
    };
    fc.assert(fc.property(texts, check), { seed: 42 });
  });
});
