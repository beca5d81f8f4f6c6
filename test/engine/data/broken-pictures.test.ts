/** PNG files that are mistyped, cut short or made to harm: each is one problem with a code and words that help. */
import { checkBroken, png, pngChunk, type BrokenFile } from "./hand-made-files";
import { fixtureBytes } from "./fixtures";

const pictures: readonly BrokenFile[] = [
  ["a JPEG for a PNG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "NN404", /as a JPEG picture does/, "check"],
  [
    "a picture of 2^31 by 2^31",
    png(2 ** 31 - 1, 2 ** 31 - 1, [8, 0, 0, 0, 0]),
    "NN406",
    /2147483647 by 2147483647/,
    "check",
  ],
  [
    "a picture larger than its data could be",
    png(10000, 10000, [8, 0, 0, 0, 0], pngChunk("IDAT", [1, 2, 3])),
    "NN405",
    /10000 by 10000/,
    "check",
  ],
  ["a picture without rows", png(3, 0, [8, 0, 0, 0, 0]), "NN407", /3 by 0/, "check"],
  ["a depth PNG does not define", png(3, 3, [3, 0, 0, 0, 0]), "NN407", /depth 3, color type 0/, "check"],
  ["16 bits in a palette", png(3, 3, [16, 3, 0, 0, 0]), "NN407", /depth 16, color type 3/, "check"],
  [
    "a palette picture without a palette",
    png(1, 1, [8, 3, 0, 0, 0], pngChunk("IDAT", [0])),
    "NN410",
    /needs a palette/,
    "load",
  ],
  ["no picture data", png(1, 1, [8, 0, 0, 0, 0], pngChunk("IEND", [])), "NN410", /no picture data/, "load"],
  [
    "a header with a wrong checksum",
    (() => {
      const bytes = fixtureBytes("gray-8.png");
      bytes[19]! ^= 1;
      return bytes;
    })(),
    "NN410",
    /header does not match/,
    "check",
  ],
  [
    "picture data with a wrong checksum",
    (() => {
      const bytes = fixtureBytes("rgb-16.png");
      bytes[bytes.length - 14]! ^= 1;
      return bytes;
    })(),
    "NN410",
    /IDAT chunk does not match|unpacked/,
    "load",
  ],
];

suite("broken PNG files", () => {
  for (const file of pictures) test(`${file[0]}: ${file[2]} at ${file[4]}`, () => checkBroken("png", file));
});
