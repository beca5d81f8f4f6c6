/** The gradient check's whole API. */
export { gradcheck } from "./gradcheck";
export * from "./outcome";
