/**
 * One tensor of the tensor tab: its picture or table with legend and figures, and what can be done with it. Owns what is
 * singled out of it; where it looks is its owner's, so that panes move as one.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { TensorSummary } from "../../../protocol";
import type { Brush, ColorScale } from "../look/color-scale";
import type { MenuEntry } from "../look/menu-button";
import { plural } from "../look/number-format";
import { sharedStyles } from "../look/shared-styles";
import type { HeatMap, HeatMapHost } from "./heat-map";
import type { NumberTable } from "./number-table";
import { exactRequest } from "./slice-requests";
import { figureStyles, summaryFigures } from "./summary-figures";
import { type AxisNames, matrixOf } from "./tensor-axes";
import type { Pane } from "./tensor-panes";
import { singleNumber } from "./tensor-parts";
import type { Cell, Size, Viewport } from "./viewport";

const errorNote = html`<p class="faint">
  |rule − finite difference| in units of max(1, |finite difference|); NaN where no difference was taken.
</p>`;

/** Where every pane looks. */
export interface SharedLook {
  readonly view: Viewport;
  readonly space: Size;
  /** The cell that is read out, and the one that the keyboard moves. */
  readonly cell: Cell | null;
  readonly cursor: Cell | null;
}

export class TensorPane extends LitElement {
  static override readonly properties = {
    pane: { attribute: false },
    look: { attribute: false },
    names: { attribute: false },
    scale: { attribute: false },
    table: { type: Boolean },
    preview: { type: Boolean },
    host: { attribute: false },
    entries: { attribute: false },
    note: { attribute: false },
    brush: { state: true },
  };
  declare pane: Pane;
  declare look: SharedLook;
  declare names: AxisNames;
  declare scale: ColorScale | null;
  declare table: boolean;
  /** The picture alone. */
  declare preview: boolean;
  declare host: HeatMapHost;
  declare entries: readonly MenuEntry[];
  /** What stands in place of a tensor that is not there, or under one that is. */
  declare note: TemplateResult | typeof nothing;
  declare private brush: Brush | null;

  constructor() {
    super();
    this.brush = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("pane") && changed.get("pane")?.title !== this.pane.title) this.brush = null;
  }

  /** The number at a cell where it has arrived. */
  numberAt(cell: Cell): number | undefined {
    return (this.map ?? this.renderRoot.querySelector<NumberTable>("nnspec-number-table"))?.numberAt(cell);
  }

  wantNumberAt(cell: Cell): void {
    this.map?.wantNumberAt(cell);
  }

  get canvas(): HTMLCanvasElement | null {
    return this.map?.shadowRoot?.querySelector("canvas") ?? null;
  }

  private get map(): HeatMap | null {
    return this.renderRoot.querySelector<HeatMap>("nnspec-heat-map");
  }

  override render(): TemplateResult {
    const { key, name, title, summary } = this.pane;
    // Of some kinds there may be several.
    const label = /-\d+$/.test(key) ? `${name}: ${title}` : name;
    return html`<section aria-label=${label}>
      <h2>
        <span class="code" title=${title}>${title}</span>
        ${summary === null || summary.count === 0 || this.preview ? nothing : this.menu()}
      </h2>
      ${
        summary === null
          ? nothing
          : summary.count === 0
            ? html`<p class="faint">Empty: it has no elements.</p>`
            : this.picture(summary)
      }
      ${this.pane.colors === "error" ? errorNote : nothing} ${this.note}
    </section>`;
  }

  private menu(): TemplateResult {
    return html`<nnspec-menu-button
      .symbol=${"more"}
      .name=${`Copy or save the ${this.pane.name.toLowerCase()}`}
      .entries=${this.entries}
    ></nnspec-menu-button>`;
  }

  private picture(summary: TensorSummary): TemplateResult | typeof nothing {
    const { title, subject, source, key } = this.pane;
    const { scale } = this;
    if (summary.count === 1) return singleNumber(summary, this.onlyElement());
    const grid = matrixOf(summary.shape);
    const { cell, cursor, space, view } = this.look;
    if (this.table)
      return html`<nnspec-number-table
          .store=${source}
          .subject=${subject}
          .grid=${grid}
          .dtype=${summary.dtype}
          .name=${title}
          .axes=${this.names}
          .cell=${cell}
          .cursor=${cursor}
          .host=${this.host}
        ></nnspec-number-table>
        ${summaryFigures(summary)}`;
    if (scale === null) return nothing;
    const label = `Heatmap of ${title}, ${plural(grid.rows, "row")}, ${plural(grid.columns, "column")}. The arrow keys move the cell.`;
    return html`<nnspec-heat-map
        data-side=${key}
        .store=${source}
        .subject=${subject}
        .grid=${grid}
        .space=${space}
        .view=${view}
        .names=${this.names}
        .scale=${scale}
        .brush=${this.brush}
        .dtype=${summary.dtype}
        .cursor=${cell}
        .host=${this.host}
        .label=${label}
      ></nnspec-heat-map>
      ${this.preview ? nothing : this.legend(summary, scale, cell)}`;
  }

  private legend(summary: TensorSummary, scale: ColorScale, cell: Cell | null): TemplateResult {
    return html`<nnspec-scale-legend
        .summary=${summary}
        .scale=${scale}
        .brush=${this.brush}
        .cursorValue=${cell === null ? undefined : this.numberAt(cell)}
        .changed=${(range: Brush | null): void => {
          this.brush = range;
        }}
      ></nnspec-scale-legend>
      ${summaryFigures(summary)}`;
  }

  /** A scalar's number where its summary does not have it. */
  private onlyElement(): number | undefined {
    const { key, subject, source } = this.pane;
    const request = exactRequest(subject, { fromRow: 0, toRow: 1, fromColumn: 0, toColumn: 1 });
    source.want(`single-${key}`, [request]);
    const slice = source.get(request);
    return slice === undefined || slice === "unavailable" ? undefined : slice.data[0];
  }

  static override readonly styles = [
    sharedStyles,
    figureStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      h2 {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 2px 8px;
        min-height: 24px;
        margin: 0 0 4px;
        font-size: inherit;
      }
      h2 > .code {
        flex: 1 1 80px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .single {
        margin: 14px 0;
        font-size: 26px;
        overflow-wrap: anywhere;
      }
      .special {
        color: var(--error-text);
      }
      .notice {
        margin: 8px 0;
        padding: 10px 12px;
        border-left: 3px solid var(--vscode-editorInfo-foreground);
        background: var(--vscode-textBlockQuote-background);
      }
      .comparison {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin: 8px 0 0;
      }
    `,
  ];
}
