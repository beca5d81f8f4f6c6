// What a person sees while writing: the backward equation in a hover, completion, results that follow the text, the
// walkthrough. Pictures of every step are left in test/e2e/out.
import assert from "node:assert/strict";
import { besideTheSpec, command, find, hideSideBar, hover, lens, undo, until } from "./places";
import { suiteWorkbench } from "./workbench";

suite("end to end: writing a spec", () => {
  const window = suiteWorkbench({
    file: "weight-decay.nnspec",
    // On a busy machine its run is not quick enough to be repeated by default.
    settings: { ...besideTheSpec, "nnspec.live": "on" },
  });

  suiteSetup(async () => {
    await hideSideBar(window());
    await lens(window(), /^✓ Run passed · 18 checks · /).waitFor();
  });

  test("a hover has the shape, the backward equation with its contributions, and the last numbers", async () => {
    const { page } = window();
    await window()
      .panel.getByRole("row", { name: /^m\.o\s/ })
      .waitFor();
    await find(window(), "param W1");
    await hover(window(), "In section_5_3");
    const shown = await hover(window(), "∂J/∂W1");
    const text = ((await shown.textContent()) ?? "").replaceAll("\u00a0", " ");
    assert.match(text, /param W1: \[n_in, n_hidden\]/);
    assert.match(text, /∂J\/∂W1 = Xᵀ · ∂J\/∂z \+ λ · W1/);
    assert.match(text, /= Xᵀ · \(\(∂J\/∂o · W2ᵀ\) ⊙ relu′\(z\)\) \+ λ · W1/);
    assert.match(text, /through s: λ · W1/);
    await window().screenshot("hover-equation");
    await page.keyboard.press("Escape");
  });

  test("completion offers the nodes of an instance with their shapes", async () => {
    const { page } = window();
    await find(window(), "show m.o, m.J");
    await page.keyboard.press("End");
    await page.keyboard.type(", m.");
    const offered = page.locator(".suggest-widget .monaco-list-row", { hasText: "W1" }).first();
    await offered.waitFor({ timeout: 6000 }).catch(() => page.keyboard.press("Control+Space"));
    await offered.waitFor();
    await window().screenshot("completion");
    await page.keyboard.press("Escape");
    await page.locator(".suggest-widget:visible").waitFor({ state: "hidden" });
    await undo(window(), "show m.o, m.J,", "show m.o, m.J");
  });

  test("a run repeats as one types, and the inspector and the verdict follow", async () => {
    const { page } = window();
    await find(window(), "const lambda = 0.1");
    await page.keyboard.press("End");
    await page.keyboard.type("5");
    await lens(window(), /^✗ Run: \d+ of 18 checks failed/).waitFor();
    await window().panel.getByText("The text has changed since").waitFor({ state: "detached" });
    await window().screenshot("live-run");
    await page.keyboard.press("Backspace");
    await lens(window(), /^✓ Run passed · 18 checks · /).waitFor();
    // Half-typed, the results before stand and are marked as old. In one edit: "0" would be a run of its own.
    for (const _ of "0.1") await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("Backspace");
    await lens(window(), /^▷ Run · passed before the last edit$/).waitFor();
    await window().panel.getByText("The text has changed since").waitFor();
    await window().screenshot("live-half-typed");
    await page.keyboard.insertText("0.1");
    await lens(window(), /^✓ Run passed · 18 checks · /).waitFor();
  });

  test("the walkthrough has five steps with pictures", async () => {
    const { page } = window();
    await window()
      .panel.getByRole("tab", { name: /Values/ })
      .click();
    const unsaved = page.getByRole("button", { name: /Don't Save/ });
    await until(unsaved, async () => {
      await page.keyboard.press("Control+k");
      await page.keyboard.press("Control+w"); // all editors: the pictures need room
    });
    await unsaved.click();
    await page.locator(".editor-instance").first().waitFor({ state: "detached" });
    await command(window(), "nnspec: Get Started");
    await page
      .locator(".gettingStartedDetailsContent", { hasText: "Get started with nnspec" })
      .first()
      .waitFor();
    await page.locator(".getting-started-step").nth(4).waitFor();
    assert.equal(await page.locator(".getting-started-step").count(), 5);
    await page
      .locator(".getting-started-media iframe, .getting-started-media webview, iframe.webview")
      .first()
      .waitFor();
    await window().screenshot("walkthrough");
    assert.deepEqual([...window().foreignRequests], []);
  });
});
