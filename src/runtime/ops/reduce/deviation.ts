/** What `var` and `std` share: how far elements lie from their mean, and the divisor. */
import type { Builder, Ref } from "../builder";
import { flag, integer, integers, maybe } from "../parameters";
import { reductionAxes } from "./groups";
import { pairwiseSum } from "./pairwise-sum";

/** The attributes of both, in PyTorch's order. */
export const deviationAttributes = {
  dim: maybe(integers([])),
  unbiased: flag(true),
  keepdim: flag(false),
  correction: maybe(integer(1)),
};

/** The same as rules see them. */
export interface DeviationAttributes {
  readonly dim: readonly number[] | undefined;
  readonly unbiased: boolean;
  readonly correction: number | undefined;
}

/** What is taken off the number of elements before dividing: `correction`, or Bessel's 1. */
export function correctionOf({
  unbiased,
  correction,
}: Pick<DeviationAttributes, "unbiased" | "correction">): number {
  return correction ?? (unbiased ? 1 : 0);
}

/** Σ (xᵢ − mean)² / max(0, n − c): in two passes, which loses nothing where the mean is large. */
export function sampleVariance(values: Float64Array, correction: number): number {
  const mean = pairwiseSum(values) / values.length;
  const squares = values.map((value) => (value - mean) ** 2);
  return pairwiseSum(squares) / Math.max(0, values.length - correction);
}

/** x − mean(x) over the dimensions of the reduction, in x's shape. */
export function deviations(build: Builder, x: Ref, dim: readonly number[] | undefined): Ref {
  const axes = reductionAxes(dim, x.shape.length);
  return build.sub(x, axes.length === 0 ? x : build.mean(x, axes, true));
}
