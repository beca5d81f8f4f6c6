/** Which operators have kernels of their own. */
import type { Kernel } from "./kernel-contract";
import { kernels } from "./kernels";

const byName: ReadonlyMap<string, Kernel> = new Map(kernels.map((kernel) => [kernel.op, kernel]));

export function kernelOf(op: string): Kernel | undefined {
  return byName.get(op);
}
