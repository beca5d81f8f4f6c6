/**
 * Keeps the picture of a drawing that is seen as a whole, so that panning copies it and zooming stretches it until there
 * is time to paint it anew. A drawing of which little is seen is painted each time: that is quick.
 */
import type { Camera, Size } from "./camera";
import { type Brushes, type Highlights, paintGround } from "./painter";
import type { Scene } from "./scene";

/** Fewer boxes are painted faster than they are copied. */
const worthKeeping = 120;
/** Kept where the whole takes no more than this many times the pixels in view. */
const mostTimes = 4;
/** After the last change of scale. */
const patience = 140;

interface Kept {
  readonly canvas: HTMLCanvasElement;
  readonly scene: Scene;
  readonly scale: number;
  readonly pixelRatio: number;
  readonly lasting: string;
  readonly look: object;
}

export class GroundCache {
  readonly #repaint: () => void;
  #kept: Kept | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(repaint: () => void) {
    this.#repaint = repaint;
  }

  paint(brushes: Brushes, scene: Scene, camera: Camera, space: Size, highlights: Highlights): void {
    const { width, height, boxes } = scene.drawing;
    const pixels = width * height * camera.scale ** 2;
    if (boxes.length < worthKeeping || pixels > mostTimes * space.width * space.height) {
      paintGround(brushes, scene, camera, space, highlights);
      return;
    }
    const lasting = lastingOf(highlights);
    const kept = this.#kept;
    const isSame =
      kept?.scene === scene &&
      kept.lasting === lasting &&
      kept.look === brushes.look &&
      kept.pixelRatio === brushes.pixelRatio;
    if (isSame && kept.scale !== camera.scale) this.#later();
    const source = isSame ? kept : this.#make(brushes, scene, camera.scale, lasting, highlights);
    this.#copy(brushes, source, camera, space);
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#kept = null;
      this.#repaint();
    }, patience);
  }

  #make(brushes: Brushes, scene: Scene, scale: number, lasting: string, highlights: Highlights): Kept {
    const { look, pixelRatio } = brushes;
    const { width, height } = scene.drawing;
    const space = { width: width * scale, height: height * scale };
    const canvas = this.#kept?.canvas ?? document.createElement("canvas");
    canvas.width = Math.max(Math.ceil(space.width * pixelRatio), 1);
    canvas.height = Math.max(Math.ceil(space.height * pixelRatio), 1);
    const context = canvas.getContext("2d");
    if (context !== null)
      paintGround({ context, look, pixelRatio }, scene, { x: 0, y: 0, scale }, space, highlights);
    this.#kept = { canvas, scene, scale, pixelRatio, lasting, look };
    return this.#kept;
  }

  #copy({ context, pixelRatio }: Brushes, { canvas, scale }: Kept, camera: Camera, space: Size): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, space.width * pixelRatio, space.height * pixelRatio);
    const stretch = camera.scale / scale;
    const zoom = camera.scale * pixelRatio;
    // Whole pixels keep what is copied as sharp as it was painted.
    const [x, y] = [Math.round(-camera.x * zoom), Math.round(-camera.y * zoom)];
    context.drawImage(canvas, x, y, canvas.width * stretch, canvas.height * stretch);
  }
}

const numbers = new WeakMap<object, number>();
let next = 1;

/** What of the highlights is part of the ground: equal texts for equal sets. */
function lastingOf({ matches, step, faded }: Highlights): string {
  return [matches, step, faded].map(numberOf).join();
}

function numberOf(value: object | null): number {
  if (value === null) return 0;
  const known = numbers.get(value);
  if (known !== undefined) return known;
  numbers.set(value, next);
  return next++;
}
