/** Reductions in general: which elements fall together, the shape that is left, and how a cotangent spreads back. */
import { allocate, type Dim, type Shape, stridesOf, type Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import type { Rejected } from "../rejection";
import { axesOf, resolveAxes } from "../shape/axis";
import { viewPositions } from "../shape/strided-copy";

/** `dim` and `keepdim` of a reduction as kernels and rules see them; no `dim`, or an empty list, is every dimension. */
export interface ReductionAttributes {
  readonly dim: readonly number[] | undefined;
  readonly keepdim: boolean;
}

/** The same for an operator whose `dim` is a single dimension. */
export function oneDimension({
  dim,
  keepdim,
}: {
  readonly dim: number | undefined;
  readonly keepdim: boolean;
}): ReductionAttributes {
  return { dim: dim === undefined ? undefined : [dim], keepdim };
}

/** What is left of `shape`, each dimension with its origin. */
export function reducedShape(
  shape: readonly Dim[],
  { dim, keepdim }: ReductionAttributes,
): readonly Dim[] | Rejected {
  const axes = resolveReduction(dim, shape.length);
  if (!Array.isArray(axes)) return axes;
  return withoutAxes(shape, axes, keepdim ? { size: 1, origin: undefined } : undefined);
}

/** The axes that a reduction runs over, none of them twice. */
export function resolveReduction(dim: readonly number[] | undefined, rank: number): number[] | Rejected {
  return dim === undefined || dim.length === 0 ? everyAxis(rank) : resolveAxes("dim", dim, rank);
}

/** The axes of a reduction that its shape rule has accepted. */
export function reductionAxes(dim: readonly number[] | undefined, rank: number): number[] {
  const axes = dim === undefined || dim.length === 0 ? everyAxis(rank) : axesOf(dim, rank);
  return axes.filter((axis) => axis < rank);
}

/** Where the elements of a reduction lie: element `j` of group `i` at `starts[i] + offsets[j]`. */
export interface Groups {
  readonly starts: Int32Array;
  readonly offsets: Int32Array;
}

export function groupsOf(shape: Shape, axes: readonly number[]): Groups {
  const strides = stridesOf(shape);
  const walk = (along: readonly number[]): Int32Array =>
    viewPositions({
      shape: along.map((axis) => shape[axis] ?? 1),
      strides: along.map((axis) => strides[axis] ?? 0),
      offset: 0,
    });
  const kept = everyAxis(shape.length).filter((axis) => !axes.includes(axis));
  return { starts: walk(kept), offsets: walk([...axes].sort((a, b) => a - b)) };
}

/** A group's elements as doubles, in row-major order. The same array is handed out for every group: copy to keep. */
export type Fold = (values: Float64Array) => number;

/** Reduces each group of `x` to one number. */
export function foldGroups(
  x: Tensor,
  dim: readonly number[] | undefined,
  output: { readonly shape: Shape; readonly dtype: Tensor["dtype"] },
  fold: Fold,
): Tensor {
  const { starts, offsets } = groupsOf(x.shape, reductionAxes(dim, x.shape.length));
  const data = allocate(output.dtype, starts.length);
  const values = new Float64Array(offsets.length);
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] ?? 0;
    for (let j = 0; j < offsets.length; j++) values[j] = x.data[start + (offsets[j] ?? 0)] ?? 0;
    data[i] = fold(values);
  }
  return { dtype: output.dtype, shape: output.shape, data };
}

/** How many elements fall into one group. */
export function groupSize(shape: Shape, dim: readonly number[] | undefined): number {
  return reductionAxes(dim, shape.length).reduce((count, axis) => count * (shape[axis] ?? 1), 1);
}

/** A reduction's result, or its cotangent, with its reduced dimensions back as 1, so that it broadcasts against the input. */
export function keepDims(build: Builder, reduced: Ref, input: Ref, dim: readonly number[] | undefined): Ref {
  const axes = reductionAxes(dim, input.shape.length);
  const shape = input.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return build.reshape(reduced, shape);
}

/** The same, stretched to the input's shape. */
export function spread(build: Builder, reduced: Ref, input: Ref, dim: readonly number[] | undefined): Ref {
  return build.expand(keepDims(build, reduced, input, dim), input.shape);
}

/** A sum over the dimensions of a reduction, with its `keepdim`. */
export function sumGroups(build: Builder, x: Ref, { dim, keepdim }: ReductionAttributes): Ref {
  const axes = reductionAxes(dim, x.shape.length);
  return axes.length === 0 ? x : build.sum(x, axes, keepdim);
}

/** A sum along one dimension, which stays as 1. */
export function sumAlong(build: Builder, x: Ref, dim: number): Ref {
  return sumGroups(build, x, { dim: [dim], keepdim: true });
}

function everyAxis(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

function withoutAxes(shape: readonly Dim[], axes: readonly number[], replacement: Dim | undefined): Dim[] {
  return shape.flatMap((dim, axis) =>
    !axes.includes(axis) ? [dim] : replacement === undefined ? [] : [replacement],
  );
}
