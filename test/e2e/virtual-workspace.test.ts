// A workspace whose only folder is on no disk, in the web extension host, as in a browser that shows somebody's repository: it is
// checked, run, listed and renamed in like any other. Pictures are left in test/e2e/out.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { besideTheSpec, clickLens, lens, line, row, until } from "./places";
import { suiteWorkbench } from "./workbench";

suite("end to end: a virtual workspace", () => {
  const extension = mkdtempSync(path.join(tmpdir(), "nnspec-memory-"));

  suiteSetup(() => {
    const source = path.join(__dirname, "memory-extension");
    cpSync(path.join(source, "package.json"), path.join(extension, "package.json"));
    buildSync({
      entryPoints: [path.join(source, "extension.ts")],
      outfile: path.join(extension, "extension.js"),
      bundle: true,
      format: "cjs",
      external: ["vscode"],
    });
  });
  suiteTeardown(() => {
    rmSync(extension, { recursive: true, force: true });
  });

  const window = suiteWorkbench({
    file: "main.nnspec",
    host: "web",
    virtual: { extension, uri: "nnspec-memory://shelf/course" },
    settings: { ...besideTheSpec, "nnspec.openInspectorOnStart": false },
  });

  test("a run reads its import and its data, and the inspector shows them", async () => {
    const { page } = window();
    await clickLens(window(), /Run/, page.getByRole("tab", { name: /Inspector: main/ }));
    await lens(window(), /^✓ Run passed · 1 check/).waitFor();
    await row(window(), "X").waitFor();
    await window().screenshot("virtual-workspace-run");
  });

  test("the Test Explorer lists the specs of every subfolder", async () => {
    const { page } = window();
    await page
      .locator(".activitybar")
      .getByRole("tab", { name: /Testing/ })
      .click();
    const list = page.getByRole("tree", { name: /Test Explorer/ });
    await list.getByRole("treeitem", { name: /main\.nnspec/ }).waitFor();
    await list.getByRole("treeitem", { name: /library\.nnspec/ }).waitFor();
    await window().screenshot("virtual-workspace-tests");
  });

  test("a rename goes into the imported file, which is not open", async () => {
    const { page } = window();
    const use = line(window(), "spread(X)").getByText("spread", { exact: true });
    const box = page.locator(".rename-box input.rename-input");
    await until(box, async () => {
      await use.click();
      await page.keyboard.press("F2");
    });
    await box.fill("energy");
    await box.press("Enter");
    await line(window(), "energy(X)").waitFor();
    await line(window(), "{ energy }").waitFor();
    assert.equal(await page.locator(".squiggly-error").count(), 0);
    await window().screenshot("virtual-workspace-rename");
  });
});
