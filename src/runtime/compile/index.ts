/**
 * The compiler's whole API: wanted nodes → one WebAssembly module and its memory.
 *
 *     const compiled = compile([loss, ...gradients], { updates: [[weight, nextWeight]] });
 *     if (isCompiled(compiled)) {
 *       compiled.run(new Map([[batch, images]]));   // sources keep what they are given; true where nothing is at fault
 *       compiled.value(loss);                       // a copy: a Tensor
 *       compiled.view(loss);                        // the storage itself, borrowed until the next run; of a source: write here
 *       compiled.report;                            // steps, references, bytes
 *     }
 *
 * `updates` are made in place at the end of each run: the source then has the new value. Structures alike share one
 * module, so that compiling a graph again whose values alone have changed costs a walk over it. Where `run` gives false, or
 * where nothing was compiled, the reference evaluator (`runtime/interpret`) computes the same nodes.
 */
export { compile, isCompiled, tune, type CompileOptions, type NotCompiled } from "./compile";
export { CompiledGraph, type CompileReport, type Twin } from "./compiled-graph";
export { sharesMemory, targetHere, type Target } from "./emit";
export type { HelperThread, ThreadHost } from "./threads/team";
