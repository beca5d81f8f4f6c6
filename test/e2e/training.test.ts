// A training in the real editor, with mouse and keyboard: its curve while it lasts, stopped, continued; then an earlier run
// chosen, and tensors saved as .npy, .npz and .png. Pictures are left in test/e2e/out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { besideTheSpec, clickLens, hideSideBar, lens, openTab } from "./places";
import { suiteWorkbench } from "./workbench";

suite("end to end: a training, earlier runs and what is saved", () => {
  const window = suiteWorkbench({
    file: "training.nnspec",
    settings: { ...besideTheSpec, "nnspec.openInspectorOnStart": false, "nnspec.live": "off" },
  });

  test("a training shows its curve while it lasts, is stopped and goes on", async () => {
    const { page, panel } = window();
    await hideSideBar(window());
    const training = panel.getByRole("article", { name: "Training of Fit" });
    await clickLens(window(), /Run/, training.getByRole("button", { name: "Stop" }));
    await panel.locator("nnspec-curve-chart .u-over").first().waitFor();
    await window().screenshot("training-live");
    await training.getByRole("button", { name: "Stop" }).click();
    await lens(window(), /^✓ Run finished/).waitFor();
    await openTab(window(), /^Training/);
    await training.getByText(/Stopped after [1-9]\d* of \d+ steps/).waitFor();
    await window().screenshot("training-stopped");
    await training.getByRole("button", { name: "Continue" }).press("Enter");
    // Runs that follow on one another within two seconds are one entry of the history.
    await page.waitForTimeout(2500);
    await training.getByRole("button", { name: "Stop" }).press("Enter");
    await openTab(window(), /^Training/);
    await training.getByText(/Stopped after [1-9]\d* of \d+ steps/).waitFor();
  });

  test("an earlier run is chosen with the keyboard, and the newest again", async () => {
    const { page, panel } = window();
    await panel.getByRole("button", { name: "Earlier runs" }).press("Enter");
    await panel.getByRole("menuitemradio").nth(1).waitFor();
    await window().screenshot("history");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await panel.getByText(/This is an earlier run/).waitFor();
    await panel.getByRole("button", { name: "Show the newest" }).click();
    await panel.getByText(/This is an earlier run/).waitFor({ state: "detached" });
  });

  /** Answers the workbench's own dialogue with a place in the folder, and gives what was written there. */
  async function saved(name: string): Promise<Buffer> {
    const { page, folder } = window();
    const file = path.join(folder, name);
    const box = page.locator(".quick-input-widget:visible input[type=text]").first();
    await box.waitFor();
    // The dialogue first writes the place that it offers itself.
    while ((await box.inputValue()) === "") await page.waitForTimeout(20);
    for (let calm = 0; calm < 5; calm++) {
      if ((await box.inputValue()) !== file) {
        await box.fill(file);
        calm = 0;
      }
      await page.waitForTimeout(60);
    }
    await page.keyboard.press("Enter");
    await page.locator(".quick-input-widget:visible").waitFor({ state: "hidden" });
    for (;;) {
      try {
        const bytes = readFileSync(file);
        if (bytes.length > 0) return bytes;
      } catch {
        // Not there yet: Mocha's time limit ends this if it never comes.
      }
      await page.waitForTimeout(50);
    }
  }

  test("an array, all values and a picture are saved where the dialogue says", async () => {
    const { panel } = window();
    await openTab(window(), /^Tensor/);
    await panel.getByLabel("Node", { exact: true }).selectOption("x");
    const menu = panel.getByRole("button", { name: "Copy or save the value" });
    await menu.click();
    await panel.getByRole("menu").getByText("Save array…").click();
    const array = await saved("x.npy");
    assert.equal(array.subarray(1, 6).toString("latin1"), "NUMPY");
    assert.match(array.subarray(10, 128).toString("latin1"), /'shape': \(512, 64\)/);
    await menu.press("Enter");
    await panel.getByRole("menu").getByText("Save picture…").click();
    assert.equal((await saved("x.png")).subarray(1, 4).toString("latin1"), "PNG");
    await panel.getByRole("button", { name: "Export" }).press("Enter");
    await panel.getByRole("menu").getByText("Save all values…").click();
    assert.equal((await saved("all.npz")).subarray(0, 2).toString("latin1"), "PK");
  });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...window().foreignRequests], []);
  });
});
