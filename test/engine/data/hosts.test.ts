/** What hosts hand in: lazily read, huge, failing and refused files; and labels that are none. */
import assert from "node:assert/strict";
import {
  dataProblemCodes,
  loadEntry,
  readHeader,
  refusalProblem,
  wholeNumbers,
  type DataFile,
  type DataResult,
} from "../../../src/engine/data";
import { fromArray } from "../../../src/runtime/tensor";
import { npyOf } from "./hand-made-files";

suite("hosts", () => {
  const big = 3 * 2 ** 30;

  /** An npy file of 3 GB of which nothing exists but the header. */
  function virtualFile(): { readonly file: DataFile; readonly read: () => number } {
    const start = npyOf(`(${String(big / 8)},)`);
    let total = 0;
    const read = (offset: number, length: number) => {
      total += length;
      assert.ok(length <= 1 << 20, "one read of a whole file");
      const piece = new Uint8Array(length);
      piece.set(start.subarray(offset, offset + length));
      return piece;
    };
    return { file: { size: start.length + big, read }, read: () => total };
  }

  test("a file of 3 GB costs its header's bytes at check time, and is refused by its size alone", () => {
    const { file, read } = virtualFile();
    const refused = readHeader("npy", file, { name: "d" });
    assert.equal(refused.ok ? "" : refused.problem.code, "NN406");
    const header = readHeader("npy", file, { name: "d", maxBytes: 2 ** 40 });
    assert.ok(header.ok);
    assert.deepEqual(header.value.entries.get("")?.shape, [big / 8]);
    assert.ok(read() < 1000);
  });

  test("a host that throws, or gives less than it promised, is a problem", () => {
    const bytes = npyOf("(3,)", new Array<number>(24).fill(0));
    const throwing: DataFile = {
      size: bytes.length,
      read() {
        throw new Error("EIO: the disk is gone");
      },
    };
    const failed: DataResult<unknown> = loadEntry("npy", throwing, "", { name: "d" });
    assert.deepEqual(failed, {
      ok: false,
      problem: { code: "NN403", message: "`d` cannot be read: EIO: the disk is gone." },
    });
    const shrinking: DataFile = {
      size: bytes.length,
      read: (offset, length) => bytes.subarray(offset, Math.min(offset + length, 90)),
    };
    const short = loadEntry("npy", shrinking, "", { name: "d" });
    assert.equal(short.ok ? "" : short.problem.code, "NN405");
  });

  test("each refusal has its code", () => {
    const codes = (["missing", "outside-workspace", "unreadable"] as const).map(
      (problem) => refusalProblem({ problem, detail: "/data/d" }, "d").problem,
    );
    assert.deepEqual(
      codes.map(({ code }) => code),
      ["NN401", "NN402", "NN403"],
    );
    assert.match(codes[1]!.message, /outside the workspace/);
  });

  test("codes are unique", () => {
    assert.equal(new Set(dataProblemCodes).size, dataProblemCodes.length);
  });
});

suite("labels from files", () => {
  test("whole floats become int", () => {
    const result = wholeNumbers(fromArray("float64", [2, 2], [0, 3, -1, 2]), "d");
    assert.ok(result.ok);
    assert.equal(result.value.dtype, "int");
    assert.deepEqual([...result.value.data], [0, 3, -1, 2]);
  });

  for (const [value, shown] of [
    [NaN, "nan"],
    [-Infinity, "-inf"],
    [0.5, "0.5"],
  ] as const) {
    test(`${shown} is refused with its place`, () => {
      const result = wholeNumbers(fromArray("float32", [2, 2], [0, 3, value, 2]), "d");
      assert.deepEqual(result, {
        ok: false,
        problem: {
          code: "NN416",
          message: `\`d\` holds ${shown} at [1, 0], where a whole number is needed.`,
        },
      });
    });
  }
});
