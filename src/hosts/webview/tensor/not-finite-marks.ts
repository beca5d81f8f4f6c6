/**
 * Signs for NaN and infinities, so that not colour alone tells them: a cross, a plus, a minus, in cells too small for
 * words and in overviews where one pixel stands for many elements. Knows no slices.
 */
import { cssColor, inkOn, type Rgb } from "../look/color-space";

/** Where a sign stands, in CSS pixels, and what for. */
export interface NotFinitePlace {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** More signs than this hide the picture. */
const mostSigns = 400;
const reach = 3;

/** Signs nearer to one another than they are wide are drawn once. */
export function drawNotFiniteMarks(
  context: CanvasRenderingContext2D,
  places: Iterable<NotFinitePlace>,
  colorOf: (value: number) => Rgb,
): void {
  const taken = new Set<string>();
  for (const { x, y, value } of places) {
    const key = `${String(Math.round(x / 8))} ${String(Math.round(y / 8))}`;
    if (taken.has(key)) continue;
    taken.add(key);
    drawSign(context, x, y, value, colorOf(value));
    if (taken.size >= mostSigns) return;
  }
}

function drawSign(context: CanvasRenderingContext2D, x: number, y: number, value: number, color: Rgb): void {
  context.beginPath();
  if (Number.isNaN(value)) {
    context.moveTo(x - reach, y - reach);
    context.lineTo(x + reach, y + reach);
    context.moveTo(x + reach, y - reach);
    context.lineTo(x - reach, y + reach);
  } else {
    context.moveTo(x - reach - 1, y);
    context.lineTo(x + reach + 1, y);
    if (value > 0) {
      context.moveTo(x, y - reach - 1);
      context.lineTo(x, y + reach + 1);
    }
  }
  context.lineCap = "round";
  context.lineWidth = 4.5;
  context.strokeStyle = cssColor(inkOn(color));
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = cssColor(color);
  context.stroke();
  context.lineCap = "butt";
  context.lineWidth = 1;
}
