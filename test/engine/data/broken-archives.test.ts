/** Zip archives that lie about themselves: each is one problem with a code and words that help. */
import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { loadEntry, memoryFile, readHeader } from "../../../src/engine/data";
import { crc32 } from "../../../src/engine/data/crc32";
import { fixtureBytes } from "./fixtures";
import { join, npyOf, text } from "./hand-made-files";

suite("hostile npz archives", () => {
  interface Part {
    readonly name: string;
    readonly contents: Uint8Array;
    readonly method?: number;
    readonly flags?: number;
    readonly declared?: number;
    readonly checksum?: number;
    readonly offset?: number;
  }

  /** A zip as the parts say, lies included. */
  function zip(parts: readonly Part[]): Uint8Array {
    const bodies: Buffer[] = [];
    const directory: Buffer[] = [];
    let offset = 0;
    for (const { name, contents, method = 0, flags = 0, declared, checksum, offset: lied } of parts) {
      const packed = method === 8 ? deflateRawSync(contents) : contents;
      const fixed = Buffer.alloc(26);
      fixed.writeUInt16LE(20, 0);
      fixed.writeUInt16LE(flags, 2);
      fixed.writeUInt16LE(method, 4);
      fixed.writeUInt32LE(checksum ?? crc32(contents), 10);
      fixed.writeUInt32LE(packed.length, 14);
      fixed.writeUInt32LE(declared ?? contents.length, 18);
      fixed.writeUInt16LE(name.length, 22);
      const tail = Buffer.alloc(14);
      tail.writeUInt32LE(lied ?? offset, 10);
      const body = Buffer.concat([Buffer.from("PK\x03\x04"), fixed, Buffer.from(name), packed]);
      directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fixed, tail, Buffer.from(name)]));
      bodies.push(body);
      offset += body.length;
    }
    const central = Buffer.concat(directory);
    const end = Buffer.alloc(22);
    end.write("PK\x05\x06", "latin1");
    end.writeUInt16LE(parts.length, 8);
    end.writeUInt16LE(parts.length, 10);
    end.writeUInt32LE(central.length, 12);
    end.writeUInt32LE(offset, 16);
    return new Uint8Array(Buffer.concat([...bodies, central, end]));
  }

  const good = npyOf("(1,)", new Array<number>(8).fill(0));

  test("an honest archive of this test's own making is read", () => {
    const loaded = loadEntry("npz", memoryFile(zip([{ name: "x.npy", contents: good, method: 8 }])), "x", {
      name: "d",
    });
    assert.ok(loaded.ok, loaded.ok ? "" : loaded.problem.message);
    assert.deepEqual(loaded.value.shape, [1]);
  });

  const lies: readonly (readonly [string, readonly Part[], string, RegExp])[] = [
    [
      "two entries in one place",
      [
        { name: "a.npy", contents: good },
        { name: "x.npy", contents: good, offset: 0 },
      ],
      "NN417",
      /overlaps/,
    ],
    [
      "an entry beyond the file",
      [{ name: "x.npy", contents: good, offset: 1e9 }],
      "NN417",
      /reaches into the table/,
    ],
    [
      "an entry that is not where it should be",
      [{ name: "x.npy", contents: good, offset: 3 }],
      "NN417",
      /not where|reaches/,
    ],
    ["an encrypted entry", [{ name: "x.npy", contents: good, flags: 1 }], "NN418", /encryption \(of `x`\)/],
    [
      "a compression that is not deflate",
      [{ name: "x.npy", contents: good, method: 14 }],
      "NN418",
      /compression method 14/,
    ],
    ["a stored entry with two sizes", [{ name: "x.npy", contents: good, declared: 5 }], "NN410", /two sizes/],
    [
      "a bomb that declares little",
      [
        {
          name: "x.npy",
          contents: join(npyOf("(100000,)"), new Uint8Array(800000)),
          method: 8,
          declared: 2000,
        },
      ],
      "NN410",
      /more than the 2000 bytes/,
    ],
    [
      "more bytes than declared",
      [{ name: "x.npy", contents: join(good, new Uint8Array(100000)), method: 8, declared: 200 }],
      "NN410",
      /more than the 200 bytes/,
    ],
    [
      "a wrong checksum",
      [{ name: "x.npy", contents: good, method: 8, checksum: 1 }],
      "NN410",
      /`x` does not match its checksum/,
    ],
    [
      "a wrong checksum of a stored entry",
      [{ name: "x.npy", contents: good, checksum: 1 }],
      "NN410",
      /`x` does not match its checksum/,
    ],
    ["no arrays", [], "NN409", /none at all/],
    [
      "an entry that is no npy",
      [{ name: "x.npy", contents: text("hello, world") }],
      "NN404",
      /begins with 68 65 6C/,
    ],
  ];
  for (const [title, parts, code, message] of lies) {
    test(`${title}: ${code}`, () => {
      const loaded = loadEntry("npz", memoryFile(zip(parts)), "x", { name: "d" });
      assert.ok(!loaded.ok);
      assert.equal(loaded.problem.code, code, loaded.problem.message);
      assert.match(loaded.problem.message, message);
    });
  }

  test("an archive without its end is no archive", () => {
    const loaded = loadEntry("npz", memoryFile(fixtureBytes("stored.npz").slice(0, -30)), "X", { name: "d" });
    assert.ok(!loaded.ok);
    assert.equal(loaded.problem.code, "NN404");
    assert.match(loaded.problem.message, /table of contents, which is at the end, is missing/);
  });

  test("one bad array does not keep the others from being read", () => {
    const file = memoryFile(
      zip([
        { name: "bad.npy", contents: text("hello, world") },
        { name: "x.npy", contents: good },
      ]),
    );
    const header = readHeader("npz", file, { name: "d" });
    assert.ok(header.ok);
    assert.deepEqual([...header.value.entries.keys()], ["x"]);
    assert.equal(header.value.refused.get("bad")?.code, "NN404");
  });
});
