/** What stands around the heatmaps: names of dimensions, ranges singled out, clipping, slices side by side, comparisons. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { promisedColors, wrongCells } from "./heat-map-pixels";
import {
  chooseFromMenu,
  heard,
  inspectorSuite,
  openTab,
  posted,
  settled,
  showTensor,
  slicesAsked,
  text,
  violations,
} from "./inspector-driver";

/** How many pixels of a map have that colour, within two steps. */
function pixelsOf(page: Page, side: string, color: readonly number[]): Promise<number> {
  return page.locator(`nnspec-heat-map[data-side=${side}]`).evaluate((map, wanted) => {
    const canvas = map.shadowRoot!.querySelector("canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4)
      if (wanted.every((channel, k) => Math.abs(data[i + k]! - channel) <= 2)) found++;
    return found;
  }, color);
}

inspectorSuite("inspector, around the tensor", (open) => {
  test("dimensions have their names in the read-out, at the axes and on the sliders", async () => {
    const page = await open("scene=passed");
    await showTensor(page, "m.z");
    assert.match(await text(page.locator("nnspec-tensor .header")), /\[N = 5, n_hidden = 3\]/);
    await page.locator("nnspec-heat-map[data-side=value] canvas").focus();
    await page.keyboard.press("ArrowDown");
    await heard(page, /^m\.z\[N = 0, n_hidden = 0\]: /);
    await page.evaluate(() => window.harness.show("shapes"));
    await showTensor(page, "filters");
    await page.getByLabel("out", { exact: true }).waitFor();
    await page.getByLabel("dimension 1").waitFor();
  });

  test("a range of the histogram is singled out by dragging, and the other cells fade", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "probe");
    const picture = page.locator("nnspec-tensor-pane[data-pane=value] .picture");
    const box = (await picture.boundingBox())!;
    // The scale goes from -6 to 6: the upper half, from 0 on.
    await page.mouse.move(box.x + box.width / 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 4, box.y + 10, { steps: 5 });
    await page.mouse.up();
    await settled(page);
    const elements = await page.evaluate(
      (node) => window.harness.elements(node, "value"),
      await nodeOf(page),
    );
    const wrong = await wrongCells(page, "value", elements, 4, promisedColors.dark);
    const faded = wrong.map((sentence) => sentence.slice(0, 6));
    // -6 and -3 are below, NaN and the infinities in no range; 0 and 6 at the ends stay.
    assert.deepEqual(faded, ["[0, 0]", "[0, 1]", "[1, 2]", "[2, 0]", "[2, 1]"]);
    await page.getByText("0 … 6").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await settled(page);
    assert.deepEqual(await wrongCells(page, "value", elements, 4, promisedColors.dark), []);
  });

  test("the keyboard singles out a range with two handles", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "probe");
    await page.getByRole("button", { name: "Single out a range" }).first().press("Enter");
    const low = page.getByRole("slider", { name: "Smallest value singled out" });
    assert.equal(await low.getAttribute("aria-valuetext"), "-3");
    await low.press("Home");
    assert.equal(await low.getAttribute("aria-valuetext"), "-6");
    await page.getByRole("slider", { name: "Largest value singled out" }).press("Shift+ArrowLeft");
    assert.equal(
      await page.getByRole("slider", { name: "Largest value singled out" }).getAttribute("aria-valuetext"),
      "2",
    );
    assert.deepEqual(await violations(page), []);
    await low.press("Escape");
    assert.equal(await low.count(), 0);
  });

  test("an overview shows a single NaN, infinity and outlier of half a million elements", async () => {
    const page = await open("scene=shapes&theme=light");
    await showTensor(page, "needle");
    assert.ok((await slicesAsked(page)).some(({ slice }) => slice.pooled === true));
    assert.ok((await pixelsOf(page, "value", [190, 0, 190])) >= 5, "NaN");
    assert.ok((await pixelsOf(page, "value", [122, 82, 0])) >= 5, "infinity");
    assert.ok((await pixelsOf(page, "value", [176, 29, 37])) >= 1, "the outlier");
    assert.equal(await pixelsOf(page, "gradient", [190, 0, 190]), 0);
  });

  test("clipped colours say where they end and how far values reach", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "needle");
    const labels = page.locator("nnspec-tensor-pane[data-pane=value] .labels");
    assert.doesNotMatch(await text(labels), /≥/);
    await page.getByRole("button", { name: "Clip outliers" }).click();
    await settled(page);
    assert.match(await text(labels), /≥ 0\.\d+\s+max 40/);
    assert.equal(await page.locator("nnspec-tensor-pane[data-pane=value] .cut").count(), 2);
  });

  test("slices side by side are chosen by key and by click", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "filters");
    await page.getByRole("button", { name: "Slices side by side" }).click();
    await settled(page);
    const facets = page.locator("nnspec-facets canvas");
    assert.match(
      (await facets.getAttribute("aria-label")) ?? "",
      /^Slices, out to the right, dimension 1 downwards\.$/,
    );
    await facets.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.getByLabel("out", { exact: true }).inputValue(), "1");
    assert.equal(await page.getByLabel("dimension 1", { exact: true }).inputValue(), "1");
    await facets.click({ position: { x: 3 * 78 + 20, y: 20 } });
    assert.equal(await page.getByLabel("out", { exact: true }).inputValue(), "3");
    assert.equal(await page.getByLabel("dimension 1", { exact: true }).inputValue(), "0");
    assert.deepEqual(await violations(page), []);
  });

  test("a tensor that is kept stands beside others, and their difference is drawn and told", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "h (i = 1)");
    const first = await page.evaluate((node) => window.harness.elements(node, "value"), await nodeOf(page));
    await chooseFromMenu(page, "Copy or save the value", "Compare others with it");
    const kept = page.getByText("h (i = 1) is kept for comparing with tensors of shape [3, 3].");
    await kept.waitFor();
    await showTensor(page, "short");
    await kept.waitFor();
    await showTensor(page, "h (i = 2)");
    assert.equal(await kept.count(), 0, "it is in view");
    const second = await page.evaluate((node) => window.harness.elements(node, "value"), await nodeOf(page));
    const differences = second.map((value, i) => value - first[i]!);
    const limit = Math.max(...differences.map(Math.abs));
    const at = differences.findIndex((value) => Math.abs(value) === limit);
    await page.evaluate(
      ({ differences, at }) => {
        const { harness } = window;
        const summary = {
          shape: [3, 3],
          dtype: "float64" as const,
          count: 9,
          mean: 0,
          deviation: 1,
          min: Math.min(...differences),
          max: Math.max(...differences),
          zeros: 0,
          nan: 0,
          infinite: 0,
          histogram: [9],
        };
        const largest = {
          index: [Math.floor(at / 3), at % 3],
          difference: differences[at]!,
          value: 0,
          other: 0,
        };
        Object.assign(harness.answers, {
          compare: { difference: summary, largest, cosine: 0.25, relative: 0.5 },
        });
        harness.show("shapes", { runId: 9 });
      },
      { differences, at },
    );
    await page.locator("nnspec-heat-map[data-side=difference]").waitFor();
    await settled(page);
    assert.deepEqual(await wrongCells(page, "difference", differences, 3, promisedColors.dark), []);
    const swapped = differences.map((_, i) => differences[(i % 3) * 3 + Math.floor(i / 3)]!);
    assert.ok(
      (await wrongCells(page, "difference", swapped, 3, promisedColors.dark)).length >= 6,
      "the check can fail",
    );
    const asked = (await posted(page)).findLast((message) => message.type === "ask");
    assert.ok(asked?.question.kind === "compare");
    assert.equal(asked.question.with.run, 1, "the pinned tensor is of the run before");
    assert.ok((await slicesAsked(page)).some(({ slice }) => slice.run === 1));
    await page.getByRole("button", { name: `at [${String(Math.floor(at / 3))}, ${String(at % 3)}]` }).click();
    await heard(page, new RegExp(`^h\\[${String(Math.floor(at / 3))}, ${String(at % 3)}\\]: .* difference `));
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(await keptRuns(page), [1], "its run is kept as long");
    await chooseFromMenu(page, "Copy or save the pinned", "Stop comparing with it");
    assert.equal(await page.locator("nnspec-heat-map[data-side=difference]").count(), 0);
    assert.deepEqual(await keptRuns(page), [1, null]);
  });

  test("numbers that are no longer kept are said to be so", async () => {
    const page = await open("scene=shapes");
    await showTensor(page, "h (i = 1)");
    await chooseFromMenu(page, "Copy or save the value", "Compare others with it");
    await page.evaluate(() => {
      window.harness.gone = 1;
      window.harness.show("shapes", { runId: 9 });
    });
    const gone = page.locator("nnspec-heat-map[data-side=pinned]").getByText(/no longer kept/);
    await gone.waitFor();
    const own = page.locator("nnspec-heat-map[data-side=value]").getByText(/no longer kept/);
    assert.ok(await own.isHidden());
    assert.deepEqual(await violations(page), []);
  });

  test("an array is saved by the editor, a picture as the panel shows it", async () => {
    const page = await open("scene=passed");
    await showTensor(page, "m.z");
    await chooseFromMenu(page, "Copy or save the gradient", "Save array…");
    assert.deepEqual(
      (await posted(page)).findLast(({ type }) => type === "save-tensor"),
      {
        type: "save-tensor",
        name: "dm.J_dm.z.npy",
        target: "section_5_3",
        tensor: { node: 6, of: "gradient", root: 11 },
      },
    );
    await page.getByRole("button", { name: "Copy or save the value" }).press("ArrowDown");
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.harness.posted.some(({ type }) => type === "save"));
    const saved = await page.evaluate(() => {
      const message = window.harness.posted.find(({ type }) => type === "save");
      return message?.type === "save" ? [message.name, ...message.bytes.subarray(0, 4)] : [];
    });
    assert.deepEqual(saved, ["m.z.png", 0x89, 0x50, 0x4e, 0x47]);
  });

  test("a menu closes with Escape and gives the keyboard back", async () => {
    const page = await open("scene=passed");
    await showTensor(page, "m.z");
    await page.getByRole("button", { name: "Copy or save the value" }).press("ArrowUp");
    assert.match(await page.getByRole("menu").locator(":focus").innerText(), /Compare others/);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("menu").count(), 0);
    assert.equal(await page.locator(":focus").last().getAttribute("aria-label"), "Copy or save the value");
  });

  test("where a NaN is born is told with the numbers that met, and leads to the line", async () => {
    const page = await open("scene=shapes");
    await page.getByRole("treegrid").waitFor();
    await page.evaluate(() => {
      Object.assign(window.harness.answers, {
        cause: {
          pass: "backward",
          op: "mul",
          name: "sqrt(x)",
          inputs: "0 × ∞",
          index: [1, 2],
          range: { start: { line: 8, character: 2 }, end: { line: 8, character: 9 } },
          file: null,
          node: 3,
        },
      });
    });
    await openTab(page, "Tensor");
    await showTensor(page, "probe");
    const notice = page.locator("nnspec-tensor .notice");
    assert.match(
      await text(notice),
      /NaN in probe is born in the backward pass, in\s+sqrt\(x\) at \[1, 2\]: 0 × ∞\./,
    );
    await notice.getByRole("button").click();
    const reveal = (await posted(page)).findLast((message) => message.type === "reveal");
    assert.equal(reveal?.range.start.line, 8);
    assert.deepEqual(await violations(page), []);
  });
});

async function nodeOf(page: Page): Promise<number> {
  return Number(await page.getByLabel("Node", { exact: true }).inputValue());
}

async function keptRuns(page: Page): Promise<readonly (number | null)[]> {
  return (await posted(page)).flatMap((message) => (message.type === "keep-run" ? [message.runId] : []));
}
