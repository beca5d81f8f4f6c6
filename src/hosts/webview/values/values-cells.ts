/** The cells of the table of values. Stateless. */
import { html, nothing, type TemplateResult } from "lit";
import type { NodeSummary, TensorSummary } from "../../../protocol";
import { icon } from "../look/icons";
import type { HealthMark } from "../state/node-health";
import { layerRatio, ratioText } from "../state/layer-ratio";
import { type NodeRow, nodeTitle, type Statistic } from "../state/node-rows";
import { deltaColumns, sideSpan, type TableLayout } from "./table-layout";
import { countText, percentText, plural, shapeText, shortNumber } from "../look/number-format";
import { sparkLine } from "./spark-line";

export function rowKey(row: NodeRow): string {
  return row.kind === "group" ? row.key : String(row.node.id);
}

export function groupRow(
  row: NodeRow & { readonly kind: "group" },
  { name, marks, layout }: { readonly name: string; readonly marks: number; readonly layout: TableLayout },
): TemplateResult {
  const sides = (layout.gradient ? 2 : 1) * sideSpan(layout);
  const span = 1 + Number(layout.op) + Number(layout.shape) + sides + deltaColumns(layout).length;
  const ratio = row.key.startsWith("family:") ? layerRatio(row.nodes) : null;
  return html`<td role="gridcell" class="name" colspan=${span}>
    <span class="group-name">
      ${icon("chevron", row.expanded ? "open" : "")}
      <b class="code">${row.label === "" ? name : row.label}</b>
      <span class="faint">${plural(row.nodes.length, "node")}</span>
      ${ratio === null ? nothing : html`<span class="faint number" title="The gradient from one layer to the one before it">${ratioText(ratio)}</span>`}
      ${marks === 0 ? nothing : html`<span class="badge warning">${icon("warning", "warning")} ${plural(marks, "problem")}</span>`}
    </span>
  </td>`;
}

export function nodeCells(
  node: NodeSummary,
  {
    marks,
    layout,
    root,
  }: { readonly marks: readonly HealthMark[]; readonly layout: TableLayout; readonly root: string },
): TemplateResult {
  const { value } = node;
  return html`<td role="gridcell" class="name">
      <span class="name-line">
        ${nodeName(node)}
        ${node.role === "parameter" ? html`<span class="badge role" title="A parameter">param</span>` : nothing}
        ${marks.map(badge)}
      </span>
    </td>
    ${layout.op ? html`<td role="gridcell" class="op faint">${node.op === "" ? node.role : node.op}</td>` : nothing}
    ${layout.shape ? html`<td role="gridcell" class="shape number">${value === null ? "–" : shapeText(value.shape)}</td>` : nothing}
    ${sideSpan(layout) === 0 ? nothing : sideCells(node, root, layout)}`;
}

function sideCells(node: NodeSummary, root: string, layout: TableLayout): TemplateResult {
  const { value } = node;
  return html`${value === null ? spanning(faultText(node), "value-edge", layout) : summaryCells(value, "value", layout)}
  ${layout.gradient ? gradientCells(node, root, layout) : nothing}`;
}

/** Where there is little room the path gives way, not the name. To a screen reader it is one word. */
function nodeName(node: NodeSummary): TemplateResult {
  const title = nodeTitle(node);
  const at = node.name.lastIndexOf(".") + 1;
  const path = at === 0 ? nothing : html`<span class="path">${title.slice(0, at)}</span>`;
  return html`<span class="unseen">${title}</span>
    <span class="code node-name" title=${title} aria-hidden="true"
      >${path}<span class="last">${title.slice(at)}</span></span
    >`;
}

function badge(mark: HealthMark): TemplateResult {
  const label = mark.of === "gradient" ? `∂ ${mark.label}` : mark.label;
  return html`<span class="badge ${mark.severity}" title="${label}: ${mark.text}">
    ${icon(mark.severity === "error" ? "error" : "warning", mark.severity)}<span class="label">${label}</span
    ><span class="unseen">: ${mark.text}</span>
  </span>`;
}

function faultText(node: NodeSummary): TemplateResult {
  const text = node.fault ?? "not computed";
  return html`<span class="fault" title=${text}>${icon("error", "error")} ${text}</span>`;
}

function gradientCells(node: NodeSummary, root: string, layout: TableLayout): TemplateResult {
  const { gradient } = node;
  if (gradient === null)
    return spanning(
      html`<span class="faint" title="No gradient reaches it">–</span>`,
      "gradient-edge",
      layout,
    );
  if (gradient === "zero")
    return spanning(
      html`<span class="faint structural" title="${root} does not depend on ${node.name}"
        >0 <i>structural zero</i></span
      >`,
      "gradient-edge",
      layout,
    );
  if (gradient === "pending")
    return spanning(
      html`<span class="faint" title="A rule on the way back is still a hole">? <i>pending</i></span>`,
      "gradient-edge",
      layout,
    );
  return summaryCells(gradient, "gradient", layout);
}

/** One cell in place of the distribution and all figures. */
function spanning(content: TemplateResult, className: string, layout: TableLayout): TemplateResult {
  return html`<td role="gridcell" class="spanning ${className}" colspan=${sideSpan(layout)}>${content}</td>`;
}

function summaryCells(summary: TensorSummary, of: "value" | "gradient", layout: TableLayout): TemplateResult {
  return html`<td role="gridcell" class="distribution ${of}-edge">
      ${summary.count === 0 ? html`<span class="faint">empty</span>` : sparkLine(summary)}
    </td>
    ${layout.figures.map(({ statistic }) => html`<td role="gridcell" class="figure number">${figure(summary, statistic)}</td>`)}`;
}

function figure(summary: TensorSummary, which: Statistic): TemplateResult | string {
  if (summary.count === 0) return "";
  const single = summary.count === 1;
  switch (which) {
    case "mean":
      return single ? "" : shortNumber(summary.mean);
    case "deviation":
      return single ? "" : shortNumber(summary.deviation);
    case "min":
    case "max":
      return single ? "" : shortNumber(summary[which]);
    case "zeros":
      return summary.zeros === 0
        ? html`<span class="faint">0 %</span>`
        : percentText(summary.zeros, summary.count);
    case "nonFinite": {
      const found = summary.nan + summary.infinite;
      return found === 0
        ? html`<span class="faint">0</span>`
        : html`<b class="special">${countText(found)}</b>`;
    }
  }
}
