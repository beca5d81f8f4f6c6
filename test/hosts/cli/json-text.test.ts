/** JSON of reports: the same data as JSON.stringify's, but for numbers that JSON has no word for. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonText } from "../../../src/hosts/cli/report/json-text";

const textOf = (value: unknown): string => [...jsonText(value)].join("");

suite("command line: JSON", () => {
  test("NaN and infinities are strings, everywhere", () => {
    const value = {
      a: NaN,
      b: [1, Infinity, -Infinity],
      c: Float32Array.of(NaN, 0.5),
      d: new Uint8Array([0, 1]),
    };
    assert.deepEqual(JSON.parse(textOf(value)), {
      a: "NaN",
      b: [1, "Infinity", "-Infinity"],
      c: ["NaN", 0.5],
      d: [0, 1],
    });
  });

  test("of everything else it is what JSON.stringify says", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(textOf(value)), JSON.parse(JSON.stringify(value)));
      }),
      { seed: 42 },
    );
    assert.deepEqual(JSON.parse(textOf({ a: undefined, b: null, c: [], d: {} })), { b: null, c: [], d: {} });
  });

  test("numbers come back exactly", () => {
    fc.assert(
      fc.property(fc.float64Array({ noNaN: true, noDefaultInfinity: true }), (numbers) => {
        const back = JSON.parse(textOf({ numbers })) as { numbers: number[] };
        assert.deepEqual(
          back.numbers,
          [...numbers].map((x) => (x === 0 ? 0 : x)),
        );
      }),
      { seed: 42 },
    );
  });

  test("a million numbers come in pieces, on one line", () => {
    const pieces = [...jsonText({ data: new Float64Array(1_000_000).fill(0.1) })];
    assert.ok(pieces.length > 100);
    assert.ok(pieces.every((piece) => piece.length < 100_000));
    assert.equal(pieces.join("").split("\n").length, 3);
  });
});
