/** The pieces of the tensor tab that need no state of their own. */
import { html, nothing, type TemplateResult } from "lit";
import type { NodeSummary, TargetReport, TensorSummary } from "../../../protocol";
import { icon } from "../look/icons";
import { nodeTitle } from "../state/node-rows";
import { type DType, exactNumber, shapeText } from "../look/number-format";
import type { SavedState } from "../state/saved-state";

export type Side = "value" | "gradient";

export function rootName(target: TargetReport): string {
  return target.roots.find((root) => root.id === target.root)?.name ?? "root";
}

/** `m.z`, or `∂m.J/∂m.z`. */
export function sideTitle(side: Side, node: NodeSummary, target: TargetReport): string {
  return side === "value" ? nodeTitle(node) : `∂${rootName(target)}/∂${node.name}`;
}

export function summaryOf(side: Side, node: NodeSummary | null): TensorSummary | null {
  const summary = side === "value" ? node?.value : node?.gradient;
  return summary === undefined || typeof summary === "string" ? null : summary;
}

/** Whether a place in one still means the same in the other: the same node with the same shape. */
export function sameTensor(a: NodeSummary | null, b: NodeSummary | null): boolean {
  return (
    a !== null &&
    b !== null &&
    nodeTitle(a) === nodeTitle(b) &&
    shapeText(a.value?.shape ?? []) === shapeText(b.value?.shape ?? [])
  );
}

export function nodeChooser(
  target: TargetReport,
  node: NodeSummary,
  choose: (event: Event) => void,
): TemplateResult {
  return html`<select class="code" aria-label="Node" @change=${choose}>
    ${target.nodes.map(
      (other) =>
        html`<option value=${other.id} .selected=${other.id === node.id}>${nodeTitle(other)}</option>`,
    )}
  </select>`;
}

export function nodeFacts(node: NodeSummary, reveal: () => void): TemplateResult {
  const { value, op, role, range } = node;
  const computed = [op, role === "value" ? "" : role].filter(
    (word, i, all) => word !== "" && all.indexOf(word) === i,
  );
  return html`${
      value === null
        ? nothing
        : html`<span class="number">${shapeText(value.shape)}</span>
            <span class="faint">${value.dtype}</span>`
    }
    <span class="faint">${computed.join(" · ")}</span>
    <button class="link" @click=${reveal} title="Show where ${node.name} is defined">
      ${icon("line")} line ${range.start.line + 1}
    </button>`;
}

export interface ToolActions {
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly save: (change: Partial<SavedState>) => void;
}

export function tensorTools(
  { layout, scale }: SavedState,
  { zoomable, choices }: { readonly zoomable: boolean; readonly choices: boolean },
  actions: ToolActions,
): TemplateResult {
  const tool = (label: string, title: string, drawn: TemplateResult, act: () => void): TemplateResult =>
    html`<button class="tool" aria-label=${label} title=${title} @click=${act}>${drawn}</button>`;
  const sequential = scale === "sequential";
  return html`<div class="tools" role="group" aria-label="Tensor">
    ${
      zoomable
        ? html`${tool("Zoom in", "Zoom in (+)", icon("plus"), () => actions.zoom(1.6))}
            ${tool("Zoom out", "Zoom out (-)", icon("minus"), () => actions.zoom(1 / 1.6))}
            ${tool("Show everything", "Show everything (0)", icon("fit"), actions.fit)}
            <button
              class="tool"
              aria-pressed=${sequential}
              title="Colours from the smallest to the largest value, instead of centred on zero"
              @click=${() => actions.save({ scale: sequential ? "diverging" : "sequential" })}
            >
              min–max
            </button>`
        : nothing
    }
    ${choices ? tableToggle(layout, actions) : nothing}
  </div>`;
}

function tableToggle(layout: SavedState["layout"], actions: ToolActions): TemplateResult {
  return html`<button
    class="tool"
    aria-label="Table of numbers"
    title="Table of numbers"
    aria-pressed=${layout === "table"}
    @click=${() => actions.save({ layout: layout === "table" ? "heatmap" : "table" })}
  >
    ${icon("table")}
  </button>`;
}

/** One leading dimension. */
export function dimensionSlider(
  axis: number,
  size: number,
  at: number,
  move: (to: number) => void,
): TemplateResult {
  const onInput = (event: Event): void => move(Number((event.target as HTMLInputElement).value)); // A range input.
  return html`<label class="slider">
    <span>dimension ${axis}</span>
    <input
      type="range"
      min="0"
      max=${size - 1}
      .value=${String(at)}
      ?disabled=${size < 2}
      @input=${onInput}
    />
    <output class="number">${at} <span class="faint">of 0–${size - 1}</span></output>
  </label>`;
}

export function copyTools(side: Side, copy: (format: "numpy" | "csv") => void): TemplateResult {
  const button = (format: "numpy" | "csv", title: string): TemplateResult =>
    html`<button
      class="tool"
      title="Copy as ${title}"
      aria-label="Copy the ${side} as ${title}"
      @click=${() => copy(format)}
    >
      ${icon("copy")} ${title}
    </button>`;
  return html`<span class="copy">${button("numpy", "NumPy")} ${button("csv", "CSV")}</span>`;
}

/** A scalar is its number. Its mean is that number, unless it is not finite. */
export function singleNumber(summary: TensorSummary, arrived: number | undefined): TemplateResult {
  const known = summary.nan + summary.infinite === 0 ? summary.mean : summary.nan > 0 ? NaN : arrived;
  const words = known === undefined ? "…" : exactNumber(known, summary.dtype);
  const special = summary.nan + summary.infinite > 0 ? "special" : "";
  return html`<p class="single number ${special}">${words}</p>`;
}

/** Why there is no gradient to show. */
export function noGradient(node: NodeSummary, value: TensorSummary, root: string): TemplateResult {
  if (node.gradient === "zero") return html`<b>0</b> everywhere: ${root} does not depend on ${node.name}.`;
  if (node.gradient === "pending")
    return html`Pending: a rule on the way back is still a hole, <span class="code">?</span>.`;
  if (value.dtype === "int" || value.dtype === "bool")
    return html`None: ${node.name} holds ${value.dtype === "int" ? "integers" : "truth values"}, which have no
    gradient.`;
  return html`None: the backward pass does not reach ${node.name}.`;
}

export interface Pointed {
  /** With its index. */
  readonly name: string;
  readonly value: number | undefined;
  /** null: there is no gradient to read. */
  readonly gradient: number | undefined | null;
  readonly dtypes: { readonly value: DType; readonly gradient: DType };
}

/** The numbers under the cursor. */
export function readOut({ name, value, gradient, dtypes }: Pointed, root: string): TemplateResult {
  return html`<p class="read-out">
    <span><span class="code">${name}</span> = <b class="number">${numberText(value, dtypes.value)}</b></span>
    ${
      gradient === null
        ? nothing
        : html`<span
            ><span class="code">∂${root}/∂${name}</span> =
            <b class="number">${numberText(gradient, dtypes.gradient)}</b></span
          >`
    }
  </p>`;
}

/** The same for a screen reader. */
export function spokenElement({ name, value, gradient, dtypes }: Pointed): string {
  const spoken = gradient === null ? "" : `, gradient ${numberText(gradient, dtypes.gradient)}`;
  return `${name}: ${numberText(value, dtypes.value)}${spoken}`;
}

function numberText(value: number | undefined, dtype: DType): string {
  return value === undefined ? "…" : exactNumber(value, dtype);
}
