// Mending a spec as a person does: renaming over files, taking a quick fix, running the Test Explorer and reading what it
// says of a failure and of a hole. Pictures of every step are left in test/e2e/out.
import assert from "node:assert/strict";
import { besideTheSpec, clickLens, command, find, hideSideBar, lens, line, openFile, until } from "./places";
import { suiteWorkbench } from "./workbench";

suite("end to end: mending a spec", () => {
  const window = suiteWorkbench({
    file: "mending.nnspec",
    settings: { ...besideTheSpec, "nnspec.openInspectorOnStart": false, "nnspec.openInspectorOnRun": false },
  });

  test("a rename changes the operator in the file that defines it, too", async () => {
    const { page } = window();
    await hideSideBar(window());
    await lens(window(), /Run/).waitFor();
    await find(window(), "half_square(y)");
    await page.keyboard.press("ArrowLeft");
    const box = page.locator(".rename-box input.rename-input");
    await until(box, () => page.keyboard.press("F2"));
    assert.equal(await box.inputValue(), "half_square");
    await box.fill("half_norm");
    await window().screenshot("rename");
    await page.keyboard.press("Enter");
    await line(window(), "import { half_norm }").waitFor();
    await line(window(), "half_norm(y)").waitFor();
    await openFile(window(), "mending-library.nnspec");
    await line(window(), "op half_norm(w: [...])").waitFor();
    await window().screenshot("renamed-across-files");
    await page.getByRole("tab", { name: /^mending\.nnspec/ }).click();
    await line(window(), "op leaky").waitFor();
  });

  test("a blamed rule has a quick fix, with which its gradcheck passes", async () => {
    const { page } = window();
    await clickLens(window(), /Gradcheck/, lens(window(), /^✗ vjp x/));
    await find(window(), "0.2 * u");
    await page.locator(".squiggly-error").first().waitFor();
    const fix = page.locator(".action-widget .monaco-list-row", { hasText: /Multiply|Write/ }).first();
    // The menu has what was known when it opened.
    for (let i = 0; i < 6 && !(await fix.isVisible()); i++) {
      await page.keyboard.press("Escape");
      await find(window(), "0.2 * u");
      await page.keyboard.press("Control+.");
      await fix.waitFor({ timeout: 4000 }).catch(() => undefined);
    }
    await fix.waitFor();
    await window().screenshot("quick-fix");
    await fix.click();
    await line(window(), "u, 0.1 * u").waitFor();
    await clickLens(window(), /Gradcheck|vjp x/, lens(window(), /^✓ Gradcheck passed/), 0);
    await window().screenshot("quick-fix-applied");
  });

  test("the Test Explorer lists checks, shows what a failed one found, and why a hole's is skipped", async () => {
    const { page } = window();
    await command(window(), "Testing: Focus on Test Explorer View");
    const tests = page.locator(".test-explorer .monaco-list-row");
    await tests.filter({ hasText: "mending.nnspec" }).first().waitFor();
    await find(window(), "run to_mend");
    await command(window(), "Test: Run Tests in Current File");
    const results = page.locator(".test-output-peek-tree .monaco-list-row");
    await results
      .filter({ hasText: /^the sum/ })
      .first()
      .waitFor();
    await results
      .filter({ hasText: /^by hand/ })
      .first()
      .waitFor();
    await page.locator(".xterm-rows", { hasText: "by hand: It depends on a hole." }).first().waitFor();
    // The output tells the others as well, and how long each run took.
    const output = page.locator(".xterm-rows").first();
    await output.filter({ hasText: /run to_mend · [\d.]+ m?s/ }).waitFor();
    await output.filter({ hasText: "✓ the values" }).waitFor();
    await output.filter({ hasText: /✗ the sum: 5\.02/ }).waitFor();
    await window().screenshot("test-explorer-hole");
    const difference = page.locator(".monaco-diff-editor:visible .view-line", { hasText: "5.02" }).first();
    await until(difference, () =>
      results
        .filter({ hasText: /^the sum/ })
        .first()
        .click(),
    );
    await window().screenshot("test-explorer");
  });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...window().foreignRequests], []);
  });
});
