/**
 * `npm run bench:panel`: how smooth the inspector is. Pans a 4,096 × 4,096 heatmap and a graph of 1,000 nodes as a person
 * drags them, opens a tensor of a hundred million elements, scrolls a table of 1,500 nodes, and asks the engine for what the
 * panel shows of such a tensor. Frames are those of a browser without a graphics card. Writes bench/RESULTS-panel.md.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { execute } from "../src/engine";
import { startInspectorPages } from "../test/webview/inspector-page";
import { largeGraph } from "../test/webview/fixture-graph";
import { drawn, painted, stageOf } from "../test/webview/graph-driver";
import { openTab, settled, showTensor } from "../test/webview/inspector-driver";
import type { Page } from "playwright-core";

interface Frames {
  /** Milliseconds from frame to frame, in order of size. */
  readonly gaps: readonly number[];
}

/** What was measured, as rows of the table of results. */
const frameRows: string[] = [];
const timeRows: string[] = [];

function describe(name: string, { gaps }: Frames): void {
  const at = (share: number): string => (gaps[Math.floor(share * (gaps.length - 1))] ?? NaN).toFixed(1);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const late = gaps.filter((gap) => gap > 25).length;
  const rate = (1000 / mean).toFixed(0);
  frameRows.push(`| ${name} | ${rate} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${late} of ${gaps.length} |`);
  console.log(
    `${name.padEnd(44)} ${rate.padStart(3)} frames/s  median ${at(0.5)} ms  95 % ${at(0.95)} ms  longest ${at(1)} ms  late ${late} of ${gaps.length}`,
  );
}

function note(name: string, milliseconds: number): void {
  timeRows.push(`| ${name} | ${milliseconds.toFixed(1)} |`);
  console.log(`${name.padEnd(48)} ${milliseconds.toFixed(1)} ms`);
}

function resultsText(): string {
  const { model } = cpus()[0] ?? { model: "an unknown processor" };
  const machine = `${model.trim()}, ${String(cpus().length)} cores; Node ${process.version}; headless Chromium, painted without a graphics card`;
  return `# The inspector, measured

Made by \`npm run bench:panel\`. The target is 60 frames a second, 16.7 ms from one to the next; a frame is late after 25 ms.

- ${machine}

| | frames/s | median ms | 95 % ms | longest ms | late |
| --- | ---: | ---: | ---: | ---: | ---: |
${frameRows.join("\n")}

| | ms |
| --- | ---: |
${timeRows.join("\n")}
`;
}

/** Slices are answered at once from a table of noise: in the editor another process makes them. */
async function answerQuickly(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { harness } = window;
    harness.answering = false;
    const table = Float64Array.from({ length: 1 << 20 }, (_, i) => Math.sin(i / 77) + Math.cos(i / 1311));
    let seen = 0;
    setInterval(() => {
      for (; seen < harness.posted.length; seen++) {
        const message = harness.posted[seen];
        if (message?.type !== "slice") continue;
        const { rows, columns, limit } = message.slice;
        const [height, width] = [rows.to - rows.from, columns.to - columns.from];
        const step = Math.max(1, Math.ceil(Math.sqrt((height * width) / limit)));
        const size = { rows: Math.ceil(height / step), columns: Math.ceil(width / step) };
        const data = table.slice(0, size.rows * size.columns);
        const reply = { rowStep: step, columnStep: step, ...size, data };
        harness.answered++;
        harness.send({ type: "slice", requestId: message.requestId, reply });
      }
    }, 4);
  });
}

/** Drags the heatmap to and fro for so many frames. No function has a name here: the page knows no helpers of the bundler's. */
async function pan(page: Page, frames: number): Promise<Frames> {
  return page.locator("nnspec-heat-map[data-side=value] canvas").evaluate(async (canvas, frames) => {
    const box = canvas.getBoundingClientRect();
    canvas.setPointerCapture = () => undefined;
    const gaps: number[] = [];
    let before = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let frame = -1; frame <= frames; frame++) {
      const angle = (frame / frames) * 6 * Math.PI;
      const type = frame < 0 ? "pointerdown" : frame < frames ? "pointermove" : "pointerup";
      const clientX = box.left + 300 + 260 * Math.sin(angle);
      const clientY = box.top + 300 + 220 * Math.sin(angle * 1.7);
      canvas.dispatchEvent(new PointerEvent(type, { clientX, clientY, pointerId: 1, button: 0 }));
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      gaps.push(now - before);
      before = now;
    }
    return { gaps: gaps.sort((a, b) => a - b) };
  }, frames);
}

async function scroll(page: Page, frames: number): Promise<Frames> {
  return page.evaluate(async (frames) => {
    const view = document.querySelector("nnspec-inspector")!.shadowRoot!.querySelector("nnspec-values")!;
    const box = view.shadowRoot!.querySelector(".scroll")!;
    const gaps: number[] = [];
    let before = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let frame = 0; frame < frames; frame++) {
      box.scrollTop += 90;
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      gaps.push(now - before);
      before = now;
    }
    return { gaps: gaps.sort((a, b) => a - b) };
  }, frames);
}

async function measurePanel(): Promise<void> {
  const pages = await startInspectorPages();
  const { page } = await pages.open("scene=shapes", { width: 1280, height: 900 });
  await answerQuickly(page);
  await showTensor(page, "huge");
  for (const [name, presses] of [
    ["panning 4,096 × 4,096, zoomed twice", 2],
    ["panning 4,096 × 4,096, a cell a pixel", 4],
    ["panning 4,096 × 4,096, numbers in the cells", 6],
  ] as const) {
    const canvas = page.locator("nnspec-heat-map[data-side=value] canvas");
    await canvas.focus();
    await page.keyboard.press("0");
    for (let i = 0; i < presses * 2; i++) await page.keyboard.press("+");
    await settled(page);
    describe(name, await pan(page, 300));
  }
  const started = Date.now();
  await page.getByLabel("Node", { exact: true }).selectOption({ label: "hundred_million" });
  await page.locator("nnspec-heat-map[data-side=value][data-condition=shown]").waitFor();
  note("opening 10,000 × 10,000 in the panel", Date.now() - started);
  describe("panning 10,000 × 10,000", await pan(page, 300));
  await page.close();
  const table = await pages.open("scene=long", { width: 1280, height: 900 });
  await table.page.getByRole("treegrid").waitFor();
  describe("scrolling 1,500 nodes", await scroll(table.page, 300));
  await table.page.close();
  await measureGraph(pages);
  await pages.close();
}

async function measureGraph(pages: Awaited<ReturnType<typeof startInspectorPages>>): Promise<void> {
  const { page } = await pages.open("live=weight-decay", { width: 1280, height: 900 });
  await page.getByRole("treegrid").waitFor();
  await page.evaluate((graph) => {
    window.harness.answers["graph"] = graph;
  }, largeGraph());
  const started = Date.now();
  await openTab(page, "Graph");
  await stageOf(page).waitFor({ timeout: 60_000 });
  await drawn(page, 1000);
  note("laying out a graph of 1,000 nodes", Date.now() - started);
  for (const [name, presses] of [
    ["panning a graph of 1,000 nodes, all of it", 0],
    ["panning a graph of 1,000 nodes, readable", 8],
  ] as const) {
    for (let i = 0; i < presses; i++) await page.getByRole("button", { name: "Zoom in" }).click();
    await painted(page);
    describe(name, await panGraph(page, 300));
  }
  await page.close();
}

/** Turns the wheel to and fro. */
async function panGraph(page: Page, frames: number): Promise<Frames> {
  return stageOf(page).evaluate(async (stage, frames) => {
    const surface = stage.shadowRoot!.querySelector(".surface")!;
    const gaps: number[] = [];
    let before = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let frame = 0; frame < frames; frame++) {
      const deltaY = 30 * Math.sin((frame / frames) * 6 * Math.PI);
      const turn = { deltaY, shiftKey: frame % 2 === 0, bubbles: true, cancelable: true };
      surface.dispatchEvent(new WheelEvent("wheel", turn));
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      gaps.push(now - before);
      before = now;
    }
    return { gaps: gaps.sort((a, b) => a - b) };
  }, frames);
}

async function measureEngine(): Promise<void> {
  const size = 10_000;
  const text = `run r {\n  x = zeros([${String(size)}, ${String(size)}]) + 1.5\n  check sum(x) == sum(x)\n}\n`;
  const timed = async <T>(name: string, work: () => Promise<T> | T): Promise<T> => {
    const started = performance.now();
    const result = await work();
    note(name, performance.now() - started);
    return result;
  };
  const host = { resolve: () => undefined, data: undefined, now: () => performance.now() };
  const session = await timed("a run of a hundred million elements", () =>
    execute(host, { id: "r", text, version: 1 }, { action: "run", target: undefined }),
  );
  const node = session.outcome.targets[0]!.nodes[0]!.id;
  const request = { node, of: "value", root: null, leading: [], limit: 65_536, pooled: true } as const;
  const whole = { from: 0, to: size };
  await timed("its overview, every element looked at", () =>
    session.slice({ ...request, rows: whole, columns: whole }),
  );
  const tile = { from: 0, to: 1024 };
  await timed("a tile of 1,024 × 1,024 of it", () =>
    session.slice({ ...request, rows: tile, columns: tile }),
  );
  const tensor = { node, of: "value", root: null } as const;
  await timed("16 MiB of it as npy", () =>
    session.answer({ kind: "file", target: "r", tensor, from: 0, to: 1 << 24 }),
  );
}

async function main(): Promise<void> {
  await measurePanel();
  await measureEngine();
  writeFileSync(path.join(__dirname, "RESULTS-panel.md"), resultsText());
}

void main();
