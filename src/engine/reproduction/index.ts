/** Minimal reproductions of failures. */
export { reproduce, type ReproduceOptions } from "./reproduce";
export { sampledRun } from "./sampled-run";
