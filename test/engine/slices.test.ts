/** Windows into tensors: which elements come, and that no NaN or outlier is thinned away. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cutSlice } from "../../src/engine/slices";
import type { SliceRequest } from "../../src/protocol";
import { fromArray, type Tensor } from "../../src/runtime/tensor";

function request(more: Partial<SliceRequest>): SliceRequest {
  return {
    node: 0,
    of: "value",
    root: null,
    leading: [],
    rows: { from: 0, to: 1e9 },
    columns: { from: 0, to: 1e9 },
    limit: 1e6,
    ...more,
  };
}

function counted(shape: readonly number[]): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return fromArray(
    "float64",
    shape,
    Array.from({ length: count }, (_, i) => i),
  );
}

suite("slices of tensors", () => {
  test("a window of a stack of matrices starts at the leading indices", () => {
    const stack = counted([2, 3, 4, 5]);
    const slice = cutSlice(
      stack,
      request({ leading: [1, 2], rows: { from: 1, to: 3 }, columns: { from: 2, to: 4 } }),
    );
    // Row-major: ((1·3 + 2)·4 + row)·5 + column.
    assert.deepEqual([...(slice?.data ?? [])], [107, 108, 112, 113]);
    assert.equal(cutSlice(stack, request({ leading: [2, 0] })), undefined, "no such index");
    assert.equal(cutSlice(stack, request({ leading: [0] })), undefined, "an index is missing");
  });

  test("thinning keeps every step-th element, pooling the one of each block that is farthest from zero", () => {
    const matrix = fromArray("float64", [4, 4], [1, -9, 0, 2, 3, 4, 0, -2, 0, 0, 7, 6, 0, 0, NaN, -Infinity]);
    assert.deepEqual([...(cutSlice(matrix, request({ limit: 4 }))?.data ?? [])], [1, 0, 0, 7]);
    assert.deepEqual(
      [...(cutSlice(matrix, request({ limit: 4, pooled: true }))?.data ?? [])],
      [-9, 2, 0, NaN],
    );
    const infinite = fromArray("float32", [1, 4], [5, -Infinity, 3, 1]);
    assert.deepEqual([...(cutSlice(infinite, request({ limit: 1, pooled: true }))?.data ?? [])], [-Infinity]);
  });

  test("a pooled overview keeps any single outlier, wherever it stands", () => {
    const size = fc.integer({ min: 1, max: 40 });
    const place = fc.nat();
    const limit = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(
        size,
        size,
        place,
        limit,
        fc.constantFrom(-3, NaN, Infinity),
        (rows, columns, at, limit, odd) => {
          const elements = new Array<number>(rows * columns).fill(0.5);
          const where = at % elements.length;
          elements[where] = odd;
          const slice = cutSlice(
            fromArray("float64", [rows, columns], elements),
            request({ limit, pooled: true }),
          );
          assert.ok(slice !== undefined && slice.rows * slice.columns <= limit);
          const row = Math.floor(Math.floor(where / columns) / slice.rowStep);
          const column = Math.floor((where % columns) / slice.columnStep);
          slice.data.forEach((value, i) => {
            assert.equal(value, i === row * slice.columns + column ? odd : 0.5);
          });
        },
      ),
      { seed: 42 },
    );
  });
});
