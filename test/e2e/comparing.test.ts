// Two runs held against each other in a real workbench: every node's difference, its map, the earlier run itself; and what a
// failed check compared, element by element. What is saved is read back.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { besideTheSpec, clickLens, find, hideSideBar, openTab, row } from "./places";
import { suiteWorkbench } from "./workbench";

suite("end to end: two runs compared", () => {
  const window = suiteWorkbench({
    file: "comparing.nnspec",
    // Runs are those that are asked for.
    settings: { ...besideTheSpec, "nnspec.live": "off" },
  });

  suiteSetup(async () => {
    const { page, panel } = window();
    await hideSideBar(window());
    await clickLens(window(), /Run/, row(window(), "m.h"));
    await find(window(), "1.0 * tanh");
    await page.keyboard.insertText("1.5 * tanh");
    await panel.getByText("The text has changed since").waitFor();
    await clickLens(window(), /Run/, panel.getByText("1.191", { exact: true }).first());
  });

  test("Δ to the run before tells of every node how far it is, and leads to the map by keyboard", async () => {
    const { page, panel } = window();
    const choice = panel.getByRole("combobox", { name: "Difference to" });
    await choice.selectOption({ label: "Δ to the run before" });
    await panel.getByRole("columnheader", { name: /^Δ to \d\d:\d\d:\d\d$/ }).waitFor();
    // h = 1.5 tanh(z) where it was tanh(z), which comes near to 1; z is what it was.
    const largest = row(window(), "m.h").getByRole("button").first();
    await largest.waitFor();
    assert.match(await largest.innerText(), /^0\.500/);
    assert.match(await row(window(), "m.z").innerText(), /\b0\b/);
    await window().screenshot("differences");
    await largest.focus();
    await page.keyboard.press("Enter");
    await panel.getByRole("tab", { name: "Tensor", selected: true }).waitFor();
    const difference = panel.locator("nnspec-tensor-pane[data-pane=difference]");
    await difference.locator("nnspec-heat-map[data-condition=shown]").waitFor();
    await difference.getByText(/^m\.h − m\.h \(\d\d:\d\d:\d\d\)$/).waitFor();
    // ‖1.5 t − t‖ / ‖1.5 t‖
    await difference.getByText("relative 0.333").waitFor();
    await window().screenshot("difference-map");
  });

  test("an earlier run is looked at, says so, and leads back", async () => {
    const { panel } = window();
    await panel.getByRole("button", { name: "Earlier runs" }).press("Enter");
    await panel.getByRole("menuitemradio").nth(1).press("Enter");
    await panel.getByText(/^This is an earlier run/).waitFor();
    // The largest of what was tanh(z), and is 1.5 times that in the newest.
    const figures = panel.locator("nnspec-tensor-pane[data-pane=value] .figures");
    await figures.getByText("0.9999", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "Show the newest" }).click();
    await panel.getByText(/^This is an earlier run/).waitFor({ state: "detached" });
    await figures.getByText("1.500", { exact: true }).waitFor();
  });

  test("an array is saved where one says, with the numbers that are shown", async () => {
    const { page, panel, folder } = window();
    await panel.getByRole("button", { name: "Copy or save the value" }).click();
    await panel.getByRole("menuitem", { name: "Save array…" }).click();
    const box = page.locator(".quick-input-widget:visible input").first();
    const file = path.join(folder, "m.h.npy");
    // It offers a name in the folder of the spec.
    while ((await box.inputValue()) !== file) await page.waitForTimeout(100);
    await box.press("Enter");
    while (!existsSync(file) || readFileSync(file).length === 0) await page.waitForTimeout(100);
    // As NumPy writes them: a header's length, the header, the numbers.
    const bytes = readFileSync(file);
    const from = 10 + bytes.readUInt16LE(8);
    assert.match(
      bytes.toString("latin1", 10, from),
      /'descr': '<f8', 'fortran_order': False, 'shape': \(6, 4\)/,
    );
    assert.equal(bytes.length, from + 8 * 24);
    assert.equal(bytes.readDoubleLE(from).toPrecision(4), "1.500");
  });

  test("a failed check shows every element of both sides", async () => {
    const { panel } = window();
    await openTab(window(), /^Checks/);
    await panel.getByRole("button", { name: /^Every element/ }).press("Enter");
    await panel.locator("nnspec-heat-map[data-side=difference][data-condition=shown]").waitFor();
    await panel.getByText("relative 0.5", { exact: true }).waitFor();
    await window().screenshot("check-elements");
  });
});
