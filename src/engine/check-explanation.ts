/** Why a comparison fails, where the evidence fits a known mistake. Knows nothing of hosts. */
import type { CheckPlan, Condition, RunRecord, Value } from "../language/check";
import { blamedBecause, type BlameReport, type CheckReport, type Explanation, type Range } from "../protocol";
import {
  blameOfGradient,
  explainDifference,
  isTrueTangent,
  type DifferenceInput,
  type MadeGradient,
} from "../runtime/gradcheck";
import { Graph, type Node } from "../runtime/graph";
import { isFloat, tensor } from "../runtime/tensor";
import { BlameReporter } from "./blame-report";
import { gradientIn, tangentIn, type FoundGradient } from "./gradient-of";
import { NodeNames } from "./node-names";
import { passReads } from "./pass-reads";
import type { Places } from "./places";
import type { RunMachine } from "./run-machine";
import { pathOf } from "./values";

/** Of a run's failing checks: the rest, in loops mostly, fail for the same reasons. */
const mostExplained = 40;

type Comparison = Extract<Condition, { kind: "comparison" }>;

interface FailedCheck {
  readonly plan: Pick<CheckPlan, "rates" | "passes">;
  readonly condition: Comparison;
  readonly range: Range;
}

/** Why a failed `a ~= b` fails, one of which may be a number or a list of them; null where both are, or shapes differ. */
export function explainCheck(
  machine: RunMachine,
  record: RunRecord,
  { condition, range, plan }: FailedCheck,
  places: Places,
): Pick<CheckReport, "explanation" | "blame"> {
  const nothing = { explanation: null };
  if (condition.operator !== "~=" && condition.operator !== "==") return nothing;
  const actual = nodeOf(condition.left) ?? literalOf(condition.left);
  const expected = nodeOf(condition.right) ?? literalOf(condition.right);
  if (actual === undefined || expected === undefined || !isFloat(actual.dtype) || !isFloat(expected.dtype))
    return nothing;
  if (machine.explained++ >= mostExplained) return nothing;
  const left = gradientIn(record, actual);
  const right = gradientIn(record, expected);
  const writtenAt = (node: Node): string | undefined => places.textAt(node.origin);
  const names = new NodeNames(record);
  const reporter = new BlameReporter(names, places, range);
  for (const side of sidesOf({ actual, expected, left, right })) {
    const found = blameOfGradient({
      ...side,
      graph: machine.graph,
      nameOf: (node) => names.of(node),
      namesOf: (node) => names.allOf(node),
      definedAt: (node, name) => names.placeOf(node, name),
      writtenAt,
      poll: machine.stay,
    });
    if (found === undefined) continue;
    const blame = found.blame.map((each) => reporter.report(each));
    const factor = side.name === "left" ? found.factor : 1;
    return { explanation: byRules(side.name, blame, factor), blame };
  }
  const scope = record.named.flatMap(({ name, owner, value }) =>
    value.node === undefined ? [] : [{ name: pathOf(name, owner), node: value.node }],
  );
  const gradient = gradientSide(left, right);
  const explanation = explainDifference({
    graph: machine.graph,
    actual,
    expected,
    evaluator: machine.evaluator,
    scope,
    reads: passReads(record, plan.passes()),
    writtenAt,
    definedAt: (_, name) => record.named.find((each) => pathOf(each.name, each.owner) === name)?.place,
    rates: plan.rates(),
    isDerivative: (node) => isTrueTangent(machine.graph, tangentIn(record, node), node),
    poll: machine.stay,
    ...(gradient === undefined ? {} : { gradient }),
  });
  return { explanation };
}

interface Sides {
  readonly actual: Node;
  readonly expected: Node;
  readonly left: FoundGradient | undefined;
  readonly right: FoundGradient | undefined;
}

/** Each side that a backward pass has made. */
function sidesOf({
  actual,
  expected,
  left,
  right,
}: Sides): (FoundGradient & Pick<MadeGradient, "made" | "other"> & { readonly name: "left" | "right" })[] {
  return [
    ...(left === undefined ? [] : [{ ...left, made: actual, other: expected, name: "left" as const }]),
    ...(right === undefined ? [] : [{ ...right, made: expected, other: actual, name: "right" as const }]),
  ];
}

/** What the rules that a side comes by way of explain. */
function byRules(made: "left" | "right", blame: readonly BlameReport[], factor: number | null): Explanation {
  const { kind, expression, fit, runnerUp } = blame[0]!.explanation;
  const other = made === "left" ? "right" : "left";
  const faults = blame.map((each) => {
    const how = each.ruleRange === undefined ? "which is wrong:" : "where";
    return `${each.rule} of \`${each.op}\`, ${how} ${blamedBecause(each)}`;
  });
  return {
    kind,
    factor,
    expression,
    fit,
    runnerUp,
    corrections: blame.flatMap(({ explanation: { corrections = [] } }) => corrections),
    message: `the ${other} side is the derivative; the ${made} one comes by way of ${faults.join(". Besides, by way of ")}`,
  };
}

/** The side that a backward pass has made, and what it is the gradient of; of two, the left one if it is that of a single number. */
function gradientSide(
  left: FoundGradient | undefined,
  right: FoundGradient | undefined,
): DifferenceInput["gradient"] {
  const areBoth = left !== undefined && right !== undefined;
  const isLeft = left !== undefined && (right === undefined || left.pass.root.shape.length === 0);
  const found = isLeft ? left : right;
  return found && { side: isLeft ? "actual" : "expected", root: found.pass.root, at: found.at, areBoth };
}

/** A number, or a list of them, as a node of a graph of its own. */
function literalOf(value: Value): Node | undefined {
  const found = numbersOf(value);
  if (found === undefined || found.data.length === 0) return undefined;
  return new Graph().source(tensor("float64", found.shape, Float64Array.from(found.data)));
}

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

function numbersOf(value: Value): Numbers | undefined {
  if (value.kind === "number")
    return value.value === undefined ? undefined : { shape: [], data: [value.value] };
  if (value.kind !== "list") return undefined;
  const items = value.items.map(numbersOf);
  const [first] = items;
  if (first === undefined || items.some((item) => item?.shape.join() !== first.shape.join()))
    return undefined;
  return { shape: [items.length, ...first.shape], data: items.flatMap((item) => item?.data ?? []) };
}

function nodeOf(value: Value): Node | undefined {
  if (value.kind === "instance") return nodeOf(value.state.result);
  return value.kind === "tensor" ? value.node : undefined;
}
