/** Which columns the table of values has room for. No DOM. */
import type { Statistic } from "../state/node-rows";

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

/** Which columns there are. */
export interface TableLayout {
  readonly figures: readonly Column[];
  readonly op: boolean;
  readonly shape: boolean;
  readonly gradient: boolean;
}

/** Pixels that columns take, at least. */
const room = { name: 140, shape: 105, op: 95, distribution: 90, figure: 80 };

/** What is given up for want of room, in this order; a single figure is the deviation, which tells the scale. */
const layouts = [
  { op: true, figures: columns },
  { op: true, figures: columns.slice(0, 4) },
  { op: true, figures: columns.slice(0, 2) },
  { op: false, figures: columns.slice(0, 2) },
  { op: false, figures: columns.slice(1, 2) },
];

/** As many columns as a panel of that width has room for. */
export function tableLayout(width: number, gradient: boolean): TableLayout {
  const sides = gradient ? 2 : 1;
  const needed = ({ op, figures }: (typeof layouts)[number]): number =>
    room.name + room.shape + (op ? room.op : 0) + sides * (room.distribution + figures.length * room.figure);
  const chosen = layouts.find((layout) => needed(layout) <= width) ?? { op: false, figures: [] };
  return { ...chosen, shape: needed({ op: false, figures: [] }) <= width, gradient };
}
