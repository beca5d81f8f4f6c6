/**
 * Shifting and scaling groups of elements to mean 0 and variance 1: the part that layer, batch and group normalisation
 * share, as numbers and as rules. Knows nothing of any one operator.
 */
import type { Axes, Builder, Ref } from "../builder";

/** Group g is all elements (n·groups + g)·places + p of `batch` × `groups` × `places`. */
export interface GroupLayout {
  readonly batch: number;
  readonly groups: number;
  readonly places: number;
}

/** (x − mean)/√(variance + eps) in each group, by two passes; the variance is the biased one. */
export function standardize(
  x: Float64Array,
  { batch, groups, places }: GroupLayout,
  eps: number,
): Float64Array {
  const result = new Float64Array(x.length);
  const count = batch * places;
  for (let group = 0; group < groups; group++) {
    let total = 0;
    for (let n = 0; n < batch; n++) {
      const start = (n * groups + group) * places;
      for (let i = start; i < start + places; i++) total += x[i]!;
    }
    const mean = total / count;
    let squares = 0;
    for (let n = 0; n < batch; n++) {
      const start = (n * groups + group) * places;
      for (let i = start; i < start + places; i++) squares += (x[i]! - mean) ** 2;
    }
    const scale = 1 / Math.sqrt(squares / count + eps);
    for (let n = 0; n < batch; n++) {
      const start = (n * groups + group) * places;
      for (let i = start; i < start + places; i++) result[i] = (x[i]! - mean) * scale;
    }
  }
  return result;
}

/** Multiplies in place by the weight and adds the bias that `indexOf` finds for each element. */
export function scaleAndShift(
  values: Float64Array,
  weight: Float64Array | undefined,
  bias: Float64Array | undefined,
  indexOf: (position: number) => number,
): Float64Array {
  if (weight === undefined && bias === undefined) return values;
  for (let i = 0; i < values.length; i++) {
    const index = indexOf(i);
    values[i] = values[i]! * (weight?.[index] ?? 1) + (bias?.[index] ?? 0);
  }
  return values;
}

/** The standardised values over `axes`, and 1/√(variance + eps). */
export function standardized(
  build: Builder,
  x: Ref,
  axes: Axes,
  eps: number,
): { readonly values: Ref; readonly scale: Ref } {
  const centered = build.sub(x, build.mean(x, axes, true));
  const variance = build.mean(build.square(centered), axes, true);
  const scale = build.reciprocal(build.sqrt(build.add(variance, build.constant(eps))));
  return { values: build.mul(centered, scale), scale };
}

/**
 * The derivative of standardisation applied to `moved`. With s = 1/√(variance + eps) and x̂ = s (x − mean):
 * dx̂ = s (dx − mean(dx) − x̂ · mean(x̂ · dx)). The map is its own adjoint, so this serves vjp and jvp.
 */
export function moveStandardized(build: Builder, x: Ref, axes: Axes, eps: number, moved: Ref): Ref {
  const { values, scale } = standardized(build, x, axes, eps);
  const along = build.mul(values, build.mean(build.mul(values, moved), axes, true));
  return build.mul(scale, build.sub(build.sub(moved, build.mean(moved, axes, true)), along));
}
