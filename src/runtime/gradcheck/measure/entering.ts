/**
 * How a leaf's entries enter the graph where they do so through one linear layer: each adds a multiple of known numbers to one row
 * or one column of the layer's result, an update of rank one. Knows nothing of derivatives.
 */
import { elementCount, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";

/** An entry that moves by h adds h · factors[factorAt + i·factorStep] (or h) to element first + i·step, for each i below count. */
export interface Entry {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly factors: ArrayLike<number> | undefined;
  readonly factorAt: number;
  readonly factorStep: number;
}

export type Entering = (entry: number) => Entry;

export interface EnteredLayer {
  /** The layer, whose result moves in the leaf's place. */
  readonly node: ApplyNode;
  /** What lies between leaf and layer. */
  readonly skipped: readonly Node[];
  readonly entering: Entering;
}

/** The layer that all of the leaf's influence goes through, if there is one; `dependents` move with the leaf, in order. */
export function enteringOf(
  leaf: Node,
  dependents: readonly ApplyNode[],
  base: (node: Node) => Tensor,
): EnteredLayer | undefined {
  const user = onlyUser(leaf, dependents);
  if (user === undefined) return undefined;
  if (
    user.op.name === "transpose" &&
    user.shape.length === 2 &&
    user.attributes.dim0 !== user.attributes.dim1
  ) {
    const next = onlyUser(user, dependents);
    const inner = next && layerOf(next, user, base);
    if (inner === undefined) return undefined;
    const [rows, columns] = user.shape as readonly [number, number];
    const turned = (entry: number): number => (entry % rows) * columns + Math.floor(entry / rows);
    return { ...inner, skipped: [user], entering: (entry) => inner.entering(turned(entry)) };
  }
  return layerOf(user, leaf, base);
}

/** The one node that reads another, once. */
function onlyUser(node: Node, dependents: readonly ApplyNode[]): ApplyNode | undefined {
  const users = dependents.filter((each) => each.inputs.includes(node));
  const [user] = users;
  if (users.length !== 1 || user === undefined) return undefined;
  return user.inputs.filter((input) => input === node).length === 1 ? user : undefined;
}

function layerOf(node: ApplyNode, moved: Node, base: (node: Node) => Tensor): EnteredLayer | undefined {
  const { operands } = node;
  const tensorOf = (name: string): Tensor | undefined => {
    const operand = operands[name];
    return operand !== undefined && "kind" in operand ? base(operand) : undefined;
  };
  const layer = (entering: Entering): EnteredLayer => ({ node, skipped: [], entering });
  switch (node.op.name) {
    case "linear": {
      const [x, weight] = [tensorOf("x"), tensorOf("weight")];
      if (x === undefined || weight?.shape.length !== 2) return undefined;
      const [outputs, inner] = weight.shape as readonly [number, number];
      const rows = inner === 0 ? 0 : elementCount(x.shape) / inner;
      if (operands.weight === moved) return layer(column(rows, outputs, x.data, inner, "rows"));
      if (operands.x === moved) return layer(row(outputs, weight.data, inner, { along: inner, across: 1 }));
      if (moved.shape.length !== 1 || moved.shape[0] !== outputs) return undefined;
      return layer((entry) => ({
        first: entry,
        count: node.shape.slice(0, -1).reduce((product, size) => product * size, 1),
        step: outputs,
        factors: undefined,
        factorAt: 0,
        factorStep: 0,
      }));
    }
    case "matmul":
    case "mm": {
      const [x, y] = [tensorOf("x"), tensorOf("y")];
      if (x === undefined || y?.shape.length !== 2 || x.shape.length < 2) return undefined;
      const [inner, outputs] = y.shape as readonly [number, number];
      const rows = inner === 0 ? 0 : elementCount(x.shape) / inner;
      if (operands.y === moved) return layer(column(rows, outputs, x.data, inner, "columns"));
      return layer(row(outputs, y.data, inner, { along: 1, across: outputs }));
    }
    default:
      return undefined;
  }
}

/** Entry (i, k) of a weight, stored as [outputs, inner] ("rows") or [inner, outputs] ("columns"), adds x[:, k] to column i. */
function column(
  rows: number,
  outputs: number,
  x: ArrayLike<number>,
  inner: number,
  stored: "rows" | "columns",
): Entering {
  return (entry) => {
    const size = stored === "rows" ? inner : outputs;
    const [slow, fast] = [Math.floor(entry / size), entry % size];
    const [output, k] = stored === "rows" ? [slow, fast] : [fast, slow];
    return { first: output, count: rows, step: outputs, factors: x, factorAt: k, factorStep: inner };
  };
}

/** Entry (r, k) of the layer's input adds the weight's numbers for k to row r. */
function row(
  outputs: number,
  weight: ArrayLike<number>,
  inner: number,
  steps: { readonly along: number; readonly across: number },
): Entering {
  return (entry) => {
    const [r, k] = [Math.floor(entry / inner), entry % inner];
    return {
      first: r * outputs,
      count: outputs,
      step: 1,
      factors: weight,
      factorAt: k * steps.across,
      factorStep: steps.along,
    };
  };
}
