/** The derive tab in a browser, on real runs: what a person has filled in outlives every run that arrives meanwhile. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { inspectorSuite, openTab, posted } from "./inspector-driver";

inspectorSuite("inspector: deriving from a node", (open) => {
  const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
  const choice = (page: Page, name: string): Locator => page.getByRole("combobox", { name, exact: true });
  const chips = (page: Page): Promise<string[]> =>
    page.getByRole("group", { name: "Kept passes" }).getByRole("button").allInnerTexts();
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

  test("an element counts from its end where it is negative, and what is no index is told", async () => {
    const page = await opened();
    await choice(page, "Cotangent").selectOption("one element");
    const told = page.getByRole("alert");
    for (const [index, words] of [
      ["1.5, 0", "An index is made of whole numbers."],
      ["first", "An index is made of whole numbers."],
      ["1", "An index of m.W2 has 2 numbers."],
      ["3, 0", "[3, 0] is no index of a tensor of shape [3, 2]."],
      ["-4, 0", "[-1, 0] is no index of a tensor of shape [3, 2]."],
    ] as const) {
      await page.getByRole("textbox", { name: "Element" }).fill(index);
      await button(page, "Backward").click();
      await told.getByText(words).waitFor();
    }
    await page.getByRole("textbox", { name: "Element" }).fill("[-1, 0]");
    await button(page, "Backward").click();
    await page.getByText("d_W2 = backward(m.W2, [[0, 0], [0, 0], [1, 0]])").waitFor();
    await choice(page, "Cotangent").selectOption("random");
    await page.getByRole("textbox", { name: "Seed" }).fill("");
    await button(page, "Backward").click();
    await told.getByText("The seed is a whole number from 0.").waitFor();
    await choice(page, "Cotangent").selectOption("pasted numbers");
    await page.getByRole("textbox", { name: /^Numbers/ }).fill("1, 2\n3, 4\n5, nan\n");
    await button(page, "Backward").click();
    await page.getByText("d_W2_2 = backward(m.W2, [[1, 2], [3, 4], [5, nan]])").waitFor();
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
    await page.getByText("d_W2 = backward(m.W2, ones([3, 2]))").waitFor();
    await choice(page, "Cotangent").selectOption("random");
    await page.getByRole("textbox", { name: "Seed" }).fill("3");
    await button(page, "Backward").click();
    await choice(page, "Compared with").selectOption("d_W2");
    const distance = page.locator("nnspec-derive tbody td:last-child").first();
    await distance.filter({ hasText: /\d/ }).waitFor();
    const before = await distance.innerText();
    await another(page, 8);
    await distance.filter({ hasText: /\d/ }).waitFor();
    assert.equal(await distance.innerText(), before);
    assert.equal(await questions(page), 6);
    await openTab(page, "Values");
    await another(page, 9);
    await openTab(page, "Derive");
    await distance.filter({ hasText: /\d/ }).waitFor();
    assert.equal(await distance.innerText(), before);
    assert.equal(await questions(page), 8);
    assert.equal(await page.getByRole("textbox", { name: "Seed" }).inputValue(), "3");
    assert.deepEqual(await chips(page), ["∂m.J", "d_W2", "d_W2_2"]);
  });

  test("a pass whose node is gone from the text says so, and is there again with it", async () => {
    const page = await opened();
    await button(page, "Backward").click();
    const line = page.getByText("d_W2 = backward(m.W2, ones([3, 2]))");
    await line.waitFor();
    await page.evaluate(() => {
      const { harness } = window;
      const state = harness.live!.state;
      const targets = state.targets.map((target) => ({
        ...target,
        nodes: target.nodes.filter(({ name }) => name !== "W2" && name !== "m.W2"),
      }));
      harness.send({ type: "state", state: { ...state, runId: 8, targets } });
    });
    await line.waitFor({ state: "detached" });
    await page.getByText("m.W2 is not in section_5_3 any more.").waitFor();
    await another(page, 9);
    await line.waitFor();
  });

  test("a pass gets a name, which stands in its line, in the spec, in the legend of a tensor, and after a reload", async () => {
    const page = await opened();
    await choice(page, "Node").selectOption("m.o");
    await button(page, "Backward").click();
    await page.getByText("d_o = backward(m.o, ").waitFor();
    const name = page.getByRole("textbox", { name: "Name", exact: true });
    await name.fill("2 probes");
    await name.press("Enter");
    await page
      .getByRole("alert")
      .filter({ hasText: /A name has letters/ })
      .waitFor();
    await name.fill("not");
    await name.press("Enter");
    await page.getByRole("alert").filter({ hasText: "not is a word of the language." }).waitFor();
    await name.fill("δ₁'");
    await name.press("Enter");
    await page.getByText("δ₁' = backward(m.o, ").waitFor();
    await name.fill("probe");
    await name.press("Enter");
    await page.getByText("probe = backward(m.o, ").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    await page.getByRole("button", { name: "Insert into the spec" }).click();
    const written = (await posted(page)).findLast(({ type }) => type === "insert-line");
    assert.ok(written?.type === "insert-line" && written.name === "probe");
    assert.match(written.expression, /^backward\(m\.o, ones/);
    await page.reload();
    await page.getByText("probe = backward(m.o, ").waitFor();
    assert.deepEqual(await chips(page), ["∂m.J", "probe"]);
    await page.getByRole("heading", { name: "probe at m.o as the sum of its parts" }).waitFor();
    await openTab(page, "Tensor");
    await page.getByLabel("Node", { exact: true }).selectOption({ label: "m.W2" });
    await page.getByRole("button", { name: "passes" }).click();
    const pane = page.locator("nnspec-tensor-pane[data-pane^=pass-]");
    await pane.getByText("probe at m.W2").waitFor();
    await pane.locator("nnspec-heat-map[data-condition=shown]").waitFor();
  });

  test("two passes cannot have one name, and one that is not kept is gone for good", async () => {
    const page = await opened();
    await button(page, "Backward").click();
    await page.getByText("d_W2 = backward(").waitFor();
    await choice(page, "Direction").selectOption("forward from");
    await button(page, "Forward").click();
    await page.getByText("t_W2 = jvp(m.W2, ones([3, 2]))").waitFor();
    const name = page.getByRole("textbox", { name: "Name", exact: true });
    await name.fill("d_W2");
    await name.press("Enter");
    await page.getByRole("alert").filter({ hasText: "Another pass is called d_W2." }).waitFor();
    await name.press("Escape");
    await page.getByRole("button", { name: "Forget" }).click();
    await page.getByText("d_W2 = backward(").waitFor();
    await page.reload();
    await page.getByText("d_W2 = backward(").waitFor();
    assert.deepEqual(await chips(page), ["∂m.J", "d_W2"]);
  });

  test("every view shows the gradients of a kept pass where it is chosen in the header, in the next run too", async () => {
    const page = await opened();
    await choice(page, "Node").selectOption("m.o");
    await button(page, "Backward").click();
    await page.getByText("d_o = backward(m.o, ").waitFor();
    await openTab(page, "Values");
    await page.getByLabel("Gradient of").selectOption("d_o");
    const chosen = async (): Promise<readonly number[]> =>
      (await posted(page)).flatMap((message) => (message.type === "choose-root" ? [message.root] : []));
    await page.waitForFunction(() => window.harness.posted.some(({ type }) => type === "choose-root"));
    // As the extension does: the report again, with the gradients of the pass.
    const answered = (): Promise<void> =>
      page.evaluate(() => {
        const { harness } = window;
        const asked = harness.posted.findLast((message) => message.type === "choose-root");
        if (asked?.type !== "choose-root" || harness.live === null) return;
        const report = harness.live.session.chooseRoot(asked.target, asked.root);
        const { state } = harness.live;
        const targets = state.targets.map((each) => (each.name === asked.target && report ? report : each));
        harness.send({ type: "state", state: { ...state, targets } });
      });
    await answered();
    await page.getByRole("columnheader", { name: "Gradient by d_o" }).waitFor();
    assert.equal(await page.getByLabel("Gradient of").inputValue(), "d_o");
    await page
      .locator("nnspec-tensor[preview]")
      .getByText(/^d_o at m/)
      .first()
      .waitFor();
    await page.evaluate(() => (window.harness.posted.length = 0));
    await another(page, 8);
    await page.waitForFunction(() => window.harness.posted.some(({ type }) => type === "choose-root"));
    assert.equal((await chosen()).length, 1, "asked once");
    await page.getByLabel("Gradient of").selectOption("m.J");
    await another(page, 9);
    await page.getByRole("columnheader", { name: "Gradient of m.J" }).waitFor();
  });

  test("one part alone cannot be taken away", async () => {
    const page = await opened();
    const parts = page.getByRole("region", { name: "Contributions" });
    await parts.getByRole("button", { name: "Take away" }).first().waitFor();
    await choice(page, "Node").selectOption("m.o");
    await parts.getByText("It has one part.").waitFor();
    assert.equal(await parts.getByRole("button", { name: "Take away" }).count(), 0);
  });
});
