/** The main pictures of the tensor tab, compared with committed ones; a planted mistake must show. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { inspectorSuite, settled, showTensor } from "./inspector-driver";
import { pictureDifference } from "./reference-pictures";

const size = { width: 1100, height: 760 };

function map(page: Page, side: string): ReturnType<Page["locator"]> {
  return page.locator(`nnspec-heat-map[data-side=${side}] canvas`);
}

inspectorSuite("inspector, reference pictures", (open) => {
  for (const theme of ["dark", "light", "high-contrast"] as const) {
    test(`heatmaps look as they did (${theme})`, async () => {
      const page = await open(`scene=shapes&theme=${theme}`, size);
      await showTensor(page, "filters");
      assert.equal(await pictureDifference(map(page, "value"), `filters-${theme}`), null);
      await showTensor(page, "bias");
      assert.equal(await pictureDifference(map(page, "gradient"), `bias-${theme}`), null);
    });
  }

  test("an overview with signs for its only NaN and infinity looks as it did", async () => {
    const page = await open("scene=shapes&theme=high-contrast", size);
    await showTensor(page, "needle");
    assert.equal(await pictureDifference(map(page, "value"), "needle"), null);
  });

  test("the sequential scale, clipped colours and a range singled out look as they did", async () => {
    const page = await open("scene=shapes&theme=dark", size);
    await showTensor(page, "filters");
    await page.getByRole("button", { name: "min–max" }).click();
    await settled(page);
    assert.equal(await pictureDifference(map(page, "value"), "filters-sequential"), null);
    await page.getByRole("button", { name: "min–max" }).click();
    await page.getByRole("button", { name: "Clip outliers" }).click();
    await page.getByRole("button", { name: "Single out a range" }).first().click();
    await settled(page);
    assert.equal(await pictureDifference(map(page, "value"), "filters-clipped-brushed"), null);
  });

  test("slices side by side look as they did", async () => {
    const page = await open("scene=shapes&theme=light", size);
    await showTensor(page, "filters");
    await page.getByRole("button", { name: "Slices side by side" }).click();
    await settled(page);
    assert.equal(await pictureDifference(page.locator("nnspec-facets canvas"), "filters-facets"), null);
  });

  test("a swapped axis and a wrong colour do not pass for the committed picture", async () => {
    if (process.env["UPDATE_PICTURES"] === "1") return;
    const page = await open("scene=shapes&theme=dark", size);
    await page.evaluate(() => {
      window.harness.transposeSlices = true;
    });
    await showTensor(page, "filters");
    assert.match((await pictureDifference(map(page, "value"), "filters-dark")) ?? "", /differs in [1-9]/);
    const other = await open("scene=shapes&theme=light", size);
    await showTensor(other, "filters");
    assert.match((await pictureDifference(map(other, "value"), "filters-dark")) ?? "", /differs in [1-9]/);
  });
});
