/** The training tab in a real browser: live curves, stop and continue, keys, themes. */
import assert from "node:assert/strict";
import { heard, inspectorSuite, openTab, posted, settled, text, violations } from "./inspector-driver";

inspectorSuite("inspector, training", (open) => {
  test("a training shows while it runs, and can be stopped", async () => {
    const page = await open("scene=training", { width: 700, height: 800 });
    await page.getByText("Running weight-decay.nnspec").waitFor();
    await page.evaluate(() => {
      window.harness.train(0, 400);
      window.harness.train(400, 900);
    });
    const training = page.getByRole("article", { name: "Training of MLP" });
    assert.match(await text(training), /900 of 2\s400/);
    assert.match(await text(training), /500\s/, "steps a second");
    const steps = await page
      .locator("nnspec-curve-chart")
      .first()
      .evaluate((chart) => (chart as unknown as { x: Float64Array }).x.length);
    assert.equal(steps, 900);
    const inView = await page
      .locator("nnspec-curve-chart")
      .first()
      .evaluate(
        (chart) => (chart as unknown as { chart: { scales: { x: { max: number } } } }).chart.scales.x.max,
      );
    assert.equal(inView, 899, "the axis grows with the curve");
    assert.deepEqual(await violations(page), []);
    await training.getByRole("button", { name: "Stop" }).click();
    assert.deepEqual((await posted(page)).at(-1), { type: "stop-training" });
    // Who stopped it wants to see where it got to.
    await page.evaluate(() => window.harness.show("stopped"));
    await page.getByRole("tab", { name: "Training", selected: true }).waitFor();
  });

  test("a training that was stopped says so and goes on; not when the text has changed", async () => {
    const page = await open("scene=stopped");
    await openTab(page, "Training");
    await page.getByText("Stopped after 900 of 2400 steps").waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    assert.deepEqual((await posted(page)).at(-1), { type: "continue-training" });
    await page.evaluate(() => window.harness.show("stopped", { stale: true }));
    await settled(page);
    assert.equal(await page.getByRole("button", { name: "Continue" }).isDisabled(), true);
  });

  test("the arrow keys tell the loss at a step", async () => {
    const page = await open("scene=trained");
    await openTab(page, "Training");
    await page.locator("nnspec-curve-chart .chart").first().focus();
    await page.keyboard.press("Home");
    // exp(0) · 2.3 + 0.08 and some noise.
    await heard(page, /^Step 0: Loss 2\.[345]\d*, smoothed 2\.[345]/);
    await page.keyboard.press("End");
    await heard(page, /^Step 2399: Loss 0\.[01]/);
    await page.getByRole("button", { name: "Smoothed" }).click();
    await page.getByRole("button", { name: "Logarithmic" }).click();
    await settled(page);
    await page.locator("nnspec-curve-chart .chart").last().focus();
    await page.keyboard.press("Home");
    await heard(page, /^Step 0: Gradient norm \d/);
  });

  for (const theme of ["dark", "light", "high-contrast", "high-contrast-light"]) {
    test(`the training tab has no accessibility violation in the ${theme} theme, at 300 pixels`, async () => {
      const page = await open(`scene=trained&theme=${theme}`, { width: 300, height: 700 });
      await openTab(page, "Training");
      await page.locator("nnspec-curve-chart .u-over").first().waitFor();
      assert.deepEqual(await violations(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 300, `${String(wide)} pixels wide`);
    });
  }
});
