/**
 * The slices of a tensor side by side, small: one for each index of the last leading dimension, and where there is
 * another before it a row for each of that. Choosing one shows it large. Owns which one the keyboard is on.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { ColorScale } from "../look/color-scale";
import { cssColor } from "../look/color-space";
import { sharedStyles } from "../look/shared-styles";
import { currentTheme, onDidChangeTheme } from "../look/theme";
import { type FacetLayout, facetAt, facetLayout, facetLeading, movedFacet } from "./facet-layout";
import { paintedPicture } from "./heat-map-drawing";
import type { SliceSubject } from "./slice-requests";
import type { SliceSource } from "./slice-store";
import { type DimensionNames, matrixOf } from "./tensor-axes";

/** Elements of a small picture, along a side. */
const sideSamples = 64;

export class TensorFacets extends LitElement {
  static override readonly properties = {
    source: { attribute: false },
    subject: { attribute: false },
    shape: { attribute: false },
    dims: { attribute: false },
    scale: { attribute: false },
    choose: { attribute: false },
    width: { state: true },
  };
  declare source: SliceSource;
  declare subject: SliceSubject;
  declare shape: readonly number[];
  declare dims: DimensionNames;
  declare scale: ColorScale;
  /** Told the leading indices of the chosen slice. */
  declare choose: (leading: readonly number[]) => void;
  declare private width: number;

  private ends: (() => void)[] = [];
  private frame = 0;

  constructor() {
    super();
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const resize = new ResizeObserver(() => {
      this.width = this.clientWidth;
    });
    resize.observe(this);
    this.ends = [
      () => resize.disconnect(),
      onDidChangeTheme(() => this.drawSoon()),
      this.source.onDidArrive(() => this.drawSoon()),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.source.want("facets", []);
  }

  private get layout(): FacetLayout {
    return facetLayout(this.shape, this.width - 2);
  }

  override updated(_changed: PropertyValues<this>): void {
    this.drawSoon();
  }

  override render(): TemplateResult {
    const { shape, dims, layout } = this;
    const names = shape.map((size, axis) => dims[axis] ?? `dimension ${String(axis)}`);
    const across = names[layout.across] ?? "";
    const down = layout.down === null ? "" : `, ${names[layout.down] ?? ""} downwards`;
    const shown = layout.rows * layout.columns;
    const all = (shape[layout.across] ?? 1) * (layout.down === null ? 1 : (shape[layout.down] ?? 1));
    const more = shown < all ? ` The first ${String(shown)} of ${String(all)}.` : "";
    const label = `Slices, ${across} to the right${down}.${more}`;
    return html`<p class="faint">${label} Arrow keys choose.</p>
      <canvas
        tabindex="0"
        role="application"
        aria-roledescription="small multiples"
        aria-label=${label}
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Home End"
        @click=${this.onClick}
        @keydown=${this.onKey}
      ></canvas>`;
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
    const { layout, scale, source } = this;
    if (canvas === null || this.width < 40) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(layout.width * ratio);
    canvas.height = Math.round(layout.height * ratio);
    canvas.style.width = `${String(layout.width)}px`;
    canvas.style.height = `${String(layout.height)}px`;
    const context = canvas.getContext("2d", { alpha: false })!;
    const theme = currentTheme();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = cssColor(theme.background);
    context.fillRect(0, 0, layout.width, layout.height);
    context.imageSmoothingEnabled = false;
    const grid = matrixOf(this.shape);
    const here = facetAt(this.subject.leading, layout);
    const wanted = [];
    for (let row = 0; row < layout.rows; row++) {
      for (let column = 0; column < layout.columns; column++) {
        const request = {
          ...this.subject,
          leading: facetLeading(this.subject.leading, { row, column }, layout),
          rows: { from: 0, to: grid.rows },
          columns: { from: 0, to: grid.columns },
          limit: sideSamples ** 2,
          pooled: true,
        };
        wanted.push(request);
        const x = column * layout.stepX;
        const y = row * layout.stepY;
        const slice = source.get(request);
        if (slice !== undefined && slice !== "unavailable" && slice.data.length > 0)
          context.drawImage(paintedPicture(slice, scale), x + 2, y + 2, layout.cellWidth, layout.cellHeight);
        const chosen = here.row === row && here.column === column;
        context.lineWidth = chosen ? 2 : 1;
        context.globalAlpha = chosen ? 1 : 0.3;
        context.strokeStyle = chosen ? theme.focus : theme.foreground;
        context.strokeRect(x + 1.5, y + 1.5, layout.cellWidth + 1, layout.cellHeight + 1);
        context.globalAlpha = 1;
      }
    }
    source.want("facets", wanted);
  }

  private readonly onClick = (event: MouseEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect(); // The listener is on the canvas.
    const { layout } = this;
    const place = {
      row: Math.floor((event.clientY - box.top) / layout.stepY),
      column: Math.floor((event.clientX - box.left) / layout.stepX),
    };
    if (place.row < layout.rows && place.column < layout.columns)
      this.choose(facetLeading(this.subject.leading, place, layout));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { layout } = this;
    const place = movedFacet(event.key, facetAt(this.subject.leading, layout), layout);
    if (place === null) return;
    event.preventDefault();
    this.choose(facetLeading(this.subject.leading, place, layout));
  };

  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        max-height: 300px;
        margin-top: 8px;
        overflow: auto;
      }
      p {
        margin: 0 0 4px;
      }
      canvas {
        display: block;
        cursor: pointer;
      }
      canvas:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
    `,
  ];
}
