/** Which rows the table of values has, in which order: filtered, grouped, sorted. No DOM. */
import type { NodeDifference, NodeSummary, TargetReport, TensorSummary } from "../../../protocol";
import { gradientSummary } from "./node-health";
import { shapeText } from "../look/number-format";

export const statistics = ["mean", "deviation", "min", "max", "zeros", "nonFinite"] as const;
export type Statistic = (typeof statistics)[number];
/** Of the difference to another run. */
export const deltaColumns = [
  "delta.value.largest",
  "delta.value.relative",
  "delta.gradient.largest",
  "delta.gradient.relative",
] as const;
export type DeltaColumn = (typeof deltaColumns)[number];
export type SortColumn =
  "name" | "op" | "shape" | `value.${Statistic}` | `gradient.${Statistic}` | DeltaColumn;

export interface Sort {
  readonly column: SortColumn;
  readonly direction: "ascending" | "descending";
}

export const groupings = ["net", "family", "none"] as const;
export type Grouping = (typeof groupings)[number];

export type NodeRow =
  | {
      readonly kind: "group";
      readonly key: string;
      readonly label: string;
      readonly nodes: readonly NodeSummary[];
      readonly expanded: boolean;
    }
  | { readonly kind: "node"; readonly node: NodeSummary; readonly level: 1 | 2 };

export interface RowOptions {
  readonly filter: string;
  readonly grouping: Grouping;
  /** null: source order. */
  readonly sort: Sort | null;
  /** Keys of the groups that are folded. */
  readonly collapsed: ReadonlySet<string>;
  /** How nodes differ from those of another run, where they are compared. */
  readonly differences?: ReadonlyMap<number, NodeDifference> | null;
}

/** The nodes are in source order. A sort lists them across groups: the largest of all comes first. */
export function nodeRows(nodes: readonly NodeSummary[], options: RowOptions): readonly NodeRow[] {
  const kept = nodes.filter(matcher(options.filter));
  const { sort, differences = null } = options;
  // What is no longer compared sorts nothing.
  if (sort !== null && (differences !== null || !isDelta(sort.column)))
    return sorted(kept, sort, differences ?? new Map<number, NodeDifference>()).map(plainRow);
  if (options.grouping === "none") return kept.map(plainRow);
  const groups = groupsOf(kept, options.grouping);
  const rows: NodeRow[] = [];
  for (const { key, label, members } of groups) {
    if (key === null) {
      rows.push(...members.map(plainRow));
      continue;
    }
    const expanded = !options.collapsed.has(key);
    rows.push({ kind: "group", key, label, nodes: members, expanded });
    if (expanded) rows.push(...members.map((node): NodeRow => ({ kind: "node", node, level: 2 })));
  }
  return rows;
}

/** The node's name, and in a loop the turn: `h (i = 2)`. */
export function nodeTitle(node: NodeSummary): string {
  return node.at === null ? node.name : `${node.name} (${turnText(node.at)})`;
}

export function turnText(at: Readonly<Record<string, number | string>>): string {
  return Object.entries(at)
    .map(([index, turn]) => `${index} = ${String(turn)}`)
    .join(", ");
}

/** The node of a gradient check's leaf: a net checked alone names its leaves from the inside, `W1` for `SimpleClassifier.W1`. */
export function leafNode({ nodes, name }: TargetReport, leaf: string): NodeSummary | undefined {
  return nodes.find((node) => node.name === leaf) ?? nodes.find((node) => node.name === `${name}.${leaf}`);
}

/** `m.z[1]` and `m.z[2]` are of the family `m.z`; the turns of a loop are a family too. */
export function familyOf(name: string): string {
  return name.replace(/(\[[^\]]*\])+$/, "");
}

export function nextSort(now: Sort | null, column: SortColumn): Sort | null {
  const first = column === "name" || column === "op" ? "ascending" : "descending";
  if (now?.column !== column) return { column, direction: first };
  if (now.direction === first)
    return { column, direction: first === "ascending" ? "descending" : "ascending" };
  return null;
}

export function statistic(summary: TensorSummary, which: Statistic): number {
  switch (which) {
    case "zeros":
      return summary.count === 0 ? 0 : summary.zeros / summary.count;
    case "nonFinite":
      return summary.nan + summary.infinite;
    case "mean":
    case "deviation":
    case "min":
    case "max":
      return summary[which];
  }
}

function plainRow(node: NodeSummary): NodeRow {
  return { kind: "node", node, level: 1 };
}

/** Every word of the filter is found in the name, the op, the role or the shape, in either case. */
function matcher(filter: string): (node: NodeSummary) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return (node) => {
    const shape = node.value === null ? "" : shapeText(node.value.shape);
    const text = [nodeTitle(node), node.op, node.role, shape, shape.replaceAll(" ", "")]
      .join("\n")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function isDelta(column: SortColumn): column is DeltaColumn {
  return (deltaColumns as readonly string[]).includes(column);
}

function sorted(
  nodes: readonly NodeSummary[],
  { column, direction }: Sort,
  differences: ReadonlyMap<number, NodeDifference>,
): readonly NodeSummary[] {
  const sign = direction === "ascending" ? 1 : -1;
  const byText = (text: (node: NodeSummary) => string): readonly NodeSummary[] =>
    [...nodes].sort((a, b) => sign * text(a).localeCompare(text(b), "en", { numeric: true }));
  if (column === "name") return byText(nodeTitle);
  if (column === "op") return byText((node) => node.op);
  const number = isDelta(column) ? deltaOf(column, differences) : numberOf(column);
  // What has no number comes last in either direction.
  const missing = (x: number): number => (Number.isNaN(x) ? 1 : 0);
  return nodes
    .map((node) => ({ node, key: number(node) }))
    .sort(
      (a, b) => missing(a.key) - missing(b.key) || (missing(a.key) === 1 ? 0 : sign * compare(a.key, b.key)),
    )
    .map(({ node }) => node);
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function deltaOf(
  column: DeltaColumn,
  differences: ReadonlyMap<number, NodeDifference>,
): (node: NodeSummary) => number {
  const [, of, which] = column.split(".") as [string, "value" | "gradient", "largest" | "relative"]; // Its type says so.
  return ({ id }) => {
    const difference = differences.get(id)?.[of] ?? null;
    return difference === null || typeof difference === "string" ? NaN : difference[which];
  };
}

function numberOf(column: Exclude<SortColumn, "name" | "op" | DeltaColumn>): (node: NodeSummary) => number {
  if (column === "shape") return (node) => node.value?.count ?? NaN;
  const [of, which] = column.split(".") as ["value" | "gradient", Statistic]; // The column's type says so.
  return (node) => {
    const summary = of === "value" ? node.value : gradientSummary(node);
    return summary === null ? NaN : statistic(summary, which);
  };
}

interface Group {
  /** null: rows that stand alone. */
  readonly key: string | null;
  readonly label: string;
  readonly members: NodeSummary[];
}

/** Groups in the order of their first members. */
function groupsOf(nodes: readonly NodeSummary[], grouping: "net" | "family"): readonly Group[] {
  const sizes = new Map<string, number>();
  const keyOf = (node: NodeSummary): string => (grouping === "net" ? node.group : familyOf(node.name));
  for (const node of nodes) sizes.set(keyOf(node), (sizes.get(keyOf(node)) ?? 0) + 1);
  const groups = new Map<string, Group>();
  const inOrder: Group[] = [];
  for (const node of nodes) {
    const stem = keyOf(node);
    const alone = grouping === "family" && sizes.get(stem) === 1;
    const last = inOrder.at(-1);
    if (alone && last?.key === null) last.members.push(node);
    else if (alone) inOrder.push({ key: null, label: "", members: [node] });
    else {
      const known = groups.get(stem);
      if (known !== undefined) known.members.push(node);
      else {
        const group: Group = { key: `${grouping}:${stem}`, label: stem, members: [node] };
        groups.set(stem, group);
        inOrder.push(group);
      }
    }
  }
  return inOrder;
}
