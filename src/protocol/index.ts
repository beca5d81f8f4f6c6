/** The protocol room's whole API. */
export * from "./codec";
export * from "./panel-messages";
export * from "./results";
export * from "./server-messages";
export * from "./session";
export * from "./worker-messages";
