/** Compares a heatmap's pixels with colours that the browser itself mixes, so that our own arithmetic is not its judge. */
import type { Page } from "playwright-core";

export interface PixelColors {
  readonly negative: string;
  readonly zero: string;
  readonly positive: string;
  readonly nan: string;
  readonly positiveInfinity: string;
  readonly negativeInfinity: string;
}

/** What each theme promises; the zero is its editor background. */
export const promisedColors: Readonly<Record<"dark" | "light", PixelColors>> = {
  dark: {
    negative: "rgb(92, 178, 255)",
    zero: "#1f1f1f",
    positive: "rgb(255, 130, 108)",
    nan: "rgb(240, 80, 240)",
    positiveInfinity: "rgb(255, 214, 10)",
    negativeInfinity: "rgb(38, 222, 170)",
  },
  light: {
    negative: "rgb(10, 84, 171)",
    zero: "#ffffff",
    positive: "rgb(176, 29, 37)",
    nan: "rgb(190, 0, 190)",
    positiveInfinity: "rgb(122, 82, 0)",
    negativeInfinity: "rgb(0, 105, 92)",
  },
};

/** The colour of an element on the zero-centred scale, as CSS. */
function cssFor(value: number, limit: number, colors: PixelColors): string {
  if (Number.isNaN(value)) return colors.nan;
  if (!Number.isFinite(value)) return value > 0 ? colors.positiveInfinity : colors.negativeInfinity;
  const end = value < 0 ? colors.negative : colors.positive;
  return `color-mix(in oklab, ${end} ${String((100 * Math.abs(value)) / limit)}%, ${colors.zero})`;
}

/** The cells whose colour is not that of the row-major `elements`, as sentences. */
export async function wrongCells(
  page: Page,
  side: "value" | "gradient" | "difference",
  elements: readonly number[],
  columns: number,
  colors: PixelColors,
): Promise<readonly string[]> {
  const limit = Math.max(...elements.filter(Number.isFinite).map(Math.abs));
  const wanted = elements.map((value) => cssFor(value, limit, colors));
  const found = await page.locator(`nnspec-heat-map[data-side=${side}]`).evaluate(
    (map, { wanted, columns }) => {
      const canvas = map.shadowRoot!.querySelector("canvas")!;
      const context = canvas.getContext("2d")!;
      const mixer = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
      const rows = wanted.length / columns;
      // The cells fill the canvas from the gutters on; their size is the map's own.
      const { view, space } = map as unknown as {
        view: { cellWidth: number; cellHeight: number };
        space: { width: number; height: number };
      };
      const left = canvas.clientWidth - 2 - space.width;
      const top = canvas.clientHeight - 2 - space.height;
      const ratio = devicePixelRatio;
      return wanted.map((css, i) => {
        const row = Math.floor(i / columns);
        const column = i % columns;
        // Near the corner, where no digit is drawn.
        const x = left + column * view.cellWidth + Math.min(4, view.cellWidth / 2);
        const y = top + row * view.cellHeight + Math.min(4, view.cellHeight / 2);
        const pixel = [...context.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data];
        mixer.fillStyle = css;
        mixer.fillRect(0, 0, 1, 1);
        const target = [...mixer.getImageData(0, 0, 1, 1).data];
        const difference = Math.max(...target.map((channel, k) => Math.abs(channel - pixel[k]!)));
        return { row, column, rows, pixel, target, difference };
      });
    },
    { wanted, columns },
  );
  // Two steps of 255: the scale is kept as 513 colours.
  return found
    .filter(({ difference }) => difference > 2)
    .map(
      ({ row, column, pixel, target }) =>
        `[${String(row)}, ${String(column)}] is ${pixel.join(" ")}, not ${target.join(" ")}`,
    );
}
