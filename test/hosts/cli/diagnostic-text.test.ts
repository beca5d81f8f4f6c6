/** Diagnostics as text: the line, the underline in its columns, related places, the fix. */
import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { diagnosticText } from "../../../src/hosts/cli/report/diagnostic-text";
import { colored } from "../../../src/hosts/cli/report/paint";
import { textWidth } from "../../../src/hosts/cli/report/text-width";
import { aDiagnostic, pageOf, rangeAt } from "./hand-made-reports";

suite("command line: diagnostics", () => {
  test("the place is told, its line quoted, the range underlined, related places and the fix below", () => {
    const text = ["net M(X: [N, 4]) {", "  z = X @ W", "}"].join("\n");
    const diagnostic = aDiagnostic({
      range: rangeAt(1, 6, 5),
      related: [
        { file: "a.nnspec", range: rangeAt(0, 9, 6), message: "4 comes from `X`" },
        { file: "lib.nnspec", range: rangeAt(0, 0, 2), message: "Declared here" },
        { file: "gone.nnspec", range: rangeAt(11, 0, 2), message: "And here" },
      ],
      fixes: [{ title: "Transpose: `W.T`", edits: [] }],
    });
    assert.deepEqual(
      diagnosticText(pageOf({ "a.nnspec": text, "lib.nnspec": "op f(x)" }), "a.nnspec", diagnostic),
      [
        "error[NN202]: Sizes differ.",
        "  --> a.nnspec:2:7",
        "   |",
        " 2 |   z = X @ W",
        "   |       ^^^^^",
        "   …",
        " 1 | net M(X: [N, 4]) {",
        "   |          ------ 4 comes from `X`",
        "  ::: lib.nnspec:1:1",
        "   |",
        " 1 | op f(x)",
        "   | -- Declared here",
        "  ::: gone.nnspec:12:1",
        "   = And here",
        "   = fix: Transpose: `W.T`",
      ],
    );
  });

  test("the underline stands below its text after tabs, combining marks and wide characters", () => {
    const before = "\t漢x\u0302 = ";
    const lines = diagnosticText(
      pageOf({ "a.nnspec": `${before}bad` }),
      "a.nnspec",
      aDiagnostic({ range: rangeAt(0, before.length, 3) }),
    );
    const [quoted = "", under = ""] = lines.slice(-2);
    assert.equal(
      textWidth(quoted.slice(0, quoted.indexOf("bad"))),
      textWidth(under.slice(0, under.indexOf("^"))),
    );
    assert.match(under, /\^\^\^$/);
  });

  test("an empty range has one mark; a range over lines is marked to its first line's end", () => {
    const page = pageOf({ "a.nnspec": "abc\ndef" });
    const marks = (range: ReturnType<typeof rangeAt>) =>
      diagnosticText(page, "a.nnspec", aDiagnostic({ range })).at(-1);
    assert.equal(marks(rangeAt(0, 3, 0)), "  |    ^");
    assert.equal(marks({ start: { line: 0, character: 1 }, end: { line: 1, character: 2 } }), "  |  ^^");
  });

  test("a long line is shown where its marks are, no line wider than the page but by the marks' message", () => {
    const long = `${"x".repeat(300)}BAD${"y".repeat(300)}`;
    const lines = diagnosticText(
      pageOf({ "a.nnspec": long }),
      "a.nnspec",
      aDiagnostic({ range: rangeAt(0, 300, 3) }),
    );
    const [quoted = "", under = ""] = lines.slice(-2);
    assert.equal(quoted.indexOf("BAD"), under.indexOf("^^^"));
    for (const line of lines) assert.ok(textWidth(line) <= 80, line);
  });

  test("a file that is gone still has its place", () => {
    const lines = diagnosticText(pageOf({}), "a.nnspec", aDiagnostic());
    assert.deepEqual(lines, ["error[NN202]: Sizes differ.", " --> a.nnspec:2:5"]);
  });

  test("colours add nothing but colours, and no escape sequence of the file comes through", () => {
    const texts = { "a.nnspec": "ok\n  \u001b[31mevil" };
    const inked = diagnosticText(
      pageOf(texts, colored),
      "a.nnspec",
      aDiagnostic({ message: "bad \u001b[0m" }),
    );
    const bare = diagnosticText(pageOf(texts), "a.nnspec", aDiagnostic({ message: "bad \u001b[0m" }));
    assert.deepEqual(
      inked.map((line) => stripVTControlCharacters(line)),
      bare,
    );
    assert.ok(bare.every((line) => !line.includes("\u001b")));
    assert.notDeepEqual(inked, bare);
  });
});
