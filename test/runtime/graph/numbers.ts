// Owns small words for graph tests: sources from numbers, operators by name, values as plain lists.
import assert from "node:assert/strict";
import { type Application, type Graph, type HandRule, type Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault, isRejected, operator, type AttributeValue } from "../../../src/runtime/ops";
import { fromArray, type DType, type Tensor } from "../../../src/runtime/tensor";

export function source(
  graph: Graph,
  shape: readonly number[],
  values: readonly number[],
  dtype: DType = "float64",
): Node {
  return graph.source(fromArray(dtype, shape, values));
}

/** Applies an operator as the language does: through the graph, not through a rule's builder. */
export function call(
  graph: Graph,
  name: string,
  operands: Readonly<Record<string, Node | readonly Node[]>>,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): Node {
  const node = graph.apply(operator(name), operands, attributes);
  if (isRejected(node)) assert.fail(`${name}: ${JSON.stringify(node)}`);
  return node;
}

export function tensorOf(node: Node | "pending" | undefined): Tensor {
  assert.ok(node !== undefined && node !== "pending", "a structural zero or a hole has no value");
  const value = new Evaluator().evaluate(node);
  assert.ok(!isFault(value));
  return value;
}

export function numbers(node: Node | "pending" | undefined): number[] {
  return [...tensorOf(node).data];
}

export function assertNumbers(
  actual: Node | "pending" | undefined,
  expected: readonly number[],
  relative = 1e-12,
): void {
  const found = numbers(actual);
  assert.equal(found.length, expected.length);
  found.forEach((value, index) => {
    const wanted = expected[index]!;
    assert.ok(
      Math.abs(value - wanted) <= relative * Math.max(1, Math.abs(wanted)),
      `[${String(found)}] is not [${String(expected)}]`,
    );
  });
}

export interface Rules {
  readonly vjp?: Readonly<Record<string, HandRule>>;
  readonly jvp?: Readonly<Record<string, HandRule>>;
}

/** Records an application around `body`, as lowering does. */
export function applied(
  graph: Graph,
  kind: Application["kind"],
  inputs: Readonly<Record<string, Node>>,
  rules: Rules,
  body: () => Node,
): Node {
  const first = graph.nodes.length;
  const result = body();
  graph.addApplication({
    kind,
    name: "f",
    origin: undefined,
    first,
    end: graph.nodes.length,
    inputs: new Map(Object.entries(inputs)),
    result,
    vjp: new Map(Object.entries(rules.vjp ?? {})),
    jvp: new Map(Object.entries(rules.jvp ?? {})),
  });
  return result;
}
