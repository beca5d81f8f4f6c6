/** The float64 functions against 300-bit arithmetic (test/oracle/elementary.json, written by make_elementary.py beside it). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cos, log, sin } from "../../../../src/runtime/tensor/random/correctly-rounded";

type Table = readonly (readonly [argument: number, value: number])[];

const oracle = JSON.parse(readFileSync(join(__dirname, "../../../oracle/elementary.json"), "utf8")) as Record<
  "log" | "sin" | "cos",
  Table
>;

suite("correctly rounded functions", () => {
  for (const [name, ours] of Object.entries({ log, sin, cos })) {
    test(`${name} is the double nearest to the true value`, () => {
      const table = oracle[name as "log" | "sin" | "cos"];
      assert.ok(table.length > 400);
      for (const [argument, value] of table) assert.equal(ours(argument), value, `${name}(${argument})`);
    });
  }
});
