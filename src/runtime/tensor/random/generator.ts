/** What a random generator offers, whichever library's streams it reproduces. Knows no algorithm. */
import type { FloatDType } from "../dtype";
import type { Shape, Tensor } from "../tensor";

/** A stream of draws. Every draw advances it; `clone` gives an independent copy of the whole state. */
export interface Generator {
  readonly library: "torch" | "numpy";
  /** Uniform on [0, 1). */
  rand(shape: Shape, dtype: FloatDType): Tensor;
  /** Standard normal. */
  randn(shape: Shape, dtype: FloatDType): Tensor;
  /** Uniform on [low, high). */
  uniform(low: number, high: number, shape: Shape, dtype: FloatDType): Tensor;
  /** Normal with this mean and standard deviation. */
  normal(mean: number, std: number, shape: Shape, dtype: FloatDType): Tensor;
  /** Whole numbers, low ≤ value < high; high - low is at least 1 and at most 2^53. */
  randint(low: number, high: number, shape: Shape): Tensor;
  /** A permutation of 0 … n - 1 (NumPy's `permutation`), int. */
  randperm(n: number): Tensor;
  /** 1 with probability p, else 0. */
  bernoulli(p: number, shape: Shape, dtype: FloatDType): Tensor;
  clone(): Generator;
}
