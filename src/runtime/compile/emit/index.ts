/** The emitter: a module of WebAssembly as bytes, and what the host's engine can run. */
export { FunctionBuilder, type FunctionRef, type Label, type Local, type Operand } from "./function-builder";
export type {
  AtomicInstruction,
  LaneInstruction,
  LaneMemoryInstruction,
  MemoryInstruction,
  PlainInstruction,
} from "./instructions";
export { forRange, type Bound } from "./loops";
export { forShare, lastShare, type Share } from "./share";
export { ModuleBuilder } from "./module-builder";
export { sharesMemory, targetHere, type Target } from "./target";
export type { FunctionType, ValueType } from "./value-type";
export {
  exportedFunction,
  pageSize,
  webAssembly,
  type WasmFunction,
  type WasmInstance,
  type WasmMemory,
  type WasmModule,
} from "./web-assembly";
