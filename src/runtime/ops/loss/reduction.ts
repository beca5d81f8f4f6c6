/** How a loss's elements become its result: kept, summed or averaged; in shapes, in numbers and in rules. Knows nothing of graphs. */
import type { Dim, Shape } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { choice } from "../parameters";

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
  const total = pairwiseSum(elements, 0, elements.length);
  return Float64Array.of(how === "sum" ? total : total / divisor);
}

/** Sums halves of halves: the rounding error grows with log n instead of n. */
function pairwiseSum(values: Float64Array, start: number, stop: number): number {
  if (stop - start <= 128) {
    let total = 0;
    for (let i = start; i < stop; i++) total += values[i]!;
    return total;
  }
  const middle = start + ((stop - start) >> 1);
  return pairwiseSum(values, start, middle) + pairwiseSum(values, middle, stop);
}

/** The forward reduction on a builder; `divisor` where it is not the number of elements. */
export function reduce(build: Builder, elements: Ref, how: Reduction, divisor?: Ref): Ref {
  if (how === "none") return elements;
  const total = build.sum(elements);
  return how === "sum" ? total : build.div(total, divisor ?? count(build, elements));
}

/** Its adjoint: the cotangent of each element, of shape `elements` or broadcasting to it. */
export function spread(
  build: Builder,
  cotangent: Ref,
  how: Reduction,
  elements: { readonly shape: Shape; readonly divisor?: Ref },
): Ref {
  if (how === "none") return cotangent;
  const share =
    how === "sum"
      ? cotangent
      : build.div(
          cotangent,
          elements.divisor ?? count(build, { shape: elements.shape, dtype: cotangent.dtype }),
        );
  return build.expand(share, elements.shape);
}

function count(build: Builder, elements: Ref): Ref {
  const elementCount = elements.shape.reduce((product, size) => product * size, 1);
  return scalar(build, elementCount, elements);
}

/** A number as a tensor of shape [] in the dtype of `like`. */
export function scalar(build: Builder, value: number, like: Ref): Ref {
  return build.full(value, { shape: [], dtype: like.dtype });
}
