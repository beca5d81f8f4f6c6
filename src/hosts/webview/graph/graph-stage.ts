/**
 * The drawing on a canvas, with a map of it, and a tree of the same boxes for screen readers. Owns the camera and what the
 * pointer and the keyboard do to it; tells its owner what was chosen by events. Knows nothing of how the graph came about.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { onDidChangeTheme } from "../look/theme";
import { sharedStyles } from "../look/shared-styles";
import {
  bringIntoView,
  type Camera,
  fitAll,
  keepInReach,
  panBy,
  type Size,
  toDrawing,
  zoomAround,
} from "./camera";
import { around, boxAt, type PlacedBox, type Point } from "./drawing";
import { type GraphLook, graphLook } from "./graph-look";
import { boxSentences } from "./graph-words";
import { cameraAt, mapSize, paintMap } from "./mini-map";
import { GroundCache } from "./ground-cache";
import { type Highlights, paintMarks } from "./painter";
import type { Scene } from "./scene";
import { commandOf, type StageCommand } from "./stage-keys";
import { graphStageStyles } from "./graph-stage-styles";
import { nextBox } from "./walk";

export interface StageEvents {
  /** A box was chosen: by a click, or the keyboard walked onto it. */
  readonly choose: (key: string, how: "click" | "walk" | "open") => void;
  readonly toggle: (key: string) => void;
  readonly command: (command: "ancestors" | "descendants" | "everything" | "search") => void;
}

const dragThreshold = 4;

export class GraphStage extends LitElement {
  static override readonly properties = {
    scene: { attribute: false },
    selected: { attribute: false },
    found: { attribute: false },
    step: { attribute: false },
    faded: { attribute: false },
    events: { attribute: false },
    name: { attribute: false },
    mapShown: { state: true },
  };
  declare scene: Scene;
  declare selected: string | null;
  declare found: Highlights["matches"];
  declare step: Highlights["step"];
  declare faded: Highlights["faded"];
  declare events: StageEvents;
  /** What the graph is of, for screen readers. */
  declare name: string;
  declare private mapShown: Size | null;

  /** Read by tests, and by who exports what is in view. */
  camera: Camera = { x: 0, y: 0, scale: 1 };
  private space: Size = { width: 1, height: 1 };
  private look: GraphLook = graphLook();
  private hovered: string | null = null;
  private isFocusShown = false;
  private isFitted = false;
  private frame = 0;
  private readonly ground = new GroundCache(() => this.repaint());
  private drag: { readonly from: Point; at: Point; moved: boolean } | null = null;
  private ends: (() => void)[] = [];

  constructor() {
    super();
    this.selected = null;
    this.found = null;
    this.step = null;
    this.faded = new Set();
    this.name = "";
    this.mapShown = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      this.space = { width: entry.contentRect.width, height: entry.contentRect.height };
      if (!this.isFitted) this.fit();
      else this.revealStep();
      this.repaint();
    });
    observer.observe(this);
    const endTheme = onDidChangeTheme(() => {
      this.look = graphLook();
      this.repaint();
    });
    this.ends = [() => observer.disconnect(), endTheme];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** Everything in view. */
  fit(): void {
    this.isFitted = this.space.width > 1 && this.scene.drawing.boxes.length > 0;
    this.moveTo(fitAll(this.scene.drawing, this.space));
  }

  zoom(factor: number, at: Point = { x: this.space.width / 2, y: this.space.height / 2 }): void {
    this.moveTo(keepInReach(zoomAround(this.camera, at, factor), this.scene.drawing, this.space));
  }

  /** Brings boxes into view, farther away where they do not fit at this scale. */
  reveal(...keys: readonly string[]): void {
    const boxes = keys.flatMap((key) => this.placed(key) ?? []);
    if (boxes.length > 0) this.moveTo(bringIntoView(this.camera, around(boxes), this.space));
  }

  private revealStep(): void {
    if (this.step !== null) this.reveal(...this.step.boxes);
  }

  /** Where a box stands on the page; for tests. */
  placeOf(key: string): {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  } {
    const placed = this.placed(key);
    if (placed === undefined) throw new Error(`no box ${key}`);
    const { left, top } = this.getBoundingClientRect();
    const { x, y, scale } = this.camera;
    return {
      x: left + (placed.x - x) * scale,
      y: top + (placed.y - y) * scale,
      width: placed.width * scale,
      height: placed.height * scale,
    };
  }

  private placed(key: string | null): PlacedBox | undefined {
    return key === null ? undefined : this.scene.drawing.boxes.find(({ box }) => box.key === key);
  }

  private moveTo(camera: Camera): void {
    this.camera = camera;
    this.repaint();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("scene");
    if (before === undefined || before.drawing === this.scene.drawing) return;
    // What was chosen stays where it was on the page when the graph around it is laid out anew.
    const anchor = this.selected ?? this.hovered;
    const old = before.drawing.boxes.find(({ box }) => box.key === anchor);
    const now = this.placed(anchor);
    const isTurned = before.drawing.direction !== this.scene.drawing.direction;
    if (old !== undefined && now !== undefined && this.isFitted && !isTurned) {
      const { x, y, scale } = this.camera;
      this.camera = { scale, x: x + now.x - old.x, y: y + now.y - old.y };
    } else this.fit();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("step")) this.revealStep();
    this.repaint();
  }

  private repaint(): void {
    if (this.frame !== 0 || !this.isConnected) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  private paint(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas.drawing");
    const context = canvas?.getContext("2d");
    if (canvas === null || context === undefined || context === null) return;
    const ratio = window.devicePixelRatio;
    resize(canvas, this.space, ratio);
    const { selected, hovered, found: matches, step, faded } = this;
    const focused = this.isFocusShown ? selected : null;
    const highlights = { selected, hovered, matches, step, faded, focused };
    const brushes = { context, look: this.look, pixelRatio: ratio };
    this.ground.paint(brushes, this.scene, this.camera, this.space, highlights);
    paintMarks(brushes, this.scene, this.camera, highlights);
    const size = mapSize(this.scene.drawing, this.camera, this.space);
    if (size?.width !== this.mapShown?.width || size?.height !== this.mapShown?.height) this.mapShown = size;
    const map = this.renderRoot.querySelector<HTMLCanvasElement>("canvas.map");
    const mapContext = map?.getContext("2d");
    if (size === null || map === null || mapContext === undefined || mapContext === null) return;
    resize(map, size, ratio);
    paintMap(mapContext, this.scene.drawing, this.camera, this.space, size, ratio, this.look);
  }

  override render(): TemplateResult {
    return html`<canvas class="drawing" aria-hidden="true"></canvas> ${this.tree()}
      ${
        this.mapShown === null
          ? nothing
          : html`<canvas
              class="map"
              aria-hidden="true"
              @pointerdown=${this.onMap}
              @pointermove=${this.onMap}
            ></canvas>`
      }`;
  }

  /** The same boxes, for the keyboard and for screen readers; the canvas shows which is active. */
  private tree(): TemplateResult {
    const { drawing } = this.scene;
    const active = this.placed(this.selected) ?? drawing.boxes[0];
    const sentences = boxSentences(this.scene);
    return html`<div
      class="surface"
      role="tree"
      tabindex="0"
      aria-label="Graph of ${this.name}: ${drawing.boxes.length} boxes"
      aria-activedescendant=${active === undefined ? nothing : idOf(active)}
      @keydown=${this.onKey}
      @focus=${this.onFocus}
      @blur=${this.onFocus}
      @wheel=${this.onWheel}
      @pointerdown=${this.onDown}
      @pointermove=${this.onMove}
      @pointerup=${this.onUp}
      @pointerleave=${this.onLeave}
      @dblclick=${this.onDouble}
    >
      ${drawing.boxes.map(
        (placed) =>
          html`<div
            class="unseen"
            role="treeitem"
            id=${idOf(placed)}
            aria-level=${placed.depth + 1}
            aria-selected=${placed.box.key === this.selected}
            aria-expanded=${placed.box.fold === null ? nothing : placed.box.fold === "open"}
          >
            ${sentences.get(placed.box.key)}
          </div>`,
      )}
    </div>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const command = commandOf(event);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.obey(command);
  };

  private obey(command: StageCommand): void {
    const { boxes } = this.scene.drawing;
    const here = this.placed(this.selected);
    switch (command.kind) {
      case "walk": {
        const next = here === undefined ? boxes[0] : nextBox(this.scene.drawing, here, command.step);
        if (next !== undefined && next !== null) this.walkTo(next);
        return;
      }
      case "first":
        return this.walkTo(boxes[0]);
      case "last":
        return this.walkTo(boxes.at(-1));
      case "pan":
        return this.moveTo(keepInReach(panBy(this.camera, command.by), this.scene.drawing, this.space));
      case "zoom":
        return this.zoom(command.factor);
      case "fit":
        return this.fit();
      case "open":
        if (here !== undefined) this.events.choose(here.box.key, "open");
        return;
      case "toggle":
        if (here !== undefined && here.box.container !== null) this.events.toggle(here.box.container);
        return;
      case "ask":
        this.events.command(command.what);
    }
  }

  private walkTo(placed: PlacedBox | undefined): void {
    if (placed === undefined) return;
    this.isFocusShown = true;
    this.events.choose(placed.box.key, "walk");
    this.moveTo(bringIntoView(this.camera, placed, this.space));
  }

  private readonly onFocus = (event: FocusEvent): void => {
    const surface = event.currentTarget as HTMLElement; // The listener is on the surface.
    this.isFocusShown = event.type === "focus" && surface.matches(":focus-visible");
    if (this.isFocusShown && this.placed(this.selected) === undefined) {
      const first = this.scene.drawing.boxes[0];
      if (first !== undefined) this.events.choose(first.box.key, "walk");
    }
    this.repaint();
  };

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey || !event.shiftKey)
      this.zoom(Math.exp((-event.deltaY * unit) / 400), this.pointOf(event));
    else
      this.moveTo(
        keepInReach(
          panBy(this.camera, { x: -event.deltaX - event.deltaY, y: 0 }),
          this.scene.drawing,
          this.space,
        ),
      );
  };

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button > 1) return;
    const at = this.pointOf(event);
    this.drag = { from: at, at, moved: false };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId); // The listener is on the surface.
  };

  private readonly onMove = (event: PointerEvent): void => {
    const at = this.pointOf(event);
    const { drag } = this;
    if (drag === null) return this.hover(at);
    if (!drag.moved && Math.hypot(at.x - drag.from.x, at.y - drag.from.y) < dragThreshold) return;
    drag.moved = true;
    const by = { x: at.x - drag.at.x, y: at.y - drag.at.y };
    drag.at = at;
    this.moveTo(keepInReach(panBy(this.camera, by), this.scene.drawing, this.space));
  };

  private readonly onUp = (event: PointerEvent): void => {
    const { drag } = this;
    this.drag = null;
    if (drag === null || drag.moved) return;
    this.isFocusShown = false;
    const placed = this.boxUnder(this.pointOf(event));
    if (placed !== null) this.events.choose(placed.box.key, "click");
  };

  private readonly onDouble = (event: MouseEvent): void => {
    const box = this.boxUnder(this.pointOf(event))?.box;
    if (box === undefined) return this.fit();
    if (box.container !== null) this.events.toggle(box.container);
    else this.events.choose(box.key, "open");
  };

  private readonly onLeave = (): void => {
    this.hovered = null;
    this.repaint();
  };

  private readonly onMap = (event: PointerEvent): void => {
    if (event.buttons === 0 || this.mapShown === null) return;
    const at = { x: event.offsetX, y: event.offsetY };
    const camera = cameraAt(this.scene.drawing, this.camera, at, this.mapShown, this.space);
    this.moveTo(keepInReach(camera, this.scene.drawing, this.space));
  };

  private hover(at: Point): void {
    const placed = this.boxUnder(at);
    const key = placed?.box.fold === "open" ? null : (placed?.box.key ?? null);
    if (key === this.hovered) return;
    this.hovered = key;
    this.classList.toggle("over", key !== null);
    this.repaint();
  }

  private boxUnder(at: Point): PlacedBox | null {
    return boxAt(this.scene.drawing, toDrawing(this.camera, at));
  }

  private pointOf(event: MouseEvent): Point {
    const { left, top } = this.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  static override readonly styles = [sharedStyles, graphStageStyles];
}

function idOf({ box }: PlacedBox): string {
  return `box-${box.key.replace(/[^\w-]/g, (character) => `_${String(character.codePointAt(0))}`)}`;
}

function resize(canvas: HTMLCanvasElement, { width, height }: Size, ratio: number): void {
  const [columns, rows] = [Math.max(Math.round(width * ratio), 1), Math.max(Math.round(height * ratio), 1)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  canvas.style.width = `${String(width)}px`;
  canvas.style.height = `${String(height)}px`;
}
