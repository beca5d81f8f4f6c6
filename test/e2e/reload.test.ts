// The inspector opens with the first run, and is back with its values after the window is reloaded.
import { clickLens } from "./places";
import { suiteWorkbench } from "./workbench";

/** In the page: whether the workbench has saved the open editors, which it does every few seconds, with that one. */
async function windowStateHas(viewType: string): Promise<boolean> {
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith("vscode-web-state-db-") !== true) continue;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error(String(opening.error)));
    });
    const reading = database
      .transaction("ItemTable")
      .objectStore("ItemTable")
      .get("memento/workbench.parts.editor");
    const saved = await new Promise<unknown>((resolve) => {
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => resolve(undefined);
    });
    database.close();
    if (String(saved).includes(viewType)) return true;
  }
  return false;
}

suite("end to end: reloading the window", () => {
  const window = suiteWorkbench({
    file: "weight-decay.nnspec",
    settings: {
      "editor.minimap.enabled": false,
      // Without it a window that is told to open a file forgets what else was open.
      "window.restoreWindows": "preserve",
    },
  });

  test("a click on Run opens the inspector beside the spec", async () => {
    const { page, panel } = window();
    const tab = page.getByRole("tab", { name: /Inspector: weight-decay/ });
    await clickLens(window(), /Run/, tab);
    await panel.getByRole("row", { name: /^m\.o\s/ }).waitFor();
  });

  test("after a reload the inspector is back, and its tensors with it", async () => {
    const { page, panel } = window();
    const tab = page.getByRole("tab", { name: /Inspector: weight-decay/ });
    // The workbench saves its open editors every few seconds; a reload between two saves may miss the panel.
    for (let attempt = 0; attempt < 3; attempt++) {
      if ((await tab.count()) === 0) await clickLens(window(), /Run/, tab);
      // Mocha's time limit ends this if it never comes; waiting for a promise is not what `waitForFunction` does.
      while (!(await page.evaluate(windowStateHas, "nnspec.inspector"))) await page.waitForTimeout(200);
      await page.reload();
      const back = await tab.waitFor({ timeout: 15_000 }).then(
        () => true,
        () => false,
      );
      if (back) break;
    }
    await tab.waitFor();
    await panel.getByRole("row", { name: /^m\.o\s/ }).waitFor();
    await panel.locator("canvas").first().waitFor();
    await window().screenshot("after-a-reload");
  });
});
