/** Paints a heatmap onto a canvas: cells, numbers, marks for NaN and infinities, axes, cursor. Fetches nothing. */
import { type ColorScale, colorOf, paintValues } from "../look/color-scale";
import { cssColor, inkOn } from "../look/color-space";
import { cellNumber, type DType } from "../look/number-format";
import { numberAt, type PlacedSlice } from "./slice-lookup";
import type { Theme } from "../look/theme";
import {
  type Cell,
  type CellRange,
  type Grid,
  type Size,
  tickEvery,
  type Viewport,
  visibleCells,
} from "./viewport";

export interface HeatMapPicture {
  readonly grid: Grid;
  readonly view: Viewport;
  /** The room for cells, without the gutters. */
  readonly space: Size;
  readonly scale: ColorScale;
  readonly theme: Theme;
  readonly dtype: DType;
  /** Coarse ones first: finer ones are painted over them. */
  readonly slices: readonly PlacedSlice[];
  readonly cursor: Cell | null;
  readonly pixelRatio: number;
}

export const topGutter = 17;
/** Room right of and below the cells, for their frame and the cursor's. */
export const edge = 2;
const characterWidth = 6.7;

/** The room left of the cells, for the row numbers. */
export function leftGutter(grid: Grid): number {
  return grid.rows === 1 ? 6 : Math.ceil(String(Math.max(0, grid.rows - 1)).length * characterWidth) + 10;
}

/** Slices as pictures, one pixel an element, kept as long as the slice and its scale are. */
const bitmaps = new WeakMap<
  PlacedSlice["reply"],
  { readonly scale: ColorScale; readonly bitmap: HTMLCanvasElement }
>();

export function drawHeatMap(context: CanvasRenderingContext2D, picture: HeatMapPicture): void {
  const { pixelRatio, theme, grid, space } = picture;
  const left = leftGutter(grid);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = cssColor(theme.background);
  context.fillRect(0, 0, left + space.width + edge, topGutter + space.height + edge);
  drawAxes(context, picture, left);
  context.save();
  context.translate(left, topGutter);
  const { view } = picture;
  const right = Math.min(space.width, (grid.columns - view.left) * view.cellWidth);
  const bottom = Math.min(space.height, (grid.rows - view.top) * view.cellHeight);
  context.beginPath();
  context.rect(0, 0, right, bottom);
  context.clip();
  for (const slice of picture.slices) drawSlice(context, picture, slice);
  const visible = visibleCells(view, grid, space);
  if (Math.min(view.cellWidth, view.cellHeight) >= 9) {
    drawGridLines(context, picture, visible, right, bottom);
    drawNumbers(context, picture, visible);
  }
  context.restore();
  drawFrame(context, picture, left, right, bottom);
}

function drawSlice(context: CanvasRenderingContext2D, picture: HeatMapPicture, slice: PlacedSlice): void {
  const { request, reply } = slice;
  if (reply.rows === 0 || reply.columns === 0) return;
  const { view, scale } = picture;
  let made = bitmaps.get(reply);
  if (made?.scale !== scale) {
    made = { scale, bitmap: bitmapOf(reply, scale) };
    bitmaps.set(reply, made);
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(
    made.bitmap,
    (request.columns.from - view.left) * view.cellWidth,
    (request.rows.from - view.top) * view.cellHeight,
    reply.columns * reply.columnStep * view.cellWidth,
    reply.rows * reply.rowStep * view.cellHeight,
  );
}

function bitmapOf(reply: PlacedSlice["reply"], scale: ColorScale): HTMLCanvasElement {
  const bitmap = document.createElement("canvas");
  bitmap.width = reply.columns;
  bitmap.height = reply.rows;
  const pixels = new ImageData(reply.columns, reply.rows);
  paintValues(scale, reply.data, pixels.data);
  bitmap.getContext("2d")!.putImageData(pixels, 0, 0);
  return bitmap;
}

function drawGridLines(
  context: CanvasRenderingContext2D,
  { view, theme }: HeatMapPicture,
  visible: CellRange,
  right: number,
  bottom: number,
): void {
  context.fillStyle = theme.foreground;
  context.globalAlpha = 0.13;
  for (let row = visible.fromRow; row <= visible.toRow; row++)
    context.fillRect(0, Math.round((row - view.top) * view.cellHeight), right, 1);
  for (let column = visible.fromColumn; column <= visible.toColumn; column++)
    context.fillRect(Math.round((column - view.left) * view.cellWidth), 0, 1, bottom);
  context.globalAlpha = 1;
}

/** Numbers where they fit; NaN and infinities get a short mark even in cells too small for numbers. */
function drawNumbers(context: CanvasRenderingContext2D, picture: HeatMapPicture, visible: CellRange): void {
  const { view, slices, scale, dtype, theme } = picture;
  const characters = Math.floor((view.cellWidth - 4) / characterWidth);
  const whole = dtype === "int" || dtype === "bool";
  const plain = characters >= (whole ? 2 : 5) && view.cellHeight >= 14;
  context.font = theme.numberFont;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = visible.fromRow; row < visible.toRow; row++) {
    for (let column = visible.fromColumn; column < visible.toColumn; column++) {
      const value = numberAt(slices, { row, column });
      if (value === undefined) continue;
      const words = plain ? cellNumber(value, dtype, characters) : smallMark(value);
      if (words === null) continue;
      context.fillStyle = cssColor(inkOn(colorOf(scale, value)));
      context.fillText(
        words,
        (column + 0.5 - view.left) * view.cellWidth,
        (row + 0.5 - view.top) * view.cellHeight + 0.5,
      );
    }
  }
}

function smallMark(value: number): string | null {
  if (Number.isNaN(value)) return "×";
  if (Number.isFinite(value)) return null;
  return value > 0 ? "+" : "−";
}

function drawAxes(
  context: CanvasRenderingContext2D,
  { view, grid, space, theme }: HeatMapPicture,
  left: number,
): void {
  context.font = theme.numberFont.replace(/^\d+px/, "10px");
  context.fillStyle = theme.faint;
  context.textBaseline = "middle";
  const visible = visibleCells(view, grid, space);
  const widest = String(grid.columns).length * characterWidth + 10;
  const everyColumn = tickEvery(view.cellWidth, widest);
  context.textAlign = "center";
  for (
    let column = ceilTo(visible.fromColumn, everyColumn);
    column < visible.toColumn;
    column += everyColumn
  ) {
    const x = (column + 0.5 - view.left) * view.cellWidth;
    if (x >= 0 && x <= space.width) context.fillText(String(column), left + x, topGutter / 2);
  }
  if (grid.rows === 1) return;
  const everyRow = tickEvery(view.cellHeight, 14);
  context.textAlign = "right";
  for (let row = ceilTo(visible.fromRow, everyRow); row < visible.toRow; row += everyRow) {
    const y = (row + 0.5 - view.top) * view.cellHeight;
    if (y >= 0 && y <= space.height) context.fillText(String(row), left - 5, topGutter + y);
  }
}

function ceilTo(index: number, step: number): number {
  return Math.ceil(index / step) * step;
}

/** The matrix's edge, and the cursor: two lines, so that it shows on every colour. */
function drawFrame(
  context: CanvasRenderingContext2D,
  { view, cursor, theme, space }: HeatMapPicture,
  left: number,
  right: number,
  bottom: number,
): void {
  context.strokeStyle = theme.foreground;
  context.globalAlpha = 0.35;
  context.strokeRect(left - 0.5, topGutter - 0.5, right + 1, bottom + 1);
  context.globalAlpha = 1;
  if (cursor === null) return;
  const width = Math.max(view.cellWidth, 5);
  const height = Math.max(view.cellHeight, 5);
  const x = left + (cursor.column + 0.5 - view.left) * view.cellWidth - width / 2;
  const y = topGutter + (cursor.row + 0.5 - view.top) * view.cellHeight - height / 2;
  context.save();
  context.beginPath();
  context.rect(left - 3, topGutter - 3, space.width + 6, space.height + 6);
  context.clip();
  context.lineWidth = 4;
  context.strokeStyle = cssColor(theme.background);
  context.strokeRect(x, y, width, height);
  context.lineWidth = 2;
  context.strokeStyle = theme.foreground;
  context.strokeRect(x, y, width, height);
  context.restore();
  context.lineWidth = 1;
}
