/** Driving the graph tab in the tests' browser: opening it, finding boxes on the page, reading what is painted. */
import type { Locator, Page } from "playwright-core";
import type { GraphStage } from "../../src/hosts/webview/graph/graph-stage";
import { openTab } from "./inspector-driver";

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function stageOf(page: Page): Locator {
  return page.locator("nnspec-graph-stage");
}

/** Opens the tab and waits for a drawing of so many boxes. */
export async function openGraph(page: Page, boxes?: number): Promise<void> {
  await openTab(page, "Graph");
  await stageOf(page).waitFor();
  if (boxes !== undefined) await drawn(page, boxes);
  await painted(page);
}

export async function drawn(page: Page, boxes: number): Promise<void> {
  const count = String(boxes).replace(/(?=\d{3}$)\B/, "\\D");
  await page.getByText(new RegExp(`^${count} boxes$`)).waitFor();
  await painted(page);
}

/** Several frames later everything is where it stays. */
export function painted(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let i = 0; i < 4; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** Where a box is on the page, by its title. */
export function placeOf(page: Page, title: string): Promise<Place> {
  return stageOf(page).evaluate((element, wanted) => {
    const stage = element as GraphStage;
    const { box } = stage.scene.drawing.boxes.find((placed) => placed.box.title === wanted)!;
    return stage.placeOf(box.key);
  }, title);
}

export async function clickBox(page: Page, title: string, clicks = 1): Promise<void> {
  const { x, y, width, height } = await placeOf(page, title);
  await page.mouse.click(x + width / 2, y + Math.min(height / 2, 14), { clickCount: clicks });
}

export function titles(page: Page): Promise<string[]> {
  return stageOf(page).evaluate((stage) =>
    (stage as GraphStage).scene.drawing.boxes.map(({ box }) => box.title),
  );
}

/** What the keyboard is on, as a screen reader says it. */
export function active(page: Page): Promise<string> {
  return stageOf(page).evaluate((stage) => {
    const root = stage.shadowRoot!;
    const id = root.querySelector("[role=tree]")!.getAttribute("aria-activedescendant")!;
    return root.getElementById(id)!.textContent.trim().replace(/\s+/g, " ");
  });
}

export function colorAt(page: Page, x: number, y: number): Promise<readonly number[]> {
  return stageOf(page).evaluate(
    (stage, at) => {
      const canvas = stage.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.drawing")!;
      const { left, top } = canvas.getBoundingClientRect();
      const { data } = canvas.getContext("2d")!.getImageData(at.x - left, at.y - top, 1, 1);
      return [...data];
    },
    { x, y },
  );
}
