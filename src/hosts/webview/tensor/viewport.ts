/** Where a matrix of cells stands in a rectangle of pixels: fitting, zooming, panning, finding cells. No DOM. */

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The cell at the rectangle's top left corner (fractions of cells count) and a cell's size in CSS pixels. */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface CellRange {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** Cells that show their number without zooming are this large; a single row may be taller than a cell of many. */
const numberCell: Size = { width: 44, height: 20 };
const largestNumberCell: Size = { width: 84, height: 30 };
const largestSquare = 96;
const stripHeight = 40;

/** The viewport that shows everything: number cells where they fit, else squares, else a strip for a vector. */
export function fit(grid: Grid, space: Size): Viewport {
  const { rows, columns } = grid;
  const width = space.width / Math.max(columns, 1);
  const height = space.height / Math.max(rows, 1);
  const corner = { left: 0, top: 0 };
  if (width >= numberCell.width && height >= numberCell.height) {
    return {
      ...corner,
      cellWidth: Math.min(width, largestNumberCell.width),
      cellHeight: Math.min(height, largestNumberCell.height),
    };
  }
  if (rows === 1) return { ...corner, cellWidth: width, cellHeight: Math.min(height, stripHeight) };
  if (columns === 1)
    return { ...corner, cellWidth: Math.min(width, stripHeight), cellHeight: Math.min(height, stripHeight) };
  const square = Math.min(width, height);
  // A matrix far from square would vanish as squares; it is stretched to a visible thickness.
  return {
    ...corner,
    cellWidth: Math.max(square, Math.min(width, 12 / columns)),
    cellHeight: Math.max(square, Math.min(height, 12 / rows)),
  };
}

/** The height that the fitted matrix takes, for laying the canvas out. */
export function fittedHeight(grid: Grid, space: Size): number {
  return Math.min(space.height, Math.ceil(grid.rows * fit(grid, space).cellHeight));
}

/** Zooms by `factor` around the point (x, y); vectors stretch along their length only. */
export function zoomAt(
  view: Viewport,
  { grid, space, factor, x, y }: { grid: Grid; space: Size; factor: number; x: number; y: number },
): Viewport {
  const fitted = fit(grid, space);
  const along = (now: number, least: number, most: number): number =>
    Math.min(Math.max(now * factor, least), Math.max(most, least));
  const lockHeight = grid.rows === 1;
  const cellWidth = along(view.cellWidth, fitted.cellWidth, largestSquare);
  const cellHeight = lockHeight ? view.cellHeight : along(view.cellHeight, fitted.cellHeight, largestSquare);
  const zoomed = {
    left: view.left + x / view.cellWidth - x / cellWidth,
    top: view.top + y / view.cellHeight - y / cellHeight,
    cellWidth,
    cellHeight,
  };
  return clamp(zoomed, grid, space);
}

export function pan(view: Viewport, grid: Grid, space: Size, dx: number, dy: number): Viewport {
  const moved = { ...view, left: view.left - dx / view.cellWidth, top: view.top - dy / view.cellHeight };
  return clamp(moved, grid, space);
}

/** Keeps the matrix in the rectangle: no empty band while there are cells to show. */
export function clamp(view: Viewport, grid: Grid, space: Size): Viewport {
  const most = (count: number, pixels: number, cell: number): number => Math.max(0, count - pixels / cell);
  return {
    ...view,
    left: Math.min(Math.max(view.left, 0), most(grid.columns, space.width, view.cellWidth)),
    top: Math.min(Math.max(view.top, 0), most(grid.rows, space.height, view.cellHeight)),
  };
}

/** Whether this shows everything, as `fit` does. */
export function isFitted(view: Viewport, grid: Grid, space: Size): boolean {
  const fitted = fit(grid, space);
  return view.cellWidth <= fitted.cellWidth * 1.001 && view.cellHeight <= fitted.cellHeight * 1.001;
}

/** The cell under a point, or null beside the matrix. */
export function cellAt(view: Viewport, grid: Grid, x: number, y: number): Cell | null {
  const row = Math.floor(view.top + y / view.cellHeight);
  const column = Math.floor(view.left + x / view.cellWidth);
  return row >= 0 && row < grid.rows && column >= 0 && column < grid.columns ? { row, column } : null;
}

/** The cells that are at least partly in view. */
export function visibleCells(view: Viewport, grid: Grid, space: Size): CellRange {
  const end = (from: number, pixels: number, cell: number, count: number): number =>
    Math.min(count, Math.ceil(from + pixels / cell - 1e-9));
  return {
    fromRow: Math.max(0, Math.floor(view.top)),
    toRow: end(view.top, space.height, view.cellHeight, grid.rows),
    fromColumn: Math.max(0, Math.floor(view.left)),
    toColumn: end(view.left, space.width, view.cellWidth, grid.columns),
  };
}

/** Moves as little as it takes to have the whole cell in view. */
export function bringIntoView(view: Viewport, grid: Grid, space: Size, cell: Cell): Viewport {
  const along = (from: number, index: number, shown: number): number => {
    if (index < from) return index;
    return index + 1 > from + shown ? index + 1 - shown : from;
  };
  const moved = {
    ...view,
    left: along(view.left, cell.column, space.width / view.cellWidth),
    top: along(view.top, cell.row, space.height / view.cellHeight),
  };
  return clamp(moved, grid, space);
}

/** Every how many cells an axis gets its index written, so that labels of `room` pixels do not touch. */
export function tickEvery(cellPixels: number, room: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power * cellPixels >= room) return factor * power;
  }
}
