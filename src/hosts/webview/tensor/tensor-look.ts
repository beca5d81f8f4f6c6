/**
 * Owns where a pair of heatmaps looks and what is pointed at: one viewport and one cursor for value and gradient.
 * Tells its owner of every change. No DOM.
 */
import { zoomCentre } from "./cursor-keys";
import {
  bringIntoView,
  type Cell,
  fit,
  fittedHeight,
  type Grid,
  isFitted,
  type Size,
  type Viewport,
  zoomAt,
} from "./viewport";

export class TensorLook {
  private chosen: Viewport | null = null;
  private room: Size = { width: 320, height: 320 };
  private grid: Grid = { rows: 1, columns: 1 };
  private readonly changed: () => void;
  /** The cell under the pointer. */
  pointed: Cell | null = null;
  /** The cell that the keyboard moves. */
  cursor: Cell | null = null;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** The rectangle for the cells. */
  get space(): Size {
    return { width: this.room.width, height: fittedHeight(this.grid, this.room) };
  }

  /** Everything, until something else was chosen. */
  get view(): Viewport {
    return this.chosen ?? fit(this.grid, this.room);
  }

  /** The cell whose number is read out: the pointer's before the keyboard's. */
  get cell(): Cell | null {
    return this.pointed ?? this.cursor;
  }

  /** How large the matrix is and the most room it may take. */
  layOut(grid: Grid, room: Size): void {
    this.grid = grid;
    this.room = room;
  }

  /** Another tensor: nothing of where the last one was looked at holds. */
  reset(): void {
    this.chosen = null;
    this.pointed = null;
    this.cursor = null;
  }

  look(view: Viewport): void {
    this.chosen = isFitted(view, this.grid, this.space) ? null : view;
    this.changed();
  }

  showEverything(): void {
    this.chosen = null;
    this.changed();
  }

  zoom(factor: number): void {
    const { grid, space, view } = this;
    this.look(zoomAt(view, { grid, space, factor, ...zoomCentre(view, space, this.cursor) }));
  }

  point(cell: Cell | null): void {
    this.pointed = cell;
    this.changed();
  }

  moveTo(cell: Cell): void {
    this.cursor = cell;
    this.pointed = null;
    this.look(bringIntoView(this.view, this.grid, this.space, cell));
  }
}
