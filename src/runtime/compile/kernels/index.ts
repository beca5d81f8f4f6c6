/** The kernels of operators that are not fused element by element. */
import type { Kernel } from "../kernel-contract";

export const kernels: readonly Kernel[] = [];
