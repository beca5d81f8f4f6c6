/** Vector maths against mpmath's correctly rounded values, float64 mathematics and C's special values. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { targetHere, type Target } from "../../../../src/runtime/compile/emit";
import { vectorFunctions, type LaneType, type VectorFunction } from "../../../../src/runtime/compile/maths";
import { operator } from "../../../../src/runtime/ops";
import { full, tensor } from "../../../../src/runtime/tensor";
import { arityOf, ulpsBetween, valuesOf } from "./run-lanes";

type Table = Readonly<Record<LaneType, Readonly<Record<VectorFunction, readonly (readonly string[])[]>>>>;

// Written by write-table.py.
const table = JSON.parse(readFileSync(join(__dirname, "vector-maths.json"), "utf8")) as Table;

/** What this engine has: multiply-add that rounds once where it is there, and twice always. */
const targets: readonly Target[] = [targetHere(), targetHere({ deterministic: true })].filter(
  (target, index, all): target is Target =>
    target !== undefined && (index === 1 || target.fma !== all[1]?.fma),
);

suite("vector maths", () => {
  for (const target of targets) {
    for (const type of ["f32x4", "f64x2"] as const) {
      const kind = `${type}${target.fma ? " with fused multiply-add" : ""}`;
      for (const name of vectorFunctions) {
        test(`${name} of ${kind} is within 2 ulp of the correctly rounded values`, () => {
          const rows = table[type][name].map((row) => row.map(Number));
          assert.ok(rows.length >= 80);
          const value = valuesOf(name, type, target, column(rows, 0), column(rows, 1));
          for (const [i, row] of rows.entries()) {
            const expected = row.at(-1)!;
            const ulps = Math.abs(ulpsBetween(type, value[i]!, expected));
            assert.ok(ulps <= 2, `${name}(${row.slice(0, -1).join(", ")}) is ${value[i]!}, not ${expected}`);
          }
        });
      }

      test(`special values of ${kind} are C's`, () => {
        for (const [name, rows] of Object.entries(specialValues)) {
          const [x, y] = [column(rows, 0), column(rows, 1)];
          const value = valuesOf(name as VectorFunction, type, target, x, y); // the table's keys
          for (const [i, row] of rows.entries()) {
            const operands = row.slice(0, -1).map((v) => (Object.is(v, -0) ? "-0" : String(v)));
            const expected = row.at(-1)!;
            const rounded = type === "f32x4" ? Math.fround(expected) : expected;
            const text = `${name}(${operands.join(", ")}) is ${value[i]!}, not ${expected}`;
            assert.ok(ulpsBetween(type, value[i]!, rounded) === 0, text);
          }
        }
      });
    }

    test(`every 7919th number of single precision${target.fma ? ", with fused multiply-add" : ""}`, () => {
      const x = new Float32Array(Uint32Array.from({ length: 542_000 }, (_, i) => i * 7919).buffer);
      for (const name of vectorFunctions.filter((one) => arityOf(one) === 1)) {
        const value = valuesOf(name, "f32x4", target, x);
        // The reference evaluator's kernel in float64, rounded once.
        const y = operator(name).forward({
          inputs: { x: tensor("float64", [x.length], Float64Array.from(x)) },
          attributes: {},
          output: { shape: [x.length], dtype: "float64" },
        });
        assert.ok("data" in y);
        for (let i = 0; i < x.length; i++) {
          const ulps = ulpsBetween("f32x4", value[i]!, Math.fround(y.data[i]!));
          if (ulps < -2 || ulps > 2) assert.fail(`${name}(${x[i]!}) is ${value[i]!}, not ${y.data[i]!}`);
        }
      }
    }).timeout(60_000);

    test(`powers and angles of random pairs${target.fma ? ", with fused multiply-add" : ""}`, () => {
      const count = 200_000;
      const x = Float64Array.from({ length: count }, (_, i) => random(2 * i));
      const y = Float64Array.from({ length: count }, (_, i) =>
        i % 3 === 0 ? Math.round(random(2 * i + 1)) : random(2 * i + 1),
      );
      for (const name of ["pow", "atan2"] as const) {
        for (const type of ["f32x4", "f64x2"] as const) {
          const [a, b] =
            type === "f32x4"
              ? [Float64Array.from(Float32Array.from(x)), Float64Array.from(Float32Array.from(y))]
              : [x, y];
          const value = valuesOf(name, type, target, a, b);
          const expected = operator(name).forward({
            inputs: { x: tensor("float64", [count], a), y: tensor("float64", [count], b) },
            attributes: {},
            output: { shape: [count], dtype: "float64" },
          });
          assert.ok("data" in expected);
          for (let i = 0; i < count; i++) {
            const wanted: number = type === "f32x4" ? Math.fround(expected.data[i]!) : expected.data[i]!;
            const ulps = Math.abs(ulpsBetween(type, value[i]!, wanted));
            if (ulps > 2) assert.fail(`${name}(${a[i]!}, ${b[i]!}) is ${value[i]!}, not ${wanted}`);
          }
        }
      }
    }).timeout(60_000);
  }

  test("a wrong value would be seen", () => {
    assert.equal(ulpsBetween("f32x4", 1, Math.fround(1 + 2 ** -23)), -1);
    assert.equal(ulpsBetween("f64x2", 1 + 3 * 2 ** -52, 1), 3);
    assert.equal(ulpsBetween("f64x2", NaN, 1), Infinity);
    assert.equal(ulpsBetween("f64x2", -0, 0), -1);
    assert.equal(full("float64", [], 1).data[0], 1);
  });
});

function column(rows: readonly (readonly number[])[], index: number): number[] {
  return rows.map((row) => row[index]!);
}

/** A sequence without pattern, of both signs and many magnitudes (the fractional parts of multiples of √2 and the golden ratio). */
function random(i: number): number {
  const [u, v] = [(i * Math.SQRT2) % 1, (i * 0.6180339887498949) % 1];
  return (u < 0.3 ? -1 : 1) * 2 ** (14 * (v - 0.5)) * (1 + ((i * 0.7548776662466927) % 1));
}

/** Operands, then the result, of the C standard's annex F. */
const specialValues: Readonly<Record<string, readonly (readonly number[])[]>> = {
  exp: [
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
    [1e30, Infinity],
    [-1e30, 0],
  ],
  expm1: [
    [0, 0],
    [-0, -0],
    [Infinity, Infinity],
    [-Infinity, -1],
    [NaN, NaN],
    [-100, -1],
    [1e30, Infinity],
  ],
  log: [
    [1, 0],
    [0, -Infinity],
    [-0, -Infinity],
    [-1, NaN],
    [Infinity, Infinity],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
  log1p: [
    [0, 0],
    [-0, -0],
    [-1, -Infinity],
    [-2, NaN],
    [Infinity, Infinity],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
  sin: [
    [0, 0],
    [-0, -0],
    [Infinity, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
  cos: [
    [0, 1],
    [-0, 1],
    [Infinity, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
  tan: [
    [0, 0],
    [-0, -0],
    [Infinity, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
  ],
  atan: [
    [0, 0],
    [-0, -0],
    [Infinity, Math.PI / 2],
    [-Infinity, -Math.PI / 2],
    [NaN, NaN],
  ],
  sinh: [
    [0, 0],
    [-0, -0],
    [Infinity, Infinity],
    [-Infinity, -Infinity],
    [NaN, NaN],
  ],
  cosh: [
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, Infinity],
    [NaN, NaN],
  ],
  tanh: [
    [0, 0],
    [-0, -0],
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
    [100, 1],
    [-100, -1],
  ],
  erf: [
    [0, 0],
    [-0, -0],
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
    [100, 1],
    [-100, -1],
  ],
  sigmoid: [
    [0, 0.5],
    [-0, 0.5],
    [Infinity, 1],
    [-Infinity, 0],
    [NaN, NaN],
    [1e30, 1],
    [-1e30, 0],
  ],
  atan2: [
    [0, 1, 0],
    [-0, 1, -0],
    [0, -1, Math.PI],
    [-0, -1, -Math.PI],
    [0, 0, 0],
    [-0, 0, -0],
    [0, -0, Math.PI],
    [-0, -0, -Math.PI],
    [1, 0, Math.PI / 2],
    [-1, -0, -Math.PI / 2],
    [1, Infinity, 0],
    [-1, Infinity, -0],
    [1, -Infinity, Math.PI],
    [Infinity, 1, Math.PI / 2],
    [-Infinity, 1, -Math.PI / 2],
    [Infinity, Infinity, Math.PI / 4],
    [-Infinity, Infinity, -Math.PI / 4],
    [Infinity, -Infinity, (3 * Math.PI) / 4],
    [NaN, 1, NaN],
    [1, NaN, NaN],
    [NaN, NaN, NaN],
    [0, NaN, NaN],
  ],
  pow: [
    [0, 3, 0],
    [-0, 3, -0],
    [0, 2, 0],
    [-0, 2, 0],
    [0, -3, Infinity],
    [-0, -3, -Infinity],
    [-0, -2, Infinity],
    [0, -0.5, Infinity],
    [-0, 0.25, 0],
    [-1, Infinity, 1],
    [-1, -Infinity, 1],
    [1, NaN, 1],
    [1, Infinity, 1],
    [NaN, 0, 1],
    [NaN, -0, 1],
    [Infinity, 0, 1],
    [-2, 0.25, NaN],
    [-2, 1.5, NaN],
    [-2, 3, -8],
    [-2, 2, 4],
    [0.5, Infinity, 0],
    [2, Infinity, Infinity],
    [0.5, -Infinity, Infinity],
    [2, -Infinity, 0],
    [-0.5, Infinity, 0],
    [-2, Infinity, Infinity],
    [Infinity, -2, 0],
    [Infinity, 2, Infinity],
    [-Infinity, 3, -Infinity],
    [-Infinity, 2, Infinity],
    [-Infinity, -3, -0],
    [-Infinity, -2, 0],
    [-Infinity, 0.25, Infinity],
    [-Infinity, -0.25, 0],
    [NaN, 1, NaN],
    [2, NaN, NaN],
    [NaN, NaN, NaN],
    [0, 1e30, 0],
    [2, 1e30, Infinity],
    [2, -1e30, 0],
    [-2, 1e30, Infinity],
    [0, Infinity, 0],
    [0, -Infinity, Infinity],
    [Infinity, Infinity, Infinity],
    [Infinity, -Infinity, 0],
    [10, 10, 1e10],
    [2, -10, 2 ** -10],
  ],
};
