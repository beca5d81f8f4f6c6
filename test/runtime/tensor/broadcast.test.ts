/** Broadcasting against its definition: an element of the result is the operand's at the indices that it has, 0 where it has size 1. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  broadcastShapes,
  broadcastStrides,
  broadcastTo,
  elementCount,
  forEachRun,
  fromArray,
  reduceToShape,
  stridesOf,
  tensor,
  type Shape,
  type Tensor,
} from "../../../src/runtime/tensor";

/** A shape, and shapes that stretch to it: leading axes dropped, some others 1. Zero sizes occur. */
const stretched = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((to) =>
  fc
    .tuple(
      fc.constant(to),
      fc.array(fc.tuple(fc.nat(to.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([shape, cuts]) => ({
      to: shape,
      operands: cuts.map(([dropped, ones]) => shape.slice(dropped).map((size, i) => (ones[i]! ? 1 : size))),
    })),
);

/** The index of an operand's element behind each element of the result, by the definition. */
function sourceIndices(shape: Shape, to: Shape): number[] {
  const indices: number[] = [];
  const toStrides = stridesOf(to);
  const strides = stridesOf(shape);
  for (let flat = 0; flat < elementCount(to); flat++) {
    let index = 0;
    for (const [axis, size] of shape.entries()) {
      const toAxis = axis + to.length - shape.length;
      const coordinate = Math.floor(flat / toStrides[toAxis]!) % to[toAxis]!;
      if (size !== 1) index += coordinate * strides[axis]!;
    }
    indices.push(index);
  }
  return indices;
}

function counting(shape: Shape): Tensor {
  return tensor(
    "float64",
    shape,
    Float64Array.from({ length: elementCount(shape) }, (_, i) => i + 1),
  );
}

suite("broadcasting", () => {
  test("shapes align at the end and stretch where one size is 1", () => {
    assert.deepEqual(broadcastShapes([5, 1], [4]), [5, 4]);
    assert.deepEqual(broadcastShapes([], [2, 3]), [2, 3]);
    assert.deepEqual(broadcastShapes([8, 1, 6, 1], [7, 1, 5]), [8, 7, 6, 5]);
    assert.deepEqual(broadcastShapes([0, 3], [1]), [0, 3]);
    assert.deepEqual(broadcastShapes([1], [0]), [0]);
    assert.equal(broadcastShapes([3], [4]), undefined);
    assert.equal(broadcastShapes([0], [2]), undefined);
  });

  test("a stretched axis has stride 0", () => {
    assert.deepEqual(broadcastStrides([5, 1], [2, 5, 4]), [0, 1, 0]);
    assert.deepEqual(broadcastStrides([3, 4], [3, 4]), [4, 1]);
    assert.throws(() => broadcastStrides([3], [4]));
    assert.throws(() => broadcastStrides([1, 3], [3]));
  });

  test("a walk visits every element once, in order, with the operands' elements", () => {
    const property = fc.property(stretched, ({ to, operands }) => {
      const seen: number[] = [];
      const sources: number[][] = operands.map(() => []);
      const strides = operands.map((shape) => broadcastStrides(shape, to));
      forEachRun(to, strides, (start, length, offsets, steps) => {
        for (let i = 0; i < length; i++) {
          seen.push(start + i);
          for (const [k, source] of sources.entries()) source.push(offsets[k]! + i * steps[k]!);
        }
      });
      assert.deepEqual(seen, [...Array(elementCount(to)).keys()]);
      assert.deepEqual(
        sources,
        operands.map((shape) => sourceIndices(shape, to)),
      );
    });
    fc.assert(property, { seed: 42, numRuns: 500 });
  });

  test("equal shapes and scalars are walked in one run, a row in one run a row, a column too", () => {
    const runs = (to: Shape, ...operands: Shape[]): number => {
      let count = 0;
      forEachRun(
        to,
        operands.map((shape) => broadcastStrides(shape, to)),
        () => count++,
      );
      return count;
    };
    assert.equal(runs([6, 5, 4], [6, 5, 4], []), 1);
    assert.equal(runs([6, 5, 4], [6, 5, 4], [1, 1, 1]), 1);
    assert.equal(runs([6, 5, 4], [5, 4], [6, 5, 4]), 6);
    assert.equal(runs([6, 5, 4], [6, 1, 1]), 6);
    assert.equal(runs([], []), 1);
    assert.equal(runs([3, 0], [3, 1]), 0);
  });

  test("values are repeated as the definition says", () => {
    const property = fc.property(stretched, ({ to, operands }) => {
      const value = counting(operands[0]!);
      const expected = sourceIndices(value.shape, to).map((index) => value.data[index]!);
      assert.deepEqual(broadcastTo(value, to), fromArray("float64", to, expected));
    });
    fc.assert(property, { seed: 42 });
  });

  test("reducing is the adjoint of repeating: ⟨repeat x, u⟩ = ⟨x, reduce u⟩", () => {
    const dot = (a: Tensor, b: Tensor): number =>
      [...a.data].reduce((sum, value, i) => sum + value * b.data[i]!, 0);
    const property = fc.property(stretched, ({ to, operands }) => {
      const x = counting(operands[0]!);
      const u = counting(to);
      const reduced = reduceToShape(u, x.shape);
      assert.deepEqual(reduced.shape, x.shape);
      assert.equal(dot(broadcastTo(x, to), u), dot(x, reduced)); // whole numbers: exact
    });
    fc.assert(property, { seed: 42 });
  });

  test("float32 sums are rounded once; a count of booleans is int", () => {
    const values = fromArray("float32", [3], [2 ** 24, 1, 1]);
    assert.deepEqual(reduceToShape(values, []), fromArray("float32", [], [2 ** 24 + 2]));
    assert.deepEqual(
      reduceToShape(fromArray("bool", [2, 2], [1, 1, 0, 1]), [2]),
      fromArray("int", [2], [1, 2]),
    );
  });
});
