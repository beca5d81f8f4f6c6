// Rows read and added at positions that an index names, right ones and wrong ones: compiled is interpreted, faults included.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { elementCount, fromArray, type DType, type Shape } from "../../../../src/runtime/tensor";
import { assertAgrees } from "../agreement";

const cases = fc.record({
  dtype: fc.constantFrom<DType>("float64", "float32", "int"),
  shape: fc.constantFrom<Shape>([4], [4, 3], [4, 70], [2, 4, 5], [2, 4], [3, 4, 1]),
  index: fc.array(fc.integer({ min: -4, max: 3 }), { maxLength: 6 }),
  wrong: fc.constantFrom(undefined, 4, -5, NaN),
});

suite("kernels of rows", () => {
  test("every row is found, and an index beyond them is a fault", () => {
    let faults = 0;
    fc.assert(
      fc.property(cases, ({ dtype, shape, index, wrong }) => {
        const graph = new Graph();
        const source = (own: Shape, type: DType, from: number): Node =>
          graph.source(
            fromArray(
              type,
              own,
              Array.from({ length: elementCount(own) }, (_, i) => i + from),
            ),
          );
        const dim = shape.indexOf(4);
        const all = wrong === undefined ? index : [...index, wrong];
        const positions = (values: readonly number[]): Node =>
          graph.source(fromArray("int", [values.length], values));
        const counted = all.map((value) => (value < 0 && value >= -4 ? value + 4 : value));
        const x = source(shape, dtype, 1);
        const record = (
          name: string,
          operands: Record<string, Node | Node[]>,
          attributes: Record<string, AttributeValue>,
        ): void => {
          const made = graph.apply(operator(name), operands, attributes);
          assert.ok(!isRejected(made), name);
          if (wrong !== undefined && all.length > 0) faults++;
          const { report } = assertAgrees(
            [made],
            `${name} ${dtype} [${shape.join(" ")}] at ${all.join(" ")}`,
          );
          assert.deepEqual(report.references, []);
        };
        record("take", { x, index: positions(all) }, { dim });
        record("index_select", { x, index: positions(counted) }, { dim });
        if (shape.length > 1) {
          const axis = Math.min(dim, shape.length - 2);
          const other = shape[dim === axis ? axis + 1 : axis]!;
          const second = positions(all.map((_, k) => (k % (2 * other)) - other));
          const indices = dim === axis ? [positions(all), second] : [second, positions(all)];
          record("take_at", { x, indices }, { dim: axis });
          record("take_at", { x, indices: [positions(all)] }, { dim });
          if (all.length > 0) record("take_at", { x, indices: [indices[0]!, positions([0])] }, { dim: axis });
        }
        const rows = source(shape.with(dim, all.length), dtype, 9);
        record("index_add", { x, index: positions(counted), source: rows }, { dim });
        record("one_hot", { x: positions(counted) }, { num_classes: 4 });
      }),
      { seed: 42, numRuns: 120, endOnFailure: true },
    );
    assert.ok(faults > 100);
  });
});
