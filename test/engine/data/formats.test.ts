/** Every fixture's header and values are those that NumPy wrote (see make_fixtures.py). */
import assert from "node:assert/strict";
import { loadEntry, memoryFile, readHeader, type DataFile } from "../../../src/engine/data";
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
