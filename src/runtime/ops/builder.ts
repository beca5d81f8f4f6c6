/**
 * The vocabulary in which derivative rules are written. A rule calls a builder; who implements it decides what happens:
 * the graph records nodes, the scalar builder records one kernel expression. Knows nothing of graphs.
 */
import type { DType, Shape, Tensor } from "../tensor";
import type { AttributeValue } from "./parameters";

/** A tensor-valued expression whose type is known. */
export interface Ref {
  readonly shape: Shape;
  readonly dtype: DType;
}

/**
 * Elementwise mathematics over any representation `T`: graph nodes (with broadcasting) or scalar expressions.
 * Comparisons give truth values; `where` chooses.
 */
export interface ElementwiseBuilder<T> {
  constant(value: number): T;
  add(x: T, y: T): T;
  sub(x: T, y: T): T;
  mul(x: T, y: T): T;
  div(x: T, y: T): T;
  pow(x: T, y: T): T;
  neg(x: T): T;
  abs(x: T): T;
  sign(x: T): T;
  exp(x: T): T;
  expm1(x: T): T;
  log(x: T): T;
  log1p(x: T): T;
  sqrt(x: T): T;
  square(x: T): T;
  reciprocal(x: T): T;
  sin(x: T): T;
  cos(x: T): T;
  tan(x: T): T;
  atan(x: T): T;
  atan2(y: T, x: T): T;
  sinh(x: T): T;
  cosh(x: T): T;
  tanh(x: T): T;
  erf(x: T): T;
  sigmoid(x: T): T;
  floor(x: T): T;
  ceil(x: T): T;
  /** To the nearest whole number, halves to even. */
  round(x: T): T;
  maximum(x: T, y: T): T;
  minimum(x: T, y: T): T;
  less(x: T, y: T): T;
  lessEqual(x: T, y: T): T;
  greater(x: T, y: T): T;
  greaterEqual(x: T, y: T): T;
  equal(x: T, y: T): T;
  notEqual(x: T, y: T): T;
  and(x: T, y: T): T;
  or(x: T, y: T): T;
  not(x: T): T;
  isnan(x: T): T;
  where(condition: T, x: T, y: T): T;
}

export type Axes = readonly number[];

/** Everything derivative rules need on tensors. Axes are non-negative or counted from the end. */
export interface Builder<T extends Ref = Ref> extends ElementwiseBuilder<T> {
  /** A tensor known now. */
  tensor(value: Tensor): T;
  /** `value` everywhere, in the given shape and dtype. */
  full(value: number, like: { readonly shape: Shape; readonly dtype: DType }): T;
  zerosLike(x: T): T;
  onesLike(x: T): T;
  cast(x: T, dtype: DType): T;
  matmul(x: T, y: T): T;
  /** Exchanges the last two dimensions. */
  transpose(x: T): T;
  permute(x: T, dims: Axes): T;
  reshape(x: T, shape: Shape): T;
  expand(x: T, shape: Shape): T;
  unsqueeze(x: T, axis: number): T;
  squeeze(x: T, axis: number): T;
  /** Sums over `axes` (all where left out). */
  sum(x: T, axes?: Axes, keepdim?: boolean): T;
  mean(x: T, axes?: Axes, keepdim?: boolean): T;
  amax(x: T, axes?: Axes, keepdim?: boolean): T;
  /** Sums over the dimensions that broadcasting `shape` to `x.shape` stretched: broadcasting's adjoint. */
  sumTo(x: T, shape: Shape): T;
  /** Elements start, start + step, … before stop along `axis`. */
  slice(x: T, axis: number, start: number, stop: number, step: number): T;
  concatenate(parts: readonly T[], axis: number): T;
  flip(x: T, dims: Axes): T;
  /** Any operator by its name in the registry, inputs in declaration order (lists spread; an optional one may be undefined at the end). */
  apply(
    name: string,
    inputs: readonly (T | undefined)[],
    attributes?: Readonly<Record<string, AttributeValue>>,
  ): T;
}
