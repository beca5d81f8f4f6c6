/** The tensor tab in a real browser: every pixel's colour, pointer, keys, zoom, slices, copies. */
import assert from "node:assert/strict";
import { promisedColors, wrongCells } from "./heat-map-pixels";
import {
  chooseFromMenu,
  elementsOf,
  heard,
  openTab,
  posted,
  settled,
  showTensor,
  slicesAsked,
  text,
  viewOf,
  inspectorSuite,
} from "./inspector-driver";

inspectorSuite("inspector, tensors", (open) => {
  for (const theme of ["dark", "light"] as const) {
    test(`every cell of a heatmap has the colour of its element (${theme})`, async () => {
      const page = await open(`scene=shapes&theme=${theme}`);
      await showTensor(page, "probe");
      for (const side of ["value", "gradient"] as const) {
        const elements = await elementsOf(page, side);
        assert.deepEqual(await wrongCells(page, side, elements, 4, promisedColors[theme]), [], side);
      }
      await showTensor(page, "filters");
      const filters = (await elementsOf(page, "value")).slice(0, 32 * 32);
      // The scale is that of the whole tensor; its largest element is in the first slice.
      assert.deepEqual(await wrongCells(page, "value", filters, 32, promisedColors[theme]), []);
    });
  }

  test("the pixel check fails for a swapped axis and for a wrong colour", async () => {
    const page = await open("scene=shapes");
    await page.evaluate(() => {
      window.harness.transposeSlices = true;
    });
    await showTensor(page, "probe");
    const elements = await elementsOf(page, "value");
    const swapped = await wrongCells(page, "value", elements, 4, promisedColors.dark);
    assert.ok(swapped.length >= 8, `only ${String(swapped.length)} cells differ`);
    const otherColors = { ...promisedColors.dark, positive: "rgb(255, 130, 128)" };
    const gradient = await elementsOf(page, "gradient");
    await page.evaluate(() => {
      window.harness.transposeSlices = false;
      window.harness.show("shapes", { runId: 2 });
    });
    await settled(page);
    assert.deepEqual(await wrongCells(page, "gradient", gradient, 4, promisedColors.dark), []);
    const off = await wrongCells(page, "gradient", gradient, 4, otherColors);
    assert.ok(off.length >= 4, `only ${String(off.length)} cells differ`);
  });

  test("the cell under the pointer is read out for value and gradient, and both maps mark it", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "probe");
    const box = (await page.locator("nnspec-heat-map[data-side=value] canvas").boundingBox())!;
    await page.mouse.move(box.x + 17 + 84 * 3.5, box.y + 17 + 30 * 0.5);
    assert.match(await text(page.locator(".read-out")), /probe\[0, 3\] = 3\s+∂loss\/∂probe\[0, 3\] = 5/);
    const marked = await page
      .locator("nnspec-heat-map")
      .evaluateAll((maps) => maps.map((map) => (map as unknown as { cursor: unknown }).cursor));
    assert.deepEqual(marked, [
      { row: 0, column: 3 },
      { row: 0, column: 3 },
    ]);
  });

  test("the arrow keys move the cell and a screen reader hears index, value and gradient", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "probe");
    await page.locator("nnspec-heat-map[data-side=value] canvas").focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await heard(page, /^probe\[1, 2\]: NaN, gradient 2$/);
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+ArrowDown");
    await heard(page, /^probe\[2, 3\]: 5, gradient -8$/);
  });

  test("a large tensor is fetched in windows, finer ones after zooming, and never whole", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "huge");
    const overview = await slicesAsked(page);
    assert.ok(overview.every(({ slice }) => slice.limit <= 256 * 256));
    const canvas = page.locator("nnspec-heat-map[data-side=value] canvas");
    await canvas.focus();
    for (let i = 0; i < 14; i++) await page.keyboard.press("+");
    await settled(page);
    const all = await slicesAsked(page);
    const fine = all.slice(overview.length).map(({ slice }) => slice);
    assert.ok(fine.length > 0, "zooming asks for finer tiles");
    assert.ok(all.every(({ slice }) => slice.limit <= 256 * 256));
    assert.ok(all.length < 200, `${String(all.length)} requests`);
    assert.ok(
      fine.some(({ rows, limit, columns }) => limit === (rows.to - rows.from) * (columns.to - columns.from)),
      "the last tiles hold every element",
    );
    await page.keyboard.press("ArrowRight");
    const [first] = await page.evaluate(() => window.harness.elements(400, "value", 1));
    await heard(page, new RegExp(`^huge\\[0, 0\\]: ${String(first).slice(0, 6)}`));
    await page.keyboard.press("0");
    assert.ok((await viewOf(page)).cellWidth < 1, "0 shows everything again");
  });

  test("the wheel zooms at the pointer and dragging pans both maps", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "filters");
    const box = (await page.locator("nnspec-heat-map[data-side=value] canvas").boundingBox())!;
    const before = await viewOf(page);
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.wheel(0, -300);
    await settled(page);
    const zoomed = await viewOf(page);
    assert.ok(zoomed.cellWidth > before.cellWidth * 1.2);
    const under = (view: typeof before): number => view.top + (200 - 31) / view.cellHeight;
    assert.ok(Math.abs(under(zoomed) - under(before)) < 0.2, "the cell under the pointer stays there");
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -300);
    await settled(page);
    const closer = await viewOf(page);
    await page.mouse.down();
    await page.mouse.move(box.x + 150, box.y + 160, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    const panned = await viewOf(page);
    assert.ok(panned.left > closer.left && panned.top > closer.top);
    assert.deepEqual(await viewOf(page, "gradient"), panned);
  });

  test("leading dimensions have sliders, and a slice arrives for each place", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "filters");
    await page.getByLabel("out", { exact: true }).press("ArrowRight");
    await page.getByLabel("dimension 1").press("End");
    await settled(page);
    assert.deepEqual((await slicesAsked(page)).at(-1)?.slice.leading, [1, 2]);
    const elements = (await elementsOf(page, "value")).slice((1 * 3 + 2) * 1024, (1 * 3 + 3) * 1024);
    // Every slice of this fixture peaks at the same height, so that it spans the tensor's scale by itself.
    assert.deepEqual(await wrongCells(page, "value", elements, 32, promisedColors.dark), []);
  });

  test("a scalar is its number, a vector a strip, an empty tensor says so", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "loss");
    assert.equal(await text(page.locator("nnspec-tensor .single").first()), "0.6931472");
    await showTensor(page, "bias");
    assert.ok((await viewOf(page)).cellHeight >= 30);
    await showTensor(page, "nothing");
    await page.getByText("Empty: it has no elements").waitFor();
    await openTab(page, "Values");
    const empty = await page.getByRole("row", { name: /^nothing\s/ }).innerText();
    assert.ok(/empty/.test(empty) && !/NaN/.test(empty), empty);
    await showTensor(page, "labels");
    await page.getByText("holds integers, which have no gradient").waitFor();
  });

  test("the table shows the numbers, and copies go out as NumPy and CSV", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "probe");
    await page.getByRole("button", { name: "Table of numbers" }).click();
    const rows = page.locator("nnspec-number-table").first().locator("tbody tr");
    await rows.first().getByText("-6").waitFor();
    assert.deepEqual(await rows.nth(1).locator("td").allInnerTexts(), ["6", "1", "NaN", "2"]);
    await chooseFromMenu(page, "Copy or save the value", "Copy as NumPy");
    await heard(page, /Copied probe \[3, 4\] as NumPy/);
    await chooseFromMenu(page, "Copy or save the value", "Copy as nnspec");
    await heard(page, /Copied probe \[3, 4\] as nnspec/);
    await chooseFromMenu(page, "Copy or save the gradient", "Copy as CSV");
    await heard(page, /Copied ∂loss\/∂probe as CSV/);
    const copied = (await posted(page)).filter((message) => message.type === "copy").map(({ text }) => text);
    assert.deepEqual(copied, [
      "np.array([[-6.0, -3.0, 0.0, 3.0],\n          [6.0, 1.0, np.nan, 2.0],\n          [np.inf, -np.inf, 4.0, 5.0]], dtype=np.float64)",
      "[[-6.0, -3.0, 0.0, 3.0],\n       [6.0, 1.0, nan, 2.0],\n       [inf, -inf, 4.0, 5.0]]",
      "8,7,6,5\n4,3,2,1\n0,-1,-2,-8\n",
    ]);
  });

  test("of a large tensor what is in view is copied, and nothing while that is too much", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "huge");
    const menu = page.getByRole("button", { name: "Copy or save the value" });
    await menu.click();
    const copy = page.getByRole("menuitem", { name: /^Copy as NumPy/ });
    await copy.filter({ hasText: "zoom in first" }).click({ force: true });
    assert.equal(await copy.getAttribute("aria-disabled"), "true");
    await page.keyboard.press("Escape");
    await page.locator("nnspec-heat-map[data-side=value] canvas").focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press("+");
    await settled(page);
    const asked = (await slicesAsked(page)).length;
    await chooseFromMenu(page, "Copy or save the value", "Copy as NumPy");
    await heard(page, /^Copied huge, rows \d+ to \d+ and columns \d+ to \d+ as NumPy/);
    const [last] = (await slicesAsked(page)).slice(asked);
    assert.ok(last!.slice.limit <= 250_000);
    assert.equal((await posted(page)).filter(({ type }) => type === "copy").length, 1);
  });

  test("the cell of a table is moved by key and by click, read out, and its page turned", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "probe");
    await page.getByRole("button", { name: "Table of numbers" }).click();
    const tables = page.locator("nnspec-number-table");
    await tables.first().locator("td", { hasText: "-6" }).waitFor();
    await tables.first().getByRole("region").focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await heard(page, /^probe\[1, 2\]: NaN, gradient 2$/);
    const marked = page.locator("nnspec-number-table [data-marked]");
    assert.deepEqual(await marked.allInnerTexts(), ["NaN", "2"], "in both tables");
    await tables.last().locator("td", { hasText: "-8" }).click();
    await heard(page, /^probe\[2, 3\]: 5, gradient -8$/);
    await showTensor(page, "huge");
    await tables.first().getByRole("region").focus();
    await page.keyboard.press("ArrowDown");
    for (let i = 0; i < 11; i++) await page.keyboard.press("Shift+ArrowDown");
    for (let i = 0; i < 4; i++) await page.keyboard.press("Shift+ArrowRight");
    const at = 110 * 4096 + 40;
    const value = await page.evaluate((at) => window.harness.elements(400, "value", at + 1)[at]!, at);
    await heard(page, new RegExp(`^huge\\[110, 40\\]: ${String(value).slice(0, 6)}`));
    await tables.first().getByText("Rows 100 to 199 of 4096").waitFor();
    assert.equal(await marked.count(), 2);
  });

  test("while a new run's numbers are on their way, the last picture stays", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "probe");
    await page.evaluate(async () => {
      window.harness.answering = false;
      window.harness.show("shapes", { runId: 2 });
      for (let frame = 0; frame < 5; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
    const map = page.locator("nnspec-heat-map[data-side=value]");
    assert.equal(await map.getAttribute("data-condition"), "blank");
    const elements = await elementsOf(page, "value");
    assert.deepEqual(await wrongCells(page, "value", elements, 4, promisedColors.dark), []);
  });

  test("a theme chosen later recolours the heatmap", async () => {
    const page = await open("scene=shapes&theme=dark");
    await showTensor(page, "probe");
    const elements = await elementsOf(page, "value");
    await page.evaluate(() => window.harness.theme("light"));
    await settled(page);
    assert.deepEqual(await wrongCells(page, "value", elements, 4, promisedColors.light), []);
  });
});
