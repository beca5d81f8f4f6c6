// A node's last values as a hover shows them.
import assert from "node:assert/strict";
import { valuesMarkdown } from "../../../src/hosts/extension/value-table";
import { nodeSummary, summary } from "./reports";

function slice(rows: number, columns: number, data: readonly number[]) {
  return { rowStep: 1, columnStep: 1, rows, columns, data: Float64Array.from(data) };
}

const value = summary({ shape: [7, 2], count: 14, mean: 0.5, deviation: 1, min: -2, max: 3 });

suite("extension: values in a hover", () => {
  test("the first rows stand in columns, with the statistics above", () => {
    const node = nodeSummary({ name: "m.z", value, gradient: null });
    const text = valuesMarkdown({
      node,
      target: "r",
      stale: false,
      value: slice(2, 2, [1, -2.25, 30, 4]),
      gradient: undefined,
    });
    assert.equal(
      text.replaceAll("\u00a0", " "),
      "In `r`:\n\n```text\nm.z  [7, 2]  μ 0.5  σ 1  [-2, 3]\n   1  -2.25\n  30      4\n  …\n```",
    );
  });

  test("what the text has left behind says so", () => {
    const node = nodeSummary({ name: "z", value, gradient: "zero" });
    const text = valuesMarkdown({ node, target: "r", stale: true, value: undefined, gradient: undefined });
    assert.match(text, /^Before the text changed, in `r`:/);
    assert.match(text, /gradient of z {2}0 everywhere/);
  });

  test("a fault is its own sentence", () => {
    const node = nodeSummary({ value: null, fault: "The matrix is singular." });
    const text = valuesMarkdown({ node, target: "r", stale: false, value: undefined, gradient: undefined });
    assert.equal(text, "In `r`: The matrix is singular.");
  });
});
