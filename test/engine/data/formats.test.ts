/** Every fixture's header and values are those that NumPy wrote (see make_fixtures.py). */
import assert from "node:assert/strict";
import {
  loadEntry,
  memoryFile,
  readHeader,
  readHeaderLater,
  type DataFile,
  type LaterFile,
} from "../../../src/engine/data";
import { allFixtures, numberOf } from "./fixtures";

suite("data files made by NumPy", () => {
  const fixtures = allFixtures();

  test("there are fixtures of all six formats", () => {
    assert.deepEqual([...new Set(fixtures.map((fixture) => fixture.format))].sort(), [
      "csv",
      "idx",
      "npy",
      "npz",
      "png",
      "safetensors",
    ]);
  });

  for (const { name, bytes, format, options, entries, refused } of fixtures) {
    test(`${name}: the header tells every entry's shape and dtype`, () => {
      const header = readHeader(format, memoryFile(bytes), options);
      if (!header.ok) {
        // A format of one array has nobody left to speak to when that is refused.
        assert.deepEqual(refused, [""], header.problem.message);
        assert.match(header.problem.code, /^NN408$/);
        return;
      }
      const found = Object.fromEntries(
        [...header.value.entries].map(([key, entry]) => [
          `=${key}`,
          { shape: entry.shape, dtype: entry.dtype },
        ]),
      );
      const needed = Object.fromEntries(
        Object.entries(entries).map(([key, entry]) => [
          `=${key}`,
          { shape: entry.shape, dtype: entry.dtype },
        ]),
      );
      assert.deepEqual(found, needed);
      assert.deepEqual([...header.value.refused.keys()].sort(), [...refused].sort());
    });

    for (const [key, expected] of Object.entries(entries)) {
      test(`${name}: ${key === "" ? "the array" : key} is what was written, bit for bit`, () => {
        const loaded = loadEntry(format, memoryFile(bytes), key, options);
        if (expected.load !== undefined) {
          assert.equal(loaded.ok ? "no problem" : loaded.problem.code, expected.load);
          return;
        }
        assert.ok(loaded.ok, loaded.ok ? "" : loaded.problem.message);
        assert.deepEqual(loaded.value.shape, expected.shape);
        assert.equal(loaded.value.dtype, expected.dtype);
        const values = (expected.values ?? []).map(numberOf);
        assert.equal(loaded.value.data.length, values.length);
        values.forEach((value, index) => {
          assert.ok(
            Object.is(loaded.value.data[index], value),
            `element ${String(index)}: ${String(loaded.value.data[index])}, needs ${String(value)}`,
          );
        });
      });
    }

    for (const key of refused) {
      test(`${name}: ${key === "" ? "the array" : key} is refused with a reason`, () => {
        const loaded = loadEntry(format, memoryFile(bytes), key, options);
        assert.ok(!loaded.ok);
        assert.match(loaded.problem.code, /^NN4(08|18)$/);
      });
    }
  }

  test("headers of files whose bytes come later are the same, broken files included", async () => {
    for (const { name, bytes, format, options } of fixtures) {
      for (const size of [bytes.length, Math.floor(bytes.length / 2), 0]) {
        const part = bytes.subarray(0, size);
        const file: LaterFile = {
          size,
          read: (offset, length) => Promise.resolve(part.subarray(offset, offset + length)),
        };
        const later = await readHeaderLater(format, file, options);
        assert.deepEqual(
          later,
          readHeader(format, memoryFile(part), options),
          `${name}, ${String(size)} bytes`,
        );
      }
    }
  });

  test("a table larger than what is kept is counted as its bytes come", async () => {
    const bytes = Buffer.from("1,2,3\n".repeat(1_500_000));
    let most = 0;
    const file: LaterFile = {
      size: bytes.length,
      read(offset, length) {
        most = Math.max(most, length);
        return Promise.resolve(bytes.subarray(offset, offset + length));
      },
    };
    const header = await readHeaderLater("csv", file, { name: "d.csv" });
    assert.ok(header.ok);
    assert.deepEqual(header.value.entries.get("")?.shape, [1_500_000, 3]);
    assert.ok(most < 1_000_000, "in pieces");
  });

  test("a file that cannot be read later is a problem with the reason", async () => {
    const file: LaterFile = { size: 100, read: () => Promise.reject(new Error("the disk is gone")) };
    for (const format of ["npy", "npz", "csv", "idx", "safetensors", "png"] as const) {
      const header = await readHeaderLater(format, file, { name: "x" });
      assert.ok(!header.ok);
      assert.equal(header.problem.code, "NN403");
      assert.match(header.problem.message, /the disk is gone/);
    }
  });

  test("headers read a bounded part of a large file", () => {
    for (const { name, bytes, format, options, refused } of fixtures) {
      if (format === "csv" || refused.includes("")) continue;
      let read = 0;
      const file: DataFile = {
        size: bytes.length,
        read(offset, length) {
          read += length;
          return bytes.subarray(offset, offset + length);
        },
      };
      assert.ok(readHeader(format, file, options).ok);
      if (format !== "npz" && format !== "safetensors")
        assert.ok(read <= 1100, `${name}: ${String(read)} bytes`);
    }
  });
});
