/** The operators' whole API. */
export * from "./builder";
export * from "./define-op";
export * from "./parameters";
export * from "./rejection";
export * from "./scalar";
