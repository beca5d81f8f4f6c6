/** Paints a scene on a canvas: what is out of sight is left out, and text where it would be too small to read. */
import { boxPadding, foldWidth, headHeight, smallSize, titleOf, titleSize } from "./box-size";
import { type Camera, seenBy, type Size } from "./camera";
import { intersects, type PlacedBox, type PlacedLine, type Rect } from "./drawing";
import { accentOf, type GraphLook } from "./graph-look";
import { arrowPath, linePath } from "./line-paths";
import { type Scene, secondLineOf } from "./scene";

/** What stands out. */
export interface Highlights {
  readonly selected: string | null;
  /** The box that the keyboard is on, where it is. */
  readonly focused: string | null;
  readonly hovered: string | null;
  /** Boxes that a search has found; null where nothing is sought. */
  readonly matches: ReadonlySet<string> | null;
  /** Of a step in view: its lines and boxes; everything else stands back. */
  readonly step: null | { readonly lines: ReadonlySet<string>; readonly boxes: ReadonlySet<string> };
  /** Boxes without a gradient, in a backward drawing. */
  readonly faded: ReadonlySet<string>;
}

/** Smaller than this many pixels nobody reads it. */
const readable = 4.5;
const radius = 6;

/** Line shapes are made once for each scene. */
interface Shapes {
  readonly lines: readonly { readonly width: number; readonly path: Path2D; readonly arrows: Path2D }[];
}

const shapesOf = new WeakMap<Scene, Shapes>();

function shapes(scene: Scene): Shapes {
  const known = shapesOf.get(scene);
  if (known !== undefined) return known;
  const made: Shapes = {
    lines: scene.batches.map(({ width, lines }) => ({
      width,
      path: new Path2D(lines.map(({ points }) => linePath(points)).join("")),
      arrows: new Path2D(lines.map(({ points }) => arrowPath(points, width)).join("")),
    })),
  };
  shapesOf.set(scene, made);
  return made;
}

/** What a scene is painted with. */
export interface Brushes {
  readonly context: CanvasRenderingContext2D;
  readonly look: GraphLook;
  readonly pixelRatio: number;
}

/** Everything but what stands out for the moment: the selected, the hovered, the focused box and their lines. */
export function paintGround(
  { context, look, pixelRatio }: Brushes,
  scene: Scene,
  camera: Camera,
  space: Size,
  highlights: Highlights,
): void {
  place(context, camera, space, pixelRatio);
  const seen = seenBy(camera, space);
  const visible = scene.drawing.boxes.filter((placed) => intersects(placed, seen));
  const lasting = { ...highlights, selected: null, hovered: null, focused: null };
  const painter = new Painter(context, scene, camera.scale, look, lasting);
  for (const placed of visible) if (placed.box.fold === "open") painter.container(placed);
  painter.lines();
  if (smallSize * camera.scale >= readable) {
    painter.labels(seen);
    for (const placed of visible) if (placed.box.fold === "open") painter.containerTitle(placed);
  }
  for (const placed of visible) if (placed.box.fold !== "open") painter.card(placed);
}

/** What stands out for the moment, over the ground. */
export function paintMarks(
  { context, look, pixelRatio }: Brushes,
  scene: Scene,
  camera: Camera,
  highlights: Highlights,
): void {
  const { selected, hovered, focused, step } = highlights;
  const zoom = camera.scale * pixelRatio;
  context.setTransform(zoom, 0, 0, zoom, -camera.x * zoom, -camera.y * zoom);
  const painter = new Painter(context, scene, camera.scale, look, highlights);
  const center = hovered ?? selected;
  if (step === null && center !== null) painter.linesOf(center);
  for (const placed of scene.drawing.boxes) {
    const { key, fold } = placed.box;
    if (key !== selected && key !== hovered && key !== focused) continue;
    if (fold === "open") painter.outlineOf(placed);
    else painter.card(placed);
  }
}

function place(context: CanvasRenderingContext2D, camera: Camera, space: Size, pixelRatio: number): void {
  const zoom = camera.scale * pixelRatio;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, space.width, space.height);
  context.setTransform(zoom, 0, 0, zoom, -camera.x * zoom, -camera.y * zoom);
}

class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #scene: Scene;
  readonly #scale: number;
  readonly #look: GraphLook;
  readonly #highlights: Highlights;

  constructor(
    context: CanvasRenderingContext2D,
    scene: Scene,
    scale: number,
    look: GraphLook,
    highlights: Highlights,
  ) {
    this.#context = context;
    this.#scene = scene;
    this.#scale = scale;
    this.#look = look;
    this.#highlights = highlights;
  }

  container(placed: PlacedBox): void {
    const context = this.#context;
    const look = this.#look;
    this.#round(placed);
    context.fillStyle = look.container;
    context.fill();
    context.setLineDash([4, 3]);
    this.#outline(placed, look.border, 1);
    context.setLineDash([]);
  }

  /** Over the lines that pass, on a ground of its own. */
  containerTitle(placed: PlacedBox): void {
    const context = this.#context;
    const look = this.#look;
    const { box, x, y } = placed;
    const title = `${titleOf(box)}${box.what === "" ? "" : ` : ${box.what}`}`;
    context.font = `${String(smallSize)}px ${look.family}`;
    const width = Math.min(context.measureText(title).width + foldWidth + 4, placed.width - boxPadding);
    context.fillStyle = look.background;
    context.fillRect(x + boxPadding - 2, y + 6, width, headHeight - 12);
    this.#foldMark(x + boxPadding, y + headHeight / 2, true);
    this.#text(title, x + boxPadding + foldWidth, y + headHeight / 2, smallSize, look.faint, placed);
  }

  card(placed: PlacedBox): void {
    const context = this.#context;
    const look = this.#look;
    const { x, y, height, box } = placed;
    context.globalAlpha = this.#alphaOf(placed);
    this.#round(placed);
    context.fillStyle = this.#highlights.selected === box.key ? look.selected : look.card;
    context.fill();
    const accent = look.accents[accentOf(box)];
    if (accent !== "transparent") {
      context.save();
      context.clip();
      context.fillStyle = accent;
      context.fillRect(x, y, 4, height);
      context.restore();
      this.#round(placed);
    }
    this.#outline(placed, look.border, 1);
    if (titleSize * this.#scale >= readable) this.#writing(placed);
    context.globalAlpha = 1;
  }

  #writing(placed: PlacedBox): void {
    const { x, y, height, box } = placed;
    const look = this.#look;
    const second = secondLineOf(this.#scene, placed);
    const isFolded = box.fold === "closed";
    const left = x + boxPadding + (isFolded ? foldWidth : 0);
    if (isFolded) this.#foldMark(x + boxPadding, second === "" ? y + height / 2 : y + 14, false);
    this.#text(titleOf(box), left, second === "" ? y + height / 2 : y + 14, titleSize, look.text, placed);
    if (second !== "") this.#text(second, x + boxPadding, y + 29, smallSize, look.faint, placed);
  }

  /** In steps: everything at first, then what the step is about once more on top. */
  lines(): void {
    const context = this.#context;
    const look = this.#look;
    const { step } = this.#highlights;
    const color = this.#scene.mode === "forward" ? look.line : look.flow;
    context.strokeStyle = color;
    context.fillStyle = color;
    context.globalAlpha = step === null ? 0.9 : 0.22;
    for (const { width, path, arrows } of shapes(this.#scene).lines) {
      context.lineWidth = Math.max(width, 0.6 / this.#scale);
      context.stroke(path);
      context.fill(arrows);
    }
    context.globalAlpha = 1;
    if (step !== null) this.#emphasize((line) => step.lines.has(line.line.key), color, 1.5);
  }

  /** The lines to and from a box, and their shapes. */
  linesOf(key: string): void {
    this.#emphasize(({ line }) => line.from === key || line.to === key, this.#look.focus, 0.5);
    if (smallSize * this.#scale < readable) return;
    for (const { lines } of this.#scene.batches)
      for (const { label, line } of lines)
        if (label !== null && (line.from === key || line.to === key)) this.#label(label);
  }

  outlineOf(placed: PlacedBox): void {
    this.#round(placed);
    this.#outline(placed, this.#look.border, 1);
  }

  #emphasize(isMeant: (line: PlacedLine) => boolean, color: string, more: number): void {
    const context = this.#context;
    context.strokeStyle = color;
    context.fillStyle = color;
    for (const { width, lines } of this.#scene.batches)
      for (const line of lines) {
        if (!isMeant(line)) continue;
        context.lineWidth = Math.max(width + more, 1.5 / this.#scale);
        context.stroke(new Path2D(linePath(line.points)));
        context.fill(new Path2D(arrowPath(line.points, width + more)));
      }
  }

  labels(seen: Rect): void {
    const context = this.#context;
    const { step } = this.#highlights;
    for (const { lines } of this.#scene.batches)
      for (const { label, line } of lines) {
        if (label === null || !intersects(label, seen)) continue;
        context.globalAlpha = step === null || step.lines.has(line.key) ? 1 : 0.4;
        this.#label(label);
      }
    context.globalAlpha = 1;
  }

  #label({ x, y, width, height, text }: Rect & { readonly text: string }): void {
    this.#context.fillStyle = this.#look.background;
    this.#context.fillRect(x, y, width, height);
    this.#text(text, x + 4, y + height / 2, smallSize, this.#look.faint, null);
  }

  #alphaOf({ box }: PlacedBox): number {
    const { matches, step, faded } = this.#highlights;
    if (step !== null) return step.boxes.has(box.key) ? 1 : 0.35;
    if (matches !== null && !matches.has(box.key)) return 0.35;
    return faded.has(box.key) ? 0.45 : 1;
  }

  #outline({ box }: PlacedBox, color: string, width: number): void {
    const context = this.#context;
    const look = this.#look;
    const { selected, focused, hovered, matches, step } = this.#highlights;
    const least = 1 / this.#scale;
    context.strokeStyle = color;
    context.lineWidth = width;
    if (matches?.has(box.key) === true)
      [context.strokeStyle, context.lineWidth] = [look.match, Math.max(2, 2 * least)];
    if (step?.boxes.has(box.key) === true)
      [context.strokeStyle, context.lineWidth] = [look.flow, Math.max(2, 2 * least)];
    if (hovered === box.key) context.strokeStyle = look.text;
    if (selected === box.key) [context.strokeStyle, context.lineWidth] = [look.focus, Math.max(2, 2 * least)];
    context.stroke();
    if (focused === box.key) this.#focusRing(context, look);
  }

  /** Outside of the border, so that it is seen on a selected box too. */
  #focusRing(context: CanvasRenderingContext2D, look: GraphLook): void {
    const placed = this.#scene.drawing.boxes.find(({ box }) => box.key === this.#highlights.focused);
    if (placed === undefined) return;
    const gap = 4;
    const { x, y, width, height } = placed;
    context.beginPath();
    context.roundRect(x - gap, y - gap, width + 2 * gap, height + 2 * gap, radius + gap);
    context.strokeStyle = look.focus;
    context.lineWidth = Math.max(2, 2 / this.#scale);
    context.stroke();
  }

  #round({ x, y, width, height }: Rect): void {
    this.#context.beginPath();
    this.#context.roundRect(x, y, width, height, radius);
  }

  #foldMark(x: number, y: number, isOpen: boolean): void {
    const context = this.#context;
    context.beginPath();
    if (isOpen) {
      context.moveTo(x, y - 2);
      context.lineTo(x + 4, y + 2);
      context.lineTo(x + 8, y - 2);
    } else {
      context.moveTo(x + 2, y - 4);
      context.lineTo(x + 6, y);
      context.lineTo(x + 2, y + 4);
    }
    context.strokeStyle = this.#look.text;
    context.lineWidth = 1.4;
    context.stroke();
  }

  #text(text: string, x: number, y: number, size: number, color: string, within: Rect | null): void {
    const context = this.#context;
    context.font = `${String(size)}px ${this.#look.family}`;
    context.textBaseline = "middle";
    context.fillStyle = color;
    if (within === null) context.fillText(text, x, y);
    else context.fillText(text, x, y, Math.max(within.x + within.width - x - 4, 1));
  }
}
