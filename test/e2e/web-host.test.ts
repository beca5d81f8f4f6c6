// The same panel where the extension runs in the extension host that is a web worker, and so its server and its engine: run, read,
// drawn, derived and checked, by mouse and by keyboard. Pictures are left in test/e2e/out.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { besideTheSpec, clickLens, hideSideBar, lens, openTab, row, until } from "./places";
import { suiteWorkbench } from "./workbench";

const theRun = 1;

suite("end to end: the inspector in the web extension host", () => {
  const window = suiteWorkbench({
    file: "weight-decay.nnspec",
    host: "web",
    settings: { ...besideTheSpec, "nnspec.openInspectorOnStart": false },
  });

  suiteSetup(() => hideSideBar(window()));

  const panelTab = (): Locator => window().page.getByRole("tab", { name: /Inspector: weight-decay/ });

  /** The tab next to the open one, by the arrow key. */
  async function nextTab(name: RegExp): Promise<void> {
    const { panel } = window();
    await panel.getByRole("tab", { selected: true }).press("ArrowRight");
    await panel.getByRole("tab", { name, selected: true }).waitFor();
  }

  test("a click on Run runs the spec in the worker and opens the inspector with its values", async () => {
    await clickLens(window(), /Run/, panelTab(), theRun);
    await lens(window(), /^✓ Run passed · 18 checks/, theRun).waitFor();
    await row(window(), "m.o").waitFor();
    assert.match(await row(window(), "m.J").innerText(), /4\.654/); // PyTorch's
    await window().screenshot("web-host-values");
  });

  test("a row that is clicked is in view, and its tensor opens by the keyboard", async () => {
    const { panel } = window();
    await row(window(), "m.W2").click();
    await panel.locator('tr[aria-selected="true"]', { hasText: "m.W2" }).waitFor();
    await nextTab(/^Tensor/);
    await panel.locator("nnspec-heat-map[data-side=gradient] canvas").waitFor();
    await panel.getByRole("button", { name: "Table" }).click();
    await panel.getByText("-1.417", { exact: false }).first().waitFor(); // PyTorch's ∂J/∂W2
    await window().screenshot("web-host-tensor");
  });

  test("the graph is drawn by its own worker, and walked by keys", async () => {
    const { panel, page } = window();
    await openTab(window(), /^Graph/);
    await panel.getByRole("tree", { name: /^Graph of section_5_3: 14 boxes/ }).waitFor();
    const search = panel.getByRole("searchbox", { name: "Find in the graph" });
    await search.fill("relu");
    await search.press("Enter");
    await panel.locator("nnspec-graph .chosen").filter({ hasText: /^h$/ }).waitFor();
    await panel.getByRole("button", { name: "Replay backward" }).click();
    await until(panel.getByRole("math", { name: "Xᵀ · ∂J/∂z" }), () => page.keyboard.press("End"));
    await window().screenshot("web-host-graph");
    await page.keyboard.press("Escape");
  });

  test("a pass is derived from a node in the middle", async () => {
    const { panel } = window();
    await openTab(window(), /^Derive/);
    await panel.getByRole("combobox", { name: "Node" }).selectOption("m.o");
    await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("ones");
    await panel.getByRole("button", { name: "Backward", exact: true }).press("Enter");
    await panel.getByText("d_o = backward(m.o, ones([5, 2]))").waitFor();
    // Every one of the 5 rows adds 1.
    const reached = panel.locator("nnspec-derive tbody tr", { hasText: "m.b2" });
    assert.match(await reached.innerText(), /\b5\b/);
    await window().screenshot("web-host-derive");
  });

  test("a gradient check runs from the panel's own button, and its verdict is in the panel and over the run", async () => {
    const { panel } = window();
    await panel.getByRole("button", { name: "Gradcheck", exact: true }).click();
    await lens(window(), /^✓ Gradcheck passed · \d+ entries · worst [\d.e-]+ · /, theRun).waitFor();
    await openTab(window(), /^Gradcheck/);
    await panel
      .getByText(/passed/i)
      .first()
      .waitFor();
    await window().screenshot("web-host-gradcheck");
  });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...window().foreignRequests], []);
  });
});
