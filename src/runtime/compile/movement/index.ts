/** The kernels that move elements and compute nothing with them. */
export { regionKernels } from "./region-kernels";
export { triangleKernels } from "./triangle-kernels";
