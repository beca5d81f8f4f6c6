/** The pieces of the Graph tab that need no state of their own. */
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../look/icons";
import { countText, plural } from "../look/number-format";
import type { KinOf } from "./graph-source";

export interface FinderActions {
  readonly seek: (sought: string) => void;
  /** To the next box found, or the one before. */
  readonly goTo: (step: 1 | -1) => void;
}

export function finder(
  sought: string,
  found: readonly string[] | null,
  { seek, goTo }: FinderActions,
): TemplateResult {
  return html`<span class="finder">
    <input
      class="search"
      type="search"
      placeholder="Find: name, op, [shape]"
      aria-label="Find in the graph"
      .value=${sought}
      @input=${(event: InputEvent) => seek((event.target as HTMLInputElement).value) /* The listener is on the field. */}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Enter") goTo(event.shiftKey ? -1 : 1);
        if (event.key === "Escape") seek("");
      }}
    />
    ${
      found === null || sought === ""
        ? nothing
        : html`<span class="faint number" role="status">${countText(found.length)} found</span>`
    }
  </span>`;
}

/** What of the graph is not drawn. */
export function notes(
  kin: KinOf | null,
  omitted: number,
  showAll: () => void,
): TemplateResult | typeof nothing {
  if (kin === null && omitted === 0) return nothing;
  return html`<div class="notes">
    ${
      kin === null
        ? nothing
        : html`<span class="chip"
            >${kinText(kin)}
            <button class="link" @click=${showAll} aria-label="Show the whole graph">
              ${icon("cross")}
            </button></span
          >`
    }
    ${omitted === 0 ? nothing : html`<span class="faint">${plural(omitted, "more node")} not drawn.</span>`}
  </div>`;
}

export function kinText({ kin, title }: KinOf): string {
  return kin === "ancestors" ? `What ${title} comes from` : `What ${title} leads to`;
}
