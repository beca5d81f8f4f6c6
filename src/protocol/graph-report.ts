/** The computation of a target as nodes and edges, forward and backward, for drawing. Knows nothing of the drawing. */
import type { Range, ValueReport } from "./results";
import type { NodeSummary } from "./session";

export interface GraphReport {
  /** The node whose gradients flow backward, by its id among the target's nodes. */
  readonly root: number | null;
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  /** What is computed from what: positions in `nodes`. */
  readonly edges: readonly GraphEdge[];
  /** Which cotangent adds to which. */
  readonly flows: readonly GraphFlow[];
  /** Nodes left out because there are too many to draw. */
  readonly omitted: number;
}

export interface GraphNode {
  /** Its id among the target's nodes; null for what has no name. */
  readonly named: number | null;
  /** The name as written; the operator's name where there is none. */
  readonly label: string;
  /** The instance whose body made it: `m.encoder`; "" in the run itself. */
  readonly group: string;
  readonly role: NodeSummary["role"] | "operator" | "constant";
  readonly op: string;
  readonly shape: readonly number[];
  readonly dtype: ValueReport["dtype"];
  readonly range: Range | null;
  readonly file: string | null;
  /** The Euclidean norm of the root's gradient here; "zero" is a structural zero; null where none flows. */
  readonly gradient: number | "zero" | "pending" | null;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** The input's name at the operator. */
  readonly input: string;
}

/** The cotangent at `from` gives a summand to the cotangent at `to`, which `from` was computed from. */
export interface GraphFlow {
  readonly from: number;
  readonly to: number;
  /** "vjp W" where a hand-written rule made it. */
  readonly rule: string | null;
  /** The summand's Euclidean norm; null where it has no value. */
  readonly norm: number | null;
}
