// The graph of a run in the real editor: drawn by the layout worker, walked through, stepped backward with typeset equations.
// Pictures of every step are left in test/e2e/out.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { besideTheSpec, cursorTo, hideSideBar, openTab, until } from "./places";
import { suiteWorkbench } from "./workbench";

suite("end to end: the graph of weight-decay.nnspec", () => {
  const window = suiteWorkbench({ file: "weight-decay.nnspec", settings: besideTheSpec });
  const refused: string[] = [];

  suiteSetup(async () => {
    window().page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
    await hideSideBar(window());
  });

  function active(): Locator {
    return window().panel.locator("nnspec-graph .chosen");
  }

  test("the tab draws the net and what is around it", async () => {
    const { panel } = window();
    await openTab(window(), /^Graph/);
    await panel.getByRole("tree", { name: /^Graph of section_5_3: 14 boxes/ }).waitFor();
    await panel.getByText("14 boxes").waitFor();
    await window().screenshot("graph");
  });

  test("a box that is chosen with the keyboard is the node whose tensor opens", async () => {
    const { panel, page } = window();
    await panel.getByRole("searchbox", { name: "Find in the graph" }).fill("relu");
    await panel.getByRole("searchbox", { name: "Find in the graph" }).press("Enter");
    await active().filter({ hasText: /^h$/ }).waitFor();
    await window().screenshot("graph-search");
    await panel.getByRole("searchbox", { name: "Find in the graph" }).fill("");
    await panel.getByRole("tree").press("ArrowDown");
    await active().filter({ hasText: /^o$/ }).waitFor();
    await page.keyboard.press("Enter");
    await panel.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    await openTab(window(), /^Graph/);
    await panel.getByRole("tree").waitFor();
  });

  test("the cursor in the editor brings its box", async () => {
    await cursorTo(window(), "relu(z)", active().filter({ hasText: /^h$/ }));
  });

  test("the backward pass can be stepped through, its equations typeset in the page's own fonts", async () => {
    const { panel, page } = window();
    await panel.getByRole("button", { name: "Replay backward" }).click();
    await panel.getByText("1 / 6").waitFor();
    await until(panel.getByRole("math", { name: "Xᵀ · ∂J/∂z" }), () => page.keyboard.press("End"));
    await panel.locator("nnspec-equation .katex").first().waitFor();
    const fonts = await panel.locator("body").evaluate(async () => {
      const loaded = await document.fonts.ready;
      return [...loaded].filter(({ status }) => status === "loaded").map(({ family }) => family);
    });
    assert.ok(
      fonts.some((family) => family.includes("KaTeX_Main")),
      fonts.join(),
    );
    await window().screenshot("graph-steps");
    await page.keyboard.press("Escape");
  });

  test("the panel's content policy refused nothing, and nothing but our own server was contacted", () => {
    assert.deepEqual(refused, []);
    assert.deepEqual([...window().foreignRequests], []);
  });
});
