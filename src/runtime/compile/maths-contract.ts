/** How vector maths plugs into fused loops: `maths/` writes it, loops and kernels call it. Knows nothing of graphs. */
import type { Intrinsic } from "../ops";
import type { FunctionBuilder, Local, ModuleBuilder, Target } from "./emit";

export type Lanes = "f32x4" | "f64x2";

export interface MathsContext {
  readonly module: ModuleBuilder;
  /** The function in whose loop this stands; `code.constant` keeps constants out of the loop. */
  readonly code: FunctionBuilder;
  readonly target: Target;
  readonly lanes: Lanes;
}

/**
 * Writes the intrinsic of vectors, in line or as a call of a shared function; leaves the result on the stack. All lanes count: any
 * bits may stand in those that nobody reads, and must cost no more than others.
 */
export type VectorMaths = (context: MathsContext, ...operands: readonly Local[]) => void;

/** What `maths/index.ts` exports as `vectorMathsOf`: undefined for what it does not have; loops then call the host, lane by lane. */
export type VectorMathsOf = (name: Intrinsic, lanes: Lanes) => VectorMaths | undefined;
