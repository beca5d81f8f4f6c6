// Whether a compiled graph computes what the reference evaluator computes.
import assert from "node:assert/strict";
import { compile, isCompiled, type CompiledGraph, type CompileOptions } from "../../../src/runtime/compile";
import type { Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault } from "../../../src/runtime/ops";
import { isFloat, type DType, type Tensor } from "../../../src/runtime/tensor";

/** How far two numbers may be apart, relative to the largest finite number of the tensor: 160 ulps in float32. */
const tolerance = { float64: 1e-12, float32: 160 * 2 ** -23, int: 0, bool: 0 } as const;

/** By default numbers are as exact as their own type is. */
export function assertSameTensor(
  actual: Tensor,
  expected: Tensor,
  what: string,
  exactAs: DType = expected.dtype,
): void {
  assert.equal(actual.dtype, expected.dtype, what);
  assert.deepEqual(actual.shape, expected.shape, what);
  let largest = isFloat(expected.dtype) ? 1e-30 : 0;
  for (const value of expected.data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const allowed = tolerance[exactAs] * largest;
  expected.data.forEach((wanted: number, index: number) => {
    const found = actual.data[index]!;
    const same = Object.is(found, wanted) || found === wanted || Math.abs(found - wanted) <= allowed;
    assert.ok(same, `${what}: element ${index} is ${found}, not ${wanted}`);
  });
}

/** The same numbers, zeros by their signs; one NaN is as good as another. */
export function assertSameBits(actual: Tensor, expected: Tensor): void {
  assert.equal(actual.dtype, expected.dtype);
  assert.deepEqual(actual.shape, expected.shape);
  assert.deepEqual([...actual.data], [...expected.data]);
}

export function compiled(outputs: readonly Node[], options: CompileOptions = {}): CompiledGraph {
  const result = compile(outputs, options);
  assert.ok(isCompiled(result), isCompiled(result) ? "" : `not compiled: ${JSON.stringify(result)}`);
  return result;
}

/** Compiles the nodes, runs them twice, and compares with the evaluator, faults included. */
export function assertAgrees(
  outputs: readonly Node[],
  what: string,
  options: CompileOptions = {},
): CompiledGraph {
  const evaluator = new Evaluator();
  const expected = outputs.map((node) => evaluator.evaluate(node));
  const graph = compiled(outputs, options);
  for (let turn = 0; turn < 2; turn++) {
    const whole = graph.run();
    assert.equal(whole, !expected.some(isFault), `${what}: whether operands are at fault`);
    if (!whole) continue;
    outputs.forEach((node, index) => {
      const value = expected[index] as Tensor; // no fault
      assertSameTensor(graph.value(node), value, `${what}, output ${index}`, exactness(node));
    });
  }
  return graph;
}

/** A float64 that something in float32 was made into is no more exact than that. */
function exactness({ dtype, inputs }: Node): DType {
  if (dtype !== "float64") return dtype;
  const reached = new Set(inputs);
  for (const node of reached) {
    if (node.dtype === "float32") return "float32";
    for (const input of node.inputs) reached.add(input);
  }
  return dtype;
}
