/** The panel's header: document, target, root, runs, exports. Stateless. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { HistoryEntry, PanelState, TargetReport } from "../../../protocol";
import { icon } from "../look/icons";
import type { MenuEntry } from "../look/menu-button";
import { durationText } from "../look/number-format";
import { verdictIcon } from "../look/verdict-icon";
import { clockText } from "../state/panel-phase";

export interface HeaderActions {
  readonly run: (action: "run" | "gradcheck") => void;
  readonly cancel: () => void;
  readonly chooseTarget: (target: string) => void;
  /** By its id where it has one: a pass that is begun first has none yet. */
  readonly chooseRoot: (target: string, root: number | null, name: string) => void;
  /** Null is the newest. */
  readonly chooseRun: (runId: number | null) => void;
  readonly chooseDocument: (uri: string) => void;
  readonly saveReport: () => void;
  readonly saveValues: (name: string, target: string) => void;
  readonly pin: () => void;
}

export interface HeaderContext {
  readonly target: TargetReport | null;
  readonly pinned: boolean;
  /** The names of the passes backward that are kept. */
  readonly passes: readonly string[];
  /** The name of the root or pass that people chose. */
  readonly root: string | null;
}

export function panelHeader(
  state: PanelState,
  context: HeaderContext,
  actions: HeaderActions,
): TemplateResult {
  const { target } = context;
  return html`<header>
    ${documentTitle(state, actions)} ${target === null ? nothing : targetChooser(state, target, actions)}
    ${target === null || target.roots.length === 0 ? nothing : rootChooser(target, context, actions)}
    <span class="spring"></span>
    <div class="tools" role="group" aria-label="Run">
      ${state.phase === "running" ? cancelButton(actions) : runButtons(actions)}
      ${target === null ? nothing : menus(state, target, actions)} ${pinButton(context, actions)}
    </div>
  </header>`;
}

/** Where several documents have results, the title is a choice of them. */
function documentTitle(
  { uri, fileName, documents = [] }: PanelState,
  actions: HeaderActions,
): TemplateResult {
  // One that has no results yet leads back to those that have.
  const choices = documents.some((each) => each.uri === uri) ? documents : [{ uri, fileName }, ...documents];
  if (choices.length < 2) return html`<h1 class="file" title=${uri}>${fileName}</h1>`;
  const onChange = (event: Event): void => actions.chooseDocument((event.target as HTMLSelectElement).value); // The listener is on the select.
  return html`<h1 class="file">
    <select aria-label="Document" title=${uri} @change=${onChange}>
      ${choices.map((each) => html`<option value=${each.uri} .selected=${each.uri === uri}>${each.fileName}</option>`)}
    </select>
  </h1>`;
}

function cancelButton({ cancel }: HeaderActions): TemplateResult {
  return html`<button class="tool" @click=${cancel} title="Stop this run">
    ${icon("stop", "failed")} <span class="words">Cancel</span>
  </button>`;
}

function runButtons({ run }: HeaderActions): TemplateResult {
  return html`<button class="tool" @click=${(): void => run("run")} title="Run" aria-label="Run">
      ${icon("run")}
    </button>
    <button class="tool" @click=${(): void => run("gradcheck")} title="Check the gradients">
      ${icon("check")}<span class="words">Gradcheck</span>
    </button>`;
}

function menus(state: PanelState, target: TargetReport, actions: HeaderActions): TemplateResult {
  const { history = [] } = state;
  const plain = state.fileName.replace(/\.nnspec$/, "");
  const exports: readonly MenuEntry[] = [
    { label: "Save results…", detail: ".json", act: actions.saveReport },
    {
      label: "Save all values…",
      detail: ".npz",
      disabled: target.nodes.every(({ value }) => value === null),
      act: () => actions.saveValues(`${plain}.${target.name}.npz`, target.name),
    },
  ];
  return html`${
      history.length < 2
        ? nothing
        : html`<nnspec-menu-button
            .symbol=${"history"}
            .name=${"Earlier runs"}
            .entries=${history.map((entry, i) => runEntry(entry, i === 0, state, actions))}
          ></nnspec-menu-button>`
    } <nnspec-menu-button .symbol=${"save"} .name=${"Export"} .entries=${exports}></nnspec-menu-button>`;
}

function runEntry(
  { runId, finished, status, milliseconds }: HistoryEntry,
  newest: boolean,
  state: PanelState,
  actions: HeaderActions,
): MenuEntry {
  return {
    label: newest ? `${clockText(finished)} (newest)` : clockText(finished, state.history?.[0]?.finished),
    detail: `${status} · ${durationText(milliseconds)}`,
    checked: runId === state.runId,
    act: () => actions.chooseRun(newest ? null : runId),
  };
}

function pinButton({ pinned }: HeaderContext, { pin }: HeaderActions): TemplateResult {
  return html`<button
    class="tool"
    aria-pressed=${pinned}
    aria-label="Pin"
    title=${pinned ? "Pinned: the cursor in the editor does not move the selection" : "Pin: stop following the cursor"}
    @click=${pin}
  >
    ${icon(pinned ? "pinned" : "pin")}
  </button>`;
}

function targetChooser(state: PanelState, target: TargetReport, actions: HeaderActions): TemplateResult {
  const onChange = (event: Event): void => actions.chooseTarget((event.target as HTMLSelectElement).value); // The listener is on the select.
  return html`<span class="chooser">
    ${verdictIcon(target.status)}
    <select class="code" aria-label="Run, net or op" @change=${onChange}>
      ${state.targets.map(
        ({ name, kind }) =>
          html`<option value=${name} .selected=${name === target.name}>${kind} ${name}</option>`,
      )}
    </select>
    <span class="faint duration" title="Time taken">${durationText(target.milliseconds)}</span>
  </span>`;
}

function rootChooser(
  target: TargetReport,
  { passes, root: chosen }: HeaderContext,
  { chooseRoot }: HeaderActions,
): TemplateResult {
  const own = target.roots.filter(({ begun }) => begun !== true);
  const now = target.roots.find(({ id }) => id === target.root);
  // A pass that was chosen and is not begun yet is on its way.
  const pass =
    now === undefined || now.begun === true
      ? (passes.find((name) => name === (now?.name ?? chosen)) ?? null)
      : null;
  const onChange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement; // The listener is on the select.
    const root = own.find(({ id }) => String(id) === value);
    if (root !== undefined) chooseRoot(target.name, root.id, root.name);
    else chooseRoot(target.name, null, value);
  };
  return html`<label class="chooser" title="Whose gradient is shown">
    <span class="faint">∂ of</span>
    <select class="code" aria-label="Gradient of" @change=${onChange}>
      ${target.root === null ? html`<option value="" selected>none</option>` : nothing}
      ${own.map(({ id, name }) => html`<option value=${id} .selected=${pass === null && id === target.root}>${name}</option>`)}
      ${
        passes.length === 0
          ? nothing
          : html`<optgroup label="passes">
              ${passes.map((name) => html`<option value=${name} .selected=${name === pass}>${name}</option>`)}
            </optgroup>`
      }
    </select>
  </label>`;
}

export const panelHeaderStyles = css`
  .file select {
    max-width: min(240px, 100%);
    font-weight: 600;
  }
`;
