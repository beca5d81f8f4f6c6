/**
 * A matrix as a table of numbers, a page at a time. Owns the page, which follows the keyboard's cursor; asks the slice
 * store for its numbers. Where the cursor is belongs to its owner, as a heatmap's does.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { icon } from "../look/icons";
import { cellNumber, type DType, exactNumber, shortNumber } from "../look/number-format";
import type { HeatMapHost } from "./heat-map";
import { exactRequest, type SliceSubject } from "./slice-requests";
import type { SliceSource } from "./slice-store";
import { sharedStyles } from "../look/shared-styles";
import type { AxisNames } from "./tensor-axes";
import type { Cell, Grid } from "./viewport";

const rowsOnPage = 100;
const columnsOnPage = 32;

export class NumberTable extends LitElement {
  static override readonly properties = {
    store: { attribute: false },
    subject: { attribute: false },
    grid: { attribute: false },
    dtype: { attribute: false },
    name: { attribute: false },
    axes: { attribute: false },
    cell: { attribute: false },
    cursor: { attribute: false },
    host: { attribute: false },
    page: { state: true },
  };
  declare store: SliceSource;
  declare subject: SliceSubject;
  declare grid: Grid;
  declare dtype: DType;
  declare name: string;
  /** What the rows and the columns are called. */
  declare axes: AxisNames;
  /** Marked in the table where it is on the page. */
  declare cell: Cell | null;
  /** The cell that the keyboard moves: its page is turned to. */
  declare cursor: Cell | null;
  declare host: Pick<HeatMapHost, "point" | "mark" | "key">;
  declare private page: Cell;

  private end = (): void => undefined;

  constructor() {
    super();
    this.page = { row: 0, column: 0 };
    this.axes = { rows: null, columns: null };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.end = this.store.onDidArrive(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end();
    this.store.want(`table-${this.subject.of}`, []);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { cursor, grid } = this;
    if (changed.has("cursor") && cursor !== null) this.page = pageOf(cursor);
    else if (this.page.row >= grid.rows || this.page.column >= grid.columns)
      this.page = { row: 0, column: 0 };
  }

  override updated(changed: PropertyValues<this>): void {
    const { cell, page } = this;
    this.renderRoot.querySelector("[data-marked]")?.removeAttribute("data-marked");
    if (cell === null) return;
    const row = this.renderRoot.querySelector("tbody")?.rows[cell.row - page.row];
    // Before its cells stands its number.
    const marked = row?.cells[cell.column - page.column + 1];
    marked?.setAttribute("data-marked", "");
    if (changed.has("cursor") && cell === this.cursor)
      marked?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** The number at a cell where it has arrived: with its page. */
  numberAt(cell: Cell): number | undefined {
    const slice = this.store.get(this.pageRequest(pageOf(cell)));
    return slice === undefined || slice === "unavailable"
      ? undefined
      : slice.data[(cell.row % rowsOnPage) * slice.columns + (cell.column % columnsOnPage)];
  }

  private pageRequest({ row, column }: Cell): ReturnType<typeof exactRequest> {
    return exactRequest(this.subject, {
      fromRow: row,
      toRow: Math.min(row + rowsOnPage, this.grid.rows),
      fromColumn: column,
      toColumn: Math.min(column + columnsOnPage, this.grid.columns),
    });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (/^(Arrow|Home|End)/.test(event.key) && this.host.key(event)) event.preventDefault();
  };

  /** The cell that an event is about, if it is about one. */
  private cellOf(event: Event): Cell | null {
    const cell =
      event.target instanceof Element ? event.target.closest<HTMLTableCellElement>("tbody td") : null;
    const row = cell?.parentElement as HTMLTableRowElement | null; // A cell stands in a row.
    if (!cell || !row) return null;
    return { row: this.page.row + row.sectionRowIndex, column: this.page.column + cell.cellIndex - 1 };
  }

  private readonly onPoint = (event: Event): void => this.host.point(this.cellOf(event));
  private readonly onLeave = (): void => this.host.point(null);
  private readonly onClick = (event: Event): void => {
    const cell = this.cellOf(event);
    if (cell !== null) this.host.mark(cell);
  };

  override render(): TemplateResult {
    const { grid, dtype } = this;
    const request = this.pageRequest(this.page);
    const { from: fromRow, to: toRow } = request.rows;
    const { from: fromColumn, to: toColumn } = request.columns;
    this.store.want(`table-${this.subject.of}`, [request]);
    const slice = this.store.get(request);
    if (slice === "unavailable")
      return html`<p class="faint">The editor has no numbers for ${this.name}.</p>`;
    const columns = range(fromColumn, toColumn);
    const at = (row: number, column: number): number | undefined =>
      slice?.data[(row - fromRow) * slice.columns + column - fromColumn];
    const table = (): TemplateResult =>
      html`<table class="number" aria-busy=${slice === undefined}>
        <thead>
          <tr>
            <td class="faint corner">${this.axisText()}</td>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${range(fromRow, toRow).map(
            (row) =>
              html`<tr>
                <th scope="row">${row}</th>
                ${columns.map((column) => cellOf(at(row, column), dtype))}
              </tr>`,
          )}
        </tbody>
      </table>`;
    return html`
      ${this.pager("Rows", "row", fromRow, toRow, grid.rows, rowsOnPage)}
      ${this.pager("Columns", "column", fromColumn, toColumn, grid.columns, columnsOnPage)}
      <div
        class="scroll"
        tabindex="0"
        role="region"
        aria-label="Numbers of ${this.name}. The arrow keys move the cell."
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Home End"
        @keydown=${this.onKey}
        @pointerover=${this.onPoint}
        @pointerleave=${this.onLeave}
        @click=${this.onClick}
      >
        ${guard([slice, fromRow, toRow, fromColumn, toColumn, dtype, this.axisText()], table)}
      </div>
    `;
  }

  /** `N ↓ n_hidden →` */
  private axisText(): string {
    const { rows, columns } = this.axes;
    return [rows === null ? "" : `${rows} ↓`, columns === null ? "" : `${columns} →`].join(" ").trim();
  }

  private pager(
    title: string,
    axis: "row" | "column",
    from: number,
    to: number,
    all: number,
    step: number,
  ): TemplateResult | typeof nothing {
    if (all <= step) return nothing;
    const go = (start: number) => (): void => {
      this.page = { ...this.page, [axis]: start };
    };
    return html`<div class="pager">
      <button
        class="tool back"
        ?disabled=${from === 0}
        @click=${go(Math.max(0, from - step))}
        aria-label="Previous ${title.toLowerCase()}"
      >
        ${icon("chevron")}
      </button>
      <span>${title} ${from} to ${to - 1} of ${all}</span>
      <button
        class="tool"
        ?disabled=${to === all}
        @click=${go(from + step)}
        aria-label="Next ${title.toLowerCase()}"
      >
        ${icon("chevron")}
      </button>
    </div>`;
  }

  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .scroll {
        max-height: 60vh;
        overflow: auto;
        border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border, transparent));
      }
      table {
        border-collapse: separate;
        border-spacing: 0;
      }
      th,
      td {
        padding: 2px 8px;
        text-align: end;
        white-space: nowrap;
        font-weight: normal;
      }
      thead th,
      thead td {
        position: sticky;
        top: 0;
        z-index: 1;
        background: var(--vscode-editor-background);
        color: var(--vscode-descriptionForeground);
        border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border, transparent));
      }
      tbody th {
        position: sticky;
        left: 0;
        background: var(--vscode-editor-background);
        color: var(--vscode-descriptionForeground);
      }
      tbody tr:hover td {
        background: var(--vscode-list-hoverBackground);
      }
      .zero {
        color: var(--vscode-descriptionForeground);
      }
      .special {
        color: var(--error-text);
        font-weight: bold;
      }
      tbody td {
        cursor: default;
        /* What stands still over it and beside it. */
        scroll-margin: 28px 2px 2px 60px;
      }
      [data-marked] {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .pager {
        display: flex;
        align-items: center;
        gap: 4px;
        margin-bottom: 4px;
      }
      .back .icon {
        transform: scaleX(-1);
      }
    `,
  ];
}

/** Where the page begins that a cell is on. */
function pageOf({ row, column }: Cell): Cell {
  return { row: row - (row % rowsOnPage), column: column - (column % columnsOnPage) };
}

function cellOf(value: number | undefined, dtype: DType): TemplateResult {
  if (value === undefined) return html`<td class="faint">·</td>`;
  const kind = Number.isFinite(value) ? (value === 0 ? "zero" : "") : "special";
  return html`<td class=${kind} title=${exactNumber(value, dtype)}>
    ${cellNumber(value, dtype, 10) ?? shortNumber(value)}
  </td>`;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
