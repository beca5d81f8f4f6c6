/** Npy and idx files that are mistyped, cut short or made to harm: each is one problem with a code and words that help. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { loadEntry, memoryFile } from "../../../src/engine/data";
import { checkBroken, idx, join, npy, npyOf, text, type BrokenFile } from "./hand-made-files";
import { fixtureBytes } from "./fixtures";

const arrays: readonly BrokenFile[] = [
  ["an empty file", new Uint8Array(0), "NN404", /it is empty/, "check"],
  [
    "a PNG for an npy",
    fixtureBytes("gray-8.png"),
    "NN404",
    /begins with 89 50 4E 47 0D 0A 1A 0A, as a PNG picture does/,
    "check",
  ],
  [
    "an npz for an npy",
    fixtureBytes("stored.npz"),
    "NN404",
    /as a zip archive \(npz files are\) does/,
    "check",
  ],
  ["npy version 9", npy("{}", [], 9), "NN418", /npy version 9/, "check"],
  [
    "a header longer than the file",
    join([0x93], text("NUMPY"), [1, 0, 0xff, 0xff], text("{")),
    "NN405",
    /header needs 65\.5 kB|header needs 65535/,
    "check",
  ],
  [
    "a header of 4 GB",
    join([0x93], text("NUMPY"), [2, 0, 255, 255, 255, 255]),
    "NN407",
    /at most 65536 bytes, and has 4294967295/,
    "check",
  ],
  ["a header that is no dictionary", npy("nonsense"), "NN407", /has `nonsense`/, "check"],
  [
    "a header without a shape",
    npy("{'descr': '<f8', 'fortran_order': False, }"),
    "NN407",
    /'descr', 'fortran_order' and 'shape'/,
    "check",
  ],
  [
    "a header that is code",
    npy("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}"),
    "NN407",
    /element type/,
    "check",
  ],
  [
    "a version 3 header that is not UTF-8",
    join([0x93], text("NUMPY"), [3, 0, 2, 0, 0, 0, 0xff, 0xfe]),
    "NN419",
    /UTF-8/,
    "check",
  ],
  ["10^18 elements", npyOf("(1000000000000000000,)"), "NN407", /sizes from 0 to 2\^53/, "check"],
  [
    "10^15 elements",
    npyOf("(1000000000000000,)"),
    "NN406",
    /needs 8\.00 PB, and the limit is 2\.15 GB/,
    "check",
  ],
  [
    "sizes whose product overflows, beside a zero",
    npyOf(`(${"9000000000000000, ".repeat(25)}0)`),
    "NN406",
    /too large/,
    "check",
  ],
  ["a negative size", npyOf("(-3,)"), "NN407", /has `\(-3,\)`/, "check"],
  ["a size that is a fraction", npyOf("(3.5,)"), "NN407", /shape/, "check"],
  ["a size without its comma", npyOf("(3)"), "NN407", /shape/, "check"],
  ["200 dimensions", npyOf(`(${"1, ".repeat(200)})`), "NN407", /at most 64 dimensions, and has 200/, "check"],
  [
    "a payload cut short",
    npyOf("(3,)", new Array<number>(23).fill(0)),
    "NN405",
    /shape \[3\] needs 24 bytes, and there are 23 bytes/,
    "check",
  ],
  [
    "an integer beyond 2^53",
    fixtureBytes("big-integer.npy"),
    "NN415",
    /9007199254740993 at \[1, 1\]/,
    "load",
  ],
  ["text in an npy", fixtureBytes("refused-text.npy"), "NN408", /holds text \('<U3'\)/, "check"],
  ["records in an npy", fixtureBytes("refused-record.npy"), "NN408", /records/, "check"],
  ["a name where there is one array", npyOf("(0,)"), "NN421", /leave out `\.x`/, "load", { entry: "x" }],
  [
    "an array above the caller's limit",
    npyOf("(3,)", new Array<number>(24).fill(0)),
    "NN406",
    /the limit is 16 bytes/,
    "check",
    { options: { maxBytes: 16 } },
  ],
];

const zipped: readonly BrokenFile[] = [
  [
    "gzip cut in the middle",
    fixtureBytes("zipped.npy.gz").slice(0, 300),
    "NN410",
    /ends before it is complete/,
    "load",
  ],
  [
    "gzip with a wrong checksum",
    (() => {
      const bytes = fixtureBytes("zipped.npy.gz");
      bytes[bytes.length - 6]! ^= 1;
      return bytes;
    })(),
    "NN410",
    /checksum/,
    "load",
  ],
  ["gzip that is nothing but its magic", Uint8Array.of(0x1f, 0x8b), "NN405", /ends too early/, "check"],
  [
    "a gzip bomb behind a small array",
    gzipSync(join(npyOf("(1,)"), new Uint8Array(8))).subarray(),
    "NN406",
    /limit is 4 bytes/,
    "check",
    { options: { maxBytes: 4 } },
  ],
  ["more elements than gzip could hold", gzipSync(npyOf("(100000000,)")), "NN405", /needs 800 MB/, "check"],
];

const idxFiles: readonly BrokenFile[] = [
  ["an npy for an idx", npyOf("(0,)"), "NN404", /as an npy file does/, "check"],
  ["an idx type that does not exist", idx(0x0a, [1], [0]), "NN404", /00 00 0A 01/, "check"],
  [
    "an idx cut in its sizes",
    idx(8, [1, 2, 3]).slice(0, 9),
    "NN405",
    /idx's 3 sizes needs 12 bytes/,
    "check",
  ],
  [
    "an idx of 2^128 elements",
    idx(8, [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]),
    "NN406",
    /too large/,
    "check",
  ],
  ["an idx that goes on", idx(8, [2], [1, 2, 3]), "NN410", /goes on after its array of shape \[2\]/, "load"],
];

suite("broken npy files", () => {
  for (const file of arrays) test(`${file[0]}: ${file[2]} at ${file[4]}`, () => checkBroken("npy", file));
});

suite("broken gzipped files", () => {
  for (const file of zipped) test(`${file[0]}: ${file[2]} at ${file[4]}`, () => checkBroken("npy", file));
});

suite("broken idx files", () => {
  for (const file of idxFiles) test(`${file[0]}: ${file[2]} at ${file[4]}`, () => checkBroken("idx", file));
});

suite("bombs", () => {
  test("what follows the last value of a gzip file is given up after 16 MB", () => {
    const bomb = gzipSync(Buffer.concat([npyOf("(1,)"), Buffer.alloc(8 + (1 << 27))]), { level: 9 });
    const started = performance.now();
    const loaded = loadEntry("npy", memoryFile(new Uint8Array(bomb)), "", { name: "d" });
    assert.ok(!loaded.ok);
    assert.equal(loaded.problem.code, "NN410");
    assert.match(loaded.problem.message, /goes on long after its last value/);
    assert.ok(performance.now() - started < 3000);
  });
});
