/** The gradcheck tab: for each gradient check the verdict, the blame, every leaf's four answers, and the evidence. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type {
  BlameReport,
  GradcheckReport,
  LeafReport,
  NodeSummary,
  Picture,
  TargetReport,
  TensorRef,
} from "../../../protocol";
import { codedText } from "../look/coded-text";
import { explanationStyles, explanationView } from "./explanation-view";
import { sharedLimit } from "../replay/thumb-nail";
import { AskedAnswers } from "../state/asked-answers";
import { leafNode, turnText } from "../state/node-rows";
import { durationText, plural, shapeText, shortNumber } from "../look/number-format";
import type { PanelActions } from "../state/panel-actions";
import type { SavedState } from "../state/saved-state";
import { placeLink } from "./place-link";
import { failureOf, fixButtons, repairStyles, reproduceButton } from "./repair-buttons";
import { reportStyles } from "../look/report-styles";
import { sharedStyles } from "../look/shared-styles";
import { slopePlot, slopePlotStyles } from "./slope-plot";
import { forgivenError } from "../tensor/tensor-panes";
import { verdictIcon } from "../look/verdict-icon";
import { gradchecksInOrder, gradchecksOf, leavesInOrder, standsApart } from "../look/verdict-order";

export class GradcheckView extends LitElement {
  static override readonly properties = { target: { attribute: false }, actions: { attribute: false } };
  declare target: TargetReport;
  declare actions: PanelActions;

  private readonly tensors = new AskedAnswers<"tensor">(() => this.requestUpdate());

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("target")) this.tensors.clear();
  }

  override render(): TemplateResult {
    const reports = gradchecksInOrder(gradchecksOf(this.target));
    return html`${reports.map(
      (report) =>
        html`${this.report(report)}
        ${report.secondOrder === undefined ? nothing : this.report(report.secondOrder)}`,
    )}`;
  }

  private report(report: GradcheckReport): TemplateResult {
    return html`<article aria-label="Gradient check of ${report.of}">
      <h2>
        ${verdictIcon(report.verdict)} <span class="code">${report.of}</span>
        ${report.at === null ? nothing : html`<span class="faint">(${turnText(report.at)})</span>`}
        ${report.verdict} ${placeLink(this.actions, report.range, null, `the gradient check of ${report.of}`)}
      </h2>
      <p class="totals">
        <span>${plural(report.entries, "entry", "entries")}</span>
        <span>worst error <b class="number">${shortNumber(report.worstError, 3)}</b></span>
        <span>${durationText(report.milliseconds)}</span>
      </p>
      ${report.reason === null ? nothing : html`<p class="reason">${codedText(report.reason)}</p>`}
      ${
        report.verdict === "failed"
          ? html`<div class="repairs">${reproduceButton(failureOf(this.target, report), this.actions)}</div>`
          : nothing
      }
      ${this.blame(report.blame)} ${this.leaves(report.leaves)} ${this.adjoint(report.adjoint)}
      ${this.kinks(report.kinks)}
      ${
        report.slope === null
          ? nothing
          : html`<h3>Taylor test</h3>
              ${slopePlot(report.slope)}`
      }
    </article>`;
  }

  private blame(blamed: readonly BlameReport[]): TemplateResult | typeof nothing {
    if (blamed.length === 0) return nothing;
    return html`<h3>What is wrong</h3>
      <ul>
        ${blamed.map(
          (found) =>
            html`<li class="card">
              <div class="blamed">
                <b class="code">${found.rule}</b> <span>of</span> <b class="code">${found.op}</b>
                <span class="faint"
                  >at
                  <span class="code">${found.node}</span
                  >${found.index.length === 0 ? "" : `, entry ${shapeText(found.index)}`}</span
                >
                ${placeLink(this.actions, found.range, found.file ?? null, `${found.rule} of ${found.op}`)}
              </div>
              ${explanationView(found.explanation)}
              <div class="repairs">${fixButtons(found.explanation, this.actions)}</div>
            </li>`,
        )}
      </ul>`;
  }

  private leaves(leaves: readonly LeafReport[]): TemplateResult | typeof nothing {
    if (leaves.length === 0) return nothing;
    const limit = Math.max(forgivenError, sharedLimit(leaves.map((leaf) => this.pictureOf(leaf) ?? null)));
    return html`<h3>Gradients, at each leaf's worst entry</h3>
      <div class="scroll" tabindex="0" role="region" aria-label="Leaves">
        <table>
          <thead>
            <tr>
              <th scope="col" class="start">leaf</th>
              <th scope="col">entries</th>
              <th scope="col">worst at</th>
              <th scope="col" title="By the rules in force">rule</th>
              <th scope="col" title="By automatic differentiation, without hand-written rules">autodiff</th>
              <th scope="col" title="By forward mode">forward</th>
              <th scope="col" title="By central finite differences">finite difference</th>
              <th
                scope="col"
                class="start"
                title="At each entry, |rule − finite difference| in units of max(1, |finite difference|)"
              >
                error of each entry
              </th>
            </tr>
          </thead>
          <tbody>
            ${leavesInOrder(leaves).map((leaf) => this.leaf(leaf, limit))}
          </tbody>
        </table>
      </div>`;
  }

  private leaf(leaf: LeafReport, limit: number): TemplateResult {
    const node = leafNode(this.target, leaf.name);
    const index = leaf.worst?.index ?? [];
    const open = (node: NodeSummary, layout: SavedState["layout"]): void => {
      this.actions.save({ errors: leaf.errors !== undefined, layout });
      this.actions.select(node.id, { open: true, index });
    };
    return html`<tr>
      <th scope="row" class="start">
        ${verdictIcon(leaf.verdict)} <span class="unseen">${leaf.verdict}: </span>
        ${
          node === undefined
            ? html`<span class="code">${leaf.name}</span>`
            : html`<button class="link code" title="Show this entry" @click=${() => open(node, "heatmap")}>
                ${leaf.name}
              </button>`
        }
      </th>
      <td class="number">
        ${
          node === undefined || leaf.entries < 2
            ? leaf.entries
            : html`<button class="link" title="Every entry, as a table" @click=${() => open(node, "table")}>
                ${leaf.entries}
              </button>`
        }
      </td>
      ${leaf.worst === null ? html`<td colspan="5" class="faint start">–</td>` : answers(leaf.worst)}
      <td class="start">
        ${this.errorMap(leaf, limit, node === undefined ? undefined : () => open(node, "heatmap"))}
      </td>
    </tr>`;
  }

  private pictureOf({ errors }: LeafReport): Picture | undefined {
    if (errors === undefined) return undefined;
    const tensor: TensorRef = { node: errors, of: "value", root: null };
    return this.tensors.get(this.actions.ask, { kind: "tensor", target: this.target.name, tensor })?.picture;
  }

  /** The errors of all entries as a small picture, which is a way to the large one. */
  private errorMap(
    leaf: LeafReport,
    limit: number,
    open: (() => void) | undefined,
  ): TemplateResult | typeof nothing {
    if (leaf.errors === undefined || leaf.entries < 2) return nothing;
    const picture = this.pictureOf(leaf);
    if (picture === undefined) return nothing;
    const thumb = html`<nnspec-thumb
      .picture=${picture}
      .label=${`Errors of ${leaf.name}`}
      .limit=${limit}
      small
    ></nnspec-thumb>`;
    return open === undefined
      ? thumb
      : html`<button class="picture" title="Show the errors beside ${leaf.name}" @click=${open}>
          ${thumb}
        </button>`;
  }

  private adjoint(tests: GradcheckReport["adjoint"]): TemplateResult | typeof nothing {
    if (tests.length === 0) return nothing;
    return html`<h3>Rule pairs, <span class="code">⟨u, J v⟩ = ⟨Jᵀu, v⟩</span></h3>
      <div class="scroll" tabindex="0" role="region" aria-label="Rule pairs">
        <table>
          <thead>
            <tr>
              <th scope="col" class="start">op</th>
              <th scope="col" class="start">rules for</th>
              <th scope="col">relative error</th>
            </tr>
          </thead>
          <tbody>
            ${tests.map(
              (test) =>
                html`<tr>
                  <td class="start code">${test.op}</td>
                  <td class="start code">${test.rule}</td>
                  <td class="number ${test.error <= 1e-6 ? "" : "apart"}">${shortNumber(test.error, 3)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }

  private kinks(kinks: GradcheckReport["kinks"]): TemplateResult | typeof nothing {
    if (kinks.length === 0) return nothing;
    return html`<h3>Kinks met</h3>
      <p class="faint">
        At these elements the function has no derivative; what the answers say there is left undecided.
      </p>
      <ul>
        ${kinks.map(
          (kink) =>
            html`<li>
              <span class="code">${kink.node}${kink.index.length === 0 ? "" : shapeText(kink.index)}</span>
              <span class="faint">${kink.op}</span> ${placeLink(this.actions, kink.range, null, kink.node)}
            </li>`,
        )}
      </ul>`;
  }

  static override readonly styles = [
    sharedStyles,
    reportStyles,
    explanationStyles,
    repairStyles,
    slopePlotStyles,
    css`
      article + article {
        margin-top: 26px;
        padding-top: 16px;
        border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border, transparent));
      }
      .totals {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 20px;
        margin: 0;
      }
      .picture {
        display: block;
        padding: 1px;
        border: 0;
        background: none;
        cursor: pointer;
      }
      .blamed {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 2px 6px;
      }
    `,
  ];
}

function answers(worst: NonNullable<LeafReport["worst"]>): TemplateResult {
  const answer = (x: number): TemplateResult =>
    html`<td class="number ${standsApart(x, worst.finiteDifference) ? "apart" : ""}">
      ${shortNumber(x, 6)}
    </td>`;
  return html`<td class="number">${shapeText(worst.index)}</td>
    ${answer(worst.rule)} ${answer(worst.autodiff)} ${answer(worst.forward)}
    <td class="number">${shortNumber(worst.finiteDifference, 6)}</td>`;
}
