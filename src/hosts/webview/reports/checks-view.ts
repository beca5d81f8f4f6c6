/** The checks tab: every check of the run with its verdict, what failed first. Owns which are open, element by element. */
import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { blamedName, type BlameReport, type CheckReport, type TargetReport } from "../../../protocol";
import { CheckSides } from "./check-sides";
import { codedText } from "../look/coded-text";
import { explanationStyles, explanationView } from "./explanation-view";
import { icon } from "../look/icons";
import { shapeText, shortNumber } from "../look/number-format";
import { turnText } from "../state/node-rows";
import type { PanelActions } from "../state/panel-actions";
import type { SavedState } from "../state/saved-state";
import type { SliceStore } from "../tensor/slice-store";
import { placeLink } from "./place-link";
import { fixButtons, repairStyles, reproduceButton } from "./repair-buttons";
import { reportStyles } from "../look/report-styles";
import { sharedStyles } from "../look/shared-styles";
import { verdictIcon } from "../look/verdict-icon";
import { checksInOrder, tallyText } from "../look/verdict-order";

export class ChecksView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    run: { attribute: false },
    store: { attribute: false },
    saved: { attribute: false },
    actions: { attribute: false },
    open: { state: true },
  };
  declare target: TargetReport;
  declare run: number;
  declare store: SliceStore;
  declare saved: SavedState;
  declare actions: PanelActions;
  /** The checks whose elements are shown, by their positions. */
  declare private open: ReadonlySet<number>;

  private readonly sides = new CheckSides(() => this.requestUpdate());

  constructor() {
    super();
    this.open = new Set();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("target");
    if (changed.has("run") || (before !== undefined && before.name !== this.target.name)) this.sides.clear();
    if (before !== undefined && before.name !== this.target.name) this.open = new Set();
  }

  override render(): TemplateResult {
    const checks = this.target.run?.checks ?? [];
    return html`<h2>${tallyText(checks.map((check) => check.status))}</h2>
      ${bar(checks)}
      <ul aria-label="Checks">
        ${checksInOrder(checks).map((check) => this.item(check))}
      </ul>`;
  }

  private item(check: CheckReport): TemplateResult {
    return html`<li class="item ${check.status}">
      ${verdictIcon(check.status)}
      <div>
        <span class="unseen">${check.status}: </span>
        <span class="label">${check.label ?? "check"}</span>
        ${check.at === null ? nothing : html`<span class="faint">(${turnText(check.at)})</span>`}
        ${
          check.status === "passed"
            ? html`<span class="faint message">${codedText(check.message)}</span>`
            : html`<p>${codedText(check.message)}</p>`
        }
        ${check.status === "passed" ? nothing : worst(check.worst)}
        ${check.explanation === null ? nothing : explanationView(check.explanation)}
        ${(check.blame ?? []).map((blame) => this.blamed(blame))}
        ${check.status === "failed" ? this.repairs(check) : nothing} ${this.elements(check)}
      </div>
      ${placeLink(this.actions, check.range, null, check.label ?? "check")}
    </li>`;
  }

  /** The rule that makes a side wrong, or the value in it. */
  private blamed(blame: BlameReport): TemplateResult {
    const what = blamedName(blame);
    const link = placeLink(this.actions, blame.range, blame.file ?? null, what);
    return html`<div><b class="code">${what}</b> ${link}</div>`;
  }

  /** Every element of both sides and how they differ, where people ask for it. */
  private elements(check: CheckReport): TemplateResult | typeof nothing {
    const { worst } = check;
    if (check.status !== "failed" || worst === null || worst.index.length === 0) return nothing;
    const { target, run, store, saved, actions } = this;
    const at = target.run?.checks.indexOf(check) ?? -1;
    const isOpen = this.open.has(at);
    const flip = (): void => {
      const open = new Set(this.open);
      if (!open.delete(at)) open.add(at);
      this.open = open;
      if (!isOpen) actions.save({ leading: worst.index.slice(0, -2) });
    };
    const own: PanelActions = {
      ...actions,
      pinTensor: (pinned) => (pinned === null ? flip() : actions.pinTensor(pinned)),
    };
    const sides = isOpen ? this.sides.get(actions.ask, target, run, at) : undefined;
    return html`<button class="link" aria-expanded=${isOpen} @click=${flip}>
        ${icon("chevron", isOpen ? "open" : "")} Every element<span class="unseen">
          of ${check.label ?? "check"}</span
        >
      </button>
      ${
        !isOpen
          ? nothing
          : sides
            ? html`<nnspec-tensor
                .target=${sides.target}
                .node=${sides.node}
                .run=${run}
                .pinned=${sides.pinned}
                .store=${store}
                .saved=${saved}
                .actions=${own}
                .goTo=${worst.index}
              ></nnspec-tensor>`
            : html`<p class="faint">${sides === null ? "The run is gone: run it again." : "…"}</p>`
      }`;
  }

  private repairs(check: CheckReport): TemplateResult {
    const { name, run } = this.target;
    const of = { kind: "check", name, index: Math.max(0, (run?.checks ?? []).indexOf(check)) } as const;
    return html`<div class="repairs">
      ${fixButtons(check.explanation, this.actions)} ${reproduceButton(of, this.actions)}
    </div>`;
  }

  static override readonly styles = [
    sharedStyles,
    reportStyles,
    explanationStyles,
    repairStyles,
    css`
      nnspec-tensor {
        max-height: 80vh;
        margin-top: 4px;
        padding: 4px 0;
      }
      [aria-expanded] {
        margin-top: 4px;
      }
      .open {
        transform: rotate(90deg);
      }
      .message {
        margin-inline-start: 6px;
      }
      .bar {
        display: block;
        width: 100%;
        height: 4px;
        margin-bottom: 10px;
      }
      .bar .passed {
        fill: var(--vscode-testing-iconPassed);
      }
      .bar .failed,
      .bar .error {
        fill: var(--vscode-testing-iconFailed);
      }
      .bar .pending {
        fill: var(--vscode-testing-iconQueued);
      }
    `,
  ];
}

/** One stretch a check, in the order of the list. */
function bar(checks: readonly CheckReport[]): TemplateResult {
  return html`<svg class="bar" viewBox="0 0 ${checks.length} 1" preserveAspectRatio="none" aria-hidden="true">
    ${checksInOrder(checks).map(({ status }, i) => svg`<rect class=${status} x=${i} width="0.94" height="1"></rect>`)}
  </svg>`;
}

function worst(found: CheckReport["worst"]): TemplateResult | typeof nothing {
  if (found === null) return nothing;
  const pair = (term: string, text: string): TemplateResult =>
    html`<div>
      <dt>${term}</dt>
      <dd class="number">${text}</dd>
    </div>`;
  return html`<dl class="evidence">
    ${found.index.length === 0 ? nothing : pair("worst at", shapeText(found.index))}
    ${pair("actual", shortNumber(found.actual, 6))} ${pair("expected", shortNumber(found.expected, 6))}
    ${pair("difference", shortNumber(found.difference, 3))}
    ${pair("allowed", shortNumber(found.tolerance, 3))}
  </dl>`;
}
