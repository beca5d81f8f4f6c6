/** The panel in a real browser: every tab, by mouse and by keyboard, in every theme, under the editor's content policy. */
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Locator, Page } from "playwright-core";
import type { FromPanel } from "../../src/protocol";
import { promisedColors, wrongCells } from "./heat-map-pixels";
import { type InspectorPage, type InspectorPages, startInspectorPages } from "./inspector-page";

suite("inspector", function () {
  this.timeout(30_000);
  let pages: InspectorPages;
  let opened: InspectorPage | undefined;

  suiteSetup(async () => {
    pages = await startInspectorPages();
  });
  suiteTeardown(async () => {
    await pages.close();
  });
  teardown(async () => {
    const { page, problems } = opened ?? {};
    opened = undefined;
    await page?.close();
    assert.deepEqual(problems ?? [], [], "errors, policy violations and foreign requests");
  });

  async function open(
    query: string,
    size?: { readonly width: number; readonly height: number },
  ): Promise<Page> {
    opened = await pages.open(query, size);
    return opened.page;
  }

  test("the handshake says the version, and a panel of another version explains itself", async () => {
    const page = await open("scene=passed");
    await page.getByRole("tab", { name: "Values" }).waitFor();
    assert.deepEqual((await posted(page))[0], { type: "ready", version: 1 });
    await page.evaluate(() => window.harness.send({ type: "hello", version: 7 }));
    await page.getByRole("heading", { name: "do not fit together" }).waitFor();
    assert.match(await text(page.locator(".page")), /version 7.*version 1/s);
  });

  for (const theme of ["dark", "light", "high-contrast", "high-contrast-light"]) {
    test(`no view has an accessibility violation in the ${theme} theme`, async () => {
      const page = await open(`scene=failed&theme=${theme}`, { width: 900, height: 900 });
      for (const tab of ["Values", "Tensor", "Checks", "Gradcheck"]) {
        await openTab(page, tab);
        assert.deepEqual(await violations(page), [], tab);
      }
      await openTab(page, "Tensor");
      await page.getByRole("button", { name: "Table of numbers" }).click();
      await page.locator("nnspec-number-table").first().getByText("0").first().waitFor();
      assert.deepEqual(await violations(page), [], "table");
    });
  }

  test("the accessibility check fails for a planted violation", async () => {
    const page = await open("scene=passed");
    await page.getByRole("treegrid").waitFor();
    await page.evaluate(() => {
      const root = document.querySelector("nnspec-inspector")!.shadowRoot!;
      root.querySelector("main")!.append(document.createElement("button"));
    });
    assert.match((await violations(page)).join(), /button-name/);
  });

  const states: readonly (readonly [
    scene: string,
    words: RegExp,
    button: string | null,
    message: FromPanel | null,
  ])[] = [
    ["empty", /Nothing has run yet/, "Run weight-decay.nnspec", { type: "run", action: "run" }],
    ["empty", /Nothing has run yet/, "Check its gradients", { type: "run", action: "gradcheck" }],
    ["running", /Compiling section_5_3/, "Cancel", { type: "cancel" }],
    ["rerunning", /Gradient check of m\.J · 14 of 23/, "Cancel", { type: "cancel" }],
    ["cancelled", /stopped before it had results/, "Run weight-decay.nnspec", { type: "run", action: "run" }],
    ["cancelled-later", /results from before it/, "Run again", { type: "run", action: "run" }],
    ["crashed", /could not allocate memory/, "Run weight-decay.nnspec", { type: "run", action: "run" }],
    ["stale", /text has changed/, "Run again", { type: "run", action: "run" }],
    ["failed", /index 7 is out of range/, "line 17", null],
  ];
  for (const [scene, words, button, message] of states) {
    test(`the state "${scene}" says what has happened and offers "${button ?? ""}"`, async () => {
      const page = await open(`scene=${scene}`, { width: 500, height: 700 });
      await page.getByText(words).first().waitFor();
      if (scene !== "failed") assert.deepEqual(await violations(page), []);
      await page
        .getByRole("button", { name: button ?? "" })
        .last()
        .click();
      const last = (await posted(page)).at(-1);
      if (message === null) assert.equal(last?.type, "reveal");
      else assert.deepEqual(last, message);
    });
  }

  test("values are a tree that the keyboard walks, folds and opens", async () => {
    const page = await open("scene=passed");
    const table = page.getByRole("treegrid");
    await table.getByRole("row", { name: /^X randn/ }).click();
    assert.deepEqual(
      (await posted(page)).findLast(({ type }) => type === "reveal"),
      {
        type: "reveal",
        range: { start: { line: 5, character: 2 }, end: { line: 5, character: 3 } },
        file: null,
      },
    );
    await page.keyboard.press("Home");
    assert.equal(await page.locator("tr:focus").getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.locator("tr:focus").getAttribute("aria-expanded"), "false");
    assert.equal(await table.getByRole("row", { name: /^X randn/ }).count(), 0);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    const { range } = lastReveal(await posted(page));
    assert.equal(range.start.line, 16, "m.J, the last of the net's nodes");
    assert.equal(await page.locator("tr[aria-selected=true]").getAttribute("data-key"), "11");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    assert.equal(await page.getByLabel("Node", { exact: true }).inputValue(), "10");
  });

  test("values filter by name, op and shape, sort by any column, and single out problems", async () => {
    const page = await open("scene=failed", { width: 1500, height: 800 });
    await page.locator("vscode-textfield input").fill("[6,6] m. matmul");
    assert.deepEqual(await nodeNames(page), ["m.s"]);
    await page.locator("vscode-textfield input").fill("nothing like it");
    await page.getByRole("button", { name: "Show all 10 nodes" }).click();
    assert.equal((await nodeNames(page)).length, 10);
    await page.getByRole("button", { name: "7 problems" }).click();
    assert.deepEqual(await nodeNames(page), ["m.W", "m.a", "m.g", "m.q", "m.unused", "m.r", "J"]);
    await page.getByRole("button", { name: /problems/ }).click();
    const byZeros = page.getByRole("columnheader", { name: "zeros" }).first();
    await byZeros.getByRole("button").click();
    assert.equal(await byZeros.getAttribute("aria-sort"), "descending");
    assert.equal((await nodeNames(page))[0], "m.a", "34 of 36 are zero");
    await byZeros.getByRole("button").click();
    assert.equal(await byZeros.getAttribute("aria-sort"), "ascending");
    await byZeros.getByRole("button").click();
    assert.equal(await byZeros.getAttribute("aria-sort"), "none");
    await page.getByLabel("Grouping").selectOption("none");
    assert.equal((await nodeNames(page))[0], "X");
  });

  test("values tell a structural zero, a pending gradient and a fault from numbers", async () => {
    const page = await open("scene=failed");
    const row = (name: string): Locator =>
      page.locator("tr", { has: page.locator(`.node-name[title="${name}"]`) });
    assert.match(await text(row("m.unused")), /structural zero/);
    assert.match(await text(row("m.q")), /pending/);
    assert.match(await text(row("m.r")), /Index 7 is out of range/);
    assert.match(await text(row("m.g")), /NaN starts here/);
    assert.doesNotMatch(await text(row("m.q")), /starts here/);
    assert.match(await text(row("m.a")), /dead 94 %/);
  });

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
    const under = (view: typeof before): number => view.top + (200 - 17) / view.cellHeight;
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
    await page.getByLabel("dimension 0").press("ArrowRight");
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
    await page.getByRole("button", { name: "Copy the value as NumPy" }).click();
    await heard(page, /Copied probe \[3, 4\] as NumPy/);
    await page.getByRole("button", { name: "Copy the gradient as CSV" }).click();
    await heard(page, /Copied ∂loss\/∂probe as CSV/);
    const copied = (await posted(page)).filter((message) => message.type === "copy").map(({ text }) => text);
    assert.deepEqual(copied, [
      "np.array([[-6.0, -3.0, 0.0, 3.0],\n          [6.0, 1.0, np.nan, 2.0],\n          [np.inf, -np.inf, 4.0, 5.0]], dtype=np.float64)",
      "8,7,6,5\n4,3,2,1\n0,-1,-2,-8\n",
    ]);
  });

  test("checks come failed first, with the worst element, the explanation and the way to the line", async () => {
    const page = await open("scene=failed", { width: 600, height: 800 });
    await openTab(page, "Checks");
    const items = page.getByRole("list", { name: "Checks" }).getByRole("listitem");
    assert.deepEqual(await items.locator(".label").allInnerTexts(), [
      "objective",
      "∂J/∂W",
      "turn",
      "forward",
      "shape of s",
    ]);
    assert.match(await text(items.nth(1)), /worst at\s+\[2, 0\]\s+actual\s+1\s+expected\s+1\.10020/);
    assert.match(await text(items.nth(2)), /i = 2, f = tanh/);
    await items.nth(1).getByRole("button").click();
    const { range } = lastReveal(await posted(page));
    assert.equal(range.start.line, 40);
  });

  test("a gradient check blames a rule, marks the answer that stands apart, and opens the entry", async () => {
    const page = await open("scene=failed", { width: 700, height: 900 });
    await openTab(page, "Gradcheck");
    const report = page.getByRole("article", { name: "Gradient check of m.s" });
    assert.match(await text(report), /72 entries\s+worst error 0\.840\s+2\.9 ms/);
    assert.match(await text(report.locator(".card")), /vjp W\s+of\s+linear/);
    assert.equal(await text(report.locator("td.apart").first()), "1.34120");
    await report.getByRole("button", { name: /lib\.nnspec line 10/ }).click();
    const reveal = lastReveal(await posted(page));
    assert.equal(reveal.file, "examples/lib.nnspec");
    assert.match((await report.getByRole("img").getAttribute("aria-label")) ?? "", /slope 1;/);
    await report.getByRole("button", { name: "m.W" }).click();
    await page.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    await heard(page, /^m\.W\[2, 0\]: /);
  });

  test("targets and gradient roots are chosen in the header", async () => {
    const page = await open("scene=passed");
    await page.getByLabel("Gradient of").selectOption("m.L");
    assert.deepEqual((await posted(page)).at(-1), { type: "choose-root", target: "section_5_3", root: 9 });
    await page.getByLabel("Run, net or op").selectOption("shapes");
    assert.deepEqual(
      (await posted(page)).findLast(({ type }) => type === "choose-target"),
      {
        type: "choose-target",
        target: "shapes",
      },
    );
    assert.ok((await nodeNames(page)).includes("probe"));
    assert.equal(await page.getByRole("tab", { name: "Checks" }).count(), 0, "no empty tabs");
  });

  test("the panel follows the cursor until it is pinned", async () => {
    const page = await open("scene=passed");
    const follow = (node: number): Promise<void> =>
      page.evaluate((id) => window.harness.send({ type: "follow", target: "section_5_3", node: id }), node);
    await page.getByRole("treegrid").waitFor();
    await follow(8);
    await page.locator('tr[aria-selected=true][data-key="8"]').waitFor();
    await page.locator("nnspec-tensor[preview] .header").getByText("m.o").waitFor();
    await page.getByRole("button", { name: "Pin" }).click();
    assert.deepEqual(
      (await posted(page)).findLast(({ type }) => type === "pin"),
      { type: "pin", pinned: true },
    );
    await follow(7);
    await settled(page);
    assert.equal(await page.locator("tr[aria-selected=true]").getAttribute("data-key"), "8");
  });

  test("tab, selection and pin outlive a reload", async () => {
    const page = await open("scene=passed");
    await page.getByRole("row", { name: /^m\.W2/ }).click();
    await page.getByRole("button", { name: "Pin" }).click();
    await openTab(page, "Tensor");
    await page.reload();
    await page.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    assert.equal(await page.getByLabel("Node", { exact: true }).inputValue(), "4");
    assert.deepEqual((await posted(page)).slice(0, 2), [
      { type: "ready", version: 1 },
      { type: "pin", pinned: true },
    ]);
  });

  test("messages that are not of the protocol change nothing", async () => {
    const page = await open("scene=passed");
    await page.getByRole("treegrid").waitFor();
    await page.evaluate(() => {
      const { harness } = window;
      for (const message of [
        null,
        7,
        "state",
        { type: "state" },
        { type: "state", state: { uri: 3 } },
        { type: "nonsense" },
        { type: "slice", requestId: 1, reply: { rows: 2 } },
      ])
        harness.sendRaw(message);
    });
    await settled(page);
    assert.equal((await nodeNames(page)).length, 13);
  });

  test("a theme chosen later recolours the heatmap", async () => {
    const page = await open("scene=shapes&theme=dark");
    await showTensor(page, "probe");
    const elements = await elementsOf(page, "value");
    await page.evaluate(() => window.harness.theme("light"));
    await settled(page);
    assert.deepEqual(await wrongCells(page, "value", elements, 4, promisedColors.light), []);
  });

  test("300 pixels are enough: nothing hangs over the edge", async () => {
    for (const scene of ["passed", "failed", "deep", "empty", "crashed"]) {
      const page = await open(`scene=${scene}`, { width: 300, height: 700 });
      await page.locator("nnspec-inspector header").waitFor();
      const tabs = await page.getByRole("tab").allInnerTexts();
      for (const tab of [...tabs, ""]) {
        if (tab !== "") await openTab(page, tab.trim().split(/\s/)[0]!);
        const wide = await page.evaluate(() => {
          const panel = document.querySelector("nnspec-inspector")!;
          const inside = [...panel.shadowRoot!.querySelectorAll("header *, main > *, .page *")];
          return inside
            .filter((element) => element.getBoundingClientRect().right > 301)
            .map((element) => element.outerHTML.slice(0, 80));
        });
        assert.deepEqual(wide, [], `${scene} ${tab}`);
      }
      assert.deepEqual(opened!.problems, []);
      await page.close();
    }
  });
});

function lastReveal(messages: readonly FromPanel[]): Extract<FromPanel, { type: "reveal" }> {
  return messages.filter((message) => message.type === "reveal").at(-1)!;
}

function posted(page: Page): Promise<FromPanel[]> {
  return page.evaluate(() => window.harness.posted);
}

async function slicesAsked(page: Page): Promise<readonly Extract<FromPanel, { type: "slice" }>[]> {
  return (await posted(page)).filter((message) => message.type === "slice");
}

async function text(locator: Locator): Promise<string> {
  return (await locator.innerText()).trim();
}

/** Resolves when every slice asked for has been answered and drawn: nothing has moved for several frames. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { harness } = window;
    for (let calm = 0, seen = -1; calm < 4;) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const busy = harness.posted.length !== seen || harness.answered < harness.asked;
      calm = busy ? 0 : calm + 1;
      seen = harness.posted.length;
    }
  });
}

async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole("tab", { name }).click();
  await page.getByRole("tab", { name, selected: true }).waitFor();
}

async function showTensor(page: Page, name: string): Promise<void> {
  await openTab(page, "Tensor");
  await page.getByLabel("Node", { exact: true }).selectOption({ label: name });
  await settled(page);
}

/** The elements of the tensor in view, by the fixture's formula. */
async function elementsOf(page: Page, side: "value" | "gradient"): Promise<readonly number[]> {
  const node = Number(await page.getByLabel("Node", { exact: true }).inputValue());
  return page.evaluate(({ node, side }) => window.harness.elements(node, side), { node, side });
}

function viewOf(
  page: Page,
  side = "value",
): Promise<{ left: number; top: number; cellWidth: number; cellHeight: number }> {
  return page
    .locator(`nnspec-heat-map[data-side=${side}]`)
    .evaluate(
      (map) =>
        (map as unknown as { view: { left: number; top: number; cellWidth: number; cellHeight: number } })
          .view,
    );
}

async function heard(page: Page, words: RegExp): Promise<void> {
  await page.getByRole("status").filter({ hasText: words }).waitFor({ state: "attached" });
}

function nodeNames(page: Page): Promise<string[]> {
  return page
    .locator("nnspec-values .node-name")
    .evaluateAll((names) => names.map((name) => name.getAttribute("title") ?? ""));
}

interface AxeWindow {
  readonly axe: typeof axe;
}

/** Axe's findings as sentences. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const results = await (window as unknown as AxeWindow).axe.run(document, { resultTypes: ["violations"] });
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 90)} ${(node.failureSummary ?? "").slice(0, 200)}`),
    );
  });
}
