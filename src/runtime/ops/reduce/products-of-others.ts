/** Products that leave one factor out, without dividing: right also where factors are 0, and differentiable again. */
import type { Builder, Ref } from "../builder";

/** Πⱼ≠ᵢ xⱼ along `axis`: the product of what stands before i times the product of what stands after. */
export function productsOfOthers(build: Builder, x: Ref, axis: number): Ref {
  const before = productsBefore(build, x, axis);
  const after = build.flip(productsBefore(build, build.flip(x, [axis]), axis), [axis]);
  return build.mul(before, after);
}

/** Πⱼ<ᵢ xⱼ along `axis`; 1 at the first place. */
export function productsBefore(build: Builder, x: Ref, axis: number): Ref {
  if ((x.shape[axis] ?? 1) <= 1) return build.onesLike(x);
  return delayed(build, build.apply("cumprod", [x], { dim: axis }), axis, 1);
}

/** `x` moved one place on along `axis`, `first` in front, its last element dropped. */
export function delayed(build: Builder, x: Ref, axis: number, first: number): Ref {
  const length = x.shape[axis] ?? 1;
  const edge = build.full(first, {
    shape: x.shape.map((size, k) => (k === axis ? 1 : size)),
    dtype: x.dtype,
  });
  return build.concatenate([edge, build.slice(x, axis, 0, length - 1, 1)], axis);
}
