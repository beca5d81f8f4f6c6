/**
 * What a finished or running session tells the panel: summaries first, slices of tensors on demand.
 * Knows nothing of the engine behind it.
 */
import type { TrainingReport } from "./training-report";
import type { GradcheckReport, LoopTurn, Range, RunReport, SampledReport, Status } from "./results";

/** Statistics of one tensor; `histogram` counts finite elements in equal bins from min to max. */
export interface TensorSummary {
  readonly shape: readonly number[];
  readonly dtype: "float64" | "float32" | "int" | "bool";
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  readonly nan: number;
  readonly infinite: number;
  readonly histogram: readonly number[];
}

/** One named node of a run. `id` is stable within its session. */
export interface NodeSummary {
  readonly id: number;
  /** The path as written: `m.z[1]`. */
  readonly name: string;
  readonly group: string;
  readonly role: "parameter" | "input" | "draw" | "value" | "gradient";
  readonly op: string;
  /** Names (ids) of the nodes it was computed from, nearest named ones. */
  readonly parents: readonly number[];
  /** Where it is defined; `file` where that is another file than the session's. */
  readonly range: Range;
  readonly file: string | null;
  readonly at: LoopTurn | null;
  /** What its dimensions are called, null for each without a name: `N`, `n_hidden`; empty where none is known. */
  readonly dims: readonly (string | null)[];
  readonly value: TensorSummary | null;
  /** The gradient of the session's chosen root at this node; "zero" is a structural zero; null where there is no pass. */
  readonly gradient: TensorSummary | "zero" | "pending" | null;
  /** Why there is no value: a fault's sentence. */
  readonly fault: string | null;
}

/** One run, or one op or net on sampled inputs. */
export interface TargetReport {
  readonly kind: "run" | "op" | "net";
  readonly name: string;
  readonly range: Range;
  readonly status: Status;
  readonly milliseconds: number;
  readonly run: RunReport | null;
  readonly sampled: SampledReport | null;
  readonly gradchecks: readonly GradcheckReport[];
  readonly nodes: readonly NodeSummary[];
  /** What was trained in it; the curves are asked for. */
  readonly trainings?: readonly TrainingReport[];
  /** The nodes that have a backward pass in the spec or are a scalar result: choices for the gradient column, best first. */
  readonly roots: readonly Root[];
  /** The root of the gradients in `nodes`. */
  readonly root: number | null;
}

export interface Root {
  readonly id: number;
  readonly name: string;
  /** A pass that the panel began, which is called so; its gradients are read as a root's are. */
  readonly begun?: boolean;
}

/** Asks for part of a tensor: along each leading dimension one index, of the last two a window, thinned to at most `limit` elements. */
export interface SliceRequest {
  /** Another run of the document that is still kept; the one in view where it is left out. */
  readonly run?: number;
  readonly node: number;
  readonly of: "value" | "gradient";
  /** The root whose gradient is meant. */
  readonly root: number | null;
  /** One index for each dimension but the last two. */
  readonly leading: readonly number[];
  readonly rows: { readonly from: number; readonly to: number };
  readonly columns: { readonly from: number; readonly to: number };
  /** Where the window is larger, every `step`-th row and column is sent so that at most this many elements travel. */
  readonly limit: number;
  /** Thinned to the element of each block that is farthest from zero, NaN and infinities first, instead of its first. */
  readonly pooled?: boolean;
}

export interface SliceReply {
  readonly rowStep: number;
  readonly columnStep: number;
  readonly rows: number;
  readonly columns: number;
  /** Row-major, rows × columns; one exact-size buffer. */
  readonly data: Float64Array;
}
