/** Earlier runs, several documents and exports in the panel's header. */
import assert from "node:assert/strict";
import { chooseFromMenu, inspectorSuite, posted, text, violations } from "./inspector-driver";

inspectorSuite("inspector, earlier runs and exports", (open) => {
  test("an earlier run is chosen by its time, says that it is one, and leads back", async () => {
    const page = await open("scene=history");
    await page.getByRole("button", { name: "Earlier runs" }).click();
    assert.deepEqual(await page.getByRole("menuitemradio").allInnerTexts(), [
      "14:03:22 (newest)\npassed · 3.2 ms",
      "14:01:05\nfailed · 4.1 ms",
    ]);
    assert.equal(await page.getByRole("menuitemradio", { checked: true }).count(), 1);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("menuitemradio").nth(1).click();
    assert.deepEqual((await posted(page)).at(-1), { type: "choose-run", runId: 5 });
    await page.evaluate(() => window.harness.show("history", { runId: 5, earlierRun: 5 }));
    await page.getByText("This is an earlier run, of 14:01:05.").waitFor();
    await page.getByRole("button", { name: "Show the newest" }).click();
    assert.deepEqual((await posted(page)).at(-1), { type: "choose-run", runId: null });
  });

  test("where several documents have results, the title is a choice of them", async () => {
    const page = await open("scene=history", { width: 300, height: 700 });
    await page.getByLabel("Document").selectOption("other.nnspec");
    assert.deepEqual((await posted(page)).at(-1), {
      type: "choose-document",
      uri: "file:///project/other.nnspec",
    });
    assert.deepEqual(await violations(page), []);
  });

  test("a document without results leads back to those that have some", async () => {
    const page = await open("scene=cancelled");
    await page.getByRole("heading", { name: "weight-decay.nnspec" }).waitFor();
    assert.equal(await page.getByLabel("Document").count(), 0, "there is no other");
    await page.evaluate(() =>
      window.harness.show("cancelled", {
        documents: [{ uri: "file:///project/other.nnspec", fileName: "other.nnspec" }],
      }),
    );
    const choice = page.getByLabel("Document");
    assert.deepEqual(await choice.locator("option").allInnerTexts(), ["weight-decay.nnspec", "other.nnspec"]);
    await choice.selectOption({ label: "other.nnspec" });
    assert.deepEqual((await posted(page)).at(-1), {
      type: "choose-document",
      uri: "file:///project/other.nnspec",
    });
  });

  test("a table of 1,500 nodes draws what is in view, and the keyboard reaches its end", async () => {
    const page = await open("scene=long");
    await page.getByRole("treegrid").waitFor();
    assert.equal(await page.getByRole("treegrid").getAttribute("aria-rowcount"), "1501");
    const drawn = (): Promise<number> => page.locator("nnspec-values tbody tr:not(.gap)").count();
    assert.ok((await drawn()) < 120);
    await page.locator("nnspec-values tr[tabindex='0']").focus();
    await page.keyboard.press("End");
    await page.locator("tr:focus").getByTitle("m.z[1499]", { exact: true }).waitFor();
    assert.ok((await drawn()) < 120);
    const box = (await page.locator("tr:focus").boundingBox())!;
    const scroll = (await page.locator("nnspec-values .scroll").boundingBox())!;
    assert.ok(box.y >= scroll.y && box.y + box.height <= scroll.y + scroll.height + 1, "it is in view");
    assert.equal(await page.locator("tr:focus").getAttribute("aria-rowindex"), "1501");
    assert.deepEqual(await violations(page), []);
    await page.evaluate(() => window.harness.send({ type: "follow", target: "long", node: 10_700 }));
    await page.locator('tr[aria-selected=true][data-key="10700"]').waitFor();
  });

  test("results and values are exported", async () => {
    const page = await open("scene=passed");
    await chooseFromMenu(page, "Export", "Save results…");
    assert.deepEqual((await posted(page)).at(-1), { type: "save-report" });
    await chooseFromMenu(page, "Export", "Save all values…");
    assert.deepEqual((await posted(page)).at(-1), {
      type: "save-tensor",
      name: "weight-decay.section_5_3.npz",
      target: "section_5_3",
      tensor: null,
    });
    assert.equal(await page.getByRole("button", { name: "Earlier runs" }).count(), 0, "there are none");
    assert.match(await text(page.locator("h1.file")), /weight-decay/);
  });
});
