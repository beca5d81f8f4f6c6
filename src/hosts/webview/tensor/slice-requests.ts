/**
 * Which slices a heatmap needs: one overview of the whole matrix, and where that is too coarse, tiles of it at the
 * resolution of the screen. Tiles lie on a fixed grid, so that panning finds them again. No DOM, no sending.
 */
import type { SliceRequest } from "../../../protocol";
import { type CellRange, type Grid, type Size, type Viewport, visibleCells } from "./viewport";

/** What is looked at: the part of a request that does not change while panning. */
export interface SliceSubject {
  /** Another run than the one in view. */
  readonly run?: number;
  readonly node: number;
  readonly of: "value" | "gradient";
  readonly root: number | null;
  readonly leading: readonly number[];
}

/** Samples along a tile's side. */
const tileSide = 256;
export const overviewLimit = tileSide * tileSide;

export function overviewRequest(subject: SliceSubject, grid: Grid): SliceRequest {
  return {
    ...subject,
    rows: { from: 0, to: grid.rows },
    columns: { from: 0, to: grid.columns },
    limit: overviewLimit,
    pooled: true,
  };
}

/** One window, every element of it. */
export function exactRequest(subject: SliceSubject, range: CellRange): SliceRequest {
  return {
    ...subject,
    rows: { from: range.fromRow, to: range.toRow },
    columns: { from: range.fromColumn, to: range.toColumn },
    limit: Math.max(1, (range.toRow - range.fromRow) * (range.toColumn - range.fromColumn)),
  };
}

/** The power of two of cells that share a device pixel. */
function stepFor(cellPixels: number, pixelRatio: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(1 / Math.max(cellPixels * pixelRatio, 1e-12))));
}

/**
 * The tiles in view, nearest to the middle first; none where the overview is as fine as the screen. `overviewStep`
 * is how coarse the overview came back (1 when every element is in it).
 */
export function tileRequests(
  subject: SliceSubject,
  {
    grid,
    space,
    view,
    pixelRatio,
    overviewStep,
  }: {
    grid: Grid;
    space: Size;
    view: Viewport;
    pixelRatio: number;
    overviewStep: { readonly row: number; readonly column: number };
  },
): readonly SliceRequest[] {
  const rowStep = stepFor(view.cellHeight, pixelRatio);
  const columnStep = stepFor(view.cellWidth, pixelRatio);
  if (rowStep >= overviewStep.row && columnStep >= overviewStep.column) return [];
  const visible = visibleCells(view, grid, space);
  const tileRows = tileSide * rowStep;
  const tileColumns = tileSide * columnStep;
  const found: { readonly request: SliceRequest; readonly distance: number }[] = [];
  const middleRow = (visible.fromRow + visible.toRow) / 2;
  const middleColumn = (visible.fromColumn + visible.toColumn) / 2;
  for (let row = Math.floor(visible.fromRow / tileRows); row * tileRows < visible.toRow; row++) {
    for (
      let column = Math.floor(visible.fromColumn / tileColumns);
      column * tileColumns < visible.toColumn;
      column++
    ) {
      const rows = { from: row * tileRows, to: Math.min((row + 1) * tileRows, grid.rows) };
      const columns = { from: column * tileColumns, to: Math.min((column + 1) * tileColumns, grid.columns) };
      const limit =
        Math.ceil((rows.to - rows.from) / rowStep) * Math.ceil((columns.to - columns.from) / columnStep);
      const away = Math.hypot(
        (row + 0.5) * tileRows - middleRow,
        (column + 0.5) * tileColumns - middleColumn,
      );
      found.push({ request: { ...subject, rows, columns, limit, pooled: true }, distance: away });
    }
  }
  return found.sort((a, b) => a.distance - b.distance).map((tile) => tile.request);
}

/** Equal requests have equal keys. */
export function sliceKey(request: SliceRequest): string {
  const { run = "", node, of, root, leading, rows, columns, limit, pooled = false } = request;
  // The root matters to gradients alone.
  const ofWhat = of === "value" ? "v" : `g${String(root)}`;
  const window = [rows.from, rows.to, columns.from, columns.to, limit];
  return [run, node, ofWhat, leading.join("."), ...window, pooled ? "pooled" : "exact"].join("|");
}
