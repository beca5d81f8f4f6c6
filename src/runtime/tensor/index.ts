/** The tensor room's whole API. */
export * from "./dtype";
export * from "./tensor";
export * from "./dimension";
export * from "./random";
export * from "./broadcast";
export * from "./print";
