// What a person sees while writing: the backward equation in a hover, completion, results that follow the text, the
// walkthrough. Pictures of every step are left in test/e2e/out.
import assert from "node:assert/strict";
import { besideTheSpec, find, lens, line } from "./places";
import { openWorkbench, type Workbench } from "./workbench";

suite("end to end: writing a spec", () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await openWorkbench({
      file: "weight-decay.nnspec",
      settings: besideTheSpec,
    });
    await workbench.page.keyboard.press("Control+b");
    await lens(workbench, /^✓ Run passed · 18 checks · /).waitFor();
  });

  suiteTeardown(async () => {
    await workbench.close();
  });

  teardown(async function () {
    if (this.currentTest?.state === "failed") {
      await workbench.screenshot(`failure-${this.currentTest.title.replace(/\W+/g, "-").slice(0, 40)}`);
    }
  });

  test("a hover has the shape, the backward equation with its contributions, and the last numbers", async () => {
    const { page } = workbench;
    await workbench.panel.getByRole("row", { name: /^m\.o\s/ }).waitFor();
    await find(workbench, "param W1");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+i");
    const hover = page.locator(".monaco-hover:visible", { hasText: "∂J/∂W1" }).first();
    await hover.waitFor();
    await page.locator(".monaco-hover:visible", { hasText: "In section_5_3" }).first().waitFor();
    const text = ((await hover.textContent()) ?? "").replaceAll("\u00a0", " ");
    assert.match(text, /param W1: \[n_in, n_hidden\]/);
    assert.match(text, /∂J\/∂W1 = Xᵀ · ∂J\/∂z \+ λ · W1/);
    assert.match(text, /= Xᵀ · \(\(∂J\/∂o · W2ᵀ\) ⊙ relu′\(z\)\) \+ λ · W1/);
    assert.match(text, /through s: λ · W1/);
    await workbench.screenshot("hover-equation");
    await page.keyboard.press("Escape");
  });

  test("completion offers the nodes of an instance with their shapes", async () => {
    const { page } = workbench;
    await find(workbench, "show m.o, m.J");
    await page.keyboard.press("End");
    await page.keyboard.type(", m.");
    await page.locator(".suggest-widget .monaco-list-row", { hasText: "W1" }).first().waitFor();
    await workbench.screenshot("completion");
    await page.keyboard.press("Escape");
    await page.locator(".suggest-widget:visible").waitFor({ state: "hidden" });
    for (let i = 0; i < 8 && (await line(workbench, "show m.o, m.J,").count()) > 0; i++)
      await page.keyboard.press("Control+z");
  });

  test("a run repeats as one types, and the inspector and the verdict follow", async () => {
    const { page } = workbench;
    await find(workbench, "const lambda = 0.1");
    await page.keyboard.press("End");
    await page.keyboard.type("5");
    await lens(workbench, /^✗ Run: \d+ of 18 checks failed/).waitFor();
    assert.equal(await workbench.panel.getByText("before the text changed").count(), 0);
    await workbench.screenshot("live-run");
    await page.keyboard.press("Backspace");
    await lens(workbench, /^✓ Run passed · 18 checks · /).waitFor();
    // Half-typed, the results before stand and are marked as old.
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await lens(workbench, /^▷ Run · passed before the last edit$/).waitFor();
    await workbench.screenshot("live-half-typed");
    await page.keyboard.type("0.1");
    await lens(workbench, /^✓ Run passed · 18 checks · /).waitFor();
  });

  test("the walkthrough has five steps with pictures", async () => {
    const { page } = workbench;
    await workbench.panel.getByRole("tab", { name: /Values/ }).click();
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+w"); // all editors: the pictures need room
    await page.getByRole("button", { name: /Don't Save/ }).click();
    await page.keyboard.press("F1");
    await page.keyboard.insertText(">nnspec: Get Started");
    await page
      .locator(".quick-input-list .monaco-list-row", { hasText: "nnspec: Get Started" })
      .first()
      .click();
    await page
      .locator(".gettingStartedDetailsContent", { hasText: "Get started with nnspec" })
      .first()
      .waitFor();
    assert.equal(await page.locator(".getting-started-step").count(), 5);
    await page
      .locator(".getting-started-media iframe, .getting-started-media webview, iframe.webview")
      .first()
      .waitFor();
    await workbench.screenshot("walkthrough");
    assert.deepEqual([...workbench.foreignRequests], []);
  });
});
