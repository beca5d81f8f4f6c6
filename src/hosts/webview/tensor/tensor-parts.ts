/** The pieces of the tensor tab that need no state of their own. */
import { html, nothing, type TemplateResult } from "lit";
import type {
  CauseReport,
  ComparisonReport,
  NodeSummary,
  Range,
  TargetReport,
  TensorSummary,
} from "../../../protocol";
import { icon } from "../look/icons";
import { nodeTitle } from "../state/node-rows";
import { type DType, exactNumber, shapeText, shortNumber, trimmedNumber } from "../look/number-format";
import { leadingIndices, leadingSizes, namedShape } from "./tensor-axes";
import type { PanelActions } from "../state/panel-actions";
import type { Pane, PinnedTensor } from "./tensor-panes";
import type { SavedState } from "../state/saved-state";

export function nodeChooser(
  target: TargetReport,
  node: NodeSummary,
  choose: (event: Event) => void,
): TemplateResult {
  // Nothing to choose.
  if (target.nodes.length === 1) return html`<b class="code">${nodeTitle(node)}</b>`;
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
        : html`<span class="number">${namedShape(value.shape, node.dims)}</span>
            <span class="faint">${value.dtype}</span>`
    }
    <span class="faint">${computed.join(" · ")}</span>
    <button class="link" @click=${reveal} title="Show where ${node.name} is defined">
      ${icon("line")} line ${range.start.line + 1}
    </button>`;
}

export function openButton({ id }: NodeSummary, { select }: Pick<PanelActions, "select">): TemplateResult {
  return html`<button class="tool" @click=${() => select(id, { open: true })}>Open</button>`;
}

export interface ToolActions {
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly save: (change: Partial<SavedState>) => void;
}

export function tensorTools(
  { layout, scale, clip, facets, errors, parts, beside }: SavedState,
  has: Readonly<Record<"zoomable" | "choices" | "leading" | "errors" | "parts" | "passes", boolean>>,
  actions: ToolActions,
): TemplateResult {
  const tool = (label: string, title: string, drawn: TemplateResult, act: () => void): TemplateResult =>
    html`<button class="tool" aria-label=${label} title=${title} @click=${act}>${drawn}</button>`;
  const sequential = scale === "sequential";
  return html`<div class="tools" role="group" aria-label="Tensor">
    ${
      has.zoomable
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
            </button>
            <button
              class="tool"
              aria-pressed=${clip}
              aria-label="Clip outliers"
              title="Clip outliers: the colours end at three times the typical size"
              @click=${() => actions.save({ clip: !clip })}
            >
              ${icon("clip")}
            </button>`
        : nothing
    }
    ${
      has.leading
        ? html`<button
            class="tool"
            aria-pressed=${facets}
            aria-label="Slices side by side"
            title="Slices side by side"
            @click=${() => actions.save({ facets: !facets })}
          >
            ${icon("facets")}
          </button>`
        : nothing
    }
    ${
      has.errors
        ? toggle(
            "error map",
            "The error of the gradient at each entry, as its gradient check found it",
            errors,
            () => actions.save({ errors: !errors }),
          )
        : nothing
    }
    ${
      has.parts
        ? toggle("parts", "The parts that the gradient is the sum of, one for each path", parts, () =>
            actions.save({ parts: !parts }),
          )
        : nothing
    }
    ${
      has.passes
        ? toggle("passes", "What the passes that you began in the Derive tab have here", beside, () =>
            actions.save({ beside: !beside }),
          )
        : nothing
    }
    ${has.choices ? tableToggle(layout, actions) : nothing}
  </div>`;
}

function toggle(label: string, title: string, pressed: boolean, flip: () => void): TemplateResult {
  return html`<button class="tool" aria-pressed=${pressed} title=${title} @click=${flip}>${label}</button>`;
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

/** One for each leading dimension. */
export function dimensionSliders(
  { dims }: NodeSummary,
  shape: readonly number[],
  wished: readonly number[],
  save: (change: Partial<SavedState>) => void,
): readonly TemplateResult[] {
  if (shape.includes(0)) return [];
  const leading = leadingIndices(shape, wished);
  return leadingSizes(shape).map((size, axis) =>
    dimensionSlider(dims[axis] ?? `dimension ${String(axis)}`, size, leading[axis]!, (to) =>
      save({ leading: leading.map((at, other) => (other === axis ? to : at)) }),
    ),
  );
}

function dimensionSlider(name: string, size: number, at: number, move: (to: number) => void): TemplateResult {
  const onInput = (event: Event): void => move(Number((event.target as HTMLInputElement).value)); // A range input.
  return html`<label class="slider">
    <span class="code">${name}</span>
    <input
      type="range"
      aria-label=${name}
      aria-valuetext="${at} of 0 to ${size - 1}"
      min="0"
      max=${size - 1}
      .value=${String(at)}
      ?disabled=${size < 2}
      @input=${onInput}
    />
    <output class="number">${at} <span class="faint">of 0–${size - 1}</span></output>
  </label>`;
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

/** What one pane has under the cursor. */
export interface PointedNumber {
  /** With its index. */
  readonly name: string;
  /** What it is beside the first: "gradient". */
  readonly spoken: string;
  /** Undefined while it is on its way. */
  readonly value: number | undefined;
  readonly dtype: DType;
}

/** The numbers under the cursor, one of each pane. */
export function readOut(numbers: readonly PointedNumber[]): TemplateResult {
  return html`<p class="read-out">
    ${numbers.map(
      ({ name, value, dtype }) =>
        html`<span
          ><span class="code">${name}</span> = <b class="number">${numberText(value, dtype)}</b></span
        >`,
    )}
  </p>`;
}

/** The same for a screen reader. */
export function spokenElement(numbers: readonly PointedNumber[]): string {
  return numbers
    .map(({ name, spoken, value, dtype }, i) =>
      i === 0 ? `${name}: ${numberText(value, dtype)}` : `${spoken} ${numberText(value, dtype)}`,
    )
    .join(", ");
}

function numberText(value: number | undefined, dtype: DType): string {
  return value === undefined ? "…" : exactNumber(value, dtype);
}

/** How far apart the tensor and the pinned one are; the largest difference is a way to its place. */
export function comparisonFigures(
  { largest, cosine, relative }: ComparisonReport,
  goTo: (index: readonly number[]) => void,
): TemplateResult {
  return html`<p class="comparison">
    ${
      largest === null
        ? html`<b>Equal everywhere.</b>`
        : html`<span
              >max |Δ| <b class="number">${trimmedNumber(Math.abs(largest.difference))}</b>
              <button class="link" @click=${(): void => goTo(largest.index)}>
                at ${shapeText(largest.index)}
              </button></span
            >
            <span>cosine <b class="number">${cosineText(cosine)}</b></span>
            <span title="‖Δ‖ over the larger norm"
              >relative <b class="number">${trimmedNumber(relative, 3)}</b></span
            >`
    }
  </p>`;
}

/** What others are compared with, where it does not stand beside this one. */
export function keptNotice(
  pinned: PinnedTensor | null,
  panes: readonly Pane[],
  { pinTensor }: Pick<PanelActions, "pinTensor">,
): TemplateResult | typeof nothing {
  if (pinned === null || panes.some(({ key }) => key === "pinned")) return nothing;
  return html`<p class="faint">
    <span class="code">${pinned.title}</span> is kept for comparing with tensors of shape
    ${shapeText(pinned.summary.shape)}.
    <button class="link" @click=${() => pinTensor(null)}>Stop comparing</button>
  </p>`;
}

/** A cosine near 1 is told by how much is missing. */
function cosineText(cosine: number): string {
  const missing = 1 - cosine;
  return missing > 0 && missing < 1e-4 ? `1 − ${shortNumber(missing, 3)}` : trimmedNumber(cosine, 5);
}

/** Where a NaN or an infinity comes from. */
export function causeNotice(
  of: string,
  cause: CauseReport,
  reveal: (range: Range, file: string | null) => void,
): TemplateResult {
  const { range, inputs, index, name, pass } = cause;
  const at = index.length === 0 ? "" : ` at ${shapeText(index)}`;
  return html`<p class="notice error" role="note">
    ${icon("error", "error")} The first of the ${of} is born in the ${pass} pass, in
    <span class="code">${name}</span>${at}: <b class="code">${inputs}</b>.
    ${
      range === null
        ? nothing
        : html`<button class="link" @click=${(): void => reveal(range, cause.file)}>
            ${icon("line")} line ${range.start.line + 1}
          </button>`
    }
  </p>`;
}
