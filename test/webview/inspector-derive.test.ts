/** The derive tab in a browser, on real runs: what a person has filled in outlives every run that arrives meanwhile. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { inspectorSuite, openTab, posted } from "./inspector-driver";

inspectorSuite("inspector: deriving from a node", (open) => {
  const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
  const choice = (page: Page, name: string): Locator => page.getByRole("combobox", { name, exact: true });
  const questions = async (page: Page): Promise<number> =>
    (await posted(page)).filter((each) => each.type === "ask" && each.question.kind === "derive").length;

  async function opened(): Promise<Page> {
    const page = await open("live=weight-decay", { width: 900, height: 700 });
    await page.getByRole("row", { name: /m\.W2/ }).first().click();
    await openTab(page, "Derive");
    return page;
  }

  /** The same text has run again: every id of a run is another. */
  function another(page: Page, runId: number, phase: "running" | "finished" = "finished"): Promise<void> {
    return page.evaluate(
      ({ runId, phase }) => {
        const { harness } = window;
        const state = { ...harness.live!.state, runId, phase };
        harness.send({ type: "state", state });
      },
      { runId, phase },
    );
  }

  test("a half-filled form, and what is said of it, stay when a run arrives", async () => {
    const page = await opened();
    await choice(page, "Cotangent").selectOption("pasted numbers");
    const numbers = page.getByRole("textbox", { name: "Numbers of shape [3, 2]" });
    await numbers.fill("[1, 2, 3]");
    await another(page, 8, "running");
    await another(page, 8);
    await button(page, "Backward").click();
    const alert = page.getByRole("alert").filter({ hasText: "the numbers have shape [3], not [3, 2]" });
    await alert.waitFor();
    await another(page, 9);
    await another(page, 10);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    assert.equal(await alert.count(), 1);
    assert.equal(await numbers.inputValue(), "[1, 2, 3]");
    assert.equal(await choice(page, "Node").locator("option:checked").innerText(), "m.W2");
    assert.equal(await choice(page, "Cotangent").inputValue(), "numbers");
  });

  test("a pass that is asked for while a run arrives is of that run", async () => {
    const page = await opened();
    await choice(page, "Cotangent").selectOption("pasted numbers");
    await page.getByRole("textbox", { name: /^Numbers of shape/ }).fill("[1, 2, 3]");
    await page.evaluate(() => {
      const { harness } = window;
      // The run comes before the answer, which is dropped with it.
      const form = document.querySelector("nnspec-inspector")!.shadowRoot!.querySelector("nnspec-derive")!;
      form.shadowRoot!.querySelector<HTMLButtonElement>("button.begin")!.click();
      window.postMessage({ type: "state", state: { ...harness.live!.state, runId: 8 } });
    });
    await page.getByRole("alert").filter({ hasText: "the numbers have shape [3], not [3, 2]" }).waitFor();
    assert.equal(await questions(page), 2);
  });

  test("passes are repeated on every new run, and kept while another tab is open", async () => {
    const page = await opened();
    await button(page, "Backward").click();
    await page.getByText("d = backward(m.W2, ones([3, 2]))").waitFor();
    await choice(page, "Cotangent").selectOption("random");
    await page.getByRole("textbox", { name: "Seed" }).fill("3");
    await button(page, "Backward").click();
    await choice(page, "Compared with").selectOption("1: backward from m.W2, ones");
    const distance = page.locator("nnspec-derive tbody td:last-child").first();
    await distance.filter({ hasText: /\d/ }).waitFor();
    const before = await distance.innerText();
    await another(page, 8);
    await distance.filter({ hasText: /\d/ }).waitFor();
    assert.equal(await distance.innerText(), before);
    assert.equal(await questions(page), 4);
    await openTab(page, "Values");
    await another(page, 9);
    await openTab(page, "Derive");
    await distance.filter({ hasText: /\d/ }).waitFor();
    assert.equal(await distance.innerText(), before);
    assert.equal(await questions(page), 6);
    assert.equal(await page.getByRole("textbox", { name: "Seed" }).inputValue(), "3");
    assert.equal(await choice(page, "Pass").locator("option").count(), 2);
  });

  test("a pass whose node is gone from the text goes with it", async () => {
    const page = await opened();
    await button(page, "Backward").click();
    await page.getByText("d = backward(m.W2, ones([3, 2]))").waitFor();
    await page.evaluate(() => {
      const { harness } = window;
      const state = harness.live!.state;
      const targets = state.targets.map((target) => ({
        ...target,
        nodes: target.nodes.filter(({ name }) => name !== "W2" && name !== "m.W2"),
      }));
      harness.send({ type: "state", state: { ...state, runId: 8, targets } });
    });
    await page.getByText("d = backward(m.W2, ones([3, 2]))").waitFor({ state: "detached" });
    assert.equal(await choice(page, "Pass").count(), 0);
  });
});
