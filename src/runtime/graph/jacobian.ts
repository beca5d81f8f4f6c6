/** All first derivatives of one node with respect to another, as one node. */
import { elementCount, fromArray, type DType, type Shape, type Tensor } from "../tensor";
import { backward } from "./backward";
import type { Graph } from "./graph";
import { jvp } from "./jvp";
import type { Node } from "./node";
import type { PassOptions } from "./passes";

/**
 * ∂y/∂x of shape y.shape ++ x.shape: row by row in reverse mode, or column by column in forward mode, whichever are fewer.
 * Zeros where y does not depend on x; "pending" where a hole stands in the way.
 */
export function jacobian(
  graph: Graph,
  y: Node,
  x: Node,
  options: PassOptions = { rules: "hand" },
): Node | "pending" {
  const rows = elementCount(y.shape);
  const columns = elementCount(x.shape);
  const shape = [...y.shape, ...x.shape];
  const build = graph.builder(y.origin);
  const zeros = build.full(0, { shape, dtype: y.dtype });
  if (rows === 0 || columns === 0) return zeros;
  if (columns < rows) {
    const parts = unitVectors(x).map((unit) => jvp(graph, x, build.tensor(unit), options).tangentOf(y));
    const stacked = stack(graph, parts, [columns, rows], y);
    if (stacked === undefined || stacked === "pending") return stacked ?? zeros;
    return build.reshape(build.transpose(stacked), shape);
  }
  const parts = unitVectors(y).map((unit) => backward(graph, y, build.tensor(unit), options).gradient(x));
  const stacked = stack(graph, parts, [rows, columns], y);
  return stacked === undefined || stacked === "pending" ? (stacked ?? zeros) : build.reshape(stacked, shape);
}

/** Tensors like `node`, each with one element 1 and the others 0. */
function unitVectors(node: { readonly shape: Shape; readonly dtype: DType }): Tensor[] {
  const count = elementCount(node.shape);
  return Array.from({ length: count }, (_, index) => {
    const values = new Float64Array(count);
    values[index] = 1;
    return fromArray(node.dtype, node.shape, values);
  });
}

/** The parts as rows of a matrix; undefined where all are structural zeros. */
function stack(
  graph: Graph,
  parts: readonly (Node | "pending" | undefined)[],
  [rows, columns]: readonly [number, number],
  y: Node,
): Node | "pending" | undefined {
  if (parts.includes("pending")) return "pending";
  if (parts.every((part) => part === undefined)) return undefined;
  const build = graph.builder(y.origin);
  const zero = build.full(0, { shape: [1, columns], dtype: y.dtype });
  // "pending" has been dealt with.
  const lines = parts.map((part) => (part === undefined ? zero : build.reshape(part as Node, [1, columns])));
  return build.reshape(build.concatenate(lines, 0), [rows, columns]);
}
