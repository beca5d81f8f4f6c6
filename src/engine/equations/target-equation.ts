/** The equations of an executed run, op or net, for whoever shows its gradients beside its numbers. */
import type { RunRecord } from "../../language/check";
import type { BackwardPass, Node } from "../../runtime/graph";
import { shownEquation, type ShownEquation } from "./equations";
import { gradientEquation } from "./gradient-equation";
import { nameNodes, namedPlaces } from "./node-names";

/**
 * The equation of the gradient at `node` in a pass of an executed target, with its contributions as nodes whose values
 * the target's evaluator gives. Undefined for a node without a name.
 */
export function equationOfGradient(
  record: RunRecord,
  pass: BackwardPass,
  node: Node,
): ShownEquation | undefined {
  const places = namedPlaces(record, undefined, []).filter((each) => each.node.id <= pass.root.id);
  const nameOf = nameNodes(places, () => undefined);
  const name = nameOf(node);
  if (name === undefined) return undefined;
  const root = nameOf(pass.root) ?? "J";
  const gradients = {
    nameOf,
    gradientName: (of: string): string => `∂${root}/∂${of}`,
    named: [...new Set([...places.map((each) => each.node), pass.root])],
    pass,
  };
  return shownEquation(gradientEquation(gradients, node, name));
}
