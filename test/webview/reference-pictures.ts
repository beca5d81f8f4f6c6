/**
 * Pictures that are compared with committed ones, test/webview/pictures/*.png: the cells of canvases, without the axes'
 * writing, so that a machine's fonts do not matter. With UPDATE_PICTURES=1 they are written anew, to be looked at.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";

const folder = path.join(__dirname, "pictures");

/** A channel may differ this much, and this share of pixels more than that: drawing is not the same everywhere. */
const channelTolerance = 12;
const pixelTolerance = 0.002;

/** What differs from the committed picture, as a sentence; null where nothing does. */
export async function pictureDifference(canvas: Locator, name: string): Promise<string | null> {
  const file = path.join(folder, `${name}.png`);
  const update = process.env["UPDATE_PICTURES"] === "1";
  if (!update && !existsSync(file)) return `${name}.png is missing: UPDATE_PICTURES=1 writes it`;
  const wanted = update ? null : readFileSync(file).toString("base64");
  const found = await canvas.evaluate(
    async (element, { wanted, channelTolerance }) => {
      const canvas = element as HTMLCanvasElement; // The locator is one of a canvas.
      const host = (canvas.getRootNode() as ShadowRoot).host as unknown as {
        space?: { width: number; height: number };
      };
      const width = host.space === undefined ? canvas.width : Math.floor(host.space.width);
      const height = host.space === undefined ? canvas.height : Math.floor(host.space.height);
      const cells = new OffscreenCanvas(width, height);
      const context = cells.getContext("2d", { willReadFrequently: true })!;
      const edge = host.space === undefined ? 0 : 2;
      context.drawImage(canvas, width + edge - canvas.width, height + edge - canvas.height);
      if (wanted === null) {
        const bytes = new Uint8Array(await (await cells.convertToBlob({ type: "image/png" })).arrayBuffer());
        return {
          png: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")),
          size: "",
          share: 0,
        };
      }
      const bytes = Uint8Array.from(atob(wanted), (character) => character.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const size = `${String(width)} × ${String(height)}, not ${String(picture.width)} × ${String(picture.height)}`;
      if (picture.width !== width || picture.height !== height) return { png: "", size, share: 1 };
      const pixels = context.getImageData(0, 0, width, height).data;
      context.drawImage(picture, 0, 0);
      const reference = context.getImageData(0, 0, width, height).data;
      let different = 0;
      for (let i = 0; i < pixels.length; i += 4)
        if ([0, 1, 2].some((k) => Math.abs(pixels[i + k]! - reference[i + k]!) > channelTolerance))
          different++;
      return { png: "", size: "", share: different / (width * height) };
    },
    { wanted, channelTolerance },
  );
  if (update) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, Buffer.from(found.png, "base64"));
    return null;
  }
  if (found.size !== "") return `${name} is ${found.size}`;
  if (found.share <= pixelTolerance) return null;
  return `${name} differs in ${(100 * found.share).toFixed(2)} % of its pixels`;
}
