// The first minute, as a person has it: open a spec, make a mistake and undo it, check a gradient with one click, read
// tensors and verdicts in the inspector. Pictures of every step are left in test/e2e/out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { besideTheSpec, lens, line, openTab, row } from "./places";
import { openWorkbench, type Workbench } from "./workbench";

/** Which declaration of the file has the lens, from the top. */
const theNet = 0;
const theRun = 1;

suite("end to end: weight-decay.nnspec", () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await openWorkbench({
      file: "weight-decay.nnspec",
      settings: besideTheSpec,
    });
    await workbench.page.keyboard.press("Control+b"); // without the side bar there is room for both
  });

  suiteTeardown(async () => {
    await workbench.close();
  });

  teardown(async function () {
    if (this.currentTest?.state === "failed") {
      await workbench.screenshot(`failure-${this.currentTest.title.replace(/\W+/g, "-").slice(0, 40)}`);
    }
  });

  test("the inspector stands beside the spec with its first run's values", async () => {
    await workbench.page.getByRole("tab", { name: /Inspector: weight-decay/ }).waitFor();
    await lens(workbench, /^✓ Run passed · 18 checks · /, theRun).waitFor();
    await row(workbench, "m.o").waitFor();
    assert.equal(await row(workbench, "dJ").count(), 0);
    await workbench.screenshot("first-minute");
  });

  test("typing a shape error brings its diagnostic, undoing it takes it away", async () => {
    const { page } = workbench;
    await line(workbench, "X @ W1 + b1").click();
    await page.keyboard.press("Control+f");
    await page.keyboard.type("X @ W1");
    await page.keyboard.press("Escape"); // leaves the match selected
    await page.keyboard.insertText("X @ W2");
    await page.keyboard.press("Escape"); // no suggestions in the picture
    await page.locator(".squiggly-error").first().waitFor();
    await lens(workbench, /^▷ Run · passed before the last edit$/, theRun).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+i");
    const hover = page.locator(".monaco-hover:visible", { hasText: "needs equal inner dimensions" }).first();
    await hover.waitFor();
    assert.match((await hover.textContent()) ?? "", /NN202/);
    await workbench.screenshot("shape-error");
    await page.keyboard.press("Escape");
    for (let i = 0; i < 10 && (await line(workbench, "X @ W1 + b1").count()) === 0; i++)
      await page.keyboard.press("Control+z");
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await lens(workbench, /^✓ Run passed/, theRun).waitFor();
  });

  test("a click on the gradcheck lens brings its verdict into the lens and into the inspector", async () => {
    const { panel } = workbench;
    await lens(workbench, /^✓ Gradcheck$/, theRun).click();
    await lens(workbench, /^✓ Gradcheck passed · \d+ entries · worst [\d.e-]+ · /, theRun).waitFor();
    await openTab(workbench, /^Gradcheck/);
    await panel
      .getByText(/passed/i)
      .first()
      .waitFor();
    await workbench.screenshot("gradcheck");
  });

  test("a net is checked alone, on sampled inputs", async () => {
    await lens(workbench, /^✓ Gradcheck$/, theNet).click();
    await lens(workbench, /^✓ Gradcheck passed · \d+ entries · worst [\d.e-]+ · /, theNet).waitFor();
    await workbench.screenshot("gradcheck-of-a-net");
  });

  test("the inspector shows every check with its verdict", async () => {
    const { panel } = workbench;
    await lens(workbench, /Run/, theRun).click();
    await openTab(workbench, /^Checks/);
    await panel.getByText("5.3.11 right", { exact: true }).waitFor();
    await workbench.screenshot("checks");
  });

  test("the inspector shows a tensor and its gradient", async () => {
    const { panel } = workbench;
    await openTab(workbench, /^Values/);
    await row(workbench, "m.W2").click();
    await openTab(workbench, /^Tensor/);
    await panel.locator("canvas").first().waitFor();
    await workbench.screenshot("tensor");
  });

  test("a click on a node brings its line, the cursor on a name brings its node", async () => {
    const { page } = workbench;
    await openTab(workbench, /^Values/);
    await row(workbench, "m.s").click();
    await page.locator(".active-line-number", { hasText: /^17$/ }).waitFor();
    await line(workbench, "relu(z)").click();
    await page.keyboard.press("Home");
    await workbench.panel.locator('tr[aria-selected="true"]', { hasText: "m.h" }).waitFor();
    await workbench.screenshot("follows-the-cursor");
  });

  test("the file on disk was not touched", () => {
    const now = readFileSync(path.join(workbench.folder, "weight-decay.nnspec"), "utf8");
    assert.equal(now, readFileSync(path.resolve(__dirname, "../../examples/weight-decay.nnspec"), "utf8"));
  });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...workbench.foreignRequests], []);
  });
});
