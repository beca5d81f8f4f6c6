/**
 * Which tensors stand side by side for a node: its value, its gradient, one that was pinned and how they differ, and
 * what others add. Each is a summary and a source of slices; none knows how it is drawn. No DOM.
 */
import type { NodeSummary, PanelState, TargetReport, TensorRef, TensorSummary } from "../../../protocol";
import { shapeText } from "../look/number-format";
import { nodeTitle } from "../state/node-rows";
import type { DifferenceSource } from "./difference-source";
import type { SliceSubject } from "./slice-requests";
import type { SliceSource } from "./slice-store";
import { leadingIndices } from "./tensor-axes";

export interface Pane {
  /** "value", "gradient", "pinned", "difference", "error-0", "part-0", "pass-1" or what an owner calls its own. */
  readonly key: string;
  /** Panes that say the same have one range of colours, so that equal colours are equal numbers. */
  readonly colors: "value" | "gradient" | "tangent" | "difference" | "error";
  /** For a screen reader: "Value". */
  readonly name: string;
  /** `m.z`, `∂m.J/∂m.z`. */
  readonly title: string;
  /** Null where there is nothing to draw; the view says why. */
  readonly summary: TensorSummary | null;
  readonly subject: SliceSubject;
  readonly source: SliceSource;
  /** What the engine knows it by; null for what is made here. */
  readonly ref: TensorRef | null;
}

/** A tensor that is kept in view beside others. */
export interface PinnedTensor {
  readonly run: number;
  readonly target: string;
  readonly ref: TensorRef;
  /** Its name. */
  readonly title: string;
  /** When its run was; null where that is not known. */
  readonly moment: string | null;
  readonly summary: TensorSummary;
}

export interface PaneContext {
  readonly target: TargetReport;
  readonly node: NodeSummary;
  readonly run: number;
  readonly source: SliceSource;
  readonly wished: readonly number[];
  readonly pinned: PinnedTensor | null;
  /** How it differs from the pinned one, as far as the engine has told. */
  readonly difference: TensorSummary | null;
  /** Subtracts the pinned one; kept by the view, so that pictures are. */
  readonly differences: DifferenceSource | null;
}

export function panesOf(context: PaneContext): readonly Pane[] {
  const { target } = context;
  const panes = [tensorPane(context, "value")];
  if (target.root !== null) panes.push(tensorPane(context, "gradient"));
  return [...panes, ...comparisonPanes(context, panes)];
}

function tensorPane({ target, node, source, wished }: PaneContext, of: "value" | "gradient"): Pane {
  const summary = summaryOf(of, node);
  const root = of === "gradient" ? target.root : null;
  const ref: TensorRef = { node: node.id, of, root };
  return {
    key: of,
    colors: of,
    name: of === "value" ? "Value" : "Gradient",
    title: sideTitle(of, node, target),
    summary,
    subject: { ...ref, leading: leadingIndices(summary?.shape ?? [], wished) },
    source,
    ref: summary === null ? null : ref,
  };
}

function comparisonPanes(context: PaneContext, panes: readonly Pane[]): readonly Pane[] {
  const { pinned, differences, wished } = context;
  const own = panes.find(({ key }) => key === pinned?.ref.of);
  if (pinned === null || differences === null || own === undefined || !comparable(context, own)) return [];
  const leading = leadingIndices(pinned.summary.shape, wished);
  const title =
    pinned.run === context.run ? pinned.title : `${pinned.title} (${pinned.moment ?? "earlier run"})`;
  const pinnedPane: Pane = {
    key: "pinned",
    colors: pinned.ref.of,
    name: "Pinned",
    title,
    summary: pinned.summary,
    subject: { ...pinnedSubject(pinned, context.run), leading },
    source: context.source,
    ref: pinned.ref,
  };
  const differencePane: Pane = {
    key: "difference",
    colors: "difference",
    name: "Difference",
    title: `${own.title} − ${title}`,
    summary: context.difference,
    subject: { ...own.subject, leading },
    source: differences,
    ref: null,
  };
  return context.difference === null ? [pinnedPane] : [pinnedPane, differencePane];
}

/** Whether the pinned tensor is another one than this, of its shape. */
export function comparable(
  { pinned, run, target }: Pick<PaneContext, "pinned" | "run" | "target">,
  { ref, summary }: Pick<Pane, "ref" | "summary">,
): boolean {
  if (pinned === null || ref === null || summary === null || pinned.target !== target.name) return false;
  const same = pinned.run === run && pinned.ref.node === ref.node && pinned.ref.root === ref.root;
  return !same && shapeText(pinned.summary.shape) === shapeText(summary.shape);
}

/** Errors that every gradient check forgives stay pale, however small the largest of them is. */
export const forgivenError = 1e-6;

/** The range of a pane's colours. */
export function scaleSummary(
  panes: readonly Pane[],
  { colors }: Pick<Pane, "colors">,
  summary: TensorSummary,
): TensorSummary {
  const others = panes.flatMap((pane) =>
    pane.colors === colors && pane.summary !== null ? [pane.summary] : [],
  );
  const all = [summary, ...others].filter(({ min }) => !Number.isNaN(min));
  const forgiven = colors === "error" ? forgivenError : -Infinity;
  return {
    ...summary,
    min: Math.min(...all.map(({ min }) => min)),
    max: Math.max(...all.map(({ max }) => max), forgiven),
    deviation: Math.max(...all.map(({ deviation }) => deviation)),
  };
}

/** How the slices of the pinned tensor are asked for while that run is in view. */
export function pinnedSubject({ run, ref }: PinnedTensor, inView: number): SliceSubject {
  return { ...(run === inView ? {} : { run }), ...ref, leading: [] };
}

/** Whether the run of a pinned tensor has been given up, so that its numbers can no longer be asked for. */
export function isGone(
  { run, target }: PinnedTensor,
  { runId, history = [], target: inView }: PanelState,
): boolean {
  // Where nothing is told of runs, nothing is told of this one.
  if (run === runId || target !== inView || history.length === 0) return false;
  return history.every((entry) => entry.runId !== run);
}

export type Side = "value" | "gradient";

export function rootName(target: TargetReport): string {
  return target.roots.find((root) => root.id === target.root)?.name ?? "root";
}

/** `m.z`, or `∂m.J/∂m.z`. */
export function sideTitle(side: Side, node: NodeSummary, target: TargetReport): string {
  return side === "value" ? nodeTitle(node) : gradientTitle(target, node.name);
}

/** `∂m.J/∂m.z`; of a pass that was begun in the panel, `d_h at m.z`. */
export function gradientTitle(target: TargetReport, node: string): string {
  const root = target.roots.find(({ id }) => id === target.root);
  return root?.begun === true ? `${root.name} at ${node}` : `∂${root?.name ?? "root"}/∂${node}`;
}

export function summaryOf(side: Side, node: NodeSummary | null): TensorSummary | null {
  const summary = side === "value" ? node?.value : node?.gradient;
  return summary === undefined || typeof summary === "string" ? null : summary;
}

/** Whether a place in one still means the same in the other: the same node with the same shape. */
export function sameTensor(a: NodeSummary | null, b: NodeSummary | null): boolean {
  return (
    a !== null &&
    b !== null &&
    nodeTitle(a) === nodeTitle(b) &&
    shapeText(a.value?.shape ?? []) === shapeText(b.value?.shape ?? [])
  );
}
