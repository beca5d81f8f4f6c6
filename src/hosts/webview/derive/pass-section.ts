/** The passes that are kept, by their names: one is in view, with its line for the spec and what it has reached. Stateless. */
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../look/icons";
import { shortNumber } from "../look/number-format";
import { sharedLimit } from "../replay/thumb-nail";
import type { BegunPass, KeptPass, ShownPass } from "../state/kept-passes";
import type { PanelActions } from "../state/panel-actions";
import { sparkLine } from "../values/spark-line";
import { valueOf } from "./pass-form";
import { seedTitles } from "./seed-form";

export interface PassSection {
  readonly passes: readonly ShownPass[];
  /** The pass in view; undefined where the run's own gradient is. */
  readonly shown: ShownPass | undefined;
  readonly against: ShownPass | undefined;
  /** The run's own gradient: `∂m.J`; null where it has none. */
  readonly own: string | null;
  /** The run that lines are written into; null where it is no run. */
  readonly run: string | null;
  /** The title of the selected node. */
  readonly selected: string | null;
  /** Why the name that was written is not taken. */
  readonly problem: string | null;
  readonly actions: PanelActions;
  readonly show: (id: number | null) => void;
  readonly compare: (id: number | null) => void;
  readonly rename: (pass: KeptPass, name: string) => void;
  readonly forget: (pass: KeptPass) => void;
  /** How far the pass in view is from the other at a node. */
  readonly distance: (node: number) => string;
}

export function passTitle({ direction, node, seed }: Pick<KeptPass, "direction" | "node" | "seed">): string {
  return `${direction} from ${node}, ${seedTitles[seed.kind]}`;
}

export function passSection(section: PassSection): TemplateResult | typeof nothing {
  const { passes, shown } = section;
  if (passes.length === 0) return nothing;
  return html`<section aria-label="Passes">
    ${chooser(section)} ${shown === undefined ? nothing : passInView(section, shown)}
  </section>`;
}

function chooser({ passes, shown, own, show }: PassSection): TemplateResult {
  const chip = (name: string, title: string, pressed: boolean, id: number | null): TemplateResult =>
    html`<button class="tool code" aria-pressed=${pressed} title=${title} @click=${() => show(id)}>
      ${name}
    </button>`;
  return html`<div class="chips" role="group" aria-label="Kept passes">
    ${own === null ? nothing : chip(own, "The run's own gradient", shown === undefined, null)}
    ${passes.map(({ kept }) => chip(kept.name, passTitle(kept), kept.id === shown?.kept.id, kept.id))}
  </div>`;
}

function passInView(section: PassSection, shown: ShownPass): TemplateResult {
  const { kept, begun, problem } = shown;
  return html`<p class="faint told">${passTitle(kept)}</p>
    <div class="row">
      ${nameField(section, kept)} ${comparing(section, kept)} ${forgetting(section, kept)}
    </div>
    ${section.problem === null ? nothing : html`<p class="problem" role="alert">${icon("error", "error")} ${section.problem}</p>`}
    ${
      problem === null
        ? nothing
        : html`<p class="problem" role="note">${icon("warning", "warning")} ${problem}</p>`
    }
    ${begun === null ? nothing : html`${beginning(section, kept, begun)} ${table(section, kept, begun)}`}`;
}

function nameField({ rename }: PassSection, kept: KeptPass): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const field = event.currentTarget as HTMLInputElement; // The listener is on the field.
    if (event.key === "Enter") rename(kept, field.value);
    else if (event.key === "Escape") field.value = kept.name;
  };
  return html`<label
    ><span>Name</span>
    <input
      class="code"
      size="10"
      .value=${kept.name}
      @change=${(event: Event) => rename(kept, valueOf(event))}
      @keydown=${onKey}
  /></label>`;
}

function comparing(
  { passes, against, compare }: PassSection,
  kept: KeptPass,
): TemplateResult | typeof nothing {
  if (passes.length < 2) return nothing;
  return html`<label>
    <span>Compared with</span>
    <select
      class="code"
      @change=${(event: Event) => compare(valueOf(event) === "" ? null : Number(valueOf(event)))}
    >
      <option value="" .selected=${against === undefined}>nothing</option>
      ${passes
        .filter((each) => each.kept.id !== kept.id)
        .map(
          (each) =>
            html`<option value=${each.kept.id} .selected=${each.kept.id === against?.kept.id}>
              ${each.kept.name}
            </option>`,
        )}
    </select>
  </label>`;
}

function forgetting({ forget }: PassSection, kept: KeptPass): TemplateResult {
  return html`<button class="tool" title="Keep ${kept.name} no longer" @click=${() => forget(kept)}>
    ${icon("cross")} Forget
  </button>`;
}

/** What it begins with, and the pass as a line of the spec: copied, or written into the run. */
function beginning({ actions, run }: PassSection, { name }: KeptPass, { report }: BegunPass): TemplateResult {
  const expression = report.line;
  const line = expression === null ? "" : `${name} = ${expression}`;
  return html`<div class="row begins">
    ${
      expression === null
        ? html`<span class="faint">Too many numbers for a line of the spec.</span>`
        : html`<span class="code expression" title=${line}>${line}</span>
            <button
              class="tool"
              aria-label="Copy the line"
              title="Copy the line"
              @click=${() => actions.copy(line, "the line")}
            >
              ${icon("copy")}
            </button>
            ${
              run === null
                ? nothing
                : html`<button
                    class="tool"
                    title="Write the line at the end of run ${run}"
                    @click=${() => actions.insertLine(run, expression, name)}
                  >
                    ${icon("line")} Insert into the spec
                  </button>`
            }`
    }
    ${
      report.seed === null
        ? nothing
        : html`<nnspec-thumb
            .picture=${report.seed}
            .label=${"What it begins with"}
            .limit=${sharedLimit([report.seed])}
          ></nnspec-thumb>`
    }
  </div>`;
}

function table(section: PassSection, kept: KeptPass, { rows }: BegunPass): TemplateResult {
  const { against } = section;
  return html`<div class="reached" tabindex="0" role="region" aria-label="What ${kept.name} reaches">
    <table>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">${kept.direction === "backward" ? "Gradient" : "Tangent"}</th>
          <th scope="col" class="number">μ</th>
          <th scope="col" class="number">σ</th>
          <th scope="col" class="number">min</th>
          <th scope="col" class="number">max</th>
          ${
            against === undefined
              ? nothing
              : html`<th scope="col" class="number" title="‖this − other‖ / the larger norm">
                  differs from <span class="code">${against.kept.name}</span> by
                </th>`
          }
        </tr>
      </thead>
      <tbody>
        ${rows.map((each) => row(section, each))}
      </tbody>
    </table>
  </div>`;
}

function row(
  { against, selected, distance, actions }: PassSection,
  { node, value, title }: BegunPass["rows"][number],
): TemplateResult {
  const figures =
    value === "pending"
      ? html`<td colspan="5" class="faint">waits for a hole</td>`
      : html`<td>${sparkLine(value)}</td>
          ${[value.mean, value.deviation, value.min, value.max].map(
            (figure) => html`<td class="number">${shortNumber(figure, 3)}</td>`,
          )}`;
  return html`<tr class=${title === selected ? "selected" : ""}>
    <th scope="row"><button class="link code" @click=${() => actions.select(node)}>${title}</button></th>
    ${figures} ${against === undefined ? nothing : html`<td class="number">${distance(node)}</td>`}
  </tr>`;
}
