/** The quick way of the float64 functions against 300-bit arithmetic: it gives the nearest double, or nothing, and the latter seldom. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quickLog, quickSinCos } from "../../../../src/runtime/tensor/random/tables";

type Table = readonly (readonly [argument: number, value: number])[];

const oracle = JSON.parse(readFileSync(join(__dirname, "../../../oracle/elementary.json"), "utf8")) as Record<
  "log" | "sin" | "cos",
  Table
>;

/** Of hard cases and others. */
function compare(table: Table, quick: (x: number) => number): number {
  let given = 0;
  for (const [argument, value] of table) {
    const found = quick(argument);
    if (Number.isNaN(found)) continue;
    given++;
    assert.equal(found, value, String(argument));
  }
  return given / table.length;
}

function logOf(x: number): number {
  let exponent = Math.floor(Math.log2(x));
  if (x / 2 ** exponent > Math.SQRT2) exponent++;
  return quickLog(x / 2 ** exponent, exponent);
}

function sinOrCos(which: 0 | 1): (x: number) => number {
  const pair = new Float64Array(2);
  return (x) => {
    quickSinCos(x, pair);
    return pair[which]!;
  };
}

suite("functions by tables", () => {
  test("logarithms", () => {
    assert.ok(compare(oracle.log, logOf) > 0.9);
  });
  test("sines", () => {
    assert.ok(compare(oracle.sin, sinOrCos(0)) > 0.7);
  });
  test("cosines", () => {
    assert.ok(compare(oracle.cos, sinOrCos(1)) > 0.7);
  });
  test("evenly spread angles are nearly always given", () => {
    const pair = new Float64Array(2);
    let given = 0;
    for (let i = 0; i < 20_000; i++) {
      quickSinCos((i * 2 * Math.PI) / 20_011, pair);
      if (!Number.isNaN(pair[0]! + pair[1]!)) given++;
      assert.ok(Number.isNaN(pair[0]!) || Math.abs(pair[0]! - Math.sin((i * 2 * Math.PI) / 20_011)) < 2e-16);
    }
    assert.ok(given > 19_800);
  });
});
