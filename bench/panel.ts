/**
 * `npm run bench:panel`: how smooth the inspector is. Pans a 4,096 × 4,096 heatmap as a person drags it, opens a tensor of
 * a hundred million elements, scrolls a table of 1,500 nodes, and asks the engine for what the panel shows of such a
 * tensor. Prints frames and times; nothing is judged.
 */
import { execute } from "../src/engine";
import { startInspectorPages } from "../test/webview/inspector-page";
import { settled, showTensor } from "../test/webview/inspector-driver";
import type { Page } from "playwright-core";

interface Frames {
  /** Milliseconds from frame to frame, in order of size. */
  readonly gaps: readonly number[];
}

function describe(name: string, { gaps }: Frames): void {
  const at = (share: number): string => (gaps[Math.floor(share * (gaps.length - 1))] ?? NaN).toFixed(1);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const late = gaps.filter((gap) => gap > 25).length;
  console.log(
    `${name.padEnd(44)} ${(1000 / mean).toFixed(0).padStart(3)} frames/s  median ${at(0.5)} ms  95 % ${at(0.95)} ms  longest ${at(1)} ms  late ${late} of ${gaps.length}`,
  );
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
  console.log(`opening 10,000 × 10,000 in the panel             ${String(Date.now() - started)} ms`);
  describe("panning 10,000 × 10,000", await pan(page, 300));
  await page.close();
  const table = await pages.open("scene=long", { width: 1280, height: 900 });
  await table.page.getByRole("treegrid").waitFor();
  describe("scrolling 1,500 nodes", await scroll(table.page, 300));
  await pages.close();
}

async function measureEngine(): Promise<void> {
  const size = 10_000;
  const text = `run r {\n  x = zeros([${String(size)}, ${String(size)}]) + 1.5\n  check sum(x) == sum(x)\n}\n`;
  const timed = async <T>(name: string, work: () => Promise<T> | T): Promise<T> => {
    const started = performance.now();
    const result = await work();
    console.log(`${name.padEnd(48)} ${(performance.now() - started).toFixed(1)} ms`);
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
}

void main();
