/** Printing against NumPy's `array2string` and Python's `format` (test/oracle/printing.json, written by make_printing.py beside it). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  formatNumber,
  formatShape,
  formatTensor,
  fromArray,
  full,
  scalar,
  type DType,
  type PrintOptions,
} from "../../../src/runtime/tensor";

interface Oracle {
  readonly options: readonly PrintOptions[];
  readonly arrays: readonly {
    readonly dtype: DType;
    readonly shape: readonly number[];
    readonly values: readonly (number | string | boolean)[];
    readonly texts: readonly string[];
  }[];
  readonly numbers: readonly {
    readonly value: number | string;
    readonly digits: number;
    readonly text: string;
  }[];
}

const file = join(__dirname, "../../oracle/printing.json");
const oracle = JSON.parse(readFileSync(file, "utf8")) as Oracle;

function toNumber(value: number | string | boolean): number {
  if (typeof value !== "string") return Number(value);
  return { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 }[value]!;
}

suite("printing", () => {
  for (const [k, options] of oracle.options.entries()) {
    test(`all arrays print as NumPy prints them with ${JSON.stringify(options)}`, () => {
      for (const { dtype, shape, values, texts } of oracle.arrays) {
        const value = fromArray(dtype, shape, values.map(toNumber));
        const expected = dtype === "bool" ? texts[k]!.toLowerCase() : texts[k]!;
        assert.equal(formatTensor(value, options), expected);
      }
    });
  }

  test("numbers in sentences are Python's %g", () => {
    assert.ok(oracle.numbers.length > 100);
    for (const { value, digits, text } of oracle.numbers) {
      assert.equal(formatNumber(toNumber(value), digits), text, `${value} to ${digits} digits`);
    }
    assert.equal(formatNumber(2 / 3), "0.666667");
  });

  test("numbers in sentences have no digits beyond those that name them", () => {
    assert.deepEqual([formatNumber(0.1, 17), formatNumber(5e-324)], ["0.1", "5e-324"]);
  });

  test("the defaults are four digits, NumPy's threshold, edges and line width", () => {
    const long = fromArray(
      "float64",
      [1001],
      Float64Array.from({ length: 1001 }, (_, i) => i / 8),
    );
    assert.equal(formatTensor(long), "[  0.      0.125   0.25  ... 124.75  124.875 125.   ]");
    assert.equal(formatTensor(scalar(2 / 3)), "0.6667");
    const row = full("int", [40], 1);
    assert.equal(formatTensor(row).split("\n")[0]!.length, 74);
  });

  test("a whole large tensor can be printed when no threshold stands in the way", () => {
    const large = full("float64", [200_000], 0.5);
    assert.equal(formatTensor(large, { threshold: Infinity, lineWidth: Infinity }).length, 200_000 * 4 + 1);
  });

  test("shapes are written as in the language", () => {
    assert.deepEqual([formatShape([5, 3]), formatShape([]), formatShape([7])], ["[5, 3]", "[]", "[7]"]);
  });
});
