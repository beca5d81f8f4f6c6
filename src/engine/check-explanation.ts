/** Why a comparison fails, where the evidence fits a known mistake. Knows nothing of hosts. */
import type { Condition, RunRecord, Value } from "../language/check";
import type { Explanation } from "../protocol";
import { explainDifference, type DifferenceInput } from "../runtime/gradcheck";
import type { Node } from "../runtime/graph";
import { isFloat } from "../runtime/tensor";
import { gradientIn } from "./gradient-of";
import type { Places } from "./places";
import type { RunMachine } from "./run-machine";
import { pathOf } from "./values";

/** Of a run's failing checks: the rest, in loops mostly, fail for the same reasons. */
const mostExplained = 40;

/** The explanation of a failed `a ~= b` between two tensors; null where a side is a literal or shapes differ. */
export function explainCheck(
  machine: RunMachine,
  record: RunRecord,
  condition: Extract<Condition, { kind: "comparison" }>,
  places: Places,
): Explanation | null {
  if (condition.operator !== "~=" && condition.operator !== "==") return null;
  const actual = nodeOf(condition.left);
  const expected = nodeOf(condition.right);
  if (actual === undefined || expected === undefined || !isFloat(actual.dtype) || !isFloat(expected.dtype))
    return null;
  const scope = record.named.flatMap(({ name, owner, value }) =>
    value.node === undefined ? [] : [{ name: pathOf(name, owner), node: value.node }],
  );
  if (machine.explained++ >= mostExplained) return null;
  const gradient = gradientSide(record, actual, expected);
  return explainDifference({
    graph: machine.graph,
    actual,
    expected,
    evaluator: machine.evaluator,
    scope,
    writtenAt: (node) => places.textAt(node.origin),
    definedAt: (_, name) => record.named.find((each) => pathOf(each.name, each.owner) === name)?.place,
    poll: machine.stay,
    ...(gradient === undefined ? {} : { gradient }),
  });
}

/** The side that a backward pass has made, and what it is the gradient of; of two, the left one if it is that of a single number. */
function gradientSide(record: RunRecord, actual: Node, expected: Node): DifferenceInput["gradient"] {
  const right = gradientIn(record, expected);
  const left = gradientIn(record, actual);
  const areBoth = left !== undefined && right !== undefined;
  const isLeft = left !== undefined && (right === undefined || left.pass.root.shape.length === 0);
  const found = isLeft ? left : right;
  return found && { side: isLeft ? "actual" : "expected", root: found.pass.root, at: found.at, areBoth };
}

function nodeOf(value: Value): Node | undefined {
  if (value.kind === "instance") return nodeOf(value.state.result);
  return value.kind === "tensor" ? value.node : undefined;
}
