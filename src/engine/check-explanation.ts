/** Why a comparison fails, where the evidence fits a known mistake. Knows nothing of hosts. */
import type { Condition, RunRecord, Value } from "../language/check";
import type { Explanation } from "../protocol";
import { explainDifference, type DifferenceInput } from "../runtime/gradcheck";
import type { Node } from "../runtime/graph";
import { isFloat } from "../runtime/tensor";
import { gradientIn } from "./gradient-of";
import type { RunMachine } from "./run-machine";
import { pathOf } from "./values";

/** The explanation of a failed `a ~= b` between two tensors; null where a side is a literal or shapes differ. */
export function explainCheck(
  machine: RunMachine,
  record: RunRecord,
  condition: Extract<Condition, { kind: "comparison" }>,
): Explanation | null {
  if (condition.operator !== "~=" && condition.operator !== "==") return null;
  const actual = nodeOf(condition.left);
  const expected = nodeOf(condition.right);
  if (actual === undefined || expected === undefined || !isFloat(actual.dtype) || !isFloat(expected.dtype))
    return null;
  const scope = record.named.flatMap(({ name, owner, value }) =>
    value.node === undefined ? [] : [{ name: pathOf(name, owner), node: value.node }],
  );
  const gradient = gradientSide(record, actual, expected);
  return explainDifference({
    graph: machine.graph,
    actual,
    expected,
    evaluator: machine.evaluator,
    scope,
    ...(gradient === undefined ? {} : { gradient }),
  });
}

/** The side that a backward pass has made, and what it is the gradient of. */
function gradientSide(record: RunRecord, actual: Node, expected: Node): DifferenceInput["gradient"] {
  const held = gradientIn(record, expected);
  if (held !== undefined) return { side: "expected", root: held.pass.root, at: held.at };
  const found = gradientIn(record, actual);
  return found && { side: "actual", root: found.pass.root, at: found.at };
}

function nodeOf(value: Value): Node | undefined {
  if (value.kind === "instance") return nodeOf(value.state.result);
  return value.kind === "tensor" ? value.node : undefined;
}
