/** A matrix as a table of numbers, a page at a time. Owns the page; asks the slice store for its numbers. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon } from "../look/icons";
import { cellNumber, type DType, exactNumber, shortNumber } from "../look/number-format";
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
    cursor: { attribute: false },
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
  declare cursor: Cell | null;
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

  override render(): TemplateResult {
    const { grid } = this;
    const fromRow = this.page.row < grid.rows ? this.page.row : 0;
    const fromColumn = this.page.column < grid.columns ? this.page.column : 0;
    const toRow = Math.min(fromRow + rowsOnPage, grid.rows);
    const toColumn = Math.min(fromColumn + columnsOnPage, grid.columns);
    const request = exactRequest(this.subject, { fromRow, toRow, fromColumn, toColumn });
    this.store.want(`table-${this.subject.of}`, [request]);
    const slice = this.store.get(request);
    if (slice === "unavailable")
      return html`<p class="faint">The editor has no numbers for ${this.name}.</p>`;
    const columns = range(fromColumn, toColumn);
    const at = (row: number, column: number): number | undefined =>
      slice?.data[(row - fromRow) * slice.columns + column - fromColumn];
    return html`
      ${this.pager("Rows", "row", fromRow, toRow, grid.rows, rowsOnPage)}
      ${this.pager("Columns", "column", fromColumn, toColumn, grid.columns, columnsOnPage)}
      <div class="scroll" tabindex="0" role="region" aria-label="Numbers of ${this.name}">
        <table class="number" aria-busy=${slice === undefined}>
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
                  ${columns.map((column) => this.cell(row, column, at(row, column)))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  /** `N ↓ n_hidden →` */
  private axisText(): string {
    const { rows, columns } = this.axes;
    return [rows === null ? "" : `${rows} ↓`, columns === null ? "" : `${columns} →`].join(" ").trim();
  }

  private cell(row: number, column: number, value: number | undefined): TemplateResult {
    if (value === undefined) return html`<td class="faint">·</td>`;
    const marked = this.cursor?.row === row && this.cursor.column === column;
    const kind = Number.isFinite(value) ? (value === 0 ? "zero" : "") : "special";
    return html`<td class="${kind} ${marked ? "marked" : ""}" title=${exactNumber(value, this.dtype)}>
      ${cellNumber(value, this.dtype, 10) ?? shortNumber(value)}
    </td>`;
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
      .marked {
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

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
