/** The panel in a real browser: every tab, by mouse and by keyboard, in every theme, under the editor's content policy. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { FromPanel } from "../../src/protocol";
import {
  heard,
  lastReveal,
  nodeNames,
  openTab,
  posted,
  settled,
  text,
  violations,
  inspectorSuite,
} from "./inspector-driver";

inspectorSuite("inspector", (open) => {
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

  test("the distributions of values and gradients are seen in every theme", async () => {
    const page = await open("scene=passed", { width: 900, height: 700 });
    await page.getByRole("treegrid").waitFor();
    for (const theme of ["light", "dark", "high-contrast", "high-contrast-light"] as const) {
      await page.evaluate((theme) => window.harness.theme(theme), theme);
      for (const side of ["value", "gradient"]) {
        const contrast = await page
          .locator(`.${side}-edge .spark .bars`)
          .first()
          .evaluate((bars) => {
            const [ink, ground] = [
              getComputedStyle(bars).fill,
              getComputedStyle(document.body).backgroundColor,
            ].map((color) => {
              const channels = [...color.matchAll(/[\d.]+/g)].slice(0, 3).map(([text]) => Number(text) / 255);
              const [r, g, b] = channels.map((c) =>
                c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
              );
              return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
            });
            return (Math.max(ink!, ground!) + 0.05) / (Math.min(ink!, ground!) + 0.05);
          });
        assert.ok(contrast >= 3, `${side} in ${theme}: ${String(contrast)}`);
      }
    }
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
    await items.nth(1).getByRole("button", { name: /^line/ }).click();
    const { range } = lastReveal(await posted(page));
    assert.equal(range.start.line, 40);
  });

  test("a check says which rule makes its gradient wrong, and leads to it", async () => {
    const page = await open("scene=failed", { width: 700, height: 900 });
    await openTab(page, "Checks");
    const item = page.getByRole("listitem").filter({ hasText: "∂J/∂W" });
    await item.getByRole("button", { name: /^lib\.nnspec line 10\s*: vjp W of linear/u }).click();
    const reveal = lastReveal(await posted(page));
    assert.deepEqual([reveal.file, reveal.range.start.line], ["examples/lib.nnspec", 9]);
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
    assert.match(
      (await report.getByRole("img").getAttribute("aria-label")) ?? "",
      /slope 1, read from steps/,
    );
    assert.match(await text(report.locator(".legend")), /chosen: h from 1e-5 to 1e-2/);
    assert.equal(await report.locator("svg[role=img] .point.chosen").count(), 4);
    await report.getByRole("button", { name: "m.W" }).click();
    await page.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    await heard(page, /^m\.W\[2, 0\]: /);
  });

  test("a leaf of a net checked alone opens the node that it is in the net", async () => {
    const page = await open("scene=passed", { width: 700, height: 900 });
    await page.getByRole("treegrid").waitFor();
    await page.evaluate(() => window.harness.show("net"));
    await openTab(page, "Gradcheck");
    await page.getByRole("button", { name: "W2", exact: true }).click();
    await heard(page, /^m\.W2\[n_hidden = 2, n_out = 0\]: /);
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
    }
  });
});
