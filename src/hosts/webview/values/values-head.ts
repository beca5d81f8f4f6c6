/** The head of the table of values: two rows of column names, by which it is sorted. Stateless. */
import { html, nothing, type TemplateResult } from "lit";
import type { TargetReport } from "../../../protocol";
import { nextSort, type Sort, type SortColumn } from "../state/node-rows";
import { deltaColumns, sideSpan, type TableLayout } from "./table-layout";

export interface HeadContext {
  readonly target: TargetReport;
  readonly layout: TableLayout;
  readonly sort: Sort | null;
  /** When the run was that is compared with; null where none is. */
  readonly compared: string | null;
  readonly sortBy: (sort: Sort | null) => void;
}

interface Head {
  readonly column: SortColumn;
  readonly label: string;
  readonly title: string;
  readonly className: string;
  readonly rows?: number;
}

export function valuesHead(context: HeadContext): TemplateResult {
  const { target, layout, compared } = context;
  const root = target.roots.find((choice) => choice.id === target.root);
  const span = sideSpan(layout);
  const deltas = deltaColumns(layout);
  return html`<thead>
    <tr>
      ${sortHead(context, { column: "name", label: "Node", title: "Name", className: "name", rows: 2 })}
      ${layout.op ? sortHead(context, { column: "op", label: "Op", title: "What computes it", className: "op", rows: 2 }) : nothing}
      ${layout.shape ? sortHead(context, { column: "shape", label: "Shape", title: "Number of elements", className: "shape", rows: 2 }) : nothing}
      ${span === 0 ? nothing : html`<th class="over value-edge" scope="colgroup" colspan=${span}>Value</th>`}
      ${
        layout.gradient && span > 0
          ? html`<th class="over gradient-edge" scope="colgroup" colspan=${span}>
              Gradient${root === undefined ? nothing : html` ${root.begun === true ? "by" : "of"} <span class="code">${root.name}</span>`}
            </th>`
          : nothing
      }
      ${
        deltas.length === 0
          ? nothing
          : html`<th class="over delta-edge" scope="colgroup" colspan=${deltas.length}>Δ to ${compared}</th>`
      }
    </tr>
    <tr>
      ${sideHead(context, "value")} ${layout.gradient ? sideHead(context, "gradient") : nothing}
      ${deltas.map(({ column, label, title }, i) => sortHead(context, { column, label, title, className: i === 0 ? "figure delta-edge" : "figure" }))}
    </tr>
  </thead>`;
}

function sideHead(context: HeadContext, of: "value" | "gradient"): readonly TemplateResult[] {
  const { figures, distribution } = context.layout;
  const heads = figures.map(({ statistic, label, title }) =>
    sortHead(context, { column: `${of}.${statistic}`, label, title, className: "figure" }),
  );
  if (!distribution) return heads;
  return [
    html`<th class="distribution ${of}-edge" scope="col">
      <span class="unseen">Distribution of the ${of}</span>
    </th>`,
    ...heads,
  ];
}

function sortHead(
  { sort, sortBy }: HeadContext,
  { column, label, title, className, rows = 1 }: Head,
): TemplateResult {
  const own = sort?.column === column ? sort : null;
  const arrow = own === null ? "" : own.direction === "ascending" ? "↑" : "↓";
  return html`<th class=${className} scope="col" rowspan=${rows} aria-sort=${own?.direction ?? "none"}>
    <button class="sort" title="${title}. Click to sort." @click=${() => sortBy(nextSort(sort, column))}>
      ${label}<span class="arrow" aria-hidden="true">${arrow}</span>
    </button>
  </th>`;
}
