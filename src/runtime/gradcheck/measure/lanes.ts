/**
 * Which parts of a program stand side by side: axes of a node along which elements never meet again, so that all of them may move at
 * once and each be told apart at the end. Rows of a batch, elements of an elementwise program. An operator that is not listed here
 * brings everything together. Knows nothing of values.
 */
import { elementCount, stridesOf, type Shape } from "../../tensor";
import type { AttributeValue } from "../../ops";
import type { ApplyNode, Node } from "../../graph";

/** Found before anything is laid out. */
export interface Lanes {
  /** How many elements of the start may move at once: 1 where everything meets. */
  readonly count: number;
  /** The start's axes that stay apart. */
  readonly apart: readonly number[];
  /** By end, where those axes are. */
  readonly places: readonly (readonly number[])[];
}

/** `dependents` move with the start, in order; each end is the start or among them. */
export function lanesOf(start: Node, dependents: readonly ApplyNode[], ends: readonly Node[]): Lanes {
  const places = new Map<Node, readonly (number | undefined)[]>();
  places.set(
    start,
    start.shape.map((size, axis) => (size > 1 ? axis : undefined)),
  );
  for (const node of dependents)
    places.set(
      node,
      start.shape.map((_, axis) => axisOfResult(node, axis, places)),
    );
  const apart = start.shape.flatMap((_, axis) =>
    ends.every((end) => places.get(end)![axis] !== undefined) ? [axis] : [],
  );
  return {
    count: apart.reduce((count, axis) => count * start.shape[axis]!, 1),
    apart,
    places: ends.map((end) => apart.map((axis) => places.get(end)![axis]!)),
  };
}

/** The start's elements, those that move together next to each other: each turn has `count`, lane by lane. */
export function turnsOf(shape: Shape, { apart }: Lanes): Int32Array {
  const order = new Int32Array(elementCount(shape));
  if (apart.length === 0) {
    for (let i = 0; i < order.length; i++) order[i] = i;
    return order;
  }
  const strides = stridesOf(shape);
  const axes = [...shape.keys()].filter((axis) => !apart.includes(axis)).concat(apart);
  let filled = 0;
  const fill = (depth: number, offset: number): void => {
    const axis = axes[depth];
    if (axis === undefined) order[filled++] = offset;
    else for (let i = 0; i < shape[axis]!; i++) fill(depth + 1, offset + i * strides[axis]!);
  };
  fill(0, 0);
  return order;
}

/** The lane that each element of an end is in, by where it has the axes that stay apart; undefined where there is one lane. */
export function laneNumbers(shape: Shape, axes: readonly number[]): Int32Array | undefined {
  if (axes.length === 0) return undefined;
  const lanes = new Int32Array(elementCount(shape));
  const strides = stridesOf(shape);
  let step = 1;
  for (const axis of [...axes].reverse()) {
    const [stride, size] = [strides[axis]!, shape[axis]!];
    for (let i = 0; i < lanes.length; i++) lanes[i] = lanes[i]! + (Math.floor(i / stride) % size) * step;
    step *= size;
  }
  return lanes;
}

/** Where a node's result has the axis along which the start's elements of `axis` lie, or undefined where they meet. */
function axisOfResult(
  node: ApplyNode,
  axis: number,
  places: ReadonlyMap<Node, readonly (number | undefined)[]>,
): number | undefined {
  let result: number | undefined;
  const arrives = (operand: Node, name: string): boolean => {
    const moved = places.get(operand);
    if (moved === undefined) return true;
    const at = moved[axis];
    const to = at === undefined ? undefined : through(node, name, operand.shape, at);
    if (to === undefined || (result !== undefined && result !== to)) return false;
    result = to;
    return node.shape[to] === operand.shape[at!];
  };
  for (const name in node.operands) {
    const operand = node.operands[name];
    if (operand === undefined) continue;
    const all = "kind" in operand ? arrives(operand, name) : operand.every((item) => arrives(item, name));
    if (!all) return undefined;
  }
  return result;
}

const alongAxis: ReadonlySet<string> = new Set([
  "softmax",
  "log_softmax",
  "cumsum",
  "cumprod",
  "flip",
  "sort",
  "cat",
  "slice",
]);

const folds: ReadonlySet<string> = new Set([
  "sum",
  "mean",
  "prod",
  "amax",
  "amin",
  "max",
  "min",
  "var",
  "std",
  "norm",
  "logsumexp",
]);

const pairwiseLosses: ReadonlySet<string> = new Set([
  "mse_loss",
  "l1_loss",
  "smooth_l1_loss",
  "huber_loss",
  "kl_div",
  "binary_cross_entropy",
  "binary_cross_entropy_with_logits",
]);

const reshapes: ReadonlySet<string> = new Set(["reshape", "flatten", "squeeze", "unsqueeze"]);
const convolutions: ReadonlySet<string> = new Set(["conv1d", "conv2d", "conv_transpose2d"]);
const poolings: ReadonlySet<string> = new Set(["avg_pool1d", "avg_pool2d", "max_pool1d", "max_pool2d"]);

/** Where an axis of one operand is in the result, or undefined where its elements meet. */
function through(
  { op, attributes, shape: result }: ApplyNode,
  name: string,
  shape: Shape,
  axis: number,
): number | undefined {
  const rank = shape.length;
  const aligned = axis + result.length - rank;
  if (op.elementwise !== undefined || op.name === "expand") return aligned;
  if (alongAxis.has(op.name)) {
    const along = foldedAxes(op.name === "flip" ? attributes.dims : attributes.dim, rank);
    return along.includes(axis) ? undefined : axis;
  }
  if (folds.has(op.name)) {
    const folded = foldedAxes(attributes.dim, rank);
    if (folded.includes(axis)) return undefined;
    return attributes.keepdim === true ? axis : axis - folded.filter((each) => each < axis).length;
  }
  if (reshapes.has(op.name)) return regrouped(shape, result, axis);
  if (pairwiseLosses.has(op.name)) return attributes.reduction === "none" ? aligned : undefined;
  if (convolutions.has(op.name)) {
    const spatial = op.name === "conv1d" ? 1 : 2;
    return name === "x" && rank === spatial + 2 && axis === 0 ? 0 : undefined;
  }
  if (poolings.has(op.name)) return axis < rank - (op.name.endsWith("1d") ? 1 : 2) ? axis : undefined;
  switch (op.name) {
    case "matmul":
    case "mm":
    case "bmm": {
      if (rank < 2 || result.length < 2) return undefined;
      if (axis < rank - 2) return aligned;
      if (name === "x") return axis === rank - 2 ? result.length - 2 : undefined;
      return axis === rank - 1 ? result.length - 1 : undefined;
    }
    case "linear":
      return name === "x" && axis < rank - 1 ? axis : undefined;
    case "layer_norm":
    case "rms_norm": {
      const normalized = attributes.normalized_shape;
      const first = rank - (Array.isArray(normalized) ? normalized.length : 1);
      return name === "x" && axis < first ? axis : undefined;
    }
    case "group_norm":
      return name === "x" && axis === 0 ? 0 : undefined;
    case "batch_norm":
      return name === "x" && axis === 1 ? 1 : undefined;
    case "scaled_dot_product_attention":
      return rank === result.length && axis < rank - 2 ? axis : undefined;
    case "transpose": {
      const [first, second] = [attributes.dim0, attributes.dim1].map((dim) => axisIn(dim as number, rank));
      return axis === first ? second : axis === second ? first : axis;
    }
    case "permute":
      return (attributes.dims as readonly number[]).findIndex((dim) => axisIn(dim, rank) === axis);
    case "select": {
      const chosen = axisIn(attributes.dim as number, rank);
      return axis === chosen ? undefined : axis < chosen ? axis : axis - 1;
    }
    case "cross_entropy":
    case "nll_loss": {
      if (attributes.reduction !== "none" || (name !== "x" && rank === result.length)) return undefined;
      const classes = rank < 2 ? 0 : 1;
      return axis === classes ? undefined : axis < classes ? axis : axis - 1;
    }
    default:
      return undefined;
  }
}

/** The axis of the new shape that has the same elements before, in and behind it. */
function regrouped(from: Shape, to: Shape, axis: number): number | undefined {
  const before = elementCount(from.slice(0, axis));
  const found = to.findIndex((size, at) => size === from[axis] && elementCount(to.slice(0, at)) === before);
  return found < 0 ? undefined : found;
}

/** The axes that a `dim` names: all of them where there is none. */
export function foldedAxes(dim: AttributeValue | undefined, rank: number): readonly number[] {
  if (typeof dim === "number") return [axisIn(dim, rank)];
  if (!Array.isArray(dim) || dim.length === 0) return Array.from({ length: rank }, (_, axis) => axis);
  return (dim as readonly number[]).map((axis) => axisIn(axis, rank)); // dims are whole numbers
}

function axisIn(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
