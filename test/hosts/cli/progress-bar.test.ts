/** The progress line fits its terminal, whatever it has to say. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { progressLine } from "../../../src/hosts/cli/progress-bar";
import { plain } from "../../../src/hosts/cli/report/paint";
import { textWidth } from "../../../src/hosts/cli/report/text-width";

suite("command line: progress", () => {
  test("a part done is that part of the bar", () => {
    const line = progressLine(plain, { file: "a.nnspec", what: "Checks", done: 3, total: 12 }, 80);
    assert.equal(line, `${"━".repeat(6)}${"─".repeat(18)}  25 %  a.nnspec  Checks`);
    assert.equal(progressLine(plain, { file: "a.nnspec", what: "", done: 0, total: 0 }, 80), "a.nnspec");
  });

  test("no line is wider than its terminal, and none is more than all", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.double(),
        fc.double(),
        fc.integer({ min: 40, max: 200 }),
        (what, done, total, width) => {
          const line = progressLine(plain, { file: "a.nnspec", what, done, total }, width);
          assert.ok(textWidth(line) < width);
        },
      ),
      { seed: 42 },
    );
  });
});
