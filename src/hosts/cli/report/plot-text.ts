/** Plots as text: curves in braille dots, or in letters where several must be told apart without colours. */
import { formatNumber } from "../../../runtime/tensor";
import type { PlotReport, ValueReport } from "../../../protocol";
import type { Page } from "./page";
import { plain, seriesInks } from "./paint";
import { padTo, textWidth } from "./text-width";
import { turnText } from "./wording";

const rows = 10;
const widest = 60;
/** A braille cell is 2 × 4 dots; the bit of each, by row and column (Unicode, "Braille Patterns"). */
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const letters = "ox+*#@";

interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export function plotText(page: Page, { series, at }: PlotReport): string[] {
  const curves = curvesOf(series);
  const [abscissa] = series;
  const names = curves.map(({ name }) => name).join(", ");
  const against = series.length > 1 ? ` against ${abscissa?.name ?? ""}` : "";
  const turn = at === null ? "" : ` (${turnText(at)})`;
  const title = `${page.paint("strong", names + against)}${page.paint("faint", turn)}`;
  const points = curves.flatMap((curve) => curve.points).filter(isFinitePoint);
  const missing = curves.reduce((total, curve) => total + curve.points.length, 0) - points.length;
  const note =
    missing === 0
      ? []
      : [page.paint("warning", `${String(missing)} of the points are NaN or infinite and are left out`)];
  if (points.length === 0) return [title, ...note, page.paint("faint", "nothing to draw")];
  const frame = { x: extent(points.map(([x]) => x)), y: extent(points.map(([, y]) => y)) };
  return [title, ...chart(page, curves, frame), ...note];
}

/** The first series is the abscissa, unless it is alone: then it stands against the index. */
function curvesOf(series: readonly ValueReport[]): readonly Curve[] {
  const [first, ...others] = series;
  if (first === undefined) return [];
  if (others.length === 0)
    return [{ name: first.name, points: Array.from(first.data, (y, i) => [i, y] as const) }];
  return others.map(({ name, data }) => {
    const count = Math.min(data.length, first.data.length);
    return { name, points: Array.from({ length: count }, (_, i) => [first.data[i]!, data[i]!] as const) };
  });
}

interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

function isFinitePoint([x, y]: readonly [number, number]): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function extent(values: readonly number[]): readonly [number, number] {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return [least, most];
}

function chart(page: Page, curves: readonly Curve[], frame: Frame): string[] {
  const { paint, width } = page;
  const [low, high] = frame.y;
  const labels = [formatNumber(high, 3), formatNumber(low, 3)];
  const margin = Math.max(...labels.map(textWidth));
  const columns = Math.max(10, Math.min(widest, width - margin - 12));
  const inLetters = paint === plain && curves.length > 1;
  const cells = inLetters ? letterCells(curves, frame, columns) : brailleCells(page, curves, frame, columns);
  const axis = paint("faint", "┤");
  const lines = cells.map((cell, row) => {
    const label = row === 0 ? labels[0]! : row === rows - 1 ? labels[1]! : "";
    return `${label.padStart(margin)} ${label === "" ? paint("faint", "│") : axis}${cell}`.trimEnd();
  });
  const [left, right] = frame.x.map((x) => formatNumber(x, 3)) as [string, string];
  const foot = `${" ".repeat(margin + 2)}${padTo(left, columns - textWidth(right))}${right}`;
  if (curves.length === 1) return [...lines, foot];
  const legend = curves.map(({ name }, i) => {
    const sign = inLetters ? letterOf(i) : paint(inkOf(i), "━━");
    return `${sign} ${name}`;
  });
  return [...lines, foot, `${" ".repeat(margin + 2)}${legend.join("   ")}`];
}

function inkOf(curve: number): (typeof seriesInks)[number] {
  return seriesInks[curve % seriesInks.length]!;
}

function letterOf(curve: number): string {
  return letters[curve % letters.length]!;
}

function brailleCells({ paint }: Page, curves: readonly Curve[], frame: Frame, columns: number): string[] {
  const bits = Array.from({ length: rows }, () => new Uint8Array(columns));
  const owner = Array.from({ length: rows }, () => new Uint8Array(columns));
  for (const [i, curve] of curves.entries()) {
    trace(curve, frame, columns * 2, rows * 4, (x, y) => {
      const row = y >> 2;
      bits[row]![x >> 1]! |= dotBits[y & 3]![x & 1]!;
      owner[row]![x >> 1] = i;
    });
  }
  return bits.map((line, row) =>
    Array.from(line, (dots, column) =>
      dots === 0 ? " " : paint(inkOf(owner[row]![column]!), String.fromCharCode(0x2800 + dots)),
    ).join(""),
  );
}

function letterCells(curves: readonly Curve[], frame: Frame, columns: number): string[] {
  const grid = Array.from({ length: rows }, () => new Array<string>(columns).fill(" "));
  for (const [i, curve] of curves.entries()) {
    trace(curve, frame, columns, rows, (x, y) => {
      grid[y]![x] = letterOf(i);
    });
  }
  return grid.map((line) => line.join(""));
}

/** Visits the dots of a curve, straight lines between its points; row 0 is the top. */
function trace(
  { points }: Curve,
  frame: Frame,
  width: number,
  height: number,
  visit: (x: number, y: number) => void,
): void {
  const scale = (value: number, [low, high]: readonly [number, number], cells: number): number =>
    high > low ? partOf(value, low, high) * (cells - 1) : (cells - 1) / 2;
  let previous: readonly [number, number] | undefined;
  for (const point of points) {
    if (!isFinitePoint(point)) {
      previous = undefined;
      continue;
    }
    const here = [scale(point[0], frame.x, width), height - 1 - scale(point[1], frame.y, height)] as const;
    const [x0, y0] = previous ?? here;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(here[0] - x0), Math.abs(here[1] - y0))));
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      visit(Math.round(x0 + (here[0] - x0) * part), Math.round(y0 + (here[1] - y0) * part));
    }
    previous = here;
  }
}

/** Where a value lies between two others, 0 to 1; in halves where their difference overflows. */
function partOf(value: number, low: number, high: number): number {
  const span = high - low;
  return span === Infinity ? (value / 2 - low / 2) / (high / 2 - low / 2) : (value - low) / span;
}
