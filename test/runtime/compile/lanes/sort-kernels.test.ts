// Sorting with ties, NaN and infinities, along every dimension of every type: compiled is interpreted, bit for bit.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { isFault, isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { elementCount, fromArray, type DType, type Shape } from "../../../../src/runtime/tensor";
import { generator } from "../../ops/sample-draw";
import { assertSameBits, compiled } from "../agreement";

const special = [0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324, -5e-324, 1e30];

function drawn(dtype: DType, random: () => number): number {
  if (dtype === "bool") return Number(random() < 0.5);
  if (dtype === "int") return Math.floor(9 * random()) - 4;
  return random() < 0.4 ? special[Math.floor(random() * special.length)]! : 20 * random() - 10;
}

suite("kernels of order", () => {
  test("every lane is in order, NaN the largest, and equal elements keep theirs", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Shape>([], [1], [5], [64], [67], [3, 4], [2, 3, 5], [4, 1, 2], [2, 0], [0]),
        fc.constantFrom<DType>("float64", "float32", "int", "bool"),
        fc.nat(1000),
        fc.boolean(),
        (shape, dtype, seed, flag) => {
          const random = generator(seed);
          const graph = new Graph();
          const values = Array.from({ length: elementCount(shape) }, () => drawn(dtype, random));
          const x = graph.source(fromArray(dtype, shape, values));
          const dim = shape.length === 0 ? 0 : seed % shape.length;
          const size = shape[dim] ?? 1;
          const nodes: Node[] = [];
          const record = (name: string, attributes: Record<string, AttributeValue>): void => {
            const made = graph.apply(operator(name), { x }, attributes);
            assert.ok(!isRejected(made), name);
            nodes.push(made);
          };
          record("sort", { dim, descending: flag });
          record("argsort", { dim, descending: flag });
          record("topk", { dim, k: Math.min(size, seed % 4), largest: flag });
          record("topk", { dim, k: size, largest: !flag });
          if (size > 0) record("median", { dim, keepdim: flag });
          record("median", {});
          const evaluator = new Evaluator();
          const program = compiled(nodes);
          assert.deepEqual(program.report.references, []);
          assert.ok(program.run());
          for (const node of nodes) {
            const expected = evaluator.evaluate(node);
            assert.ok(!isFault(expected));
            assertSameBits(program.value(node), expected);
          }
        },
      ),
      { seed: 42, numRuns: 150, endOnFailure: true },
    );
  });

  test("a long lane is in order as well", () => {
    const random = generator(3);
    const graph = new Graph();
    const values = Array.from({ length: 20_011 }, () => Math.floor(random() * 5000) - 2500);
    const x = graph.source(fromArray("float64", [values.length], values));
    const made = graph.apply(operator("sort"), { x }, {});
    assert.ok(!isRejected(made));
    const program = compiled([made]);
    assert.ok(program.run());
    assert.deepEqual(
      [...program.value(made).data],
      [...values].sort((a, b) => a - b),
    );
  });
});
