/** What stands beside a node's own tensors: errors of gradient checks by entry, and the parts of a gradient. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { inspectorSuite, openTab, settled, showTensor, text, violations } from "./inspector-driver";

/** The number under the cursor in each pane, by the name it is read out with. */
async function readOut(page: Page): Promise<ReadonlyMap<string, number>> {
  const spans = await page.locator("nnspec-tensor .read-out > span").allInnerTexts();
  return new Map(
    spans.map((span): [string, number] => {
      const at = span.lastIndexOf(" = ");
      return [span.slice(0, at).trim(), Number(span.slice(at + 3))];
    }),
  );
}

async function pointAt(page: Page, ...keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  await page.locator("nnspec-heat-map[data-side=value] canvas").focus();
  for (const key of keys) await page.keyboard.press(key);
  await settled(page);
  return readOut(page);
}

inspectorSuite("inspector, beside the tensor", (open) => {
  test("a gradient check's errors by entry lead to the tensor with its errors beside it", async () => {
    const page = await open("live=faulty");
    await openTab(page, "Gradcheck");
    await page.getByRole("button", { name: /^Errors of W, shape \[4, 2\]/ }).click();
    await settled(page);
    assert.equal(await page.getByRole("tab", { selected: true }).innerText(), "Tensor");
    // The cursor stands on the worst entry.
    const wrong = await readOut(page);
    const right = await pointAt(page, "ArrowRight");
    // The rule doubles the first column of W's gradient through tanh, and leaves the second alone.
    assert.ok(wrong.get("error of ∂loss/∂W[2, 0]")! > 1e-3);
    assert.ok(right.get("error of ∂loss/∂W[2, 1]")! < 1e-8);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "error map" }).click();
    assert.equal(await page.locator("nnspec-tensor-pane[data-pane=error-0]").count(), 0);
  });

  test("the entries of a leaf are read in a table", async () => {
    const page = await open("live=faulty");
    await openTab(page, "Gradcheck");
    await page.getByTitle("Every entry, as a table").first().click();
    await settled(page);
    assert.equal(await page.locator("nnspec-tensor-pane[data-pane=error-0] nnspec-number-table").count(), 1);
  });

  test("a check that failed shows every element of both sides and how they differ", async () => {
    const page = await open("live=wrong-checks", { width: 900, height: 1000 });
    await openTab(page, "Checks");
    const more = page.getByRole("button", { name: /^Every element/ });
    // A single number, and what holds, have no more to show.
    assert.deepEqual(
      (await more.allInnerTexts()).map((name) => name.replaceAll(/\s+/g, " ").trim()),
      ["half of it", "the last row", "one element"].map((label) => `Every element of ${label}`),
    );
    await more.first().press("Enter");
    await page.locator("nnspec-heat-map[data-side=difference]").waitFor();
    await settled(page);
    // The cursor stands where they are farthest apart: 2·x.T@(x@W) is held against x.T@(x@W).
    const [[name, left], [, right], [, difference]] = [...(await readOut(page))] as [string, number][] &
      Record<0 | 1 | 2, [string, number]>;
    assert.match(name, /^left side\[\d, \d\]$/);
    assert.ok(Math.abs(left - 2 * right) < 1e-12 && Math.abs(difference - right) < 1e-12);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Table of numbers" }).click();
    assert.equal(await page.locator("nnspec-number-table").count(), 3);
    await more.first().click();
    assert.equal(await page.locator("nnspec-tensor").count(), 0);
    // Of a tensor with leading dimensions the slice is shown that has the worst element.
    await more.last().click();
    await settled(page);
    assert.match(await text(page.locator("output")), /^1 of 0–1$/);
    const wrong = [...(await readOut(page)).keys()];
    assert.match(wrong[0]!, /^left side\[1, \d, \d\]$/);
  });

  test("the parts of a gradient stand beside it under one cursor, and sum to it", async () => {
    const page = await open("live=weight-decay");
    await showTensor(page, "m.W1");
    await page.getByRole("button", { name: "parts" }).click();
    await settled(page);
    assert.equal(await page.locator("nnspec-tensor-pane[data-pane^=part-]").count(), 2);
    const numbers = [...(await pointAt(page, "Home", "ArrowDown", "ArrowRight"))];
    const whole = numbers.find(([name]) => name === "∂m.J/∂m.W1[1, 1]")?.[1];
    const parts = numbers.filter(([name]) => name.includes("by way of")).map(([, value]) => value);
    assert.equal(parts.length, 2);
    assert.ok(Math.abs(parts[0]! + parts[1]! - whole!) < 1e-6 * Math.abs(whole!), JSON.stringify(numbers));
    const limits = await page.locator("nnspec-tensor-pane .labels").allInnerTexts();
    // The gradient and its parts have the same colours for the same numbers.
    assert.equal(limits[1], limits[2]);
    assert.equal(limits[1], limits[3]);
    assert.match(await text(page.locator("nnspec-tensor-pane[data-pane=part-0] h2")), /by way of/);
  });
});
