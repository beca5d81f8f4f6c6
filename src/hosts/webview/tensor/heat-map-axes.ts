/** The room around a heatmap's cells and what is written there: indices, and the names of the two dimensions. */
import type { Theme } from "../look/theme";
import { type Grid, type Size, tickEvery, type Viewport, visibleCells } from "./viewport";

export interface AxisNames {
  readonly rows: string | null;
  readonly columns: string | null;
}

/** Room right of and below the cells, for their frame and the cursor's. */
export const edge = 2;
const tickHeight = 17;
const nameHeight = 14;
export const characterWidth = 6.7;

/** The room left of and above the cells. */
export function guttersOf(grid: Grid, names: AxisNames): { readonly left: number; readonly top: number } {
  const ticks =
    grid.rows === 1 ? 6 : Math.ceil(String(Math.max(0, grid.rows - 1)).length * characterWidth) + 10;
  return {
    left: ticks + (hasRowName(grid, names) ? nameHeight : 0),
    top: tickHeight + (names.columns === null ? 0 : nameHeight),
  };
}

function hasRowName(grid: Grid, names: AxisNames): boolean {
  return names.rows !== null && grid.rows > 1;
}

export interface AxesPicture {
  readonly grid: Grid;
  readonly view: Viewport;
  readonly space: Size;
  readonly names: AxisNames;
  readonly theme: Theme;
}

export function drawAxes(context: CanvasRenderingContext2D, picture: AxesPicture): void {
  const { view, grid, space, names, theme } = picture;
  const { left, top } = guttersOf(grid, names);
  context.font = theme.numberFont.replace(/^\d+px/, "10px");
  context.fillStyle = theme.faint;
  context.textBaseline = "middle";
  const visible = visibleCells(view, grid, space);
  const widest = String(grid.columns).length * characterWidth + 10;
  const everyColumn = tickEvery(view.cellWidth, widest);
  context.textAlign = "center";
  const from = ceilTo(visible.fromColumn, everyColumn);
  for (let column = from; column < visible.toColumn; column += everyColumn) {
    const x = (column + 0.5 - view.left) * view.cellWidth;
    if (x >= 0 && x <= space.width) context.fillText(String(column), left + x, top - tickHeight / 2);
  }
  drawNames(context, picture, left);
  if (grid.rows === 1) return;
  const everyRow = tickEvery(view.cellHeight, 14);
  context.textAlign = "right";
  for (let row = ceilTo(visible.fromRow, everyRow); row < visible.toRow; row += everyRow) {
    const y = (row + 0.5 - view.top) * view.cellHeight;
    if (y >= 0 && y <= space.height) context.fillText(String(row), left - 5, top + y);
  }
}

/** The columns' name over them, the rows' beside them and turned, each with an arrow along its indices. */
function drawNames(
  context: CanvasRenderingContext2D,
  { grid, names, space, theme }: AxesPicture,
  left: number,
): void {
  context.fillStyle = theme.foreground;
  context.textAlign = "left";
  const { top } = guttersOf(grid, names);
  if (names.columns !== null)
    context.fillText(cut(`${names.columns} →`, space.width), left, nameHeight / 2 + 1);
  if (names.rows === null || grid.rows === 1) return;
  context.save();
  context.translate(nameHeight / 2, top);
  context.rotate(-Math.PI / 2);
  context.textAlign = "right";
  context.fillText(cut(`← ${names.rows}`, space.height), 0, 0);
  context.restore();
}

function cut(text: string, room: number): string {
  const most = Math.max(1, Math.floor(room / characterWidth));
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
}

function ceilTo(index: number, step: number): number {
  return Math.ceil(index / step) * step;
}
