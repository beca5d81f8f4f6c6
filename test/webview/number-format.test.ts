/** Numbers as text. The float32 texts are NumPy's shortest representations. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { csvText, numpyText, specText } from "../../src/hosts/webview/look/copy-text";
import {
  cellNumber,
  countText,
  durationText,
  exactNumber,
  percentText,
  shapeText,
  shortNumber,
  trimmedNumber,
} from "../../src/hosts/webview/look/number-format";

suite("number format", () => {
  test("short numbers have four digits and go scientific where they must", () => {
    const cases: readonly (readonly [number, string])[] = [
      [0, "0"],
      [-0, "0"],
      [1, "1"],
      [123456, "123456"],
      [0.25, "0.2500"],
      [-12.3456, "-12.35"],
      [1234.5, "1235"],
      [9999.96, "10000"],
      [0.001234, "0.001234"],
      [0.0001234, "1.23e-4"],
      [3.1e-10, "3.10e-10"],
      [12345678, "1.23e7"],
      [NaN, "NaN"],
      [Infinity, "∞"],
      [-Infinity, "-∞"],
    ];
    for (const [value, expected] of cases) assert.equal(shortNumber(value), expected);
  });

  test("trimmed numbers end in no zeros", () => {
    assert.deepEqual(
      [0.25, 2, 3.1e-10, 100, 1e-7].map((x) => trimmedNumber(x)),
      ["0.25", "2", "3.1e-10", "100", "1e-7"],
    );
  });

  test("short numbers are within half a unit of the last digit", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e308, max: 1e308 }), (x) => {
        assert.ok(Math.abs(Number(shortNumber(x)) - x) <= Math.abs(x) * 0.0051);
        assert.ok(shortNumber(x).length <= 10, shortNumber(x));
      }),
      { seed: 42 },
    );
  });

  test("exact numbers are the shortest that read back, in their own type", () => {
    const cases: readonly (readonly [number, string])[] = [
      [0.1, "0.1"],
      [1 / 3, "0.33333334"],
      [4.6537, "4.6537"],
      [-0.0147, "-0.0147"],
      [1e-45, "1e-45"],
      [16777217, "16777216"],
    ];
    for (const [value, expected] of cases) assert.equal(exactNumber(Math.fround(value), "float32"), expected);
    assert.equal(exactNumber(1 / 3, "float64"), "0.3333333333333333");
    assert.equal(exactNumber(-0, "float64"), "-0");
    assert.equal(exactNumber(1, "bool"), "true");
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        const text = exactNumber(x, "float32").replace("∞", "Infinity");
        assert.ok(Object.is(Math.fround(Number(text)), x), text);
      }),
      { seed: 42 },
    );
  });

  test("a cell's number is left out rather than cut", () => {
    assert.equal(cellNumber(-0.012345, "float32", 8), "-0.01235");
    assert.equal(cellNumber(-0.012345, "float32", 6), "-0.012");
    assert.equal(cellNumber(-1.2345e-12, "float32", 4), null);
    assert.equal(cellNumber(123456, "int", 4), null);
    assert.equal(cellNumber(NaN, "float32", 3), "NaN");
    assert.equal(cellNumber(1, "bool", 3), "1");
  });

  test("percentages are never rounded to none or to all", () => {
    assert.deepEqual(
      [
        percentText(0, 9),
        percentText(1, 1e6),
        percentText(999_999, 1e6),
        percentText(9, 9),
        percentText(1, 3),
        percentText(0, 0),
      ],
      ["0 %", "<1 %", ">99 %", "100 %", "33 %", "0 %"],
    );
  });

  test("counts, shapes and durations", () => {
    assert.equal(countText(16777216), "16\u202f777\u202f216");
    assert.deepEqual([shapeText([]), shapeText([5, 3])], ["[]", "[5, 3]"]);
    assert.deepEqual([0.41, 3.2, 1840].map(durationText), ["410 µs", "3.2 ms", "1.84 s"]);
  });
});

suite("copy as text", () => {
  test("NumPy source has every dimension, type and special value", () => {
    assert.equal(numpyText([], [0.5], "float32"), "np.array(0.5, dtype=np.float32)");
    assert.equal(
      numpyText([3], [1, NaN, -Infinity], "float64"),
      "np.array([1.0, np.nan, -np.inf], dtype=np.float64)",
    );
    assert.equal(specText([], [3], "int"), "int(3)");
    assert.equal(specText([2, 1], [3, -4], "int"), "int([[3],\n           [-4]])");
    assert.equal(specText([2], [1, 0], "bool"), "[true, false]");
    assert.equal(specText([0, 2], [], "int"), "int(zeros([0, 2]))");
    assert.equal(numpyText([2], [1, 0], "bool"), "np.array([True, False], dtype=np.bool_)");
    assert.equal(
      numpyText([2, 1, 2], [1, 2, 3, 4], "int"),
      "np.array([[[1, 2]],\n          [[3, 4]]], dtype=np.int64)",
    );
    assert.equal(numpyText([0, 4], [], "float32"), "np.array([], dtype=np.float32).reshape((0, 4))");
  });

  test("CSV has a line for each row", () => {
    assert.equal(csvText(2, 2, [1, NaN, 0.25, -Infinity], "float32"), "1,nan\n0.25,-inf\n");
  });
});
