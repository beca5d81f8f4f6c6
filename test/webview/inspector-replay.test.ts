/** Stepping through a backward pass in a real browser, with a real run behind it; the whole tab for everybody. */
import assert from "node:assert/strict";
import type { GraphStage } from "../../src/hosts/webview/graph/graph-stage";
import { openGraph, stageOf } from "./graph-driver";
import { heard, inspectorSuite, posted, text, violations } from "./inspector-driver";

inspectorSuite("inspector, steps of a backward pass", (open) => {
  test("stepping through the backward pass: equations, what arrives, what it adds to", async () => {
    const page = await open("live=weight-decay");
    await openGraph(page);
    await page.getByRole("button", { name: "Replay backward" }).click();
    await page.getByText("1 / 6").waitFor();
    await heard(page, /Step 1 of 6, J: ∂J\/∂L = ∂J\/∂J; ∂J\/∂s = ∂J\/∂J/);
    await page.keyboard.press("End");
    await page.getByText("6 / 6").waitFor();
    await page.getByRole("math", { name: "Xᵀ · ∂J/∂z" }).waitFor();
    await page.getByRole("img", { name: /^so far, shape \[4, 3\], size 0\.3549/ }).waitFor();
    await page.getByRole("img", { name: /^complete, shape \[4, 3\], size 2\.15/ }).waitFor();
    // Typeset, in the fonts that came with the page.
    await page.locator("nnspec-equation .katex").first().waitFor();
    assert.ok(await page.evaluate(async () => (await document.fonts.ready).check('16px "KaTeX_Main"')));
    const lit = await stageOf(page).evaluate((element) => {
      const { step, scene } = element as GraphStage;
      return scene.drawing.boxes.filter(({ box }) => step?.boxes.has(box.key)).map(({ box }) => box.title);
    });
    assert.deepEqual(lit.sort(), ["W1", "X", "b1", "z"]);
    await page.keyboard.press("ArrowLeft");
    await page.getByText("5 / 6").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Replay backward" }).waitFor();
  });

  test("it plays to the end by itself, and a key stops it", async () => {
    const page = await open("live=weight-decay");
    await openGraph(page);
    await page.getByRole("button", { name: "Replay backward" }).click();
    await page.getByText("1 / 6").waitFor();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByText("3 / 6").waitFor();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play" }).waitFor();
    await page.waitForTimeout(1800);
    assert.equal(await text(page.locator("nnspec-replay .where")), "3 / 6");
  });

  test("a step stays in view when another run arrives, and its numbers are that run's", async () => {
    const page = await open("live=weight-decay");
    await openGraph(page);
    await page.getByRole("button", { name: "Replay backward" }).click();
    await page.keyboard.press("End");
    await page.getByRole("math", { name: "Xᵀ · ∂J/∂z" }).waitFor();
    const asked = async (): Promise<number> =>
      (await posted(page)).filter((each) => each.type === "ask" && each.question.kind === "step").length;
    const before = await asked();
    await page.evaluate(() => {
      const { harness } = window;
      harness.send({ type: "state", state: { ...harness.live!.state, runId: 8 } });
    });
    while ((await asked()) === before) await page.waitForTimeout(20);
    await page.getByRole("math", { name: "Xᵀ · ∂J/∂z" }).waitFor();
    assert.equal(await text(page.locator("nnspec-replay .where")), "6 / 6");
  });

  for (const theme of ["dark", "light", "high-contrast", "high-contrast-light"])
    test(`the graph and its steps have no accessibility violation in the ${theme} theme`, async () => {
      const page = await open(`live=weight-decay&theme=${theme}`, { width: 700, height: 900 });
      await openGraph(page);
      await page.getByRole("searchbox").fill("relu");
      assert.deepEqual(await violations(page), []);
      await page.getByRole("button", { name: "Replay backward" }).click();
      await page.locator("nnspec-equation .katex").first().waitFor();
      assert.deepEqual(await violations(page), []);
    });

  test("it is usable at 300 pixels", async () => {
    const page = await open("live=weight-decay", { width: 300, height: 700 });
    await openGraph(page);
    const tools = await page.locator("nnspec-graph .toolbar").boundingBox();
    assert.ok(tools!.width <= 300);
    await page.getByRole("button", { name: "Replay backward" }).click();
    await page.getByText("1 / 6").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 300);
  });
});
