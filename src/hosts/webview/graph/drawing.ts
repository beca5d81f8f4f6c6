/** A graph with places: what a layout gives, and what is painted, searched and walked. No DOM, no layout of its own. */
import type { Box, Line } from "./folded-graph";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedBox extends Rect {
  readonly box: Box;
  /** How many open containers it is in. */
  readonly depth: number;
}

export interface PlacedLine {
  readonly line: Line;
  readonly points: readonly Point[];
  /** The shapes that go along it, where there was room for them. */
  readonly label: null | (Rect & { readonly text: string });
}

export type Direction = "down" | "right";

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly direction: Direction;
  /** Containers before what is in them. */
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedLine[];
  /** Cotangents, on the edges' ways where these have them. */
  readonly flows: readonly PlacedLine[];
}

export function contains({ x, y, width, height }: Rect, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}

export function intersects(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function middle({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** The innermost box at a point. */
export function boxAt(drawing: Drawing, point: Point): PlacedBox | null {
  return drawing.boxes.findLast((placed) => contains(placed, point)) ?? null;
}

/** The rectangle around some. */
export function around(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}
