/** Where a label finds room beside a line: near it, and on nothing that is drawn. Pixels, y downwards. No DOM. */

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Spot {
  readonly width: number;
  readonly height: number;
}

/** What a label must not lie on: polylines, and boxes such as other labels. */
export interface Taken {
  readonly lines: readonly (readonly Spot[])[];
  readonly boxes: readonly Box[];
}

/** Between a label and what is drawn, at least. */
const gap = 3;
const places = 24;

/** Below is to the right of a line that rises, above is to the left of it: away from it. */
export type Side = "above" | "below";

/** The box of a label of that size on that side of the line, or else on the other, as far to its start as there is room; or null. */
export function labelPlace(
  line: readonly [Spot, Spot],
  { side, ...size }: Pick<Box, "width" | "height"> & { readonly side: Side },
  inside: Box,
  taken: Taken,
): Box | null {
  const [from, to] = line;
  for (const where of [side, side === "above" ? "below" : "above"])
    for (let i = 1; i < places; i++) {
      const x = from.x + (i / places) * (to.x - from.x);
      const y = from.y + (i / places) * (to.y - from.y);
      const away = gap + 1;
      const box =
        where === "below"
          ? { x: x + away, y: y + away, ...size }
          : { x: x - away - size.width, y: y - away - size.height, ...size };
      if (isWithin(box, inside) && isFree(box, taken)) return box;
    }
  return null;
}

export function isFree(box: Box, { lines, boxes }: Taken): boolean {
  const wide = { x: box.x - gap, y: box.y - gap, width: box.width + 2 * gap, height: box.height + 2 * gap };
  return (
    boxes.every((other) => !overlap(wide, other)) &&
    lines.every((line) => line.every((end, i) => i === 0 || !crosses(line[i - 1]!, end, wide)))
  );
}

function isWithin(box: Box, outer: Box): boolean {
  return (
    box.x >= outer.x &&
    box.y >= outer.y &&
    box.x + box.width <= outer.x + outer.width &&
    box.y + box.height <= outer.y + outer.height
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether any of the segment is in the box: what is left of it between the box's four sides. */
function crosses(from: Spot, to: Spot, box: Box): boolean {
  let [start, end] = [0, 1];
  for (const [at, delta, low, high] of [
    [from.x, to.x - from.x, box.x, box.x + box.width],
    [from.y, to.y - from.y, box.y, box.y + box.height],
  ] as const) {
    if (delta === 0) {
      if (at < low || at > high) return false;
      continue;
    }
    const [a, b] = [(low - at) / delta, (high - at) / delta];
    start = Math.max(start, Math.min(a, b));
    end = Math.min(end, Math.max(a, b));
  }
  return start <= end;
}
