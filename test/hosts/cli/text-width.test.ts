/** Widths of texts in a terminal, and that no text can steer it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cutTo, printable, textWidth, wrapWords } from "../../../src/hosts/cli/report/text-width";

suite("command line: text widths", () => {
  test("combining marks take no column, East Asian wide characters two", () => {
    assert.equal(textWidth("∂J/∂W₂"), 6);
    assert.equal(textWidth("x\u0302"), 1);
    assert.equal(textWidth("漢字"), 4);
    assert.equal(textWidth("✓ …"), 3);
  });

  test("control characters become pictures: an escape sequence in a file's text does nothing", () => {
    assert.equal(printable("a\tb"), "a    b");
    assert.equal(printable("\u001b[2J"), "␛[2J");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(printable(text), /\p{Cc}|[\u202a-\u202e]/u);
      }),
      { seed: 42 },
    );
  });

  test("a cut text fits and says that it is cut", () => {
    assert.equal(cutTo("abcdef", 6), "abcdef");
    assert.equal(cutTo("abcdefg", 6), "abcde…");
    assert.equal(cutTo("漢字漢字", 4), "漢…");
  });

  test("code in backticks stays on one line", () => {
    assert.deepEqual(wrapWords("here `2 * u` belongs in `2 * u @ x.T`.", 22), [
      "here `2 * u` belongs",
      "in `2 * u @ x.T`.",
    ]);
    assert.deepEqual(wrapWords("a ` b", 3), ["a `", "b"]);
  });

  test("wrapping keeps every word in order and every line within the width", () => {
    const words = fc.array(
      fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom("a", "∂", "漢", "-") }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 24, max: 60 }), (parts, width) => {
        const lines = wrapWords(parts.join(" "), width);
        assert.equal(lines.join(" "), parts.join(" "));
        for (const line of lines) assert.ok(textWidth(line) <= width);
      }),
      { seed: 42 },
    );
  });
});
