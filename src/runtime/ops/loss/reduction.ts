/** How a loss's elements become its result: kept, summed or averaged; in shapes, in numbers and in rules. Knows nothing of graphs. */
import { elementCount, type Dim, type Shape } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { choice } from "../parameters";
import { pairwiseSum } from "../reduce/pairwise-sum";

export type Reduction = "mean" | "sum" | "none";

/** The attribute `reduction`, as PyTorch's losses have it. */
export const reduction = choice(["mean", "sum", "none"], "mean");

export function reducedShape(shape: readonly Dim[], how: Reduction): readonly Dim[] {
  return how === "none" ? shape : [];
}

/** The reduced elements; a mean is the sum over `divisor` (NaN where both are 0). */
export function reducedValues(
  elements: Float64Array,
  how: Reduction,
  divisor: number = elements.length,
): Float64Array {
  if (how === "none") return elements;
  const total = pairwiseSum(elements);
  return Float64Array.of(how === "sum" ? total : total / divisor);
}

/**
 * The forward reduction on a builder; `divisor` where it is not the number of elements. Elements are averaged before they
 * are summed, so that the mean of none moves by 0, as in PyTorch.
 */
export function reduce(build: Builder, elements: Ref, how: Reduction, divisor?: Ref): Ref {
  if (how === "none") return elements;
  if (how === "sum") return build.sum(elements);
  if (divisor !== undefined) return build.div(build.sum(elements), divisor);
  return build.sum(build.div(elements, build.constant(elementCount(elements.shape))));
}

/** Its adjoint: the cotangent of each element, of shape `elements` or broadcasting to it. */
export function spread(
  build: Builder,
  cotangent: Ref,
  how: Reduction,
  elements: { readonly shape: Shape; readonly divisor?: Ref },
): Ref {
  if (how === "none") return cotangent;
  const divisor = elements.divisor ?? build.constant(elementCount(elements.shape));
  return build.expand(how === "sum" ? cotangent : build.div(cotangent, divisor), elements.shape);
}
