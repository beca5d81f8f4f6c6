// Opening a spec in a real workbench: the file shows, nothing stands in the way, nobody else is contacted.
import assert from "node:assert/strict";
import { suiteWorkbench } from "./workbench";

suite("end to end: opening a spec", () => {
  const window = suiteWorkbench({ file: "weight-decay.nnspec" });

  test("the spec is open in an editor, with no welcome page and no question in front of it", async () => {
    const { page } = window();
    await page.locator(".view-lines", { hasText: "SimpleClassifier" }).first().waitFor();
    assert.equal(await page.getByRole("tab", { name: /Welcome|Get Started/ }).count(), 0);
    assert.equal(await page.locator(".monaco-dialog-box").count(), 0);
    await window().screenshot("opening");
  });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...window().foreignRequests], []);
  });
});
