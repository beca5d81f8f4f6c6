/** The computation of a target as nodes and edges, forward and backward, for drawing. Knows nothing of the drawing. */
import type { Range, ValueReport } from "./results";
import type { NodeSummary } from "./session";

export interface GraphReport {
  /** The node whose gradients flow backward, by its id among the target's nodes. */
  readonly root: number | null;
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  /** Bodies that nodes are in, outer ones before those inside. */
  readonly groups: readonly GraphGroup[];
  /** What is computed from what. */
  readonly edges: readonly GraphEdge[];
  /** Which cotangent adds to which. */
  readonly flows: readonly GraphFlow[];
  /** Nodes left out because there are too many to draw. */
  readonly omitted: number;
}

export interface GraphNode {
  /** Its id among the target's nodes; null for what has no name there. */
  readonly named: number | null;
  /** Its name in the body that it is in; null where it has none. */
  readonly name: string | null;
  /** The expression that it is the value of, on one line: `x @ W`; "" where it is none's. */
  readonly text: string;
  readonly role: NodeSummary["role"] | "operator" | "constant";
  /** The operator, or the op whose result it is; "" where it is computed from nothing. */
  readonly op: string;
  /** Position in `groups`; null in the run itself. */
  readonly group: number | null;
  readonly shape: readonly number[];
  readonly dtype: ValueReport["dtype"];
  readonly range: Range | null;
  readonly file: string | null;
  /** Whether the root's gradient arrives here; "zero" is a structural zero, null where none can. */
  readonly gradient: "flows" | "zero" | "pending" | null;
  /** Its Euclidean norm, where norms were asked for. */
  readonly norm: number | null;
}

/** An application of a net or of an op. */
export interface GraphGroup {
  readonly kind: "net" | "op";
  /** Of a net, the instance's name in its parent; of an op, its own. */
  readonly name: string;
  /** The declaration's name. */
  readonly of: string;
  readonly parent: number | null;
  /** The node that it gives, by position in `nodes`. */
  readonly result: number | null;
}

/** Positions in `nodes`. */
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
  /** The summand's Euclidean norm, where norms were asked for. */
  readonly norm: number | null;
}
