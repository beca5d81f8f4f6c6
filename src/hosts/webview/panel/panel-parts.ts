/** The pieces of the panel's frame that need no state of their own. */
import { html, type TemplateResult } from "lit";
import { type PanelState, type TargetReport, worstStatus } from "../../../protocol";
import { targetInView } from "../state/panel-phase";
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

/** The bar under the header while a run is under way. */
export function runProgress({ progress: now }: PanelState): TemplateResult {
  const known = now !== null && now.total > 0;
  return html`<vscode-progress-bar
      class="progress"
      aria-label=${now?.what ?? "Running"}
      ?indeterminate=${!known}
      .value=${known ? Math.min(100, (100 * now.done) / now.total) : 0}
      .max=${100}
    ></vscode-progress-bar>
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
