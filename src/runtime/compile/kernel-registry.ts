/** Which operators have kernels of their own. */
import type { Kernel } from "./kernel-contract";
import { kernels } from "./kernels";
import { laneKernels } from "./lanes/lane-kernels";
import { sortKernels } from "./lanes/sort-kernels";
import { regionKernels, rowKernels, triangleKernels } from "./movement";

const all: readonly Kernel[] = [
  ...kernels,
  ...regionKernels,
  ...triangleKernels,
  ...rowKernels,
  ...laneKernels,
  ...sortKernels,
];

const byName: ReadonlyMap<string, Kernel> = new Map(all.map((kernel) => [kernel.op, kernel]));

export function kernelOf(op: string): Kernel | undefined {
  return byName.get(op);
}
