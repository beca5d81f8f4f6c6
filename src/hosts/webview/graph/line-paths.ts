/** The shapes of lines and arrowheads as SVG path data, which a canvas takes as well. Knows no colours. */
import type { PlacedLine, Point } from "./drawing";

const cornerRadius = 6;
export const arrowLength = 8;

/** Through all points, with rounded corners, ending where the arrowhead begins. */
export function linePath(points: readonly Point[]): string {
  const first = points[0];
  if (first === undefined) return "";
  const parts = [`M${at(first)}`];
  for (let i = 1; i < points.length; i++) {
    const [before, corner, after] = [points[i - 1]!, points[i]!, points[i + 1]];
    if (after === undefined) parts.push(`L${at(towards(corner, before, arrowLength - 1))}`);
    else {
      const radius = Math.min(cornerRadius, distance(before, corner) / 2, distance(corner, after) / 2);
      parts.push(
        `L${at(towards(corner, before, radius))}Q${at(corner)} ${at(towards(corner, after, radius))}`,
      );
    }
  }
  return parts.join("");
}

/** A closed triangle at the line's end, wider for wider lines. */
export function arrowPath(points: readonly Point[], width: number): string {
  const [before, tip] = [points.at(-2), points.at(-1)];
  if (before === undefined || tip === undefined) return "";
  const length = Math.max(distance(before, tip), 1e-6);
  const [ux, uy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const half = arrowLength * 0.42 + width * 0.45;
  const base = { x: tip.x - ux * arrowLength, y: tip.y - uy * arrowLength };
  const left = { x: base.x - uy * half, y: base.y + ux * half };
  const right = { x: base.x + uy * half, y: base.y - ux * half };
  return `M${at(tip)}L${at(left)}L${at(right)}Z`;
}

/** Lines of one width, so that they can be drawn in one go. */
export interface LineBatch {
  readonly width: number;
  readonly lines: readonly PlacedLine[];
}

export function batchByWidth(
  lines: readonly PlacedLine[],
  widthOf: (line: PlacedLine) => number,
): LineBatch[] {
  const batches = new Map<number, PlacedLine[]>();
  for (const line of lines) {
    const width = widthOf(line);
    const known = batches.get(width);
    if (known === undefined) batches.set(width, [line]);
    else known.push(line);
  }
  return [...batches].map(([width, members]) => ({ width, lines: members }));
}

const thinnest = 1;
const widest = 7;
/** The smallest norm that still counts, against the largest: four decades. */
const decades = 4;

/** Widths from the logarithm of norms; a line without one, or of nothing, is thin. */
export function widthsByNorm(lines: readonly PlacedLine[]): (line: PlacedLine) => number {
  const norms = lines.flatMap(({ line: { norm } }) =>
    norm !== null && Number.isFinite(norm) && norm > 0 ? [norm] : [],
  );
  const largest = Math.log10(Math.max(...norms));
  return ({ line: { norm } }) => {
    if (norm === null || !(norm > 0)) return thinnest;
    const share = 1 - Math.min((largest - Math.log10(norm)) / decades, 1);
    const width = thinnest + (widest - thinnest) * (Number.isFinite(norm) ? share : 1);
    return Math.round(width * 2) / 2;
  };
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to);
  const share = whole === 0 ? 0 : Math.min(length / whole, 1);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
