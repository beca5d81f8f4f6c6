/** What the browser suites of the panel share: opening a page, driving it, reading what it posted. */
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Locator, Page } from "playwright-core";
import type { FromPanel } from "../../src/protocol";
import type { Harness } from "./harness";
import { type InspectorPage, type InspectorPages, startInspectorPages } from "./inspector-page";

type Open = (query: string, size?: { readonly width: number; readonly height: number }) => Promise<Page>;

/**
 * A suite with one browser and a page for each test; a page that logs an error, breaks the content policy or asks for
 * anything foreign fails its test.
 */
export function inspectorSuite(name: string, tests: (open: Open) => void): void {
  suite(name, function () {
    this.timeout(30_000);
    let pages: InspectorPages;
    const opened: InspectorPage[] = [];

    suiteSetup(async () => {
      pages = await startInspectorPages();
    });
    suiteTeardown(async () => {
      await pages.close();
    });
    teardown(async () => {
      for (const { page, problems } of opened.splice(0)) {
        await page.close();
        assert.deepEqual(problems, [], "errors, policy violations and foreign requests");
      }
    });

    tests(async (query, size) => {
      const made = await pages.open(query, size);
      opened.push(made);
      return made.page;
    });
  });
}

export function lastReveal(messages: readonly FromPanel[]): Extract<FromPanel, { type: "reveal" }> {
  return messages.filter((message) => message.type === "reveal").at(-1)!;
}

export function posted(page: Page): Promise<FromPanel[]> {
  return page.evaluate(() => window.harness.posted);
}

export async function slicesAsked(page: Page): Promise<readonly Extract<FromPanel, { type: "slice" }>[]> {
  return (await posted(page)).filter((message) => message.type === "slice");
}

export async function text(locator: Locator): Promise<string> {
  return (await locator.innerText()).trim();
}

/** Resolves when every slice asked for has been answered and drawn: nothing has moved for several frames. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const harness: Harness = window.harness;
    for (let calm = 0, seen = -1; calm < 4;) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const busy = harness.posted.length !== seen || harness.answered < harness.asked;
      calm = busy ? 0 : calm + 1;
      seen = harness.posted.length;
    }
  });
}

export async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole("tab", { name }).click();
  await page.getByRole("tab", { name, selected: true }).waitFor();
}

export async function showTensor(page: Page, name: string): Promise<void> {
  await openTab(page, "Tensor");
  await page.getByLabel("Node", { exact: true }).selectOption({ label: name });
  await settled(page);
}

/** The elements of the tensor in view, by the fixture's formula. */
export async function elementsOf(page: Page, side: "value" | "gradient"): Promise<readonly number[]> {
  const node = Number(await page.getByLabel("Node", { exact: true }).inputValue());
  return page.evaluate(({ node, side }) => window.harness.elements(node, side), { node, side });
}

export function viewOf(
  page: Page,
  side = "value",
): Promise<{ left: number; top: number; cellWidth: number; cellHeight: number }> {
  return page
    .locator(`nnspec-heat-map[data-side=${side}]`)
    .evaluate(
      (map) =>
        (map as unknown as { view: { left: number; top: number; cellWidth: number; cellHeight: number } })
          .view,
    );
}

export async function heard(page: Page, words: RegExp): Promise<void> {
  await page.getByRole("status").filter({ hasText: words }).waitFor({ state: "attached" });
}

export async function chooseFromMenu(page: Page, menu: string, entry: string): Promise<void> {
  await page.getByRole("button", { name: menu }).click();
  await page.getByRole("menu").getByText(entry).click();
}

export function nodeNames(page: Page): Promise<string[]> {
  return page
    .locator("nnspec-values .node-name")
    .evaluateAll((names) => names.map((name) => name.getAttribute("title") ?? ""));
}

interface AxeWindow {
  readonly axe: typeof axe;
}

/** Axe's findings as sentences. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const results = await (window as unknown as AxeWindow).axe.run(document, {
      resultTypes: ["violations"],
      // It would put copies of style sheets into the page, which the content policy forbids.
      preload: false,
    });
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 90)} ${(node.failureSummary ?? "").slice(0, 200)}`),
    );
  });
}
