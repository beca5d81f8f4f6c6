/**
 * Class scores and their labels: x is [C], [N, C] or [N, C, d1, …], labels are x's shape without the class dimension.
 * Knows nothing of graphs.
 */
import { compareSizes, formatDims, type Dim, type Shape, type Tensor } from "../../tensor";
import { indexOf } from "../multi-index";
import type { OperandType } from "../parameters";
import { reject, type Fault, type Rejected } from "../rejection";

/** Where the classes are: the only dimension of a single example, otherwise the second. */
export function classAxis(rank: number): number {
  return rank <= 1 ? 0 : 1;
}

/** How scores lie in memory: the element of example n, class c, place p is (n·classes + c)·places + p. */
export interface ClassLayout {
  readonly batch: number;
  readonly classes: number;
  readonly places: number;
}

export function classLayout(shape: Shape): ClassLayout {
  const axis = classAxis(shape.length);
  const product = (sizes: Shape): number => sizes.reduce((total, size) => total * size, 1);
  return {
    batch: product(shape.slice(0, axis)),
    classes: shape[axis]!,
    places: product(shape.slice(axis + 1)),
  };
}

export function withoutClasses<T>(shape: readonly T[]): readonly T[] {
  return shape.filter((_, axis) => axis !== classAxis(shape.length));
}

/** Refuses scores without a class dimension, labels of another shape, class weights of another number. */
export function checkLabels(x: OperandType, target: OperandType): Rejected | undefined {
  if (x.shape.length === 0)
    return reject({ kind: "rank", input: "x", found: 0, needs: "of at least 1 dimension" });
  const axis = classAxis(x.shape.length);
  const wanted = withoutClasses(x.shape);
  if (target.shape.length !== wanted.length) {
    const needs = `labels ${formatDims(wanted)}: the shape of \`x\` without its classes`;
    return reject({ kind: "rank", input: "target", found: target.shape.length, needs });
  }
  const xAxes = x.shape.map((_, i) => i).filter((i) => i !== axis);
  return checkEqual(x.shape, target.shape, xAxes, "labels need the dimensions of `x` without its classes");
}

export function checkProbabilities(x: OperandType, target: OperandType): Rejected | undefined {
  return checkEqual(x.shape, target.shape, [...x.shape.keys()], "class probabilities need the shape of `x`");
}

function checkEqual(
  x: readonly Dim[],
  target: readonly Dim[],
  xAxes: readonly number[],
  rule: string,
): Rejected | undefined {
  for (const [axis, xAxis] of xAxes.entries()) {
    const left = { input: "x", axis: xAxis, dim: x[xAxis]! };
    const right = { input: "target", axis, dim: target[axis]! };
    if (compareSizes(left.dim.size, right.dim.size) === "different") {
      return reject({ kind: "unequal-dimensions", rule, left, right });
    }
  }
  return undefined;
}

export function checkClassWeights(x: OperandType, weight: OperandType | undefined): Rejected | undefined {
  if (weight === undefined) return undefined;
  if (weight.shape.length !== 1) {
    const needs = "a vector: a weight for each class";
    return reject({ kind: "rank", input: "weight", found: weight.shape.length, needs });
  }
  const axis = classAxis(x.shape.length);
  const left = { input: "x", axis, dim: x.shape[axis]! };
  const right = { input: "weight", axis: 0, dim: weight.shape[0]! };
  if (compareSizes(left.dim.size, right.dim.size) !== "different") return undefined;
  return reject({ kind: "unequal-dimensions", rule: "there must be one weight for each class", left, right });
}

/** The first label that is neither a class nor `ignored`. */
export function labelFault(target: Tensor, classes: number, ignored: number): Fault | undefined {
  const { data, shape } = target;
  for (let i = 0; i < data.length; i++) {
    const label = data[i]!;
    if (label === ignored || (label >= 0 && label < classes)) continue;
    const message = `label ${String(label)} is not one of 0 … ${String(classes - 1)}`;
    return { fault: { kind: "index-out-of-range", input: "target", index: indexOf(i, shape), message } };
  }
  return undefined;
}
