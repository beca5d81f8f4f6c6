/** The protocol room's whole API. */
export * from "./panel-messages";
export * from "./results";
export * from "./session";
export * from "./worker-messages";
