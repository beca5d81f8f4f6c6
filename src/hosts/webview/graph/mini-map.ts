/** The whole drawing in a corner, with what is in view framed. Owns its scale and what a pointer on it means. */
import { type Camera, centredOn, seenBy, type Size } from "./camera";
import type { Drawing, Point } from "./drawing";
import { accentOf, type GraphLook } from "./graph-look";

const largest: Size = { width: 160, height: 120 };

/** The map's size on the page; null where all is in view anyway. */
export function mapSize(drawing: Drawing, camera: Camera, space: Size): Size | null {
  const seen = seenBy(camera, space);
  const isWhole =
    seen.x <= 0 &&
    seen.y <= 0 &&
    seen.x + seen.width >= drawing.width &&
    seen.y + seen.height >= drawing.height;
  if (isWhole || space.width < 300 || space.height < 220) return null;
  const scale = Math.min(largest.width / drawing.width, largest.height / drawing.height);
  return {
    width: Math.max(Math.ceil(drawing.width * scale), 24),
    height: Math.max(Math.ceil(drawing.height * scale), 24),
  };
}

export function paintMap(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  camera: Camera,
  space: Size,
  size: Size,
  pixelRatio: number,
  look: GraphLook,
): void {
  const scale = mapScale(drawing, size);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  for (const { x, y, width, height, box } of drawing.boxes) {
    const isOpen = box.fold === "open";
    const accent = look.accents[accentOf(box)];
    context.fillStyle = isOpen ? look.border : accent === "transparent" ? look.line : accent;
    context.globalAlpha = isOpen ? 0.25 : 0.9;
    context.fillRect(x * scale, y * scale, Math.max(width * scale, 1), Math.max(height * scale, 1));
  }
  context.globalAlpha = 1;
  const seen = seenBy(camera, space);
  context.strokeStyle = look.focus;
  context.lineWidth = 1.5;
  const [left, top] = [Math.max(seen.x * scale, 1), Math.max(seen.y * scale, 1)];
  const right = Math.min((seen.x + seen.width) * scale, size.width - 1);
  const bottom = Math.min((seen.y + seen.height) * scale, size.height - 1);
  context.strokeRect(left, top, right - left, bottom - top);
}

/** The camera with the place under the pointer in the middle. */
export function cameraAt(drawing: Drawing, camera: Camera, at: Point, size: Size, space: Size): Camera {
  const scale = mapScale(drawing, size);
  return centredOn(camera, { x: at.x / scale, y: at.y / scale }, space);
}

function mapScale(drawing: Drawing, size: Size): number {
  return Math.min(size.width / drawing.width, size.height / drawing.height);
}
