/**
 * Central differences with a given step at every element of a node, as many elements at once as stand side by side: the numbers that
 * moving each by itself gives, up to rounding. Knows nothing of derivatives.
 */
import type { Tensor } from "../../tensor";
import type { ThreadHost } from "../../compile";
import type { Node } from "../../graph";
import { Fields } from "./fields";

export interface StepDifferencesInput {
  /** In float64. */
  readonly base: (node: Node) => Tensor;
  readonly root: Node;
  readonly cotangent: Float64Array;
  readonly node: Node;
  /** The step of an element with this value. */
  readonly step: (x: number) => number;
  /** Threads that help with what takes long. */
  readonly threads?: ThreadHost | undefined;
  readonly poll: (done: number, total: number) => void;
}

/** (f(x + h) − f(x − h)) / 2h for each element, f = ⟨cotangent, root⟩; NaN where an operator refuses the moved ones. */
export function stepDifferences({
  base,
  root,
  cotangent,
  node,
  step,
  threads,
  poll,
}: StepDifferencesInput): Float64Array {
  const fields = new Fields({
    base,
    root,
    leaves: [node],
    cotangents: [cotangent],
    moves: step,
    itself: true,
    threads,
  });
  const total = fields.turns(node);
  let done = 0;
  const [found] = fields.of(node, () => {
    poll(done++, total);
  });
  return found!;
}
