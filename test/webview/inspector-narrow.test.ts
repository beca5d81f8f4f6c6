/**
 * Every view in a panel of 300 pixels, by keyboard alone: Tab reaches all that can be pressed or filled in, one sees where
 * it is, nothing hangs over the edge, nothing moves by itself, and axe finds no violation; in every theme.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { inspectorSuite, settled, violations } from "./inspector-driver";
import { hangingOver, walkByTab } from "./keyboard-walk";
import type { ThemeName } from "./themes";

interface NarrowView {
  readonly name: string;
  readonly query: string;
  /** The tab, or null where the state has none. */
  readonly tab: string | null;
  /** By keys alone. */
  readonly then?: (page: Page) => Promise<void>;
}

const views: readonly NarrowView[] = [
  { name: "values", query: "live=edited", tab: "Values" },
  {
    name: "values, compared and without a preview",
    query: "live=edited",
    tab: "Values",
    then: async (page) => {
      await page.getByLabel("Difference to").focus();
      await page.keyboard.press("ArrowDown");
      await page.getByRole("button", { name: "Preview" }).press("Space");
    },
  },
  { name: "values with problems", query: "scene=failed", tab: "Values" },
  { name: "tensor", query: "live=faulty", tab: "Tensor" },
  {
    name: "tensor as a table, with errors and parts",
    query: "live=faulty",
    tab: "Tensor",
    then: async (page) => {
      await page.getByLabel("Node", { exact: true }).focus();
      await page.keyboard.type("W");
      for (const name of ["error map", "parts", "Table"])
        await page.getByRole("button", { name }).press("Enter");
    },
  },
  {
    name: "tensor of rank 4 with facets",
    query: "scene=shapes",
    tab: "Tensor",
    then: async (page) => {
      await page.getByLabel("Node", { exact: true }).focus();
      await page.keyboard.type("filters");
      await page.getByRole("button", { name: "Slices side by side" }).press("Enter");
    },
  },
  { name: "graph", query: "live=nested", tab: "Graph" },
  {
    name: "replay",
    query: "live=nested",
    tab: "Graph",
    then: async (page) => {
      await page.getByRole("button", { name: "Replay backward" }).press("Enter");
      await page.locator("nnspec-equation .katex").first().waitFor();
    },
  },
  {
    name: "derive",
    query: "live=faulty",
    tab: "Derive",
    then: async (page) => {
      await page.getByRole("button", { name: "Backward", exact: true }).press("Enter");
      await page.locator("nnspec-derive tbody th").first().waitFor();
    },
  },
  { name: "checks", query: "scene=failed", tab: "Checks" },
  {
    name: "checks with every element of one",
    query: "live=wrong-checks",
    tab: "Checks",
    then: async (page) => {
      await page
        .getByRole("button", { name: /^Every element/ })
        .first()
        .press("Enter");
      await page.locator("nnspec-heat-map[data-side=difference]").waitFor();
    },
  },
  { name: "gradcheck", query: "live=faulty", tab: "Gradcheck" },
  {
    name: "training",
    query: "scene=trained",
    tab: "Training",
    then: (page) => page.locator("nnspec-curve-chart .u-over").first().waitFor(),
  },
  { name: "history", query: "scene=history", tab: "Values" },
  ...["empty", "running", "cancelled", "crashed"].map((scene) => ({
    name: scene,
    query: `scene=${scene}`,
    tab: null,
  })),
  ...["stale", "rerunning", "stopped"].map((scene) => ({
    name: scene,
    query: `scene=${scene}`,
    tab: "Values",
  })),
];

const themes: readonly ThemeName[] = ["light", "dark", "high-contrast"];

/** The tab by the arrow keys, from wherever the tabs are. */
async function openByKeys(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole("tab", { name, selected: true });
  await page.getByRole("tab", { selected: true }).focus();
  for (let i = 0; i < 8 && (await wanted.count()) === 0; i++) await page.keyboard.press("ArrowRight");
  await wanted.waitFor();
}

inspectorSuite("inspector: 300 pixels and a keyboard", (open) => {
  for (const { name, query, tab, then } of views)
    test(name, async () => {
      const page = await open(query, { width: 300, height: 700 });
      await page.locator("nnspec-inspector header").waitFor();
      if (tab !== null) await openByKeys(page, tab);
      await then?.(page);
      const found: string[] = [];
      for (const theme of themes) {
        await page.evaluate((theme) => window.harness.theme(theme), theme);
        await settled(page);
        found.push(...(await hangingOver(page)).map((each) => `${theme}, over the edge: ${each}`));
        const { missed, unseen, stops } = await walkByTab(page);
        found.push(...missed.map((each) => `${theme}, not reached: ${each}`));
        found.push(...unseen.map((each) => `${theme}, ${each}`));
        if (stops === 0) found.push(`${theme}: Tab leads nowhere`);
        found.push(...(await violations(page)).map((each) => `${theme}, ${each}`));
      }
      const moving = await page.evaluate(
        () => document.getAnimations().filter(({ playState }) => playState === "running").length,
      );
      if (moving > 0) found.push("something moves by itself");
      assert.deepEqual([...new Set(found)], []);
    });
});
