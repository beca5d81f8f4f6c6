/** The protocol room's whole API. */
export * from "./blame";
export * from "./codec";
export type { Correction } from "./correction";
export * from "./derive-report";
export * from "./graph-report";
export * from "./panel-messages";
export * from "./questions";
export * from "./reproduction";
export * from "./results";
export * from "./server-messages";
export * from "./session";
export * from "./training-report";
export * from "./step-report";
export * from "./strength";
export * from "./study-messages";
export * from "./worker-messages";
