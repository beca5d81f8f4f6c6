/** Fused multiply-add against exact whole-number arithmetic; the float32 functions against the float64 ones. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { fma32, fma64, logFloat32, sinCosFloat32 } from "../../../../src/runtime/tensor/random/float-math";

const scale = 160;

/** value·2^160, exactly, for doubles of 53 bits above 2^-107. */
function scaled(value: number): bigint {
  return BigInt(value * 2 ** scale);
}

/** a·b + c, exact until it is rounded half to even to so many bits. */
function exactFma(a: number, b: number, c: number, precision: number): number {
  const exact = scaled(a) * scaled(b) + (scaled(c) << BigInt(scale));
  const magnitude = exact < 0n ? -exact : exact;
  const dropped = BigInt(Math.max(0, magnitude.toString(2).length - precision));
  const unit = 1n << dropped;
  const twiceRest = 2n * (magnitude % unit);
  const down = magnitude / unit;
  const up = twiceRest > unit || (twiceRest === unit && down % 2n === 1n);
  const rounded = Number((up ? down + 1n : down) << dropped) / 2 ** (2 * scale);
  return exact < 0n ? -rounded : rounded;
}

const whole = (bits: number): fc.Arbitrary<number> => fc.integer({ min: -(2 ** bits), max: 2 ** bits });
const power = fc.integer({ min: -40, max: 20 }).map((exponent) => 2 ** exponent);

/** Any three numbers of so many bits. */
const anyThree = (bits: number): fc.Arbitrary<[number, number, number]> => {
  const value = fc
    .tuple(whole(Math.min(bits, 52)), power)
    .map(([mantissa, unit]) => (mantissa / 2 ** bits) * unit);
  return fc.tuple(value, value, value);
};

/** c one unit's half plus or minus a little away from a·b, where rounding twice goes wrong: a·b = ±½·ulp(c)·(1 - i²·2^-2(bits - 1)). */
const nearMidpoint = (bits: number): fc.Arbitrary<[number, number, number]> =>
  fc
    .tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 1000 }), fc.boolean())
    .map(([i, odd, negative]) => {
      const ulp = 2 ** (1 - bits);
      const a = 1 + i * ulp;
      const b = (1 - i * ulp) * (ulp / 2) * (negative ? -1 : 1);
      return [a, b, 1 + (2 * odd + 1) * ulp];
    });

suite("single roundings", () => {
  for (const [name, fma, bits] of [
    ["fma32", fma32, 24],
    ["fma64", fma64, 53],
  ] as const) {
    test(`${name} is a·b + c rounded once`, () => {
      const property = fc.property(fc.oneof(anyThree(bits), nearMidpoint(bits)), ([a, b, c]) => {
        assert.equal(fma(a, b, c) + 0, exactFma(a, b, c, bits));
      });
      fc.assert(property, { seed: 42, numRuns: 2000 });
    });

    test(`rounding twice is told from ${name} by these samples`, () => {
      const twice = (a: number, b: number, c: number): number =>
        bits === 24 ? Math.fround(a * b + c) : a * b + c;
      const samples = fc.sample(nearMidpoint(bits), { seed: 42, numRuns: 100 });
      assert.ok(samples.some(([a, b, c]) => twice(a, b, c) !== exactFma(a, b, c, bits)));
    });
  }

  test("fma64 of numbers too large to split is the plain product and sum", () => {
    assert.equal(fma64(0.5, 1e308, 3), 5e307);
    assert.equal(fma64(2, 1e308, 0), Infinity);
    assert.ok(Number.isNaN(fma64(NaN, 1, 1)));
  });

  test("float32 log, sine and cosine are within two units in the last place of the float64 ones", () => {
    const unit = 2 ** -23;
    const property = fc.property(fc.integer({ min: 1, max: 2 ** 24 }), (step) => {
      const x = step / 2 ** 24;
      const ln = Math.log(x);
      assert.ok(Math.abs(logFloat32(x) - ln) <= 2 * unit * Math.abs(ln));
      const angle = Math.fround(Math.fround(2 * Math.PI) * x);
      const [sine, cosine] = sinCosFloat32(angle);
      assert.ok(Math.abs(sine - Math.sin(angle)) <= unit && Math.abs(cosine - Math.cos(angle)) <= unit);
    });
    fc.assert(property, { seed: 42, numRuns: 1000 });
  });
});
