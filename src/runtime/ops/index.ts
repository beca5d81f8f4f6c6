/** The operators' whole API. */
export * from "./builder";
export * from "./define-elementwise";
export * from "./define-op";
export * from "./parameters";
export * from "./promotion";
export * from "./registry";
export * from "./rejection";
export * from "./resolve-attributes";
export * from "./scalar";
export { toTensorFunction, type TensorFunction } from "./elementwise-program";
export { readEquation } from "./linear/einsum-equation";
export { axisPads, padSources, type PadMode } from "./shape/pad-source";
export { intrinsics, type IntrinsicFunction } from "./intrinsics";
