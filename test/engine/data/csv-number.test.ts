/** Numbers in CSV cells are those that JavaScript's own correctly rounded conversion gives, whichever way they are read. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { numberIn } from "../../../src/engine/data/csv-number";

const read = (text: string) => numberIn(new Uint8Array(Buffer.from(text, "utf8")));

suite("numbers in CSV cells", () => {
  test("any decimal is the double nearest to it", () => {
    const digits = fc.string({
      unit: fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
      maxLength: 20,
    });
    const decimal = fc
      .tuple(fc.constantFrom("", "-", "+"), digits, fc.constantFrom("", "."), digits)
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        decimal,
        fc.constantFrom("", "e5", "E-7", "e+300", "e-320", "e400"),
        (mantissa, exponent) => {
          fc.pre(/\d/.test(mantissa));
          assert.ok(Object.is(read(mantissa + exponent), Number(mantissa + exponent)), mantissa + exponent);
        },
      ),
      { seed: 42, numRuns: 5000 },
    );
  });

  test("any double that was printed comes back", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assert.ok(Object.is(read(Object.is(value, -0) ? "-0" : String(value)), value));
      }),
      { seed: 42, numRuns: 2000 },
    );
  });

  test("NumPy's words for infinities and NaN are numbers", () => {
    assert.deepEqual(["inf", "-inf", "+Infinity", "nan", "NaN", "-nan"].map(read), [
      Infinity,
      -Infinity,
      Infinity,
      NaN,
      NaN,
      NaN,
    ]);
  });

  test("words for missing values are told from numbers and from other text", () => {
    for (const text of ["", "NA", "n/a", "null", "None", "?", "-"]) assert.equal(read(text), "missing", text);
    for (const text of ["0x10", "1_000", "1e", "e5", ".", "+", "1 2", "1,5", "--1", "1.2.3", "true", "١"])
      assert.equal(read(text), undefined, text);
  });
});
