/**
 * Which operator's built-in derivative is not that of its values, when a gradient fails although no hand rule is wrong: each is
 * held against differences by itself, at its live operands. A bug of ours, and told as one.
 */
import { full, isFloat, torchGenerator, type Tensor } from "../../tensor";
import { isRejected } from "../../ops";
import { backward, Graph, type ApplyNode, type Node } from "../../graph";
import { dot } from "../measure/answers";
import { unravel } from "../measure/branches";
import { dependentsIn, coneOf } from "../measure/cone";
import { Differences } from "../measure/differences";
import type { Blame } from "../outcome";
import { valuesOf } from "./local-body";
import { Evaluator } from "../../interpret";

export interface OperatorInput {
  readonly base: (node: Node) => Tensor;
  readonly root: Node;
  readonly leaves: readonly Node[];
  readonly nameOf: (node: Node) => string | undefined;
  readonly poll: () => void;
}

/** Entries of an operand that are looked at one by one for the worst. */
const entryLimit = 200;
const relative = 1e-5;

export function wrongOperators({ base, root, leaves, nameOf, poll }: OperatorInput): Blame[] {
  const dependents = dependentsIn(coneOf([root]), new Set(leaves));
  return dependents.reverse().flatMap((node) => {
    poll();
    const index = wrongAt(node, base, poll);
    if (index === undefined) return [];
    const where = nameOf(node) ?? node.op.name;
    const message = `the built-in derivative of ${node.op.name} is not that of its values (at ${where}): this is a bug in nnspec`;
    const explanation = {
      kind: "unknown",
      factor: null,
      expression: null,
      fit: Infinity,
      runnerUp: null,
      corrections: [],
      message,
    } as const;
    return [{ application: undefined, rule: "forward", node, index, explanation }];
  });
}

/** The element of an operand at which the derivative is most wrong; undefined where it is right, or on a kink. */
function wrongAt(node: ApplyNode, base: OperatorInput["base"], poll: () => void): number[] | undefined {
  if (!isFloat(node.dtype)) return undefined;
  const alone = copyOf(node, base);
  const draw = torchGenerator(19);
  const u = Float64Array.from(draw.randn(node.shape, "float64").data);
  const cotangent = alone.graph.source(full("float64", node.shape, 1));
  const values = valuesOf(
    new Evaluator({
      float: "float64",
      values: new Map([[cotangent, { dtype: "float64", shape: node.shape, data: u }]]),
    }),
  );
  const pass = backward(alone.graph, alone.result, cotangent, { rules: "derived" });
  for (const operand of alone.operands) {
    const gradient = pass.gradient(operand);
    const slopes =
      typeof gradient === "object" ? values(gradient).data : new Float64Array(values(operand).data.length);
    const differences = new Differences(values, operand, alone.result, [u], poll);
    const count = Math.min(slopes.length, entryLimit);
    for (let entry = 0; entry < count; entry++) {
      const near = (slope: number, error: number): boolean =>
        Math.abs(slope - slopes[entry]!) <= relative * (Math.abs(slope) + dot(u, u) * 1e-3) + error;
      if (near(differences.quick(entry)[0]!, 0)) continue;
      const best = differences.careful(entry, ({ slopes: [slope], errors: [error] }) => near(slope!, error!));
      if (
        best.kinks.length > 0 ||
        !Number.isFinite(best.slopes[0]!) ||
        best.errors[0]! > Math.abs(best.slopes[0]!)
      )
        continue;
      if (!near(best.slopes[0]!, best.errors[0]!)) return unravel(entry, operand.shape);
    }
  }
  return undefined;
}

/** An operator by itself, its operands sources. */
function copyOf(
  node: ApplyNode,
  base: OperatorInput["base"],
): { graph: Graph; result: Node; operands: Node[] } {
  const graph = new Graph();
  const operands: Node[] = [];
  const source = (operand: Node): Node => {
    const made = graph.source(base(operand));
    if (isFloat(made.dtype)) operands.push(made);
    return made;
  };
  const given: Record<string, Node | readonly Node[] | undefined> = {};
  for (const name in node.operands) {
    const operand = node.operands[name];
    if (operand !== undefined) given[name] = "kind" in operand ? source(operand) : operand.map(source);
  }
  const result = graph.apply(node.op, given, node.attributes);
  if (isRejected(result)) throw new Error(`${node.op.name} was refused when it was copied`);
  return { graph, result, operands };
}
