/** The choices of how a graph is drawn. Owns no state. */
import { html, type TemplateResult } from "lit";
import { icon } from "../look/icons";
import type { GraphChoices } from "../state/graph-choices";

export interface ToolbarActions {
  readonly save: (change: Partial<GraphChoices>) => void;
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
  readonly export: () => void;
}

export function graphToolbar(
  { mode, detail, direction, sizes }: GraphChoices,
  { save, fit, zoom, export: exportSvg }: ToolbarActions,
): TemplateResult {
  const isDown = direction === "down";
  return html`<span class="pair" role="group" aria-label="Direction of the computation">
      ${choice("Forward", "Which values are computed from which", mode === "forward", () => save({ mode: "forward" }))}
      ${choice("Backward", "Which cotangents add to which", mode === "backward", () => save({ mode: "backward" }))}
    </span>
    <span class="pair" role="group" aria-label="Detail">
      ${choice("Names", "What has a name", detail === "names", () => save({ detail: "names" }))}
      ${choice("Operators", "Every step of every expression", detail === "operators", () => save({ detail: "operators" }))}
    </span>
    <button
      class="tool"
      aria-pressed=${sizes}
      aria-label="Line widths by gradient size"
      title="Lines as wide as gradients are large, on a logarithmic scale"
      @click=${() => save({ sizes: !sizes })}
    >
      ‖∂‖
    </button>
    <button
      class="tool"
      aria-label=${isDown ? "Draw from left to right" : "Draw from top to bottom"}
      title=${isDown ? "Draw from left to right" : "Draw from top to bottom"}
      @click=${() => save({ direction: isDown ? "right" : "down" })}
    >
      ${icon(isDown ? "right" : "down")}
    </button>
    <button class="tool" aria-label="Zoom out" title="Zoom out (-)" @click=${() => zoom(1 / 1.25)}>
      ${icon("minus")}
    </button>
    <button class="tool" aria-label="Zoom in" title="Zoom in (+)" @click=${() => zoom(1.25)}>
      ${icon("plus")}
    </button>
    <button class="tool" aria-label="Fit" title="Show all (0)" @click=${fit}>${icon("fit")}</button>
    <button class="tool" aria-label="Save as SVG" title="Save as SVG" @click=${exportSvg}>
      ${icon("save")}
    </button>`;
}

function choice(text: string, title: string, isChosen: boolean, choose: () => void): TemplateResult {
  return html`<button class="tool" aria-pressed=${isChosen} title=${title} @click=${choose}>${text}</button>`;
}
