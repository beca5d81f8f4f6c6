/** What both generators promise beside their libraries' numbers: independent copies, shapes, dtypes, ranges. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { numpyGenerator, torchGenerator, type Generator } from "../../../../src/runtime/tensor";

const makers: readonly (readonly [string, (seed: number) => Generator])[] = [
  ["torch", torchGenerator],
  ["numpy", numpyGenerator],
];

suite("generators", () => {
  for (const [library, make] of makers) {
    test(`${library}: a clone continues as the original would, its cached normal included, and leaves it alone`, () => {
      const original = make(3);
      original.randn([3], "float64");
      const copy = original.clone();
      const ahead = [copy.randn([3], "float64"), copy.rand([700], "float32")];
      assert.deepEqual([original.randn([3], "float64"), original.rand([700], "float32")], ahead);
    });

    test(`${library}: a float32 draw has float32 elements and the shape asked for`, () => {
      const drawn = make(0).normal(1, 2, [4, 0, 3], "float32");
      assert.deepEqual(drawn, { dtype: "float32", shape: [4, 0, 3], data: new Float32Array(0) });
      assert.ok(make(0).rand([2, 2], "float32").data instanceof Float32Array);
    });

    test(`${library}: whole numbers stay below the upper bound, wide ranges included`, () => {
      const ranges = fc.tuple(fc.integer(), fc.integer({ min: 1, max: 2 ** 50 }), fc.nat());
      const property = fc.property(ranges, ([low, width, seed]) => {
        const drawn = make(seed).randint(low, low + width, [20]);
        assert.ok(
          drawn.data.every((value) => Number.isInteger(value) && low <= value && value < low + width),
        );
      });
      fc.assert(property, { seed: 42 });
    });

    test(`${library}: a permutation holds every index once`, () => {
      const drawn = make(9).randperm(1000);
      assert.deepEqual(
        [...drawn.data].sort((a, b) => a - b),
        [...Array(1000).keys()],
      );
      assert.deepEqual([make(9).randperm(0).shape, make(9).randperm(1).data[0]], [[0], 0]);
    });
  }

  test("torch takes a seed modulo 2^32, negative ones too", () => {
    assert.deepEqual(
      torchGenerator(-1).rand([5], "float64"),
      torchGenerator(2 ** 32 - 1).rand([5], "float64"),
    );
  });

  test("numpy's float32 draws are its float64 draws rounded", () => {
    const wide = numpyGenerator(0).randn([50], "float64");
    assert.deepEqual(numpyGenerator(0).randn([50], "float32").data, Float32Array.from(wide.data));
  });
});
