// Scalar expressions and intrinsics: accuracy against correctly rounded values, C's edge cases, float32 rounding.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  intrinsics,
  scalarBuilder as s,
  toFunction,
  toTensorFunction,
  variable,
  type ScalarExpression,
} from "../../../src/runtime/ops";
import { fromArray } from "../../../src/runtime/tensor";

const stored = JSON.parse(readFileSync("test/oracle/scalar_functions.json", "utf8")) as Record<
  "erf" | "sigmoid",
  [number, number][]
>;

/** The distance to the next double. */
function ulp(x: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -1022)));
  return 2 ** (exponent - 52);
}

suite("intrinsics", () => {
  for (const [name, allowed] of [
    ["erf", 1],
    ["sigmoid", 2],
  ] as const) {
    test(`${name} is within ${allowed} ulp of the correctly rounded value`, () => {
      for (const [x, expected] of stored[name]) {
        const found = intrinsics[name](x, 0, 0);
        const distance = Math.abs(found - expected) / ulp(expected);
        assert.ok(distance <= allowed, `${name}(${x}) = ${found}, expected ${expected}: ${distance} ulp`);
      }
    });
  }

  test("erf is odd, 1 at infinity and exact at 0", () => {
    assert.ok(Object.is(intrinsics.erf(-0, 0, 0), -0));
    assert.equal(intrinsics.erf(Infinity, 0, 0), 1);
    assert.equal(intrinsics.erf(-7, 0, 0), -1);
    assert.ok(Number.isNaN(intrinsics.erf(NaN, 0, 0)));
  });

  test("pow is C's, not JavaScript's", () => {
    const pow = (x: number, y: number): number => intrinsics.pow(x, y, 0);
    assert.equal(pow(1, NaN), 1);
    assert.equal(pow(NaN, 0), 1);
    assert.equal(pow(1, Infinity), 1);
    assert.equal(pow(-1, -Infinity), 1);
    assert.ok(Number.isNaN(pow(-8, 1 / 3)));
    assert.ok(Object.is(pow(-0, 3), -0));
    assert.equal(pow(-Infinity, 0.5), Infinity);
  });

  test("round takes halves to even and keeps the sign of zero", () => {
    const round = (x: number): number => intrinsics.round(x, 0, 0);
    assert.deepEqual(
      [0.5, 1.5, 2.5, -0.5, -1.5, 2.4, -2.6, 1e300].map(round),
      [0, 2, 2, -0, -2, 2, -3, 1e300],
    );
    assert.equal(round(0.49999999999999994), 0);
    assert.equal(round(4503599627370497), 4503599627370497);
  });
});

suite("scalar expressions", () => {
  const [x, y] = [variable(0), variable(1)];
  const shared = s.exp(s.mul(x, s.constant(0.1)));
  const expression: ScalarExpression = s.where(
    s.less(x, y),
    s.add(shared, s.div(shared, y)),
    s.neg(s.constant(-0)),
  );

  test("evaluate at a point", () => {
    const f = toFunction(expression, "float64");
    assert.equal(f([1, 2]), Math.exp(0.1) + Math.exp(0.1) / 2);
    assert.equal(f([2, 1]), 0);
  });

  test("round after every step in float32, constants too", () => {
    const { fround } = Math;
    const f = toFunction(expression, "float32");
    const product = fround(fround(1.1) * fround(0.1));
    const e = fround(Math.exp(product));
    assert.equal(f([fround(1.1), 2]), fround(e + fround(e / 2)));
  });

  test("over tensors give what they give at each point", () => {
    const count = 3000;
    const xs = Array.from({ length: count }, (_, index) => Math.sin(index) * 3);
    const ys = Array.from({ length: count }, (_, index) => Math.cos(index * 1.7) * 3);
    const whole = toTensorFunction(expression, 2);
    for (const dtype of ["float64", "float32"] as const) {
      const [a, b] = [fromArray(dtype, [count], xs), fromArray(dtype, [count], ys)];
      const result = whole([a, b], { shape: [count], dtype });
      const f = toFunction(expression, dtype);
      result.data.forEach((value, index) => assert.ok(Object.is(value, f([a.data[index]!, b.data[index]!]))));
    }
  });
});
