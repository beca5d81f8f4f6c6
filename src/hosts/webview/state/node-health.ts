/**
 * What is unhealthy about the nodes of a run, from their summaries alone: NaN and infinities with the place where they
 * start, dead and saturated units, vanishing and exploding gradients. Knows no DOM.
 */
import type { NodeSummary, TensorSummary } from "../../../protocol";
import { percentText, plural, shortNumber } from "../look/number-format";

export interface HealthMark {
  readonly kind: "not-finite" | "dead" | "saturated" | "vanishing" | "exploding" | "zero-gradient";
  readonly severity: "error" | "warning";
  readonly of: "value" | "gradient";
  /** One or two words for the badge. */
  readonly label: string;
  /** A sentence that says what was found. */
  readonly text: string;
}

/** Shares from which a mark is given. */
const deadFrom = 0.9;
const saturatedFrom = 0.5;
/** A gradient this many times smaller or larger than the median node's is marked. */
const farFromMedian = 1e4;
/** Below this many gradients a median says little. */
const fewestForMedian = 4;

/** The marks of each node that has any, by node id. */
export function healthOf(nodes: readonly NodeSummary[]): ReadonlyMap<number, readonly HealthMark[]> {
  const marks = new Map<number, readonly HealthMark[]>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = childrenOf(nodes);
  const typical = typicalGradient(nodes);
  for (const node of nodes) {
    const found = [
      ...valueMarks(node, byId),
      ...notFiniteGradient(node, children.get(node.id) ?? []),
      ...gradientSizeMarks(node, typical),
    ];
    if (found.length > 0) marks.set(node.id, found);
  }
  return marks;
}

export function gradientSummary(node: NodeSummary): TensorSummary | null {
  return node.gradient !== null && typeof node.gradient === "object" ? node.gradient : null;
}

/** Root mean square of the finite elements. */
export function rootMeanSquare(summary: TensorSummary): number {
  return Math.hypot(summary.mean, summary.deviation);
}

function childrenOf(nodes: readonly NodeSummary[]): ReadonlyMap<number, readonly NodeSummary[]> {
  const children = new Map<number, NodeSummary[]>();
  for (const node of nodes) {
    for (const parent of node.parents) {
      const known = children.get(parent);
      if (known === undefined) children.set(parent, [node]);
      else known.push(node);
    }
  }
  return children;
}

function notFinite(summary: TensorSummary | null): boolean {
  return summary !== null && summary.nan + summary.infinite > 0;
}

function notFiniteText(summary: TensorSummary): string {
  const parts = [
    summary.nan > 0 ? `${String(summary.nan)} NaN` : "",
    summary.infinite > 0 ? `${String(summary.infinite)} infinite` : "",
  ];
  return `${parts.filter((part) => part !== "").join(" and ")} of ${String(summary.count)} elements`;
}

function notFiniteMark(
  of: "value" | "gradient",
  summary: TensorSummary,
  startsHere: boolean,
  from: string,
): HealthMark {
  const what = summary.nan > 0 ? "NaN" : "Infinity";
  const origin =
    of === "value"
      ? "everything it was computed from is finite"
      : "every gradient that arrives here is finite";
  return {
    kind: "not-finite",
    severity: "error",
    of,
    label: startsHere ? `${what} starts here` : what,
    text: `The ${of} has ${notFiniteText(summary)}${startsHere ? `, and ${origin}` : ""}.${startsHere ? from : ""}`,
  };
}

/** What the first node with a NaN was computed from: ` log of m.p: 0 to 0.93, 3 zeros.` */
function inputsText({ op, parents }: NodeSummary, byId: ReadonlyMap<number, NodeSummary>): string {
  const inputs = parents.flatMap((id) => {
    const parent = byId.get(id);
    if (parent === undefined || parent.value === null) return [];
    const { min, max, zeros, count } = parent.value;
    const range = count === 1 ? shortNumber(min) : `${shortNumber(min)} to ${shortNumber(max)}`;
    return [`${parent.name}: ${range}${zeros > 0 && count > 1 ? `, ${plural(zeros, "zero")}` : ""}`];
  });
  return inputs.length === 0 ? "" : ` ${op === "" ? "It comes" : op} of ${inputs.join("; ")}.`;
}

function valueMarks(node: NodeSummary, byId: ReadonlyMap<number, NodeSummary>): HealthMark[] {
  const { value } = node;
  if (value === null || value.count === 0) return [];
  if (notFinite(value)) {
    const inherited = node.parents.some((id) => notFinite(byId.get(id)?.value ?? null));
    return [notFiniteMark("value", value, !inherited, inputsText(node, byId))];
  }
  const dead = value.zeros / value.count;
  if (/^(leaky_)?relu6?$/.test(node.op) && dead >= deadFrom && value.count > 1) {
    const share = percentText(value.zeros, value.count);
    const severity = dead === 1 ? "error" : "warning";
    return [
      {
        kind: "dead",
        severity,
        of: "value",
        label: `dead ${share}`,
        text: `${share} of this ${node.op} is exactly 0: no gradient passes there.`,
      },
    ];
  }
  const saturated = saturatedShare(node.op, value);
  if (saturated >= saturatedFrom) {
    const share = percentText(saturated, 1);
    return [
      {
        kind: "saturated",
        severity: "warning",
        of: "value",
        label: `saturated ${share}`,
        text: `About ${share} of this ${node.op} is within 5 % of its limits, where its derivative is nearly 0.`,
      },
    ];
  }
  return [];
}

/** The share near the limits, judged by the histogram. */
function saturatedShare(op: string, summary: TensorSummary): number {
  if ((op !== "tanh" && op !== "sigmoid") || summary.count < 2) return 0;
  const bins = summary.histogram.length;
  let near = 0;
  summary.histogram.forEach((count, bin) => {
    const middle = summary.min + ((bin + 0.5) / bins) * (summary.max - summary.min);
    const towardsLimit = op === "tanh" ? Math.abs(middle) : Math.abs(2 * middle - 1);
    if (towardsLimit > 0.95) near += count;
  });
  return near / summary.count;
}

function notFiniteGradient(node: NodeSummary, children: readonly NodeSummary[]): HealthMark[] {
  const gradient = gradientSummary(node);
  if (gradient === null || !notFinite(gradient)) return [];
  const inherited = children.some((child) => notFinite(gradientSummary(child)));
  return [notFiniteMark("gradient", gradient, !inherited, "")];
}

/** The median root mean square of the gradients, or null where there are too few. */
function typicalGradient(nodes: readonly NodeSummary[]): number | null {
  const sizes = nodes
    .map(gradientSummary)
    .filter((gradient) => gradient !== null && !notFinite(gradient))
    .map((gradient) => rootMeanSquare(gradient!))
    .filter((size) => size > 0)
    .sort((a, b) => a - b);
  return sizes.length < fewestForMedian ? null : sizes[sizes.length >> 1]!;
}

function gradientSizeMarks(node: NodeSummary, typical: number | null): HealthMark[] {
  const gradient = gradientSummary(node);
  if (gradient === null || gradient.count === 0 || notFinite(gradient)) return [];
  if (gradient.zeros === gradient.count) {
    return [
      {
        kind: "zero-gradient",
        severity: "warning",
        of: "gradient",
        label: "all 0",
        text: "The gradient arrives, but is exactly 0 everywhere.",
      },
    ];
  }
  // A scalar is most often the root itself, whose gradient is 1 whatever the others are.
  if (typical === null || gradient.count === 1) return [];
  const ratio = rootMeanSquare(gradient) / typical;
  const times = shortNumber(ratio > 1 ? ratio : 1 / ratio, 2);
  if (ratio < 1 / farFromMedian)
    return [
      {
        kind: "vanishing",
        severity: "warning",
        of: "gradient",
        label: "vanishing",
        text: `This gradient is ${times} times smaller than the median node's.`,
      },
    ];
  if (ratio > farFromMedian)
    return [
      {
        kind: "exploding",
        severity: "warning",
        of: "gradient",
        label: "exploding",
        text: `This gradient is ${times} times larger than the median node's.`,
      },
    ];
  return [];
}
