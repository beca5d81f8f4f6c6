import assert from "node:assert/strict";
import { nameNonFinite } from "../../src/protocol";

suite("numbers on their way to the panel", () => {
  test("NaN and infinities keep their meaning through JSON", () => {
    const message = { a: [1, NaN, Infinity], b: { c: -Infinity, d: "text", e: null, f: true } };
    assert.deepEqual(JSON.parse(JSON.stringify(nameNonFinite(message))), {
      a: [1, "NaN", "Infinity"],
      b: { c: "-Infinity", d: "text", e: null, f: true },
    });
  });
  test("typed arrays are not copied", () => {
    const data = Float64Array.of(NaN);
    assert.equal((nameNonFinite({ data }) as { data: Float64Array }).data, data);
  });
});
