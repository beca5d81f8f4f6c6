// The least and the largest of more numbers than a call can have arguments.
import assert from "node:assert/strict";
import { extentOf } from "../../../../src/runtime/gradcheck/measure/extent";

suite("the extent of numbers", () => {
  test("of a million", () => {
    const numbers = Float64Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1_000_003);
    numbers[500_000] = -3;
    assert.deepEqual(extentOf(numbers), { least: -3, most: 1_000_002 });
  });

  test("of none", () => {
    assert.deepEqual(extentOf([]), { least: Infinity, most: -Infinity });
  });
});
