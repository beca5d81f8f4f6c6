/** CSV files that are mistyped, cut short or made to harm: each is one problem with a code and words that help. */
import { gzipSync } from "node:zlib";
import { checkBroken, text, type BrokenFile } from "./hand-made-files";
import { fixtureBytes } from "./fixtures";

const tables: readonly BrokenFile[] = [
  ["an empty csv", new Uint8Array(0), "NN414", /no rows of numbers/, "check"],
  ["a csv of names only", text("a,b\n"), "NN414", /no rows/, "check"],
  [
    "a word among numbers",
    text("a,b\n1,2\n3,x y\n"),
    "NN411",
    /line 3, column 2 \(`b`\): needs a number, and has `x y`/,
    "load",
  ],
  [
    "a decimal comma",
    text("1;2\n1,5;2\n"),
    "NN411",
    /line 2, column 1: needs a number, and has `1,5`/,
    "load",
  ],
  ["hexadecimal", text("1\n0x10\n"), "NN411", /`0x10`/, "load"],
  ["a missing cell", text("1,2\n3,\n"), "NN413", /line 2, column 2: is empty, and needs a number/, "load"],
  ["a cell that says NA", text("1,2\nNA,3\n"), "NN413", /line 2, column 1: is missing \(`NA`\)/, "load"],
  ["a short row", text("1,2,3\n\n4,5\n"), "NN412", /line 3: has 2 cells, and line 1 has 3/, "check"],
  ["a quote that never closes", text('1,2\n3,"4\n5,6\n'), "NN420", /line 2: a quote is opened/, "check"],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x31, 0), "NN419", /UTF-16; save it as UTF-8/, "check"],
  ["a zip for a csv", fixtureBytes("stored.npz"), "NN404", /zip archive/, "check"],
  [
    "a table above the limit",
    text("1,2\n".repeat(100)),
    "NN406",
    /its table needs/,
    "check",
    { options: { maxBytes: 800 } },
  ],
  [
    "a gzip bomb of blank lines",
    gzipSync(Buffer.alloc(1 << 20, "\n")),
    "NN406",
    /its text/,
    "check",
    { options: { maxBytes: 1 << 18 } },
  ],
  ["one cell without an end", text("1,2\n3," + "9".repeat(20_000_000)), "NN406", /line 2/, "check"],
  ["a cell of 2,000 digits", text("1\n" + "9".repeat(2000)), "NN411", /9999…/, "load"],
];

suite("broken CSV files", () => {
  for (const file of tables) test(`${file[0]}: ${file[2]} at ${file[4]}`, () => checkBroken("csv", file));
});
