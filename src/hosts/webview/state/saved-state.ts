/** What the panel remembers of itself across hiding, reloading and restarting. Never the results: the editor sends those. */
import { count, list, Malformed, nullable, oneOf, type Reader, record, text, truth } from "./decode";
import { freshGraphChoices, type GraphChoices, graphChoices } from "./graph-choices";
import { deltaColumns, type Grouping, groupings, type Sort, type SortColumn, statistics } from "./node-rows";
import { type KeptPass, keptPasses } from "./kept-passes";
import type { ComparedRun } from "./run-differences";
import type { ScaleMode } from "../look/color-scale";

export const tabs = ["values", "tensor", "graph", "derive", "checks", "gradcheck", "training"] as const;
export type Tab = (typeof tabs)[number];

export interface SavedState {
  readonly tab: Tab;
  /** The selected node by what identifies it in the text: ids change from run to run. */
  readonly selected: string | null;
  readonly pinned: boolean;
  readonly filter: string;
  readonly problemsOnly: boolean;
  readonly grouping: Grouping;
  readonly sort: Sort | null;
  readonly collapsed: readonly string[];
  /** Which run the values are held against. */
  readonly compared: ComparedRun;
  readonly leading: readonly number[];
  readonly scale: ScaleMode;
  /** Whether the colours leave outliers to their ends. */
  readonly clip: boolean;
  /** Whether a tensor of more than two dimensions shows its slices side by side. */
  readonly facets: boolean;
  /** Whether the errors of gradient checks, and the parts of the gradient, stand beside a tensor. */
  readonly errors: boolean;
  readonly parts: boolean;
  /** Whether what the kept passes have at a node stands beside it. */
  readonly beside: boolean;
  readonly layout: "heatmap" | "table";
  /** Whether the selected tensor shows below the table of values. */
  readonly preview: boolean;
  readonly graph: GraphChoices;
  /** The passes that were begun in the panel, and which of them is in view; null is the run's own. */
  readonly passes: readonly KeptPass[];
  readonly pass: number | null;
  /** The root or the pass whose gradients people chose to see, by its name; null where they chose none. */
  readonly root: string | null;
}

export const freshState: SavedState = {
  tab: "values",
  selected: null,
  pinned: false,
  filter: "",
  problemsOnly: false,
  grouping: "net",
  sort: null,
  collapsed: [],
  compared: "none",
  leading: [],
  scale: "diverging",
  clip: false,
  facets: false,
  errors: false,
  parts: false,
  beside: false,
  layout: "heatmap",
  preview: true,
  graph: freshGraphChoices,
  passes: [],
  pass: null,
  root: null,
};

const sortColumns: readonly SortColumn[] = [
  "name",
  "op",
  "shape",
  ...statistics.map((which): SortColumn => `value.${which}`),
  ...statistics.map((which): SortColumn => `gradient.${which}`),
  ...deltaColumns,
];

const savedState: Reader<SavedState> = record<SavedState>({
  tab: oneOf(...tabs),
  selected: nullable(text),
  pinned: truth,
  filter: text,
  problemsOnly: truth,
  grouping: oneOf(...groupings),
  sort: nullable(
    record<Sort>({ column: oneOf(...sortColumns), direction: oneOf("ascending", "descending") }),
  ),
  collapsed: list(text),
  compared: (value, path) =>
    typeof value === "number" ? count(value, path) : oneOf("none", "before")(value, path),
  leading: list(count),
  scale: oneOf("diverging", "sequential"),
  clip: truth,
  facets: truth,
  errors: truth,
  parts: truth,
  beside: truth,
  layout: oneOf("heatmap", "table"),
  preview: truth,
  graph: graphChoices,
  passes: keptPasses,
  pass: nullable(count),
  root: nullable(text),
});

/** What was saved, or a fresh start where nothing usable was (an older version's state, say). */
export function readSavedState(value: unknown): SavedState {
  try {
    return savedState(value, "state");
  } catch (error) {
    if (error instanceof Malformed) return freshState;
    throw error;
  }
}
