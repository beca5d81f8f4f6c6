/** The kernels of operators that are not fused element by element. */
import type { Kernel } from "../kernel-contract";
import { attention } from "./attention";
import { convolutions } from "./convolution";
import { eliminations } from "./elimination";
import { indexingKernels } from "./indexing";
import { linear } from "./linear";
import { products } from "./matmul";
import { poolingKernels } from "./pooling";
import { remainders } from "./remainders";
import { softmaxKernels } from "./softmax";

export const kernels: readonly Kernel[] = [
  ...products,
  linear,
  attention,
  ...convolutions,
  ...softmaxKernels,
  ...poolingKernels,
  ...indexingKernels,
  ...eliminations,
  ...remainders,
];
