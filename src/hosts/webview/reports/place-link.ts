/** A way to a line of the text. Stateless. */
import { html, type TemplateResult } from "lit";
import type { Range } from "../../../protocol";
import { icon } from "../look/icons";
import type { PanelActions } from "../state/panel-actions";

/** `what` is for those who hear it; `file` null is the one that the panel shows. */
export function placeLink(
  actions: PanelActions,
  range: Range,
  file: string | null,
  what: string,
): TemplateResult {
  const line = range.start.line + 1;
  const inFile = file === null ? "" : `${file.replace(/^.*\//, "")} `;
  return html`<button class="link" @click=${() => actions.reveal(range, file)}>
    ${icon("line")} ${inFile}line ${line}<span class="unseen">: ${what}</span>
  </button>`;
}
