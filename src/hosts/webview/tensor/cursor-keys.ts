/** What keys do to the cell under the keyboard's cursor, and where zooming by key is centred. No DOM. */
import type { Cell, Grid, Size, Viewport } from "./viewport";

/** The cell that the key moves to; null for keys that do not move. The first key press only shows the cursor. */
export function movedCell(
  key: string,
  shift: boolean,
  from: Cell | null,
  { rows, columns }: Grid,
): Cell | null {
  const far = shift ? 10 : 1;
  const moves: Readonly<Record<string, readonly [down: number, right: number]>> = {
    ArrowUp: [-far, 0],
    ArrowDown: [far, 0],
    ArrowLeft: [0, -far],
    ArrowRight: [0, far],
    Home: [0, -columns],
    End: [0, columns],
  };
  const move = moves[key];
  if (move === undefined) return null;
  if (from === null) return { row: 0, column: 0 };
  const within = (at: number, count: number): number => Math.min(Math.max(0, at), count - 1);
  return { row: within(from.row + move[0], rows), column: within(from.column + move[1], columns) };
}

/** The point that stays where it is: the cursor's cell, kept inside the rectangle, or without a cursor the middle. */
export function zoomCentre(
  view: Viewport,
  space: Size,
  cursor: Cell | null,
): { readonly x: number; readonly y: number } {
  if (cursor === null) return { x: space.width / 2, y: space.height / 2 };
  const within = (at: number, size: number): number => Math.min(Math.max(0, at), size);
  return {
    x: within((cursor.column + 0.5 - view.left) * view.cellWidth, space.width),
    y: within((cursor.row + 0.5 - view.top) * view.cellHeight, space.height),
  };
}
