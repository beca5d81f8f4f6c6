/**
 * How an operator's own kernel plugs into compiled graphs. A kernel writes one function for one application: shapes,
 * types and attributes are known; only the addresses of its operands are the function's parameters, so that applications
 * alike share the function. Knows nothing of graphs or of how memory is planned.
 *
 * Products: the planner hands `matmul` (and `bmm`, `mm`) the untransposed operands of `transpose` with the attributes `transposeX`,
 * `transposeY` (true or missing): X then means X with its last two dimensions exchanged.
 *
 * Storage: contiguous row-major, as tensors are: float64 and int in 8 bytes, float32 in 4, bool in 1. Every operand and
 * result begins at a multiple of 16 and is followed by at least 64 readable bytes, so that the last vector of a buffer may be loaded
 * whole; what lies there is arbitrary (mask it before arithmetic that would be slow or counted) and is not to be written.
 */
import type { AttributeValue } from "../ops";
import type { DType, Shape } from "../tensor";
import type { FunctionBuilder, Local, ModuleBuilder, Share, Target } from "./emit";

export interface KernelType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One application of an operator, as far as a kernel may depend on it. */
export interface KernelNode {
  readonly op: string;
  /** By input name; a missing optional input is undefined, a list input is a list. */
  readonly inputs: Readonly<Record<string, KernelType | readonly KernelType[] | undefined>>;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly output: KernelType;
}

export interface KernelOperand extends KernelType {
  /** Where its first element is: an i32 parameter of the function. Do not change it. */
  readonly address: Local;
}

/**
 * What is fused behind a kernel: `y = f(value, bias …)` for each element of its result. The kernel calls `emit` where a
 * result is final, just before it stores it.
 */
export interface Epilogue {
  /** Distinguishes functions: equal keys, equal code. */
  readonly key: string;
  /**
   * Writes code that replaces the results in `value` by what the following operators make of them. The result is seen as
   * a matrix [all leading dimensions, last dimension]; `row` and `column + offset` say where the (first) element stands.
   * `lanes` is "vector" where `value` is a v128 of consecutive columns (4 of float32, 2 of float64), "single" where it is
   * one f32 or f64.
   */
  emit(
    code: FunctionBuilder,
    value: Local,
    at: { readonly row: Local; readonly column: Local; readonly offset: number },
    lanes: "vector" | "single",
  ): void;
}

export interface KernelContext extends KernelNode {
  readonly target: Target;
  /** For functions that kernels share (`shared`), vector maths among them. */
  readonly module: ModuleBuilder;
  /** The kernel's function: returns nothing. */
  readonly code: FunctionBuilder;
  /** Operands as in `inputs`. */
  readonly operands: Readonly<Record<string, KernelOperand | readonly KernelOperand[] | undefined>>;
  readonly result: KernelOperand;
  /** An i32 parameter: the address of what `scratch` asked for, a multiple of 16. Undefined where it asked for nothing. */
  readonly scratch: Local | undefined;
  /** Only for kernels with `divides`: the call does this share alone. */
  readonly share: Share | undefined;
  /** Only for kernels with `takesEpilogue`. The result's dtype is then that of the value before and after. */
  readonly epilogue: Epilogue | undefined;
  /**
   * Writes code that leaves the function and says that the operands are at fault (a label out of range): the caller then evaluates
   * by the reference evaluator, for the exact message. What was stored before does not matter.
   */
  fail(): void;
}

/**
 * A kernel of one operator. What it computes is what the operator's `forward` computes: NaN, infinities, -0, zero sizes
 * and shapes without dimensions included; float32 sums may be made in another order and precision, float64 within 1e-12.
 *
 * V8 replaces a function's quick first code by the optimised one between calls, never inside of a call: put hot inner loops in a
 * function of their own (`module.shared` or `module.function`) that is called at least once per row or block.
 */
export interface Kernel {
  readonly op: string;
  /** Whether it can write this application; where it says no, the operator's `forward` computes it. */
  takes?(node: KernelNode, target: Target): boolean;
  /** Bytes of scratch memory during the call, of each share's. */
  scratch?(node: KernelNode, target: Target): number;
  /** It calls `context.epilogue?.emit` on each final element, once. */
  readonly takesEpilogue?: true | ((node: KernelNode) => boolean);
  /**
   * The work is done in shares: they write different elements, which are the same for any number of shares, and each has
   * scratch memory of its own. Several threads do them at the same time, in any order.
   */
  divides?(node: KernelNode, target: Target): boolean;
  /** The multiplications, roughly; where it is left out, a few for each element. */
  work?(node: KernelNode): number;
  /**
   * Each element of the result is written once, after its epilogue has read everything there: result and what the epilogue stores as
   * well may lie where the epilogue reads the same elements.
   */
  storesOnce?(node: KernelNode, target: Target): boolean;
  /** It may call `fail`. */
  readonly mayFail?: true;
  emit(context: KernelContext): void;
}
