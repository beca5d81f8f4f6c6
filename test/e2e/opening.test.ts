// Opening a spec in a real workbench: the file shows, nothing stands in the way, nobody else is contacted.
import assert from "node:assert/strict";
import { openWorkbench, type Workbench } from "./workbench";

suite("end to end: opening a spec", () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await openWorkbench({ file: "weight-decay.nnspec" });
  });

  suiteTeardown(async () => {
    await workbench.close();
  });

  teardown(async function () {
    if (this.currentTest?.state === "failed") await workbench.screenshot(`failure-opening`);
  });

  test("the spec is open in an editor, with no welcome page and no question in front of it", async () => {
    const { page } = workbench;
    await page.locator(".view-lines", { hasText: "SimpleClassifier" }).first().waitFor();
    assert.equal(await page.getByRole("tab", { name: /Welcome|Get Started/ }).count(), 0);
    assert.equal(await page.locator(".monaco-dialog-box").count(), 0);
    await workbench.screenshot("opening");
  });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...workbench.foreignRequests], []);
  });
});
