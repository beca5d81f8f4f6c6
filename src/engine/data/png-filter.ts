/** PNG's five row filters, undone. Source: PNG, third edition, section 9. Knows nothing of pixels. */

/**
 * Undoes filter `kind` on `row` in place; `above` is the row over it, already undone (zeros over the first), and
 * `pixelBytes` the distance to the pixel at the left. Gives false where there is no such filter.
 */
export function unfilter(row: Uint8Array, above: Uint8Array, kind: number, pixelBytes: number): boolean {
  if (kind > 4) return false;
  if (kind === 0) return true;
  for (let at = 0; at < row.length; at++) {
    const left = at >= pixelBytes ? (row[at - pixelBytes] ?? 0) : 0;
    const up = above[at] ?? 0;
    const upLeft = at >= pixelBytes ? (above[at - pixelBytes] ?? 0) : 0;
    const predicted =
      kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : paeth(left, up, upLeft);
    // Storing into bytes takes the sum modulo 256.
    row[at] = (row[at] ?? 0) + predicted;
  }
  return true;
}

/** The neighbour nearest to left + up - upLeft; of equally near ones left, then up. */
function paeth(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
