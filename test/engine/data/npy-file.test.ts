/** What is written is byte for byte what NumPy wrote (see make_fixtures.py). */
import assert from "node:assert/strict";
import { loadEntry, memoryFile, readHeader } from "../../../src/engine/data";
import { npyFile } from "../../../src/engine/export/npy-file";
import { npzFile } from "../../../src/engine/export/npz-file";
import { readSegments, totalLength } from "../../../src/engine/export/segments";
import { fixtureBytes } from "./fixtures";

suite("written npy files", () => {
  for (const name of ["f8-le", "f4-le", "i8-le", "bool", "scalar", "empty"]) {
    test(`${name}.npy is what NumPy wrote`, () => {
      const bytes = fixtureBytes(`${name}.npy`);
      const loaded = loadEntry("npy", memoryFile(bytes), "", { name });
      assert.ok(loaded.ok);
      const segments = npyFile(loaded.value);
      assert.deepEqual(Buffer.from(readSegments(segments, 0, totalLength(segments))), Buffer.from(bytes));
    });
  }

  test("an archive holds what stood in the one that NumPy stored", () => {
    const name = "stored.npz";
    const archive = memoryFile(fixtureBytes(name));
    const header = readHeader("npz", archive, { name });
    assert.ok(header.ok);
    const tensors = new Map(
      [...header.value.entries.keys()].map((key) => {
        const loaded = loadEntry("npz", archive, key, { name });
        assert.ok(loaded.ok);
        return [key, loaded.value] as const;
      }),
    );
    const written = npzFile(tensors)!;
    const again = memoryFile(readSegments(written, 0, totalLength(written)));
    for (const [key, value] of tensors) {
      const loaded = loadEntry("npz", again, key, { name });
      assert.deepEqual(loaded.ok ? loaded.value : loaded.problem, value, key);
    }
  });
});
