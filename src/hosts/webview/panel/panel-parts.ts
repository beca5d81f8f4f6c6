/** The pieces of the panel's frame that need no state of their own. */
import { html, nothing, type TemplateResult } from "lit";
import { type PanelState, type Range, type TargetReport, worstStatus } from "../../../protocol";
import { codedText } from "../look/coded-text";
import { icon } from "../look/icons";
import { type Banner, targetInView } from "../state/panel-phase";
import type { Tab } from "../state/saved-state";
import type { TabTitle } from "./tab-bar";
import { verdictIcon } from "../look/verdict-icon";
import { gradchecksOf, tallyText } from "../look/verdict-order";

/** A tab's title, with the verdict of what is in it. */
export function tabTitle(tab: Tab, target: TargetReport): TabTitle {
  switch (tab) {
    case "values":
      return { tab, title: "Values", extra: null };
    case "tensor":
      return { tab, title: "Tensor", extra: null };
    case "graph":
      return { tab, title: "Graph", extra: null };
    case "derive":
      return { tab, title: "Derive", extra: null };
    case "training": {
      const state = target.trainings?.some(({ state }) => state === "failed") === true ? "failed" : null;
      return { tab, title: "Training", extra: state === null ? null : verdictIcon(state) };
    }
    case "checks": {
      const checks = target.run?.checks ?? [];
      const failed = checks.filter((check) => check.status !== "passed").length;
      const words = failed === 0 ? String(checks.length) : `${String(failed)} of ${String(checks.length)}`;
      return {
        tab,
        title: "Checks",
        extra: html`${verdictIcon(worstStatus(checks.map((check) => check.status)))}
          <span class="badge count" title=${tallyText(checks.map((check) => check.status))}>${words}</span>`,
      };
    }
    case "gradcheck":
      return {
        tab,
        title: "Gradcheck",
        extra: verdictIcon(worstStatus(gradchecksOf(target).map((report) => report.verdict))),
      };
  }
}

export interface BannerActions {
  readonly run: (action: "run") => void;
  readonly showNewest: () => void;
  readonly reveal: (range: Range, file: null) => void;
}

/** What must be known to read the results, with the way out. */
export function bannerRow(
  { kind, text, rerun, newest }: Banner,
  { run }: TargetReport,
  actions: BannerActions,
): TemplateResult {
  const range = kind === "error" ? run?.error?.range : undefined;
  return html`<div class="banner ${kind}" role="note">
    ${icon(kind === "error" ? "error" : "warning", kind)} <span>${codedText(text)}</span>
    ${rerun ? html`<button class="link" @click=${() => actions.run("run")}>Run again</button>` : nothing}
    ${newest ? html`<button class="link" @click=${actions.showNewest}>Show the newest</button>` : nothing}
    ${
      range === undefined
        ? nothing
        : html`<button class="link" @click=${() => actions.reveal(range, null)}>
            ${icon("line")} line ${range.start.line + 1}
          </button>`
    }
  </div>`;
}

/** The bar under the header while a run is under way. */
export function runProgress({ progress: now }: PanelState): TemplateResult {
  const known = now !== null && now.total > 0;
  const done = known ? Math.min(1, now.done / now.total) : nothing;
  return html`<progress class="progress" aria-label=${now?.what ?? "Running"} value=${done}></progress>
    <p class="progress-text faint">
      ${now === null ? "Running…" : `${now.what}${known ? ` · ${String(now.done)} of ${String(now.total)}` : ""}`}
    </p>`;
}

/** What a screen reader hears when a run has ended. */
export function finishedText(state: PanelState): string {
  const target = targetInView(state);
  if (state.phase === "cancelled") return "Cancelled.";
  if (state.phase === "crashed" || target === null) return "The run stopped without results.";
  return `${target.name}: ${target.status}.`;
}
