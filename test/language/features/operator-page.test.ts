import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { operatorPage } from "../../../src/language/features";

const page = path.resolve(__dirname, "../../../docs/operators.md");

suite("the page of operators", () => {
  test("is what the operators' declarations say (npm run docs writes it)", () => {
    assert.equal(readFileSync(page, "utf8"), operatorPage());
  });
  test("has PyTorch's functions with formula and derivative, and none that only rules apply", () => {
    const text = operatorPage();
    for (const name of ["softmax", "cross_entropy", "conv2d", "layer_norm", "einsum"])
      assert.ok(text.includes(`\n## ${name}\n`), name);
    assert.ok(!text.includes("\n## _"));
    assert.match(text, /derivative/u);
  });
});
