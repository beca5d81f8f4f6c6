/**
 * The named nodes of a target and the backward passes from them: which one a report shows gradients of, and the pass itself, the spec's
 * own where it has one. Owns what it has made; knows nothing of ids and summaries.
 */
import type { NamedNode, RunRecord, TensorValue } from "../language/check";
import { backward, type BackwardPass, type Graph, type Node } from "../runtime/graph";
import { full, isFloat } from "../runtime/tensor";

/** A named node of a target. */
export interface Row {
  readonly node: Node;
  readonly named: NamedNode;
}

export class RootPasses {
  /** The named nodes, in order of making. */
  readonly rows: readonly Row[];
  readonly #record: RunRecord;
  readonly #graph: Graph;
  readonly #passes = new Map<Row, BackwardPass>();

  constructor(record: RunRecord, graph: Graph) {
    this.#record = record;
    this.#graph = graph;
    this.rows = record.named.flatMap((named) =>
      named.value.node === undefined ? [] : [{ node: named.value.node, named }],
    );
  }

  /** Where the roots are among the rows: nodes with a backward pass in the spec first, then scalar results, the last first. */
  get positions(): readonly number[] {
    const passes = this.#record.passes.filter(({ mode }) => mode === "backward");
    const own = passes.map(({ root }) => this.rows.findIndex(({ named }) => same(named.value, root)));
    const scalars = this.rows.flatMap(({ node }, position) =>
      node.shape.length === 0 && isFloat(node.dtype) && node.inputs.length > 0 ? [position] : [],
    );
    return [...new Set([...own, ...scalars.reverse()])].filter((position) => position !== -1);
  }

  /** The backward pass from a named node: the spec's own where it has one, else with a cotangent of ones. */
  from(row: Row): BackwardPass {
    const pass = this.#passes.get(row) ?? this.#specPass(row.named.value) ?? this.#onesPass(row.node);
    this.#passes.set(row, pass);
    return pass;
  }

  /** The gradients that a report shows where no root is chosen. */
  gradients(): Node[] {
    const root = this.rows[this.positions[0] ?? -1];
    if (root === undefined) return [];
    const pass = this.from(root);
    return this.rows.flatMap(({ node }) => {
      const gradient = isFloat(node.dtype) ? pass.gradient(node) : undefined;
      return typeof gradient === "object" ? [gradient] : [];
    });
  }

  /** The spec's own pass from this root, with its own cotangent. */
  #specPass(root: TensorValue): BackwardPass | undefined {
    const pass = this.#record.passes.find(
      (each) => each.mode === "backward" && same(each.root, root) && each.transform !== undefined,
    );
    const transformed = pass?.transform?.();
    return transformed !== undefined && "gradient" in transformed ? transformed : undefined;
  }

  #onesPass(root: Node): BackwardPass {
    const seed = this.#graph.source(full(root.dtype, root.shape, 1));
    return backward(this.#graph, root, seed, { rules: "hand" });
  }
}

/** Refined shapes make copies of a value; the node is what counts. */
function same(a: TensorValue, b: TensorValue): boolean {
  return a === b || (a.node !== undefined && a.node === b.node);
}
