/** Which part of a drawing a rectangle of pixels shows: fitting, panning, zooming around a point. No DOM. */
import { middle, type Point, type Rect } from "./drawing";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The drawing's point at the top left corner, and pixels for each of its units. */
export interface Camera extends Point {
  readonly scale: number;
}

const smallestScale = 0.02;
const largestScale = 3;
const margin = 16;

/** Everything in view, centred, never larger than natural. */
export function fitAll(extent: Size, space: Size): Camera {
  const width = Math.max(space.width - 2 * margin, 1);
  const height = Math.max(space.height - 2 * margin, 1);
  const scale = clamp(Math.min(width / Math.max(extent.width, 1), height / Math.max(extent.height, 1), 1));
  return {
    scale,
    x: extent.width / 2 - space.width / 2 / scale,
    y: extent.height / 2 - space.height / 2 / scale,
  };
}

export function zoomAround(camera: Camera, at: Point, factor: number): Camera {
  const scale = clamp(camera.scale * factor);
  const fixed = toDrawing(camera, at);
  return { scale, x: fixed.x - at.x / scale, y: fixed.y - at.y / scale };
}

export function panBy({ x, y, scale }: Camera, pixels: Point): Camera {
  return { scale, x: x - pixels.x / scale, y: y - pixels.y / scale };
}

/** The camera at the same scale with a point in the middle. */
export function centredOn({ scale }: Camera, { x, y }: Point, space: Size): Camera {
  return { scale, x: x - space.width / 2 / scale, y: y - space.height / 2 / scale };
}

/** The camera itself where the rectangle is in view, else the nearest one that shows it; farther away where it must be. */
export function bringIntoView(camera: Camera, rect: Rect, space: Size): Camera {
  const { x, y, width, height } = rect;
  const fitting = fitAll(rect, space).scale;
  if (fitting < camera.scale && !fits(camera, rect, space))
    return { ...centredOn({ ...camera, scale: fitting }, middle(rect), space), scale: fitting };
  const edge = margin / camera.scale;
  const seen = seenBy(camera, space);
  return {
    scale: camera.scale,
    x: nearest(camera.x, seen.width, x - edge, x + width + edge),
    y: nearest(camera.y, seen.height, y - edge, y + height + edge),
  };
}

/** Whether the whole of it can be in view at this scale. */
function fits({ scale }: Camera, { width, height }: Rect, space: Size): boolean {
  return width * scale + 2 * margin <= space.width && height * scale + 2 * margin <= space.height;
}

function nearest(start: number, length: number, from: number, to: number): number {
  if (to - from > length) return from;
  return Math.min(Math.max(start, to - length), from);
}

export function seenBy({ x, y, scale }: Camera, { width, height }: Size): Rect {
  return { x, y, width: width / scale, height: height / scale };
}

export function toDrawing({ x, y, scale }: Camera, pixel: Point): Point {
  return { x: x + pixel.x / scale, y: y + pixel.y / scale };
}

export function toPixels({ x, y, scale }: Camera, point: Point): Point {
  return { x: (point.x - x) * scale, y: (point.y - y) * scale };
}

/** At least a corner of the drawing stays in view. */
export function keepInReach(camera: Camera, extent: Size, space: Size): Camera {
  const seen = seenBy(camera, space);
  const reach = (start: number, length: number, whole: number): number =>
    Math.min(Math.max(start, -0.85 * length), whole - 0.15 * length);
  return {
    scale: camera.scale,
    x: reach(camera.x, seen.width, extent.width),
    y: reach(camera.y, seen.height, extent.height),
  };
}

function clamp(scale: number): number {
  return Math.min(Math.max(scale, smallestScale), largestScale);
}
