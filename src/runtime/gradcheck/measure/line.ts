/**
 * A program along a straight line x + t·v of its leaves. What is affine in t there, layers among it, is known everywhere from two of its
 * values, so that only the rest is computed again for each t. Knows nothing of derivatives.
 */
import { tensor, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { coneOf, dependentsIn } from "./cone";
import { Replay } from "./replay";

export type Placed = readonly (readonly [Node, Tensor])[];

export interface Line {
  /** Of what is not affine. */
  readonly replay: Replay;
  /** What the replay is to be run with for the program to stand at t. */
  at(t: number): Placed;
  /** Of these the ones that are computed from leaves, and round. */
  readonly computed: ReadonlySet<Node>;
}

export function lineOf(
  base: (node: Node) => Tensor,
  leaves: readonly { readonly node: Node; readonly direction: Float64Array }[],
  root: Node,
): Line {
  const moved = new Set(leaves.map(({ node }) => node));
  const dependents = dependentsIn(coneOf([root], moved), moved);
  const moving = new Set<Node>([...moved, ...dependents]);
  const affine = new Set<Node>(moved);
  for (const node of dependents) if (isAffine(node, moving, affine)) affine.add(node);
  const needed = new Set<Node>(affine.has(root) ? [root] : []);
  for (const node of dependents)
    if (!affine.has(node)) for (const input of node.inputs) if (affine.has(input)) needed.add(input);
  const border = [...needed];
  const whole = new Replay(base, [...moved], border);
  whole.run(leaves.map(({ node, direction }) => [node, stepped(base(node), direction, 1)] as const));
  const rises = border.map((node): readonly [Node, Tensor, Float64Array] => {
    const [start, end] = [base(node), whole.valueOf(node).data];
    const rise = new Float64Array(end.length);
    for (let i = 0; i < rise.length; i++) rise[i] = end[i]! - start.data[i]!;
    return [node, start, rise];
  });
  return {
    replay: new Replay(base, border, [root]),
    at: (t) => rises.map(([node, start, rise]) => [node, stepped(start, rise, t)] as const),
    computed: new Set(border.filter((node) => !moved.has(node))),
  };
}

/** Whether all that moves with a node is affine in it: its differences show nothing but rounding. */
export function isStraight(start: Node, dependents: readonly ApplyNode[]): boolean {
  const moving = new Set<Node>([start, ...dependents]);
  return dependents.every((node) => isAffine(node, moving, moving));
}

/** Operators that are affine in all of their float operands together. */
const sums: ReadonlySet<string> = new Set([
  "add",
  "sub",
  "neg",
  "sum",
  "mean",
  "reshape",
  "flatten",
  "squeeze",
  "unsqueeze",
  "expand",
  "transpose",
  "permute",
  "select",
  "slice",
  "flip",
  "roll",
  "repeat",
  "cat",
  "stack",
  "cumsum",
  "diag",
  "diagonal",
  "trace",
  "tril",
  "triu",
  "index_select",
  "gather",
  "pad",
]);

/** Operators that are affine in one of these operands while the other stands still. */
const products: Readonly<Record<string, readonly [string, string]>> = {
  mul: ["x", "y"],
  matmul: ["x", "y"],
  mm: ["x", "y"],
  bmm: ["x", "y"],
  linear: ["x", "weight"],
  conv1d: ["x", "weight"],
  conv2d: ["x", "weight"],
  conv_transpose2d: ["x", "weight"],
};

function isAffine(node: ApplyNode, moving: ReadonlySet<Node>, affine: ReadonlySet<Node>): boolean {
  if (!node.inputs.every((input) => affine.has(input) || !moving.has(input))) return false;
  if (sums.has(node.op.name)) return true;
  const factors = products[node.op.name];
  return factors?.some((name) => !moving.has(node.operands[name] as Node)) ?? false; // single operands
}

function stepped({ shape, data }: Tensor, direction: Float64Array, t: number): Tensor {
  const moved = new Float64Array(data.length);
  for (let i = 0; i < moved.length; i++) moved[i] = data[i]! + t * direction[i]!;
  return tensor("float64", shape, moved);
}
