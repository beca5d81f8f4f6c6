/**
 * What only values can show, as diagnostics: faults of operators, and where NaN is born. Each names the first node at
 * fault, its line and its inputs' values. Knows nothing of hosts.
 */
import { problems, type Condition, type Diagnostic, type RunRecord, type Value } from "../language/check";
import type { Graph, Node } from "../runtime/graph";
import type { Evaluator } from "../runtime/interpret";
import { formatTensor, type Tensor } from "../runtime/tensor";
import { originPlace, type Places } from "./places";
import { pathOf } from "./values";

/** Evaluates every named node and what the run's checks and shows need, and reports what went wrong. */
export function runtimeProblems(
  { evaluator, graph }: { readonly evaluator: Evaluator; readonly graph: Graph },
  record: RunRecord,
  places: Places,
): Diagnostic[] {
  const names = new Map<Node, string>();
  for (const { name, owner, value } of record.named)
    if (value.node !== undefined && !names.has(value.node)) names.set(value.node, pathOf(name, owner));
  const found = new Map<Node, Diagnostic>();
  for (const node of new Set([...names.keys(), ...neededNodes(record)])) {
    const value = evaluator.evaluate(node);
    if ("fault" in value)
      keep(found, value.node, faultDiagnostic(evaluator, value.node, value.fault.message, names, places));
    else if (isBroken(value)) {
      const origin = birthOf(evaluator, node);
      const text = nameOf(origin, names, places);
      const name = isOfDerivative(graph, origin, names) ? `the derivative of ${text}` : text;
      keep(found, origin, birthDiagnostic(evaluator, origin, name, names));
    }
  }
  return [...found.values()];
}

/** Every node that a run's reports ask for: all that have names, and those of checks, shows and plots. */
export function wantedNodes(record: RunRecord): Node[] {
  const named = record.named.flatMap(({ value }) => value.node ?? []);
  return [...new Set([...named, ...neededNodes(record)])];
}

/** The nodes that checks, shows and plots ask for without a name. */
function neededNodes({ checks, shown, plots }: RunRecord): Node[] {
  const values = [
    ...checks.flatMap(({ condition }) => operandsOf(condition)),
    ...[...shown, ...plots.flatMap(({ series }) => series)].map(({ value }) => value),
  ];
  return values.flatMap((value) => (value.kind === "tensor" && value.node !== undefined ? [value.node] : []));
}

function operandsOf(condition: Condition): Value[] {
  switch (condition.kind) {
    case "comparison":
      return [condition.left, condition.right];
    case "and":
    case "or":
      return [...operandsOf(condition.left), ...operandsOf(condition.right)];
    case "not":
      return operandsOf(condition.operand);
    case "truth":
      return [condition.value];
  }
}

function keep(found: Map<Node, Diagnostic>, node: Node, diagnostic: Diagnostic | undefined): void {
  if (diagnostic !== undefined && !found.has(node)) found.set(node, diagnostic);
}

/** The diagnostic of an operator that refused its operands' values. */
export function faultDiagnostic(
  evaluator: Evaluator,
  node: Node,
  message: string,
  names: ReadonlyMap<Node, string>,
  places: Places,
): Diagnostic | undefined {
  const place = originPlace(node.origin);
  if (place === undefined || node.kind !== "apply") return undefined;
  const inputs = describeInputs(evaluator, node, names);
  return {
    ...problems.fault(nameOf(node, names, places), message, inputs === "" ? "" : ` Inputs: ${inputs}.`),
    place,
    related: [],
    fixes: [],
  };
}

function birthDiagnostic(
  evaluator: Evaluator,
  node: Node,
  name: string,
  names: ReadonlyMap<Node, string>,
): Diagnostic | undefined {
  const place = originPlace(node.origin);
  if (place === undefined || node.kind !== "apply") return undefined;
  return {
    ...problems.bornNotFinite(name, "NaN", describeInputs(evaluator, node, names)),
    place,
    related: [],
    fixes: [],
  };
}

/** Whether a pass recorded the node: at its place another operator stands, which was recorded before. */
function isOfDerivative(graph: Graph, node: Node, names: ReadonlyMap<Node, string>): boolean {
  const place = originPlace(node.origin);
  if (place === undefined || node.kind !== "apply" || names.has(node)) return false;
  const first = graph.nodes.find((other) => {
    const at = originPlace(other.origin);
    const same = at?.file === place.file && at.start === place.start && at.end === place.end;
    return same && other.kind === "apply" && other.op.name !== "cast";
  });
  return first?.kind === "apply" && first.op !== node.op;
}

function nameOf(node: Node, names: ReadonlyMap<Node, string>, places: Places): string {
  const place = originPlace(node.origin);
  const text = place === undefined ? "" : places.textOf(place);
  return `\`${names.get(node) ?? (text === "" || text.includes("\n") ? (node.kind === "apply" ? node.op.name : "a source") : text)}\``;
}

/** The first node upstream that has a NaN though none of its inputs has. */
export function birthOf(evaluator: Evaluator, node: Node): Node {
  let at = node;
  for (;;) {
    const broken = at.inputs.find((input) => {
      const value = evaluator.evaluate(input);
      return !("fault" in value) && isBroken(value);
    });
    if (broken === undefined) return at;
    at = broken;
  }
}

export function isBroken({ dtype, data }: Tensor): boolean {
  if (dtype !== "float64" && dtype !== "float32") return false;
  // A counted loop: every number of a run comes by here.
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i]!)) return true;
  return false;
}

export function describeInputs(evaluator: Evaluator, node: Node, names: ReadonlyMap<Node, string>): string {
  if (node.kind !== "apply") return "";
  return Object.entries(node.operands)
    .flatMap(([input, operand]) => {
      if (operand === undefined || !("kind" in operand)) return [];
      const value = evaluator.evaluate(operand);
      if ("fault" in value) return [];
      const text =
        value.data.length <= 12
          ? formatTensor(value).replaceAll(/\s+/gu, " ")
          : `${value.shape.join(" × ")} numbers, ${range(value)}`;
      return [`${names.get(operand) ?? input} = ${text}`];
    })
    .join(", ");
}

function range(value: Tensor): string {
  let [min, max] = [Infinity, -Infinity];
  for (const element of value.data) {
    if (element < min) min = element;
    if (element > max) max = element;
  }
  return `${min.toPrecision(3)} to ${max.toPrecision(3)}`;
}
