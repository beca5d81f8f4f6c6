/** What stands above the table of values: the filter, the grouping, what is compared, what is singled out. Stateless. */
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../look/icons";
import { plural } from "../look/number-format";
import type { Grouping } from "../state/node-rows";
import type { ComparedRun } from "../state/run-differences";
import type { SavedState } from "../state/saved-state";

export interface ToolbarContext {
  readonly saved: SavedState;
  readonly nodes: number;
  readonly troubled: number;
  /** The other runs that are kept, newest first. */
  readonly runs: readonly { readonly runId: number; readonly title: string }[];
  readonly save: (change: Partial<SavedState>) => void;
}

const groupings: readonly (readonly [Grouping, string])[] = [
  ["net", "by net"],
  ["family", "by family"],
  ["none", "not grouped"],
];

export function valuesToolbar(context: ToolbarContext): TemplateResult {
  const { saved, nodes, save } = context;
  return html`<div class="toolbar">
    <vscode-textfield
      class="filter"
      type="search"
      placeholder="Filter: name, op, [shape]"
      label="Filter nodes"
      .value=${saved.filter}
      @input=${(event: Event) => save({ filter: (event.target as HTMLInputElement).value })}
    ></vscode-textfield>
    <select
      aria-label="Grouping"
      @change=${(event: Event) => save({ grouping: (event.target as HTMLSelectElement).value as Grouping })}
    >
      ${groupings.map(([value, label]) => html`<option value=${value} .selected=${value === saved.grouping}>${label}</option>`)}
    </select>
    ${compared(context)} ${problems(context)}
    <span class="faint count">${plural(nodes, "node")}</span>
    <button
      class="tool"
      aria-pressed=${saved.preview}
      aria-label="Preview"
      title="Show the selected tensor below the table"
      @click=${() => save({ preview: !saved.preview })}
    >
      ${icon("preview")}
    </button>
  </div>`;
}

/** Which run the values are held against, where another is kept. */
function compared({ saved, runs, save }: ToolbarContext): TemplateResult | typeof nothing {
  if (runs.length === 0) return nothing;
  const choices: readonly (readonly [ComparedRun, string])[] = [
    ["none", "no difference"],
    ["before", "Δ to the run before"],
    ...runs.map(({ runId, title }) => [runId, `Δ to ${title}`] as const),
  ];
  const chosen = choices.some(([value]) => value === saved.compared) ? saved.compared : "none";
  const onChange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement; // The listener is on the select.
    save({ compared: value === "none" || value === "before" ? value : Number(value) });
  };
  return html`<select
    aria-label="Difference to"
    title="Shows how far every node is from that run"
    @change=${onChange}
  >
    ${choices.map(([value, label]) => html`<option value=${value} .selected=${value === chosen}>${label}</option>`)}
  </select>`;
}

function problems({ saved, troubled, save }: ToolbarContext): TemplateResult | typeof nothing {
  const { problemsOnly } = saved;
  if (troubled === 0 && !problemsOnly) return nothing;
  return html`<button
    class="tool"
    aria-pressed=${problemsOnly}
    @click=${() => save({ problemsOnly: !problemsOnly })}
  >
    ${icon("warning", "warning")} ${plural(troubled, "problem")}
  </button>`;
}
