/** Which gradient a value is: of what, at which named node. Knows nothing of what is asked about it. */
import type { RunRecord } from "../language/check";
import type { BackwardPass, Node } from "../runtime/graph";
import { isFloat } from "../runtime/tensor";

export interface FoundGradient {
  readonly pass: BackwardPass;
  readonly at: Node;
}

const mostLooks = 20_000;

/** The backward pass of the run that has made a value; undefined where it is no gradient at a named node. */
export function gradientIn(record: RunRecord, wanted: Node): FoundGradient | undefined {
  // Values of instances are no gradients of the run; and looking must not make every gradient of a long program.
  if (record.named.some(({ owner, value }) => owner !== undefined && value.node === wanted)) return undefined;
  if (record.passes.length * record.named.length > mostLooks) return undefined;
  for (const { mode, transform } of record.passes) {
    const pass = mode === "backward" ? transform?.() : undefined;
    if (pass === undefined || !("gradient" in pass)) continue;
    for (const { value } of record.named) {
      const at = value.node;
      if (at !== undefined && isFloat(at.dtype) && pass.gradient(at) === wanted) return { pass, at };
    }
  }
  return undefined;
}
