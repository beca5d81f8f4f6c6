/** What the panel as a whole shows for the state it was sent: which tabs, which notice. No DOM. */
import type { NodeSummary, PanelState, TargetReport } from "../../../protocol";
import { gradientSummary } from "./node-health";
import { nodeTitle } from "./node-rows";
import type { Tab } from "./saved-state";
import { gradchecksOf } from "../look/verdict-order";

/** The target in view: the named one, else the first. */
export function targetInView(state: PanelState): TargetReport | null {
  return state.targets.find((target) => target.name === state.target) ?? state.targets[0] ?? null;
}

/** The tabs that have something in them; `training`: something is being trained. */
export function tabsOf(target: TargetReport, training = false): readonly Tab[] {
  const tabs: Tab[] = [];
  if (target.nodes.length > 0) tabs.push("values", "tensor", "graph", "derive");
  if ((target.run?.checks.length ?? 0) > 0) tabs.push("checks");
  if (gradchecksOf(target).length > 0) tabs.push("gradcheck");
  if (training || (target.trainings?.length ?? 0) > 0) tabs.push("training");
  return tabs;
}

/** The selected node, found again by its title after every run; a telling one where there is no selection. */
export function nodeInView(target: TargetReport, selected: string | null): NodeSummary | null {
  const { nodes } = target;
  const isMatrix = (node: NodeSummary): boolean => (node.value?.shape.length ?? 0) >= 2;
  const hasGradient = (node: NodeSummary): boolean => gradientSummary(node) !== null;
  return (
    nodes.find((node) => nodeTitle(node) === selected) ??
    nodes.find((node) => node.role === "value" && isMatrix(node) && hasGradient(node)) ??
    nodes.find((node) => isMatrix(node) && hasGradient(node)) ??
    nodes.find((node) => node.value !== null) ??
    nodes[0] ??
    null
  );
}

/** "connecting": no word from the editor yet. "mismatch": it speaks another version. */
export type Phase = "connecting" | "mismatch" | "empty" | "running" | "results" | "cancelled" | "crashed";

/** What fills the panel. Earlier results stay in view while a new run is under way. */
export function phaseOf(state: PanelState | null, mismatch: boolean): Phase {
  if (mismatch) return "mismatch";
  if (state === null) return "connecting";
  if (state.phase === "crashed") return "crashed";
  if (state.targets.length > 0) return "results";
  switch (state.phase) {
    case "finished":
    case "empty":
      return "empty";
    case "running":
    case "cancelled":
      return state.phase;
  }
}

export interface Banner {
  readonly kind: "warning" | "error" | "info";
  readonly text: string;
  /** Offers to run again. */
  readonly rerun: boolean;
  /** Offers to go back to the newest run. */
  readonly newest: boolean;
}

/** The time of day of a moment, in milliseconds since 1970, and the day where it is another than the newest run's. */
export function clockText(moment: number, newest = moment): string {
  const at = new Date(moment);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  if (at.toDateString() === new Date(newest).toDateString()) return time;
  return `${at.toLocaleDateString("en", { day: "numeric", month: "short" })}, ${time}`;
}

/** What must be known to read the results rightly. */
export function bannersOf(state: PanelState, target: TargetReport | null): readonly Banner[] {
  const banners: Banner[] = [];
  const earlier = state.history?.find(({ runId }) => runId === state.earlierRun);
  if (earlier !== undefined) {
    const text = `This is an earlier run, of ${clockText(earlier.finished, state.history?.[0]?.finished)}.`;
    banners.push({ kind: "info", text, rerun: false, newest: true });
    return banners;
  }
  if (state.phase === "cancelled") {
    banners.push({
      kind: "info",
      text: "The run was cancelled. These are the results from before it.",
      rerun: true,
      newest: false,
    });
  } else if (state.stale && state.phase !== "running") {
    banners.push({
      kind: "warning",
      text: "The text has changed since these results were made.",
      rerun: true,
      newest: false,
    });
  }
  const error = target?.run?.error ?? null;
  if (error !== null) {
    const { code, message } = error;
    banners.push({ kind: "error", text: `${code}: ${message}`, rerun: false, newest: false });
  }
  return banners;
}
