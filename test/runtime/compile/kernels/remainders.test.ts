// Remainders of numbers ordinary and extraordinary: compiled is interpreted, bit for bit, faults included.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { isFault, isRejected, operator } from "../../../../src/runtime/ops";
import { elementCount, fromArray, type DType, type Shape } from "../../../../src/runtime/tensor";
import { assertSameBits, compiled } from "../agreement";

const ordinary = fc.double({ min: -100, max: 100, noNaN: true });
const wide = fc.double();
const special = fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, -1e-310, 1e308, 1, -1, 2, 0.1, -3.5);
const numbers = fc.array(fc.oneof(ordinary, wide, special), { minLength: 24, maxLength: 24 });
const whole = fc.array(fc.integer({ min: -7, max: 7 }), { minLength: 24, maxLength: 24 });

const shapes: readonly (readonly [Shape, Shape])[] = [
  [[24], [24]],
  [
    [4, 6],
    [1, 6],
  ],
  [
    [4, 1],
    [2, 1, 6],
  ],
  [[], [5]],
  [[3, 0], [1]],
];

suite("kernels of remainders", () => {
  for (const name of ["fmod", "remainder"]) {
    test(`${name} is exact, and by 0 whole numbers have none`, () => {
      let faults = 0;
      fc.assert(
        fc.property(
          numbers,
          numbers,
          whole,
          whole,
          fc.constantFrom<DType>("float64", "float32", "int"),
          fc.constantFrom<DType>("float64", "float32", "int"),
          fc.constantFrom(...shapes),
          (a, b, c, d, first, second, [xShape, yShape]) => {
            const graph = new Graph();
            const source = (dtype: DType, shape: Shape, floats: readonly number[], ints: readonly number[]) =>
              graph.source(
                fromArray(dtype, shape, (dtype === "int" ? ints : floats).slice(0, elementCount(shape))),
              );
            const x = source(first, xShape, a, c);
            const y = source(second, yShape, b, d);
            const made = graph.apply(operator(name), { x, y }, {});
            assert.ok(!isRejected(made));
            const expected = new Evaluator().evaluate(made);
            const program = compiled([made]);
            assert.deepEqual(program.report.references, []);
            assert.equal(program.run(), !isFault(expected));
            if (isFault(expected)) faults++;
            else assertSameBits(program.value(made), expected);
          },
        ),
        { seed: 42, numRuns: 200, endOnFailure: true },
      );
      assert.ok(faults > 5, "some of them are faults");
    });
  }
});
