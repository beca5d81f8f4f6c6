/** Two runs held against each other, node by node: columns, order, and the way to the map of the differences. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { tableLayout } from "../../src/hosts/webview/values/table-layout";
import { inspectorSuite, nodeNames, openTab, posted, settled, text, violations } from "./inspector-driver";

inspectorSuite("inspector: two runs", (open) => {
  const rowOf = (page: Page, name: string): Locator =>
    page.getByRole("row").filter({ has: page.locator(`.node-name[title="${name}"]`) });

  test("each node says how far it is from the run before, and whether it is new or has another shape", async () => {
    const page = await open("live=edited", { width: 1500, height: 800 });
    await page.getByLabel("Difference to").selectOption("before");
    await page.getByRole("columnheader", { name: "Δ to 14:03:05" }).waitFor();
    // h = 1.5 tanh(z) where it was tanh(z): a third of its norm. The loss is 2.25 times what it was.
    await rowOf(page, "m.h").getByText("33.3 %").first().waitFor();
    assert.match(await text(rowOf(page, "loss")), /55\.6 %/);
    assert.match(await text(rowOf(page, "tail")), /reshaped/);
    assert.match(await text(rowOf(page, "fresh")), /new/);
    assert.match(await text(rowOf(page, "m.z")), /0\s+0 %\s+[\d.e-]+/);
    assert.deepEqual(await violations(page), []);
  });

  test("the keyboard sorts by the largest difference and opens its map", async () => {
    const page = await open("live=edited", { width: 620, height: 800 });
    await page.getByLabel("Difference to").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const head = page.getByRole("columnheader", { name: "max |Δ|" });
    await rowOf(page, "m.h").getByRole("button").first().waitFor();
    await head.getByRole("button").press("Enter");
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    const names = await nodeNames(page);
    assert.deepEqual([names[0], ...names.slice(-2)], ["loss", "tail", "fresh"], "what has no number is last");
    await page.locator("tr[tabindex='0']").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    const difference = page.locator("nnspec-tensor-pane[data-pane=difference]");
    await difference.locator("nnspec-heat-map[data-condition=shown]").waitFor();
    await difference.getByText("m.h − m.h (14:03:05)").waitFor();
    await openTab(page, "Values");
    await rowOf(page, "x").getByRole("button").click();
    await page.locator("nnspec-tensor-pane[data-pane=pinned]", { hasText: "∂loss/∂x (14:03:05)" }).waitFor();
  });

  test("a certain run is kept as long as it is compared with, and found again after a reload", async () => {
    const page = await open("live=edited", { width: 900, height: 800 });
    const kept = async (): Promise<unknown> =>
      (await posted(page)).findLast(({ type }) => type === "keep-run");
    await page.getByLabel("Difference to").selectOption("5");
    assert.deepEqual(await kept(), { type: "keep-run", runId: 5 });
    await page.reload();
    await rowOf(page, "m.h").getByRole("button").first().waitFor();
    assert.deepEqual(await kept(), { type: "keep-run", runId: 5 });
    await page.getByLabel("Difference to").selectOption("none");
    assert.deepEqual(await kept(), { type: "keep-run", runId: null });
    assert.equal(await page.getByRole("columnheader", { name: /Δ/ }).count(), 0);
  });

  test("where the run before is gone the columns say nothing, and nothing is offered where there is no other", async () => {
    const page = await open("scene=history");
    await page.evaluate(() => (window.harness.answers["differences"] = null as never));
    await page.getByLabel("Difference to").selectOption("before");
    await settled(page);
    assert.match(await text(rowOf(page, "m.J")), /–/);
    const alone = await open("scene=passed");
    await alone.getByRole("treegrid").waitFor();
    assert.equal(await alone.getByLabel("Difference to").count(), 0);
  });

  test("the narrower the table, the less it tells; the difference stays to the last", () => {
    const told = (width: number): readonly [boolean, string, number] => {
      const { distribution, delta, figures } = tableLayout(width, true, true);
      return [distribution, delta, figures.length];
    };
    assert.deepEqual(told(2000), [true, "all", 6]);
    assert.deepEqual(told(620), [true, "largest", 0]);
    assert.deepEqual(told(300), [false, "largest", 0]);
    assert.equal(tableLayout(300, true).distribution, true);
    assert.equal(tableLayout(2000, true).delta, "none");
  });
});
