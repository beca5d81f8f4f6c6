/**
 * The training tab: each training of the run with its curves and figures, live while it lasts; it can be stopped with
 * what was trained so far, and go on. Owns what is smoothed and how the axes run.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { TargetReport, TrainingCurves } from "../../../protocol";
import { icon } from "../look/icons";
import { sharedStyles } from "../look/shared-styles";
import { AskedAnswers } from "../state/asked-answers";
import type { PanelActions } from "../state/panel-actions";
import type { ChartSeries } from "./curve-chart";
import { counted, smoothed, thinned } from "./curve-points";
import type { FollowedTraining } from "./training-curves";
import { noCurves } from "./training-curves";
import { trainingFigures } from "./training-figures";

/** With fewer steps there is nothing to smooth. */
const smoothFrom = 100;

export class TrainingView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    live: { attribute: false },
    run: { attribute: false },
    stale: { type: Boolean },
    actions: { attribute: false },
    logarithmic: { state: true },
    smooth: { state: true },
  };
  /** Null while the first run is under way. */
  declare target: TargetReport | null;
  /** The trainings of the run under way; empty where none is. */
  declare live: readonly FollowedTraining[];
  declare run: number;
  /** The text has changed: what was stopped cannot go on. */
  declare stale: boolean;
  declare actions: PanelActions;
  declare private logarithmic: boolean;
  declare private smooth: boolean;

  private readonly answers = new AskedAnswers<"training">(() => this.requestUpdate());

  constructor() {
    super();
    this.logarithmic = false;
    this.smooth = true;
    this.live = [];
    this.stale = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("run") || changed.has("target")) this.answers.clear();
  }

  override render(): TemplateResult {
    const trainings = this.live.length > 0 ? this.live : this.finished();
    return html`<div class="bar">
        ${this.toggle("Smoothed", "smooth")} ${this.toggle("Logarithmic", "logarithmic")}
      </div>
      ${trainings.map((training) => this.training(training))}`;
  }

  private toggle(label: string, which: "smooth" | "logarithmic"): TemplateResult {
    const flip = (): void => {
      this[which] = !this[which];
    };
    return html`<button class="tool" aria-pressed=${this[which]} @click=${flip}>${label}</button>`;
  }

  private finished(): readonly FollowedTraining[] {
    const { target } = this;
    const reports = target?.trainings ?? [];
    if (target === null || reports.length === 0) return [];
    const answer = this.answers.get(this.actions.ask, { kind: "training", target: target.name });
    return reports.map((report, i) => ({ report, curves: answer?.curves[i] ?? noCurves }));
  }

  private training(training: FollowedTraining): TemplateResult {
    const { report, curves } = training;
    const { name, target, range } = report;
    return html`<article aria-label="Training of ${name}">
      <h2>
        <span><span class="code">${name}</span> <span class="faint">in ${target}</span></span>
        <button class="link" @click=${(): void => this.actions.reveal(range, null)}>
          ${icon("line")} line ${range.start.line + 1}
        </button>
        <span class="spring"></span>
        ${this.control(training)}
      </h2>
      ${this.notice(training)} ${trainingFigures(training)}
      <h3>Loss</h3>
      ${this.lossChart(curves, report.total)}
      <h3>Gradient norm</h3>
      ${
        curves.norms.length === 0
          ? html`<p class="faint">Not measured yet.</p>`
          : this.chart("Gradient norm", curves.normSteps, curves.norms, report.total, "--gradient-ink")
      }
    </article>`;
  }

  private control({ report }: FollowedTraining): TemplateResult | typeof nothing {
    const { state } = report;
    if (state === "running")
      return html`<button
        class="tool"
        title="Ends the training; the run goes on with what was trained so far"
        @click=${this.actions.stopTraining}
      >
        ${icon("stop", "failed")} Stop
      </button>`;
    if (state !== "stopped" || this.live.length > 0) return nothing;
    return html`<button
      class="tool"
      ?disabled=${this.stale}
      title=${this.stale ? "The text has changed since: run it anew" : "Goes on from the step where it was stopped"}
      @click=${this.actions.continueTraining}
    >
      ${icon("run")} Continue
    </button>`;
  }

  private notice({ report, curves }: FollowedTraining): TemplateResult | typeof nothing {
    const broken = curves.losses.findIndex((loss) => !Number.isFinite(loss));
    if (broken >= 0)
      return html`<p class="notice error" role="note">
        ${icon("error", "error")} The loss is ${Number.isNaN(curves.losses[broken]) ? "NaN" : "infinite"} from
        step ${broken} on.
      </p>`;
    if (report.state === "stopped")
      return html`<p class="notice" role="note">
        Stopped after ${report.done} of ${report.total} steps. The results are those of what was trained so
        far.
      </p>`;
    if (report.state === "failed")
      return html`<p class="notice error" role="note">
        ${icon("error", "error")} It failed after ${report.done} steps.
      </p>`;
    return nothing;
  }

  private lossChart(curves: TrainingCurves, total: number): TemplateResult {
    return this.chart("Loss", counted(curves.losses.length), curves.losses, total, "--vscode-charts-blue");
  }

  private chart(
    label: string,
    steps: Float64Array,
    values: Float64Array,
    until: number,
    color: string,
  ): TemplateResult {
    const points = thinned(steps, values);
    const smooth = this.smooth && values.length >= smoothFrom;
    const line: ChartSeries = { label, color, faint: smooth, y: points.y };
    // Smoothed before it is thinned: extremes have no average.
    const average = smooth
      ? at(steps, smoothed(values, 1 - 1 / Math.max(8, values.length / 100)), points.x)
      : null;
    const series = average === null ? [line] : [line, { label: "smoothed", color, y: average }];
    return html`<nnspec-curve-chart
      .label=${label}
      .x=${points.x}
      .series=${series}
      .until=${until}
      .announce=${this.actions.announce}
      ?logarithmic=${this.logarithmic}
    ></nnspec-curve-chart>`;
  }

  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        padding: 8px 14px 24px;
        overflow: auto;
      }
      .bar {
        display: flex;
        justify-content: end;
        gap: 4px;
      }
      article {
        max-width: 900px;
        margin-bottom: 28px;
      }
      h2 {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 12px;
        min-height: 26px;
        margin: 0;
        font-size: inherit;
      }
      h3 {
        margin: 14px 0 2px;
        font-size: inherit;
        font-weight: normal;
        color: var(--vscode-descriptionForeground);
      }
      h2 .tool {
        font-weight: normal;
      }
      .spring {
        flex: 1;
      }
      .notice {
        margin: 8px 0;
        padding: 8px 12px;
        border-left: 3px solid var(--vscode-editorInfo-foreground);
        background: var(--vscode-textBlockQuote-background);
      }
      .notice.error {
        border-left-color: var(--vscode-errorForeground);
      }
      .figures {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin: 8px 0 0;
      }
      .figures > div {
        display: flex;
        flex-direction: column;
      }
      .figures dt {
        color: var(--vscode-descriptionForeground);
        font-size: 0.9em;
      }
      .figures dd {
        margin: 0;
        font-size: 1.05em;
      }
    `,
  ];
}

/** The values at some of the steps; both run upwards. */
function at(steps: Float64Array, values: Float64Array, chosen: Float64Array): Float64Array {
  let i = 0;
  return chosen.map((step) => {
    while (i < steps.length - 1 && steps[i]! < step) i++;
    return values[i]!;
  });
}
