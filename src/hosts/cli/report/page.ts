/** What every part of the terminal report is written on: inks, a width, and the texts it quotes. Does no I/O itself. */
import type { Paint } from "./paint";

export interface Page {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** The text of a file by the name that a report gives it; undefined where it cannot be read. */
  readonly source: (file: string) => string | undefined;
}
