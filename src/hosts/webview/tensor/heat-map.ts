/**
 * One heatmap: the matrix of one tensor's slice on a canvas, with pointer, wheel and keys. Owns the canvas and asks
 * the slice store for what it shows; where it looks and where the cursor is belong to its owner, so that two
 * heatmaps can move as one.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Brush, ColorScale } from "../look/color-scale";
import { type AxisNames, edge, guttersOf } from "./heat-map-axes";
import { drawHeatMap } from "./heat-map-drawing";
import type { DType } from "../look/number-format";
import { numberAt, type PlacedSlice } from "./slice-lookup";
import { exactRequest, overviewRequest, sliceKey, type SliceSubject, tileRequests } from "./slice-requests";
import type { SliceSource } from "./slice-store";
import { currentTheme, onDidChangeTheme } from "../look/theme";
import { type Cell, cellAt, type Grid, isFitted, pan, type Size, type Viewport, zoomAt } from "./viewport";
import { sharedStyles } from "../look/shared-styles";

/** What the owner of one or more heatmaps is told. */
export interface HeatMapHost {
  look(view: Viewport): void;
  /** The pointer is over this cell, or has left. */
  point(cell: Cell | null): void;
  /** The cursor was put on this cell. */
  mark(cell: Cell): void;
  /** A key was pressed; true when it meant something. */
  key(event: KeyboardEvent): boolean;
}

export class HeatMap extends LitElement {
  static override readonly properties = {
    store: { attribute: false },
    subject: { attribute: false },
    grid: { attribute: false },
    space: { attribute: false },
    view: { attribute: false },
    names: { attribute: false },
    scale: { attribute: false },
    brush: { attribute: false },
    dtype: { attribute: false },
    cursor: { attribute: false },
    host: { attribute: false },
    label: { attribute: false },
  };
  declare store: SliceSource;
  declare subject: SliceSubject;
  declare grid: Grid;
  declare space: Size;
  declare view: Viewport;
  declare names: AxisNames;
  declare scale: ColorScale;
  declare brush: Brush | null;
  declare dtype: DType;
  declare cursor: Cell | null;
  declare host: HeatMapHost;
  declare label: string;

  private ends: (() => void)[] = [];
  private frame = 0;
  private drag: { readonly x: number; readonly y: number; readonly moved: boolean } | null = null;
  /** What was drawn last, kept in view while a new run's numbers are on their way: no flicker between runs. */
  private held: { readonly of: string; readonly slices: PlacedSlice[] } | null = null;
  /** "blank": nothing has arrived yet; "unavailable": the editor has no such slice. For the owner and for tests. */
  condition: "blank" | "shown" | "unavailable" = "blank";

  override connectedCallback(): void {
    super.connectedCallback();
    this.ends = [onDidChangeTheme(() => this.drawSoon()), this.store.onDidArrive(() => this.drawSoon())];
    this.drawSoon();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.store.want(this.owner, []);
    this.store.want(`pointer-${this.owner}`, []);
  }

  /** Its wishes are told from another map's of the same tensor. */
  private get owner(): string {
    return this.dataset["side"] ?? this.subject.of;
  }

  override updated(_changed: PropertyValues<this>): void {
    this.drawSoon();
  }

  override render(): TemplateResult {
    return html`<canvas
        tabindex="0"
        role="application"
        aria-roledescription="heatmap"
        aria-label=${this.label}
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Home End + - 0"
        @pointerdown=${this.onPointerDown}
        @pointermove=${this.onPointerMove}
        @pointerup=${this.onPointerUp}
        @pointerleave=${this.onPointerLeave}
        @wheel=${this.onWheel}
        @keydown=${this.onKey}
      ></canvas>
      <p class="faint" hidden>These numbers are no longer kept. Run again to have them.</p>`;
  }

  /** The number at a cell where it has arrived. */
  numberAt(cell: Cell): number | undefined {
    const pointed = this.store.get(this.cellRequest(cell));
    return pointed !== undefined && pointed !== "unavailable"
      ? pointed.data[0]
      : numberAt(this.slices(), cell);
  }

  /** Asks for one element that thinning may have left out. */
  wantNumberAt(cell: Cell): void {
    this.store.want(
      `pointer-${this.owner}`,
      this.numberAt(cell) === undefined ? [this.cellRequest(cell)] : [],
    );
  }

  private cellRequest({ row, column }: Cell): ReturnType<typeof exactRequest> {
    return exactRequest(this.subject, {
      fromRow: row,
      toRow: row + 1,
      fromColumn: column,
      toColumn: column + 1,
    });
  }

  /** What has arrived of what should be in view, coarse first. Asks for the rest. */
  private slices(): PlacedSlice[] {
    const { subject, grid, space, view, store } = this;
    const overview = overviewRequest(subject, grid);
    const coarse = store.get(overview);
    this.condition = coarse === undefined ? "blank" : coarse === "unavailable" ? "unavailable" : "shown";
    if (coarse === undefined || coarse === "unavailable") {
      store.want(this.owner, [overview]);
      return coarse === undefined && this.held?.of === sliceKey(overview) ? this.held.slices : [];
    }
    const overviewStep = { row: coarse.rowStep, column: coarse.columnStep };
    const tiles = tileRequests(subject, { grid, space, view, overviewStep, pixelRatio: devicePixelRatio });
    store.want(this.owner, tiles);
    const found: PlacedSlice[] = [{ request: overview, reply: coarse }];
    for (const request of tiles) {
      const reply = store.get(request);
      if (reply !== undefined && reply !== "unavailable") found.push({ request, reply });
    }
    this.held = { of: sliceKey(overview), slices: found };
    return found;
  }

  private drawSoon(): void {
    if (this.frame !== 0 || !this.isConnected) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    if (canvas === null) return;
    const gutters = guttersOf(this.grid, this.names);
    const width = gutters.left + this.space.width + edge;
    const height = gutters.top + this.space.height + edge;
    const pixelRatio = devicePixelRatio;
    if (
      canvas.width !== Math.round(width * pixelRatio) ||
      canvas.height !== Math.round(height * pixelRatio)
    ) {
      canvas.width = Math.round(width * pixelRatio);
      canvas.height = Math.round(height * pixelRatio);
      canvas.style.width = `${String(width)}px`;
      canvas.style.height = `${String(height)}px`;
    }
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) return;
    const { grid, view, space, names, scale, brush, dtype, cursor } = this;
    const slices = this.slices();
    drawHeatMap(context, {
      grid,
      view,
      space,
      names,
      scale,
      brush,
      dtype,
      cursor,
      slices,
      pixelRatio,
      theme: currentTheme(),
    });
    this.dataset["condition"] = this.condition;
    this.renderRoot.querySelector("p")?.toggleAttribute("hidden", this.condition !== "unavailable");
  }

  /** The event's place among the cells, in CSS pixels. */
  private place(event: MouseEvent): { readonly x: number; readonly y: number } {
    const box = this.renderRoot.querySelector("canvas")!.getBoundingClientRect();
    const { left, top } = guttersOf(this.grid, this.names);
    return { x: event.clientX - box.left - left, y: event.clientY - box.top - top };
  }

  private cellUnder(event: MouseEvent): Cell | null {
    const { x, y } = this.place(event);
    return x < 0 || y < 0 || y > this.space.height ? null : cellAt(this.view, this.grid, x, y);
  }

  private readonly onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.drag = { x: event.clientX, y: event.clientY, moved: false };
    (event.currentTarget as HTMLCanvasElement).setPointerCapture(event.pointerId); // The listener is on the canvas.
  };

  private readonly onPointerMove = (event: PointerEvent): void => {
    if (this.drag === null) {
      this.host.point(this.cellUnder(event));
      return;
    }
    const dx = event.clientX - this.drag.x;
    const dy = event.clientY - this.drag.y;
    if (!this.drag.moved && Math.hypot(dx, dy) < 4) return;
    this.drag = { x: event.clientX, y: event.clientY, moved: true };
    this.host.look(pan(this.view, this.grid, this.space, dx, dy));
  };

  private readonly onPointerUp = (event: PointerEvent): void => {
    const clicked = this.drag !== null && !this.drag.moved;
    this.drag = null;
    const cell = this.cellUnder(event);
    if (clicked && cell !== null) this.host.mark(cell);
  };

  private readonly onPointerLeave = (): void => {
    if (this.drag === null) this.host.point(null);
  };

  /** The wheel zooms; turned outwards when everything is in view already, it scrolls the page as everywhere. */
  private readonly onWheel = (event: WheelEvent): void => {
    const { x, y } = this.place(event);
    if (event.shiftKey) {
      event.preventDefault();
      this.host.look(pan(this.view, this.grid, this.space, -(event.deltaX || event.deltaY), 0));
      return;
    }
    if (event.deltaY >= 0 && isFitted(this.view, this.grid, this.space)) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(Math.min(60, Math.max(-60, -event.deltaY * lines)) * 0.004);
    this.host.look(zoomAt(this.view, { grid: this.grid, space: this.space, factor, x, y }));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.host.key(event)) event.preventDefault();
  };

  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      canvas {
        display: block;
        max-width: 100%;
        cursor: crosshair;
        touch-action: none;
      }
      canvas:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 0;
      }
    `,
  ];
}
