/**
 * Pictures of whole views of the inspector, compared with committed ones, test/e2e/pictures/*.png. So that they are equal
 * on every machine, the panel is drawn in fonts that come with the tests (KaTeX's; what they lack is a box of box-font.ts), with durations and clock times written over; what
 * is compared is made smaller first, so that the edges of lines and curves do not matter. UPDATE_PICTURES=1 npm run test:e2e
 * writes the pictures anew, to be looked at; a picture that differs is left in test/e2e/out beside the committed one.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { boxFont } from "./box-font";
import { pictures, type Workbench } from "./workbench";

const folder = path.join(__dirname, "pictures");

/** So many pixels in each direction become one, whose channels may differ this much, in this share of all. */
const reduction = 4;
const channelTolerance = 20;
const share = 0.001;

export const updatingPictures = process.env["UPDATE_PICTURES"] === "1";

/** Of which weights each is: every one of them, so that no machine makes a bold one of its own. */
const fonts: readonly { readonly family: string; readonly weight: string; readonly bytes: Uint8Array }[] = [
  { family: "Letters", weight: "100 500", bytes: katexFont("SansSerif-Regular") },
  { family: "Letters", weight: "600 900", bytes: katexFont("SansSerif-Bold") },
  { family: "Signs", weight: "100 500", bytes: katexFont("Main-Regular") },
  { family: "Signs", weight: "600 900", bytes: katexFont("Main-Bold") },
  { family: "Greek", weight: "100 900", bytes: katexFont("Math-Italic") },
  { family: "Code", weight: "100 900", bytes: katexFont("Typewriter-Regular") },
  { family: "Boxes", weight: "100 900", bytes: boxFont() },
];

function katexFont(name: string): Uint8Array {
  return readFileSync(require.resolve(`katex/dist/fonts/KaTeX_${name}.woff2`));
}

/** From here on the panel writes in the tests' own fonts. To be called once for each page of the panel. */
export async function writeInOwnFonts(panel: FrameLocator): Promise<void> {
  await panel.locator("body").evaluate(
    async (body, given) => {
      for (const { family, weight, bytes } of given) {
        const font = new FontFace(family, Uint8Array.from(bytes), { weight });
        document.fonts.add(await font.load());
      }
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`:root {
        --vscode-font-family: Letters, Signs, Greek, Boxes !important;
        --vscode-font-size: 13px !important;
        --vscode-editor-font-family: Code, Signs, Greek, Boxes !important;
        --vscode-editor-font-size: 13px !important;
      }`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      body.classList.add("in-own-fonts"); // a change of theme to whoever draws on a canvas
    },
    fonts.map((font) => ({ ...font, bytes: [...font.bytes] })),
  );
}

/** The panel as it stands, once it is at rest. */
async function pictureOf({ page, panel }: Workbench): Promise<Buffer> {
  const body = panel.locator("body");
  await page.mouse.move(2, 2);
  await body.evaluate(async () => {
    // No function in here has a name: what compiles this file would call a helper for it, which the page does not have.
    const roots: (Document | ShadowRoot)[] = [document];
    for (const root of roots) {
      for (const { shadowRoot } of root.querySelectorAll("*"))
        if (shadowRoot !== null) roots.push(shadowRoot);
      if (root.activeElement instanceof HTMLElement && root.activeElement.shadowRoot === null)
        root.activeElement.blur();
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        const text = node.nodeValue ?? "";
        const same = text
          .replace(/\d[\d.,\s]*\s?(?:µs|ms|s|min)(?![\w/])/gu, "0 ms")
          .replace(/\d\d:\d\d:\d\d/g, "00:00:00");
        if (same !== text) node.nodeValue = same;
      }
    }
    for (let i = 0; i < 6; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  return body.screenshot({ animations: "disabled", caret: "hide" });
}

/**
 * What differs from the committed picture, as a sentence; null where nothing does. A machine that is busy may take some tries to
 * come to rest.
 */
export async function viewDifference(workbench: Workbench, name: string, tries = 5): Promise<string | null> {
  const file = path.join(folder, `${name}.png`);
  const found = await pictureOf(workbench);
  if (updatingPictures) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, found);
    return null;
  }
  if (!existsSync(file)) return `${name}.png is missing: UPDATE_PICTURES=1 writes it`;
  const difference = await compared(workbench.page, found, readFileSync(file));
  if (difference === null) return null;
  if (tries > 1) {
    await workbench.page.waitForTimeout(400);
    return viewDifference(workbench, name, tries - 1);
  }
  writeFileSync(path.join(pictures, `view-${name}-found.png`), found);
  writeFileSync(path.join(pictures, `view-${name}-wanted.png`), readFileSync(file));
  return `${name} ${difference}`;
}

/** Compares in the browser, which reads PNG. As above, its functions have no names. */
function compared(page: Page, found: Buffer, wanted: Buffer): Promise<string | null> {
  return page.evaluate(
    async ({ files, reduction, channelTolerance, share }) => {
      const images: { width: number; height: number; columns: number; means: Float64Array }[] = [];
      for (const file of files) {
        const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
        const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const { width, height } = picture;
        const context = new OffscreenCanvas(width, height).getContext("2d")!;
        context.drawImage(picture, 0, 0);
        const { data } = context.getImageData(0, 0, width, height);
        const columns = Math.ceil(width / reduction);
        const means = new Float64Array(3 * columns * Math.ceil(height / reduction));
        for (let i = 0; i < width * height; i++) {
          const column = Math.floor((i % width) / reduction);
          const row = Math.floor(i / width / reduction);
          for (let channel = 0; channel < 3; channel++) {
            const place = 3 * (row * columns + column) + channel;
            means[place] = means[place]! + data[4 * i + channel]! / reduction ** 2;
          }
        }
        images.push({ width, height, columns, means });
      }
      const [a, b] = [images[0]!, images[1]!];
      if (a.width !== b.width || a.height !== b.height)
        return `is ${String(a.width)} × ${String(a.height)} pixels, not ${String(b.width)} × ${String(b.height)}`;
      const different = Array.from({ length: a.means.length / 3 }, (_, i) => i).filter((i) =>
        [0, 1, 2].some((channel) => {
          const place = 3 * i + channel;
          return Math.abs(a.means[place]! - b.means[place]!) > channelTolerance;
        }),
      );
      if (3 * different.length <= share * a.means.length) return null;
      const xs = different.map((i) => (i % a.columns) * reduction);
      const ys = different.map((i) => Math.floor(i / a.columns) * reduction);
      const percent = ((300 * different.length) / a.means.length).toFixed(2);
      return (
        `differs in ${percent} % of its area, between (${String(Math.min(...xs))}, ${String(Math.min(...ys))})` +
        ` and (${String(Math.max(...xs) + reduction)}, ${String(Math.max(...ys) + reduction)})`
      );
    },
    {
      files: [found.toString("base64"), wanted.toString("base64")],
      reduction,
      channelTolerance,
      share,
    },
  );
}
