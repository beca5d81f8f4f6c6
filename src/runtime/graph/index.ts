/** The graph room's whole API. */
export * from "./graph";
export * from "./node";
export * from "./passes";
export type { Operands } from "./graph-builder";
