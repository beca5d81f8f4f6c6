// Owns how elementwise operators are checked at infinities, NaN, signed zeros, kinks and over a grid, against PyTorch
// (make_elementwise.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { backward, Graph, jvp, type Node } from "../../../src/runtime/graph";
import { isRejected, type AttributeValue, type OpDefinition } from "../../../src/runtime/ops";
import { fromArray, type Tensor } from "../../../src/runtime/tensor";
import { passValue, valueOf } from "./sampled-call";

type Stored = readonly (number | string)[];

export interface EdgeCase {
  readonly op: string;
  readonly attrs: Readonly<Record<string, AttributeValue>>;
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly output: Stored;
  readonly output32: Stored;
  readonly vjp: Readonly<Record<string, Stored>>;
}

export function edgeCases(): readonly EdgeCase[] {
  const text = readFileSync("test/oracle/elementwise_edges.json", "utf8");
  return (JSON.parse(text) as { cases: readonly EdgeCase[] }).cases;
}

/**
 * Where PyTorch 1.13 is less exact than the function itself, with the true value: its elu and selu take eˣ - 1 literally,
 * and its softsign' is ∞/∞ at infinity.
 */
const truth: Readonly<Record<string, (attrs: EdgeCase["attrs"], x: number) => number | undefined>> = {
  elu: ({ alpha = 1 }, x) =>
    Math.abs(x) < 1e-3 && x < 0 ? Number(alpha) * (x + x ** 2 / 2 + x ** 3 / 6 + x ** 4 / 24) : undefined,
  selu: (_attrs, x) =>
    Math.abs(x) < 1e-3 && x < 0
      ? 1.7580993408473766 * (x + x ** 2 / 2 + x ** 3 / 6 + x ** 4 / 24)
      : undefined,
  "vjp softsign": (_attrs, x) => (Math.abs(x) === Infinity ? 0 : undefined),
};

/** Values in both precisions and the vjp of each input. `op` is the case's operator, or one with other rules. */
export function checkEdges(op: OpDefinition, stored: EdgeCase): void {
  const { attrs, inputs, output, output32, vjp } = stored;
  const { name: called } = op;
  const graph = new Graph();
  const sources: Record<string, Node> = {};
  for (const [name, values] of Object.entries(inputs)) sources[name] = graph.source(tensorOf(values));
  const result = graph.apply(op, sources, attrs);
  assert.ok(!isRejected(result));
  const points = (index: number): string =>
    Object.entries(inputs)
      .map(([name, values]) => `${name} = ${values[index]}`)
      .join(", ");
  const better = (key: string, values: Stored): Stored =>
    values.map((value, index) => truth[key]?.(attrs, Number(inputs.x![index])) ?? value);
  assertElements(valueOf(result), better(called, output), exact, (index) => `${called} at ${points(index)}`);
  const rounded = valueOf(result, undefined, "float32");
  assertElements(
    rounded,
    better(called, output32),
    single,
    (index) => `float32 ${called} at ${points(index)}`,
  );
  const pass = backward(graph, result, graph.builder().onesLike(result));
  for (const [name, expected] of Object.entries(vjp)) {
    const gradient = passValue(pass.gradient(sources[name]!), sources[name]!);
    const right = better(`vjp ${called}`, expected);
    assertElements(gradient, right, exact, (index) => `vjp ${name} of ${called} at ${points(index)}`);
    // Element by element a derivative is one number, whichever way it is read.
    const moved = jvp(graph, sources[name]!, graph.builder().onesLike(result)).tangentOf(result);
    const tangent = passValue(moved, result);
    assertElements(tangent, right, exact, (index) => `jvp ${name} of ${called} at ${points(index)}`);
  }
}

function tensorOf(values: Stored): Tensor {
  return fromArray("float64", [values.length], values.map(Number));
}

/** The absolute parts allow for a unit in the last place of intermediate results near 1. */
const exact = { relative: 1e-12, absolute: 4e-16 };
const single = { relative: 1e-6, absolute: 4e-7 };

function assertElements(
  actual: Tensor,
  expected: Stored,
  { relative, absolute }: typeof exact,
  what: (index: number) => string,
): void {
  const wrong = expected.flatMap((stored, index) => {
    const wanted = Number(stored);
    const found = actual.data[index]!;
    const allowed = Math.max(relative * Math.abs(wanted), absolute);
    const agrees = Object.is(found, wanted) || Math.abs(found - wanted) <= allowed;
    return agrees ? [] : [`${what(index)} is ${found}, expected ${stored}`];
  });
  assert.deepEqual(wrong, []);
}
