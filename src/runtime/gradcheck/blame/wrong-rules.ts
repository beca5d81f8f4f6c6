/** Which hand rules below a root are wrong, told without reasons, so that many versions of a file can be tried. */
import { full, isFloat, type Tensor } from "../../tensor";
import { isFault } from "../../ops";
import type { Graph, Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { applicationsBelow } from "./blame";
import { defaultTolerance, type Tolerance } from "../outcome";
import { ApplicationCheck } from "./rule-check";

export interface WrongRulesInput {
  readonly graph: Graph;
  readonly root: Node;
  readonly tolerance?: Tolerance;
  readonly poll?: () => void;
}

/** Each as the op's or net's name and "vjp W": those that a gradcheck of the root blames, and those that give nothing or no numbers. */
export function wrongRules({
  graph,
  root,
  tolerance = defaultTolerance,
  poll,
}: WrongRulesInput): Set<string> {
  const evaluator = new Evaluator({ float: "float64" });
  const base = (node: Node): Tensor => {
    const value = evaluator.evaluate(node);
    return isFault(value) ? full(isFloat(node.dtype) ? "float64" : node.dtype, node.shape, NaN) : value;
  };
  const wrong = new Set<string>();
  for (const application of applicationsBelow(graph, root)) {
    if (application.vjp.size + application.jvp.size === 0) continue;
    poll?.();
    const check = new ApplicationCheck({ graph, base, tolerance }, application);
    for (const { rule } of check.unfounded()) wrong.add(`${application.name} ${rule}`);
    for (const { test } of check.wrong()) wrong.add(`${application.name} ${test.rule}`);
    // A hole, or an expression that cannot be evaluated.
    for (const { answers, rule } of check.tests)
      if (answers === undefined) wrong.add(`${application.name} ${rule}`);
  }
  return wrong;
}
