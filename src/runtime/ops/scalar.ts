/**
 * Scalar expressions: the one definition of an elementwise operator's mathematics. The interpreter evaluates them,
 * compilers fuse them. Knows nothing of tensors.
 */
import type { ElementwiseBuilder } from "./builder";

export type Intrinsic = Exclude<keyof ElementwiseBuilder<unknown>, "constant">;

export type ScalarExpression =
  | { readonly kind: "variable"; readonly index: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "intrinsic"; readonly name: Intrinsic; readonly operands: readonly ScalarExpression[] };
