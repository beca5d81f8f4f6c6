/** The checks tab: every check of the run with its verdict, what failed first. Stateless but for what it is given. */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import type { CheckReport, TargetReport } from "../../../protocol";
import { codedText } from "../look/coded-text";
import { explanationStyles, explanationView } from "./explanation-view";
import { icon } from "../look/icons";
import { shapeText, shortNumber } from "../look/number-format";
import { turnText } from "../state/node-rows";
import type { PanelActions } from "../state/panel-actions";
import { fixButtons, repairStyles, reproduceButton } from "./repair-buttons";
import { reportStyles } from "../look/report-styles";
import { sharedStyles } from "../look/shared-styles";
import { verdictIcon } from "../look/verdict-icon";
import { checksInOrder, tallyText } from "../look/verdict-order";

export class ChecksView extends LitElement {
  static override readonly properties = { target: { attribute: false }, actions: { attribute: false } };
  declare target: TargetReport;
  declare actions: PanelActions;

  override render(): TemplateResult {
    const checks = this.target.run?.checks ?? [];
    return html`<h2>${tallyText(checks.map((check) => check.status))}</h2>
      ${bar(checks)}
      <ul aria-label="Checks">
        ${checksInOrder(checks).map((check) => this.item(check))}
      </ul>`;
  }

  private item(check: CheckReport): TemplateResult {
    const reveal = (): void => this.actions.reveal(check.range, null);
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
        ${check.status === "failed" ? this.repairs(check) : nothing}
      </div>
      <button class="link" @click=${reveal}>
        ${icon("line")} line ${check.range.start.line + 1}<span class="unseen"
          >: ${check.label ?? "check"}</span
        >
      </button>
    </li>`;
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
