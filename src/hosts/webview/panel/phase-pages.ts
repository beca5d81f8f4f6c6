/** The pages that stand where there are no results: what has happened, and what to do. Stateless. */
import { css, html, nothing, svg, type TemplateResult } from "lit";
import type { PanelState } from "../../../protocol";
import { icon } from "../look/icons";
import type { Phase } from "../state/panel-phase";

export interface PageActions {
  readonly run: (action: "run" | "gradcheck") => void;
  readonly cancel: () => void;
}

export interface VersionMismatch {
  readonly editor: number;
  readonly panel: number;
}

export function phasePage(
  phase: Exclude<Phase, "results">,
  state: PanelState | null,
  mismatch: VersionMismatch | null,
  actions: PageActions,
): TemplateResult {
  const runButton = html`<vscode-button @click=${() => actions.run("run")}
    >Run ${state?.fileName ?? "the spec"}</vscode-button
  >`;
  const checkButton = html`<vscode-button secondary @click=${() => actions.run("gradcheck")}
    >Check its gradients</vscode-button
  >`;
  switch (phase) {
    case "connecting":
      return page(html`<p class="faint">Waiting for the editor…</p>`);
    case "mismatch":
      return page(
        html`<h2>${icon("warning", "warning")} The inspector and the extension do not fit together</h2>
          <p>
            The extension speaks version ${mismatch?.editor ?? "?"} of their language, this panel version
            ${mismatch?.panel ?? "?"}. This happens after an update.
          </p>
          <p>Run <b>Developer: Reload Window</b> from the command palette.</p>`,
      );
    case "empty":
      return page(
        html`${emptyPicture()}
          <h2>Nothing has run yet</h2>
          <p>
            Run ${state === null ? "a spec" : html`<b>${state.fileName}</b>`} to see every tensor and every
            gradient in it.
          </p>
          <div class="buttons">${runButton} ${checkButton}</div>
          <p class="faint">Or click <b>▷ Run</b> over a <span class="code">run</span> in the editor.</p>`,
      );
    case "running":
      return page(
        html`<h2>Running ${state?.fileName ?? ""}</h2>
          <p>${state?.progress?.what ?? "Starting…"}</p>
          <div class="buttons">
            <vscode-button secondary @click=${actions.cancel}>Cancel</vscode-button>
          </div>`,
      );
    case "cancelled":
      return page(
        html`<h2>Cancelled</h2>
          <p>The run was stopped before it had results.</p>
          <div class="buttons">${runButton}</div>`,
      );
    case "crashed":
      return page(
        html`<h2>${icon("error", "error")} The engine stopped unexpectedly</h2>
          ${typeof state?.message !== "string" ? nothing : html`<p class="code message">${state.message}</p>`}
          <p>It has been restarted; the spec itself is untouched.</p>
          <div class="buttons">${runButton}</div>`,
      );
  }
}

function page(content: TemplateResult): TemplateResult {
  return html`<div class="page"><div class="page-content">${content}</div></div>`;
}

/** A small matrix and its gradient, waiting to be coloured. */
function emptyPicture(): TemplateResult {
  const cells = (x: number, filled: string): TemplateResult[] =>
    Array.from({ length: 12 }, (_, i) => {
      const strength = Number(filled[i]) / 10;
      return svg`<rect x=${x + (i % 4) * 15} y=${Math.floor(i / 4) * 15} width="13" height="13" rx="2" fill-opacity=${strength}></rect>`;
    });
  return html`<svg class="empty-picture" viewBox="0 0 160 44" width="200" aria-hidden="true">
    <g class="value">${cells(0, "273951846372")}</g>
    <path class="arrow" d="M68 16h22m-6-5 6 5-6 5M92 28H70m6-5-6 5 6 5"></path>
    <g class="gradient">${cells(101, "519287364158")}</g>
  </svg>`;
}

export const phasePageStyles = css`
  .page {
    display: grid;
    place-items: center;
    height: 100%;
    padding: 20px;
    overflow: auto;
    text-align: center;
  }
  .page-content {
    max-width: 46ch;
  }
  .page h2 {
    margin: 16px 0 8px;
    font-size: 1.4em;
    font-weight: 600;
  }
  .page p {
    margin: 8px 0;
    overflow-wrap: anywhere;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 8px;
    margin: 16px 0;
  }
  .page .message {
    padding: 8px 12px;
    background: var(--vscode-textBlockQuote-background);
    text-align: start;
  }
  .empty-picture .value {
    fill: var(--vscode-charts-blue);
  }
  .empty-picture .gradient {
    fill: var(--gradient-ink);
  }
  .empty-picture .arrow {
    fill: none;
    stroke: var(--vscode-descriptionForeground);
    stroke-width: 1.5;
  }
`;
