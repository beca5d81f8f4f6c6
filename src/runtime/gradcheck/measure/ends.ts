/**
 * A root's cotangent carried back over what is linear at its end: sums, means, losses' reductions, signs and known factors. What is
 * left is Σ ⟨weight, end⟩, in which independent parts of the program stand side by side instead of in one number. Knows nothing of
 * what moves how.
 */
import { broadcastTo, elementCount, isFloat, reduceToShape, tensor, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { coneOf } from "./cone";
import { foldedAxes } from "./lanes";

/** A node that moves, and by cotangent how much each of its elements counts. */
export interface End {
  readonly node: Node;
  readonly weights: readonly Float64Array[];
}

/** The root as it is. */
export function wholeEnd(root: Node, cotangents: readonly Float64Array[]): readonly End[] {
  return [{ node: root, weights: cotangents }];
}

/** ⟨cotangent, root⟩ as Σ ⟨weight, end⟩ over nodes before the last reductions, but for what `moves` says stands still. */
export function endsOf(
  root: Node,
  cotangents: readonly Float64Array[],
  base: (node: Node) => Tensor,
  moves: (node: Node) => boolean,
): readonly End[] {
  const found = new Map<Node, readonly Float64Array[]>([[root, cotangents]]);
  const ends: End[] = [];
  // Every node once, after all that uses it.
  for (const node of coneOf([root]).reverse()) {
    const weights = found.get(node);
    if (weights === undefined || !moves(node)) continue;
    const parts = partsOf(node, weights, base, moves);
    if (parts === undefined) ends.push(unreduced(node, weights, base) ?? { node, weights });
    for (const part of parts ?? []) {
      const known = found.get(part.node);
      found.set(
        part.node,
        known === undefined ? part.weights : known.map((sum, k) => plus(sum, part.weights[k]!)),
      );
    }
  }
  return ends;
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((each, i) => each + b[i]!);
}

/** The operands that ⟨weights, node⟩ is linear in, with their weights; undefined where it is not. */
function partsOf(
  node: Node,
  weights: readonly Float64Array[],
  base: (node: Node) => Tensor,
  moves: (node: Node) => boolean,
): readonly End[] | undefined {
  if (node.kind === "source" || !isFloat(node.dtype)) return undefined;
  const { x, y } = node.operands as Readonly<Record<string, Node | undefined>>; // none of the operators below takes lists
  const stretched = (to: Node, sign = 1): End => ({
    node: to,
    weights: weights.map((weight) => scaled(reduced(weight, node, to), sign)),
  });
  switch (node.op.name) {
    case "sum":
      return [{ node: x!, weights: weights.map((weight) => spread(weight, node, 1)) }];
    case "mean": {
      const share = elementCount(node.shape) / elementCount(x!.shape);
      return [{ node: x!, weights: weights.map((weight) => spread(weight, node, share)) }];
    }
    case "neg":
      return [stretched(x!, -1)];
    case "add":
      return [stretched(x!), stretched(y!)];
    case "sub":
      return [stretched(x!), stretched(y!, -1)];
    case "reshape":
    case "flatten":
    case "squeeze":
    case "unsqueeze":
      return [{ node: x!, weights }];
    case "mul":
    case "div": {
      const [moving, other] = moves(x!) ? [x!, y!] : [y!, x!];
      if (moves(other) || (node.op.name === "div" && moving === y)) return undefined;
      const factor = broadcastTo(base(other), node.shape).data;
      const times = node.op.name === "mul" ? product : quotient;
      return [
        { node: moving, weights: weights.map((weight) => reduced(times(weight, factor), node, moving)) },
      ];
    }
    default:
      return undefined;
  }
}

/** The adjoint of a sum: each result's number at every element that it is made of. */
export function spread(field: Float64Array, { inputs, attributes }: ApplyNode, factor: number): Float64Array {
  const { shape } = inputs[0]!;
  const folded = foldedAxes(attributes.dim, shape.length);
  const kept = shape.map((size, axis) => (folded.includes(axis) ? 1 : size));
  return scaled(new Float64Array(broadcastTo(tensor("float64", kept, field), shape).data), factor);
}

/** A loss before its elements are summed or averaged; undefined for other operators, and where its mean is a weighted one. */
function unreduced(
  node: Node,
  weights: readonly Float64Array[],
  base: (node: Node) => Tensor,
): End | undefined {
  if (node.kind === "source") return undefined;
  const how = node.attributes.reduction;
  if (how !== "mean" && how !== "sum") return undefined;
  const attributes = { ...node.attributes, reduction: "none" };
  const inputs: Record<string, Tensor | readonly Tensor[] | undefined> = {};
  for (const name in node.operands) {
    const operand = node.operands[name];
    if (operand !== undefined && !("kind" in operand)) return undefined;
    inputs[name] = operand && base(operand);
  }
  const shape = lossShape(node);
  if (shape === undefined) return undefined;
  const value = node.op.forward({ inputs, attributes, output: { shape, dtype: "float64" } });
  if ("fault" in value || value.data.length === 0 || value.data.length !== elementCount(shape))
    return undefined;
  let total = 0;
  for (const each of value.data) total += each;
  const factor = how === "sum" ? 1 : 1 / value.data.length;
  const known = base(node).data[0]!;
  if (!(Math.abs(total * factor - known) <= 1e-12 * Math.max(1, Math.abs(known)))) return undefined;
  const elements: ApplyNode = { ...node, shape, attributes };
  return {
    node: elements,
    weights: weights.map(([weight]) => new Float64Array(value.data.length).fill(weight! * factor)),
  };
}

const classLosses: ReadonlySet<string> = new Set(["cross_entropy", "nll_loss"]);

/** The shape of a loss's elements. */
function lossShape({ op, operands }: ApplyNode): readonly number[] | undefined {
  const { x, y } = operands;
  if (x === undefined || !("kind" in x)) return undefined;
  if (classLosses.has(op.name)) return x.shape.length < 2 ? [] : x.shape.filter((_, axis) => axis !== 1);
  if (y !== undefined && "kind" in y && y.shape.join() !== x.shape.join()) return undefined;
  return x.shape;
}

function reduced(weight: Float64Array, from: Node, to: Node): Float64Array {
  if (weight.length === elementCount(to.shape)) return weight;
  return new Float64Array(reduceToShape(tensor("float64", from.shape, weight), to.shape).data);
}

function scaled(weight: Float64Array, factor: number): Float64Array {
  return factor === 1 ? weight : weight.map((each) => each * factor);
}

function product(weight: Float64Array, factor: ArrayLike<number>): Float64Array {
  return weight.map((each, i) => each * factor[i]!);
}

function quotient(weight: Float64Array, factor: ArrayLike<number>): Float64Array {
  return weight.map((each, i) => each / factor[i]!);
}
