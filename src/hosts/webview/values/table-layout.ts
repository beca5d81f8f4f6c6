/** Which columns the table of values has room for. No DOM. */
import type { DeltaColumn, Statistic } from "../state/node-rows";

interface Column {
  readonly statistic: Statistic;
  readonly label: string;
  readonly title: string;
}

/** The columns under "Value" and again under "Gradient", the most telling first. */
const columns: readonly Column[] = [
  { statistic: "mean", label: "μ", title: "Mean" },
  { statistic: "deviation", label: "σ", title: "Standard deviation" },
  { statistic: "min", label: "min", title: "Smallest finite value" },
  { statistic: "max", label: "max", title: "Largest finite value" },
  { statistic: "zeros", label: "zeros", title: "Share of exact zeros" },
  { statistic: "nonFinite", label: "NaN ∞", title: "NaN and infinite elements" },
];

interface Delta {
  readonly column: DeltaColumn;
  readonly of: "value" | "gradient";
  readonly which: "largest" | "relative";
  readonly label: string;
  readonly title: string;
}

/** The columns of the difference to another run. */
const deltas: readonly Delta[] = [
  { of: "value", which: "largest", label: "max |Δ|", title: "Largest difference of the value" },
  { of: "value", which: "relative", label: "relative", title: "‖Δ‖ of the value, beside the larger norm" },
  { of: "gradient", which: "largest", label: "max |Δ∂|", title: "Largest difference of the gradient" },
  {
    of: "gradient",
    which: "relative",
    label: "relative",
    title: "‖Δ‖ of the gradient, beside the larger norm",
  },
].map((each) => ({ ...each, column: `delta.${each.of}.${each.which}` }) as Delta); // Its column is made of the two.

/** Which columns there are. */
export interface TableLayout {
  readonly figures: readonly Column[];
  readonly op: boolean;
  readonly shape: boolean;
  readonly distribution: boolean;
  readonly gradient: boolean;
  /** How much is told of the difference to another run. */
  readonly delta: "none" | "largest" | "all";
}

/** The columns of the difference that are shown. */
export function deltaColumns({ delta, gradient }: Pick<TableLayout, "delta" | "gradient">): readonly Delta[] {
  if (delta === "none") return [];
  return deltas.filter(
    ({ of, which }) => (of === "value" || gradient) && (delta === "all" || which === "largest"),
  );
}

/** How many columns the value has, and the gradient. */
export function sideSpan({ figures, distribution }: Pick<TableLayout, "figures" | "distribution">): number {
  return figures.length + Number(distribution);
}

/** Pixels that columns take, at least. */
const room = { name: 140, shape: 105, op: 95, distribution: 90, figure: 80 };

type Wish = Pick<TableLayout, "op" | "figures" | "distribution" | "delta">;

/** What is given up for want of room, in this order; a single figure is the deviation, which tells the scale. */
const wishes: readonly Wish[] = [
  { op: true, figures: columns },
  { op: true, figures: columns.slice(0, 4) },
  { op: true, figures: columns.slice(0, 2) },
  { op: false, figures: columns.slice(0, 2) },
  { op: false, figures: columns.slice(1, 2) },
].map((each) => ({ ...each, distribution: true, delta: "all" }));

const narrow: readonly Wish[] = [
  { op: false, figures: columns.slice(1, 2), distribution: true, delta: "largest" },
  { op: false, figures: [], distribution: true, delta: "largest" },
];

/** As many columns as a panel of that width has room for. */
export function tableLayout(width: number, gradient: boolean, compared = false): TableLayout {
  const sides = gradient ? 2 : 1;
  const shown = (wish: Wish): Wish => (compared ? wish : { ...wish, delta: "none" });
  const needed = (wish: Wish): number =>
    room.name +
    room.shape +
    (wish.op ? room.op : 0) +
    sides * (wish.distribution ? room.distribution : 0) +
    sides * wish.figures.length * room.figure +
    deltaColumns({ ...wish, gradient }).length * room.figure;
  const candidates = [...wishes, ...(compared ? narrow : [])].map(shown);
  // Where there is no room for both, what was asked for last stays: the difference.
  const least = shown({ op: false, figures: [], distribution: !compared, delta: "largest" });
  const chosen = candidates.find((wish) => needed(wish) <= width) ?? least;
  return { ...chosen, shape: needed({ ...least, figures: [] }) <= width, gradient };
}
