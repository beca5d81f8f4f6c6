/** Small graphs for the tests of folding and drawing, and one large one for its speed. */
import type { GraphGroup, GraphNode, GraphReport } from "../../src/protocol";

export interface NodeSketch {
  readonly name: string | null;
  readonly inputs?: readonly number[];
  readonly group?: number;
  readonly role?: GraphNode["role"];
  readonly op?: string;
  readonly shape?: readonly number[];
}

/** Nodes in order, each with the positions it is computed from; cotangents flow back along every edge. */
export function graphReport(
  sketches: readonly NodeSketch[],
  groups: readonly Partial<GraphGroup>[] = [],
): GraphReport {
  const nodes = sketches.map(
    ({ name, inputs = [], group, role, op, shape = [2, 3] }, position): GraphNode => {
      return {
        named: name === null ? null : position,
        name,
        text: "",
        role: role ?? (name === null ? "operator" : "value"),
        op: op ?? (inputs.length > 0 ? "add" : ""),
        group: group ?? null,
        shape,
        dtype: "float64",
        range: null,
        file: null,
        gradient: "flows",
        norm: null,
      };
    },
  );
  const edges = sketches.flatMap(({ inputs = [] }, to) => inputs.map((from) => ({ from, to, input: "x" })));
  return {
    root: nodes.length - 1,
    nodes,
    groups: groups.map((group) => ({
      kind: "net",
      name: "m",
      of: "Net",
      parent: null,
      result: null,
      ...group,
    })),
    edges,
    flows: edges.map(({ from, to }) => ({ from: to, to: from, rule: null, norm: to + 1 })),
    omitted: 0,
  };
}

/** Layers of boxes, each connected to some of the layer before: 1,000 nodes, none of which folds. */
export function largeGraph(layers = 50, wide = 20): GraphReport {
  const sketches: NodeSketch[] = [];
  for (let layer = 0; layer < layers; layer++)
    for (let i = 0; i < wide; i++) {
      const before = (layer - 1) * wide;
      const inputs = layer === 0 ? [] : [before + i, before + ((i * 7 + layer) % wide)];
      sketches.push({ name: `v${String(layer)}_${String(i)}`, inputs: [...new Set(inputs)], op: "matmul" });
    }
  return graphReport(sketches);
}
