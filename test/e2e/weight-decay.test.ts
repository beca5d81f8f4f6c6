// The first minute, as a person has it: open a spec, make a mistake and undo it, check a gradient with one click, read
// tensors and verdicts in the inspector. Pictures of every step are left in test/e2e/out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  besideTheSpec,
  clickLens,
  cursorTo,
  find,
  hideSideBar,
  hover,
  lens,
  openTab,
  row,
  undo,
} from "./places";
import { suiteWorkbench } from "./workbench";

/** Which declaration of the file has the lens, from the top. */
const theNet = 0;
const theRun = 1;
const gradcheckPassed = /^✓ Gradcheck passed · \d+ entries · worst [\d.e-]+ · /;

suite("end to end: weight-decay.nnspec", () => {
  const window = suiteWorkbench({ file: "weight-decay.nnspec", settings: besideTheSpec });

  suiteSetup(() => hideSideBar(window()));

  test("the inspector stands beside the spec with its first run's values", async () => {
    await window()
      .page.getByRole("tab", { name: /Inspector: weight-decay/ })
      .waitFor();
    await lens(window(), /^✓ Run passed · 18 checks · /, theRun).waitFor();
    await row(window(), "m.o").waitFor();
    assert.equal(await row(window(), "dJ").count(), 0);
    await window().screenshot("first-minute");
  });

  test("typing a shape error brings its diagnostic, undoing it takes it away", async () => {
    const { page } = window();
    await find(window(), "X @ W1");
    await page.keyboard.insertText("X @ W2");
    await page.keyboard.press("Escape"); // no suggestions in the picture
    await page.locator(".squiggly-error").first().waitFor();
    await lens(window(), /^▷ Run · passed before the last edit$/, theRun).waitFor();
    const shown = await hover(window(), "needs equal inner dimensions");
    assert.match((await shown.textContent()) ?? "", /NN202/);
    await window().screenshot("shape-error");
    await page.keyboard.press("Escape");
    await undo(window(), "X @ W2 + b1", "X @ W1 + b1");
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await lens(window(), /^✓ Run passed/, theRun).waitFor();
  });

  test("a click on the gradcheck lens brings its verdict into the lens and into the inspector", async () => {
    const { panel } = window();
    await clickLens(window(), /Gradcheck/, lens(window(), gradcheckPassed, theRun), theRun);
    await openTab(window(), /^Gradcheck/);
    await panel
      .getByText(/passed/i)
      .first()
      .waitFor();
    await window().screenshot("gradcheck");
  });

  test("a net is checked alone, on sampled inputs", async () => {
    await clickLens(window(), /Gradcheck/, lens(window(), gradcheckPassed, theNet), theNet);
    await window().screenshot("gradcheck-of-a-net");
  });

  test("the inspector shows every check with its verdict", async () => {
    const { panel } = window();
    await lens(window(), /Run/, theRun).click();
    await openTab(window(), /^Checks/);
    await panel.getByText("5.3.11 right", { exact: true }).waitFor();
    await window().screenshot("checks");
  });

  test("the inspector shows a tensor and its gradient", async () => {
    const { panel } = window();
    await openTab(window(), /^Values/);
    await row(window(), "m.W2").click();
    await openTab(window(), /^Tensor/);
    await panel.locator("canvas").first().waitFor();
    await window().screenshot("tensor");
  });

  test("a click on a node brings its line, the cursor on a name brings its node", async () => {
    const { page } = window();
    await openTab(window(), /^Values/);
    await row(window(), "m.s").click();
    await page.locator(".active-line-number", { hasText: /^17$/ }).waitFor();
    const chosen = window().panel.locator('tr[aria-selected="true"]', { hasText: "m.h" });
    await cursorTo(window(), "relu(z)", chosen);
    await window().screenshot("follows-the-cursor");
  });

  test("the file on disk was not touched", () => {
    const now = readFileSync(path.join(window().folder, "weight-decay.nnspec"), "utf8");
    assert.equal(now, readFileSync(path.resolve(__dirname, "../../examples/weight-decay.nnspec"), "utf8"));
  });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...window().foreignRequests], []);
  });
});
