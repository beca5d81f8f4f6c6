/** The graph room's whole API. */
export { backward } from "./backward";
export { ConstantPool, isPooledConstant } from "./constant-pool";
export { dependsOn } from "./differentiable";
export { alongFirst } from "./equation-spec";
export {
  equationOf,
  equationOfSum,
  specOf,
  writtenName,
  type EquationNames,
  type NamedNumber,
  type WrittenEquation,
} from "./equation";
export * from "./graph";
export type { Operands } from "./graph-builder";
export { jacobian } from "./jacobian";
export { jvp } from "./jvp";
export * from "./node";
export * from "./passes";
