/** How a value's elements are read: strides and an offset, so that most shape operators move nothing. Knows no operator. */
import { elementCount, stridesOf, type Shape } from "../../tensor";

/** Elements of the program's value `value`, `strides[axis]` further for each step along `axis`, from element `offset`. */
export interface Access {
  readonly value: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The whole value, as it is stored. */
export function wholeOf(value: number, shape: Shape): Access {
  return { value, shape, strides: stridesOf(shape), offset: 0 };
}

/** Whether the elements lie one after the other in row-major order. */
export function isContiguous({ shape, strides }: Access): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 0) return true;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** Stretched to `shape`, as broadcasting does. */
export function stretched(access: Access, shape: Shape): Access {
  const added = shape.length - access.shape.length;
  const strides = shape.map((_, axis) =>
    axis < added || access.shape[axis - added] === 1 ? 0 : access.strides[axis - added]!,
  );
  return { ...access, shape, strides };
}

/** The same elements in row-major order in another shape; undefined where no strides do that. */
export function reshaped(access: Access, shape: Shape): Access | undefined {
  if (isContiguous(access)) return { ...access, shape, strides: stridesOf(shape) };
  if (elementCount(shape) === 0 || access.strides.every((stride) => stride === 0))
    return { ...access, shape, strides: shape.map(() => 0) };
  // Dimensions that are not of size 1 must be the same, in order.
  const kept = access.shape.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  const wanted = shape.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  const fits =
    kept.length === wanted.length && kept.every((axis, k) => access.shape[axis] === shape[wanted[k]!]);
  if (!fits) return undefined;
  const strides = shape.map(() => 0);
  for (const [k, axis] of wanted.entries()) strides[axis] = access.strides[kept[k]!]!;
  return { ...access, shape, strides };
}

/** The dimensions in another order: dimension i of the result is dimension `order[i]`. */
export function permuted(access: Access, order: readonly number[]): Access {
  return {
    ...access,
    shape: order.map((axis) => access.shape[axis]!),
    strides: order.map((axis) => access.strides[axis]!),
  };
}

/** `count` elements of dimension `axis`, `step` apart, from `first`. */
export function sliced(
  access: Access,
  axis: number,
  range: { readonly first: number; readonly count: number; readonly step: number },
): Access {
  const stride = access.strides[axis]!;
  const at = <T>(values: readonly T[], value: T): T[] => values.map((own, k) => (k === axis ? value : own));
  return {
    ...access,
    shape: at(access.shape, range.count),
    strides: at(access.strides, stride * range.step),
    offset: access.offset + (range.count === 0 ? 0 : range.first * stride),
  };
}

/** The same without dimension `axis`, which has one element. */
export function withoutAxis(access: Access, axis: number): Access {
  return {
    ...access,
    shape: access.shape.filter((_, k) => k !== axis),
    strides: access.strides.filter((_, k) => k !== axis),
  };
}

/** Equal for accesses that read the same elements. */
export function accessKey({ value, shape, strides, offset }: Access): string {
  return `${value}@${offset}[${shape.join(" ")}|${shape.map((size, k) => (size === 1 ? 0 : strides[k])).join(" ")}]`;
}
