// The graph of a run in the real editor: drawn by the layout worker, walked through, stepped backward with typeset equations.
// Pictures of every step are left in test/e2e/out.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { openWorkbench, type Workbench } from "./workbench";

suite("end to end: the graph of weight-decay.nnspec", () => {
  let workbench: Workbench;
  const refused: string[] = [];

  suiteSetup(async () => {
    workbench = await openWorkbench({
      file: "weight-decay.nnspec",
      settings: {
        "nnspec.openInspectorOnStart": true,
        "editor.minimap.enabled": false,
        "files.autoSave": "off",
      },
    });
    workbench.page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
    await workbench.page.keyboard.press("Control+b"); // without the side bar there is room for both
  });

  suiteTeardown(async () => {
    await workbench.close();
  });

  teardown(async function () {
    if (this.currentTest?.state === "failed")
      await workbench.screenshot(`failure-${this.currentTest.title.replace(/\W+/g, "-").slice(0, 40)}`);
  });

  function active(): Locator {
    return workbench.panel.locator("nnspec-graph .chosen");
  }

  test("the tab draws the net and what is around it", async () => {
    const { panel } = workbench;
    await panel.getByRole("tab", { name: "Graph" }).click();
    await panel.getByRole("tree", { name: /^Graph of section_5_3: 14 boxes/ }).waitFor();
    await panel.getByText("14 boxes").waitFor();
    await workbench.screenshot("graph");
  });

  test("a box that is chosen with the keyboard is the node whose tensor opens", async () => {
    const { panel, page } = workbench;
    await panel.getByRole("searchbox", { name: "Find in the graph" }).fill("relu");
    await panel.getByRole("searchbox", { name: "Find in the graph" }).press("Enter");
    await active().filter({ hasText: /^h$/ }).waitFor();
    await workbench.screenshot("graph-search");
    await panel.getByRole("searchbox", { name: "Find in the graph" }).fill("");
    await panel.getByRole("tree").focus();
    await page.keyboard.press("ArrowDown");
    await active().filter({ hasText: /^o$/ }).waitFor();
    await page.keyboard.press("Enter");
    await panel.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    await panel.getByRole("tab", { name: "Graph" }).click();
  });

  test("the cursor in the editor brings its box", async () => {
    const { page } = workbench;
    await page.locator(".view-line", { hasText: "relu(z)" }).first().click();
    await page.keyboard.press("Home");
    await active().filter({ hasText: /^h$/ }).waitFor();
  });

  test("the backward pass can be stepped through, its equations typeset in the page's own fonts", async () => {
    const { panel, page } = workbench;
    await panel.getByRole("button", { name: "Replay backward" }).click();
    await panel.getByText("1 / 6").waitFor();
    await page.keyboard.press("End");
    await panel.getByRole("math", { name: "Xᵀ · ∂J/∂z" }).waitFor();
    await panel.locator("nnspec-equation .katex").first().waitFor();
    const fonts = await panel.locator("body").evaluate(async () => {
      const loaded = await document.fonts.ready;
      return [...loaded].filter(({ status }) => status === "loaded").map(({ family }) => family);
    });
    assert.ok(
      fonts.some((family) => family.includes("KaTeX_Main")),
      fonts.join(),
    );
    await workbench.screenshot("graph-steps");
    await page.keyboard.press("Escape");
  });

  test("the panel's content policy refused nothing, and nothing but our own server was contacted", () => {
    assert.deepEqual(refused, []);
    assert.deepEqual([...workbench.foreignRequests], []);
  });
});
