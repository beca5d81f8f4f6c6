/** The kernels that move elements; of what they compute they only add. */
export { regionKernels } from "./region-kernels";
export { rowKernels } from "./row-kernels";
export { triangleKernels } from "./triangle-kernels";
