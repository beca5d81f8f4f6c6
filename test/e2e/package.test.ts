// The package that ships, in a workbench that has never seen the sources: it installs, runs a spec and shows its tensors.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { clickLens, lens } from "./places";
import { openWorkbench, type Workbench } from "./workbench";

const root = path.resolve(__dirname, "../..");

suite("end to end: the packed extension", () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    const packed = readdirSync(root).filter((name) => name.endsWith(".vsix"));
    assert.deepEqual(packed.length, 1, `one .vsix, made by "npm run package", not ${packed.join(", ")}`);
    workbench = await openWorkbench({ file: "weight-decay.nnspec", install: path.join(root, packed[0]!) });
  });

  suiteTeardown(async () => {
    await workbench.close();
  });

  teardown(async function () {
    if (this.currentTest?.state === "failed") await workbench.screenshot("failure-package");
  });

  test("it runs a spec from its lens and shows the values in the inspector", async () => {
    const { panel } = workbench;
    const theRun = 1;
    await clickLens(workbench, /Run/, lens(workbench, /^✓ Run passed · 18 checks/, theRun), theRun);
    await lens(workbench, /Inspect/, theRun).click();
    await panel.getByRole("row", { name: /^m\.W1\s/ }).waitFor();
    await workbench.screenshot("package");
  });

  test("it contacts nobody", () => {
    assert.deepEqual([...workbench.foreignRequests], []);
  });
});
