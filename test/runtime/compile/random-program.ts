// Random programs over shapes, types and special values, every choice one number.
import assert from "node:assert/strict";
import { Graph, type Node } from "../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../src/runtime/ops";
import {
  broadcastShapes,
  elementCount,
  fromArray,
  type DType,
  type Shape,
} from "../../../src/runtime/tensor";
import { generator } from "../ops/sample-draw";

const shapes: readonly Shape[] = [
  [],
  [1],
  [7],
  [3, 7],
  [3, 1],
  [2, 3, 7],
  [2, 1, 7],
  [17],
  [5, 17],
  [0],
  [4, 0],
  [33, 2],
  [6, 5, 4],
];
const dtypes: readonly DType[] = ["float64", "float32", "int", "bool"];
const special = [NaN, Infinity, -Infinity, -0, 0, 1, -1, 5e-324, 1e-310, -1e-42, 1e308, 0.5, -2.5, 3];

function drawn(dtype: DType, random: () => number): number {
  if (dtype === "bool") return Number(random() < 0.5);
  if (dtype === "int") return Math.floor(random() * 11) - 5;
  return random() < 0.3 ? special[Math.floor(random() * special.length)]! : 4 * random() - 2;
}

type Apply = (
  name: string,
  operands: Record<string, Node | Node[]>,
  attributes?: Record<string, AttributeValue>,
) => Node;

const exactUnary = [
  "neg",
  "abs",
  "sign",
  "sqrt",
  "square",
  "reciprocal",
  "floor",
  "ceil",
  "round",
  "trunc",
  "relu",
];
const smoothUnary = ["tanh", "sigmoid", "sin", "cos", "erf", "atan"];
const exactBinary = ["add", "sub", "mul", "div", "maximum", "minimum"];
const comparisons = ["less", "less_equal", "greater", "equal", "not_equal"];
const folds = ["amax", "amin", "all", "any"];

/** Twelve nodes over four sources; every choice is one number. */
export function randomProgram(choices: readonly number[], kind: "exact" | "smooth"): Node[] {
  let next = 0;
  const choose = (count: number): number => choices[next++ % choices.length]! % count;
  const pickOf = <T>(items: readonly T[]): T => items[choose(items.length)]!;
  const random = generator(choices[0]!);
  const graph = new Graph({ float: pickOf(["float64", "float32"] as const) });
  const own = graph.float;
  const nodes: Node[] = [];
  const apply: Apply = (name, operands, attributes = {}) => {
    const made = graph.apply(operator(name), operands, attributes);
    assert.ok(!isRejected(made), `${name} ${JSON.stringify(made)}`);
    return made;
  };
  for (let count = 0; count < 5; count++) {
    const shape = pickOf(shapes);
    const dtype = kind === "smooth" ? "float64" : count < 3 ? own : pickOf(dtypes);
    const values = Array.from({ length: elementCount(shape) }, () =>
      kind === "smooth" ? 2 * random() - 1 : drawn(dtype, random),
    );
    nodes.push(graph.source(fromArray(dtype, shape, values)));
  }
  const pick = (): Node => pickOf(nodes);
  const fitting = (shape: Shape): Node =>
    pickOf(nodes.filter((other) => broadcastShapes(shape, other.shape) !== undefined));
  const partner = (x: Node): Node => fitting(x.shape);
  for (let count = 0; count < 12; count++) nodes.push(step());
  return nodes;

  function step(): Node {
    const x = pick();
    const rank = x.shape.length;
    switch (choose(14)) {
      case 0:
      case 1:
        if (x.dtype === "bool") return apply("logical_not", { x });
        return apply(pickOf(kind === "exact" ? exactUnary : smoothUnary), { x });
      case 2:
      case 3:
      case 4: {
        const y = partner(x);
        return apply(pickOf(exactBinary.filter((name) => kind === "exact" || name !== "div")), { x, y });
      }
      case 5:
        return apply(pickOf(comparisons), { x, y: partner(x) });
      case 6: {
        const condition = apply("greater", { x, y: partner(x) });
        const a = partner(condition);
        const y = fitting(broadcastShapes(condition.shape, a.shape)!);
        return apply("where", { cond: condition, x: a, y });
      }
      case 7:
        return kind === "smooth"
          ? apply("mul", { x, y: x })
          : apply("cast", { x }, { dtype: pickOf(["float64", "float32", "bool"]) });
      case 8:
        if (rank < 2) return apply("unsqueeze", { x }, { dim: 0 });
        return apply("transpose", { x }, { dim0: choose(rank), dim1: choose(rank) });
      case 9: {
        if (rank === 0) return apply("expand", { x }, { shape: [3, 7] });
        const step = 1 + choose(2);
        return apply("slice", { x }, { dim: choose(rank), start: choose(3), stop: 30, step });
      }
      case 10:
        return rank === 0
          ? apply("reshape", { x }, { shape: [1, 1] })
          : apply("flip", { x }, { dims: [choose(rank)] });
      case 11:
        return apply("reshape", { x }, { shape: [elementCount(x.shape)] });
      case 12:
        if (kind === "smooth")
          return apply(pickOf(["sum", "mean"]), { x }, rank === 0 ? {} : { dim: [choose(rank)] });
        if (elementCount(x.shape) === 0) return x;
        return apply(
          pickOf(folds),
          { x },
          rank === 0 ? {} : { dim: [choose(rank)], keepdim: choose(2) === 1 },
        );
      default:
        return rank === 0 ? x : apply("cat", { tensors: [x, x] }, { dim: choose(rank) });
    }
  }
}

/** The last node of a program and some others. */
export function wantedOf(nodes: readonly Node[], choices: readonly number[]): Node[] {
  return nodes.filter((_, index) => index === nodes.length - 1 || choices[index % choices.length]! % 3 === 0);
}
