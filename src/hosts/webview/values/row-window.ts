/** Which rows of a long table are drawn: those in view and some around them; all of a short one. No DOM. */

export interface RowWindow {
  /** From this row up to, and without, that one. */
  readonly from: number;
  readonly to: number;
  /** The room of what is left out, in pixels. */
  readonly above: number;
  readonly below: number;
}

/** Tables up to this long are drawn whole. */
const shortTable = 240;
/** Rows drawn beyond either edge, so that scrolling shows no gap. */
const around = 24;

export function rowWindow(
  count: number,
  { top, height, rowHeight }: { readonly top: number; readonly height: number; readonly rowHeight: number },
): RowWindow {
  if (count <= shortTable) return { from: 0, to: count, above: 0, below: 0 };
  // Steps of half the margin: scrolling by a pixel draws nothing anew.
  const step = around / 2;
  const first = Math.floor(Math.max(0, Math.floor(top / rowHeight) - around) / step) * step;
  const shown = Math.ceil(height / rowHeight) + 2 * around + step;
  const from = Math.max(0, Math.min(first, count - shown));
  const to = Math.min(count, from + shown);
  return { from, to, above: from * rowHeight, below: (count - to) * rowHeight };
}

/** How far to scroll so that a row is in view under the head; null where it is. */
export function scrollToRow(
  row: number,
  { top, height, rowHeight }: { readonly top: number; readonly height: number; readonly rowHeight: number },
  head: number,
): number | null {
  const room = height - head;
  if (row * rowHeight < top) return row * rowHeight;
  const past = (row + 1) * rowHeight - room;
  return past > top ? past : null;
}
