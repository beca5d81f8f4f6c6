/**
 * How windows (kernels) slide over two spatial dimensions: sizes, strides, paddings, symbolic and actual output sizes,
 * and the refusals that convolutions and poolings share. Knows nothing of any one operator.
 */
import {
  addSizes,
  compareSizes,
  dim,
  floorDivideSizes,
  formatSize,
  multiplySizes,
  subtractSizes,
  unknownSize,
  type Dim,
  type Size,
} from "../../tensor";
import { reject, type DimRef, type Rejected } from "../rejection";

/** One spatial dimension's window: `kernel` elements `dilation` apart, moved by `stride` over the padded input. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

/** Attributes given as one number for all spatial dimensions or one for each. */
export function perDimension(values: readonly number[], rank: number): readonly number[] {
  return values.length === 1 ? new Array<number>(rank).fill(values[0]!) : values;
}

/** Refuses a list of another length than 1 or the number of spatial dimensions, and numbers below `least`. */
export function checkIntegers(
  attributes: Readonly<Record<string, readonly number[]>>,
  rank: number,
  least: number,
): Rejected | undefined {
  for (const [attribute, values] of Object.entries(attributes)) {
    if (values.length !== 1 && values.length !== rank) {
      const message = `${attribute} must be one number or ${String(rank)}, not ${String(values.length)}`;
      return reject({ kind: "attribute", attribute, message });
    }
    const small = values.find((value) => value < least);
    if (small !== undefined) {
      const message = `${attribute} must be at least ${String(least)}, not ${String(small)}`;
      return reject({ kind: "attribute", attribute, message });
    }
  }
  return undefined;
}

interface SymbolicWindow {
  readonly kernel: Size;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

/** The elements that a window spans: dilation · (kernel − 1) + 1. */
function span({ kernel, dilation }: SymbolicWindow): Size {
  return addSizes(multiplySizes(dilation, subtractSizes(kernel, 1)), 1);
}

/** floor((n + 2·padding − span)/stride) + 1: the places of a window on the padded input, or a refusal where it does not fit. */
export function slidingSize(at: DimRef, window: SymbolicWindow): Dim | Rejected {
  const padded = addSizes(at.dim.size, 2 * window.padding);
  const free = subtractSizes(padded, span(window));
  if (typeof free === "number" && free < 0) {
    const needs = `the kernel needs at least ${formatSize(subtractSizes(span(window), 2 * window.padding))} along dimension ${String(at.axis)}`;
    return reject({ kind: "size", at, needs });
  }
  const size = floorDivideSizes(addSizes(free, window.stride), window.stride);
  return compareSizes(size, at.dim.size) === "equal" ? at.dim : dim(size);
}

/**
 * A pooling's size. With `ceil` a last window may hang over the end, as long as it starts inside the input or its left padding.
 */
export function poolingSize(at: DimRef, window: Window, rounding: "floor" | "ceil"): Dim | Rejected {
  if (rounding === "floor" || window.stride === 1) return slidingSize(at, window);
  const { size } = at.dim;
  if (typeof size !== "number") return dim(unknownSize());
  const free = size + 2 * window.padding - (window.dilation * (window.kernel - 1) + 1);
  const places = Math.floor((free + window.stride - 1) / window.stride) + 1;
  const count = (places - 1) * window.stride >= size + window.padding ? places - 1 : places;
  if (count < 1) return reject({ kind: "size", at, needs: "one window needs more elements" });
  return dim(count);
}

/** (n − 1)·stride − 2·padding + span + outputPadding: the size whose windows are the n elements. */
export function transposedSize(at: DimRef, window: SymbolicWindow, outputPadding: number): Dim | Rejected {
  const strides = multiplySizes(window.stride, subtractSizes(at.dim.size, 1));
  const size = addSizes(addSizes(strides, span(window)), outputPadding - 2 * window.padding);
  if (typeof size === "number" && size < 1) {
    return reject({
      kind: "size",
      at,
      needs: "padding takes the whole result away, and more elements are needed",
    });
  }
  return dim(size);
}
