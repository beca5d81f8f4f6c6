/** Paints a heatmap onto a canvas: cells, numbers, marks for NaN and infinities, axes, cursor. Fetches nothing. */
import { type Brush, brushedColor, type ColorScale, paintValues } from "../look/color-scale";
import { cssColor, inkOn } from "../look/color-space";
import { cellNumber, type DType } from "../look/number-format";
import { numberAt, type PlacedSlice } from "./slice-lookup";
import type { Theme } from "../look/theme";
import { type AxisNames, characterWidth, drawAxes, edge, guttersOf } from "./heat-map-axes";
import { drawNotFiniteMarks, type NotFinitePlace } from "./not-finite-marks";
import { type Cell, type CellRange, type Grid, type Size, type Viewport, visibleCells } from "./viewport";

export interface HeatMapPicture {
  readonly grid: Grid;
  readonly view: Viewport;
  /** The room for cells, without the gutters. */
  readonly space: Size;
  readonly names: AxisNames;
  readonly scale: ColorScale;
  /** The values that are singled out. */
  readonly brush: Brush | null;
  readonly theme: Theme;
  readonly dtype: DType;
  /** Coarse ones first: finer ones are painted over them. */
  readonly slices: readonly PlacedSlice[];
  readonly cursor: Cell | null;
  readonly pixelRatio: number;
}

/** A slice as a picture, one pixel an element. */
interface Painted {
  readonly scale: ColorScale;
  readonly brush: Brush | null;
  readonly bitmap: HTMLCanvasElement;
  /** Where its elements are not finite, by position. */
  readonly notFinite: readonly number[];
}

/** Kept as long as the slice is, and its scale and brush are the same. */
const painted = new WeakMap<PlacedSlice["reply"], Painted>();

/** Of more of one slice the signs would hide the picture. */
const mostNotFinite = 2000;

export function drawHeatMap(context: CanvasRenderingContext2D, picture: HeatMapPicture): void {
  const { pixelRatio, theme, grid, space, names } = picture;
  const { left, top } = guttersOf(grid, names);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = cssColor(theme.background);
  context.fillRect(0, 0, left + space.width + edge, top + space.height + edge);
  drawAxes(context, picture);
  context.save();
  context.translate(left, top);
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
  } else
    drawNotFiniteMarks(context, notFinitePlaces(picture), (value) =>
      brushedColor(picture.scale, value, picture.brush),
    );
  context.restore();
  drawFrame(context, picture, { left, top, right, bottom });
}

function drawSlice(context: CanvasRenderingContext2D, picture: HeatMapPicture, slice: PlacedSlice): void {
  const { request, reply } = slice;
  if (reply.rows === 0 || reply.columns === 0) return;
  const { view } = picture;
  context.imageSmoothingEnabled = false;
  context.drawImage(
    paintedSlice(picture, reply).bitmap,
    (request.columns.from - view.left) * view.cellWidth,
    (request.rows.from - view.top) * view.cellHeight,
    reply.columns * reply.columnStep * view.cellWidth,
    reply.rows * reply.rowStep * view.cellHeight,
  );
}

/** The picture of a slice, one pixel an element. */
export function paintedPicture(reply: PlacedSlice["reply"], scale: ColorScale): HTMLCanvasElement {
  return paintedSlice({ scale, brush: null }, reply).bitmap;
}

function paintedSlice(
  { scale, brush }: Pick<HeatMapPicture, "scale" | "brush">,
  reply: PlacedSlice["reply"],
): Painted {
  const known = painted.get(reply);
  if (known?.scale === scale && known.brush === brush) return known;
  const bitmap = known?.bitmap ?? document.createElement("canvas");
  bitmap.width = reply.columns;
  bitmap.height = reply.rows;
  const pixels = new ImageData(reply.columns, reply.rows);
  paintValues(scale, reply.data, pixels.data, brush);
  bitmap.getContext("2d")!.putImageData(pixels, 0, 0);
  const made = { scale, brush, bitmap, notFinite: known?.notFinite ?? notFiniteOf(reply.data) };
  painted.set(reply, made);
  return made;
}

function notFiniteOf(data: Float64Array): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < data.length && found.length < mostNotFinite; i++)
    if (!Number.isFinite(data[i])) found.push(i);
  return found;
}

/** The middles of the cells and blocks in view that are not finite. */
function* notFinitePlaces(picture: HeatMapPicture): Generator<NotFinitePlace> {
  const { view, space, slices } = picture;
  for (const { request, reply } of slices) {
    for (const at of paintedSlice(picture, reply).notFinite) {
      const row = request.rows.from + (Math.floor(at / reply.columns) + 0.5) * reply.rowStep;
      const column = request.columns.from + ((at % reply.columns) + 0.5) * reply.columnStep;
      const x = (column - view.left) * view.cellWidth;
      const y = (row - view.top) * view.cellHeight;
      if (x >= 0 && y >= 0 && x <= space.width && y <= space.height) yield { x, y, value: reply.data[at]! };
    }
  }
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
  const { view, slices, scale, brush, dtype, theme } = picture;
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
      context.fillStyle = cssColor(inkOn(brushedColor(scale, value, brush)));
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

/** The matrix's edge, and the cursor: two lines, so that it shows on every colour. */
function drawFrame(
  context: CanvasRenderingContext2D,
  { view, cursor, theme, space }: HeatMapPicture,
  { left, top, right, bottom }: Readonly<Record<"left" | "top" | "right" | "bottom", number>>,
): void {
  context.strokeStyle = theme.foreground;
  context.globalAlpha = 0.35;
  context.strokeRect(left - 0.5, top - 0.5, right + 1, bottom + 1);
  context.globalAlpha = 1;
  if (cursor === null) return;
  const width = Math.max(view.cellWidth, 5);
  const height = Math.max(view.cellHeight, 5);
  const x = left + (cursor.column + 0.5 - view.left) * view.cellWidth - width / 2;
  const y = top + (cursor.row + 0.5 - view.top) * view.cellHeight - height / 2;
  context.save();
  context.beginPath();
  context.rect(left - 3, top - 3, space.width + 6, space.height + 6);
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
