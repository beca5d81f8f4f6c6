/** Safetensors files that are mistyped, cut short or made to harm: each is one problem with a code and words that help. */
import assert from "node:assert/strict";
import { loadEntry, memoryFile } from "../../../src/engine/data";
import { checkBroken, safetensors, type BrokenFile } from "./hand-made-files";
import { fixtureBytes } from "./fixtures";

const tables: readonly BrokenFile[] = [
  ["a safetensors header that is not JSON", safetensors("{nope"), "NN407", /JSON/, "check", { entry: "a" }],
  ["a safetensors file without a table", safetensors("[]"), "NN404", /then `\{`/, "check", { entry: "a" }],
  [
    "a safetensors header of 2^60 bytes",
    safetensors("{}", [], 2n ** 60n),
    "NN406",
    /its header needs/,
    "check",
    { entry: "a" },
  ],
  [
    "a safetensors header longer than the file",
    safetensors("{}", [], 1000n),
    "NN405",
    /its header needs 1000 bytes, and there are 2 bytes/,
    "check",
    { entry: "a" },
  ],
  [
    "a tensor beyond the file",
    safetensors('{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}', [0, 0]),
    "NN405",
    /`a` needs 16 bytes, and there are 2 bytes/,
    "check",
    { entry: "a" },
  ],
  [
    "overlapping tensors",
    safetensors(
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
      [0, 0, 0],
    ),
    "NN417",
    /`b` begins at byte 1 of the data, and the tensor before it ends at 2/,
    "check",
    { entry: "a" },
  ],
  [
    "bytes that belong to no tensor",
    safetensors('{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', [0, 0, 0]),
    "NN417",
    /1 bytes? after the last/,
    "check",
    { entry: "a" },
  ],
  [
    "a tensor whose size is not its shape's",
    safetensors('{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}', [0, 0, 0]),
    "NN407",
    /needs 2 bytes for `a`, U8 \[2\], and has 3/,
    "load",
    { entry: "a" },
  ],
  [
    "a negative dimension",
    safetensors('{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,0]}}'),
    "NN407",
    /"shape":\[-2\]/,
    "check",
    { entry: "a" },
  ],
  [
    "offsets that are no numbers",
    safetensors('{"a":{"dtype":"U8","shape":[2],"data_offsets":["0",2]}}'),
    "NN407",
    /data_offsets/,
    "check",
    { entry: "a" },
  ],
  [
    "a tensor that is not there",
    fixtureBytes("weights.safetensors"),
    "NN409",
    /has no array `fc\.wieght`; it has `fc\.weight`, `fc\.bias`/,
    "load",
    { entry: "fc.wieght" },
  ],
];

suite("broken safetensors files", () => {
  for (const file of tables)
    test(`${file[0]}: ${file[2]} at ${file[4]}`, () => checkBroken("safetensors", file));
});

suite("names from files", () => {
  test("bring no control characters into a message, and not pages of text", () => {
    const name = "\u001b[31m\u202e" + "x".repeat(5000);
    const header = JSON.stringify({ [name]: { dtype: "U8", shape: [1], data_offsets: [0, 9] } });
    const loaded = loadEntry("safetensors", memoryFile(safetensors(header, [0])), "a", { name: "d" });
    assert.ok(!loaded.ok);
    assert.doesNotMatch(loaded.problem.message, /[\p{Cc}\p{Cf}]/u);
    assert.ok(loaded.problem.message.length < 1100);
  });
});
