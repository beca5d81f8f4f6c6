/** The reference evaluator's whole API. */
export * from "./evaluator";
