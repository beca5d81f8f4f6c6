// Owns what must hold of the derivative rules of any operator at any of its samples: adjointness, agreement with central
// differences in first and second order, float32. The properties ask it of every rule, the mutants of every planted error.
import assert from "node:assert/strict";
import { backward, jvp, type Graph, type Node } from "../../../src/runtime/graph";
import { isRejected, resolveAttributes, type OpDefinition, type Sample } from "../../../src/runtime/ops";
import { fromArray, isFloat, type Tensor } from "../../../src/runtime/tensor";
import { assertClose } from "./closeness";
import { generator, normalTensor } from "./sample-draw";
import { dot, moved, passValue, sampledCall, valueOf, type SampledCall } from "./sampled-call";

/** Of the first sample; the others follow it. */
export const seed = 20240607;
const step = 6e-6;

/**
 * ⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩ for every input. And both are linear: the vjp moves with ȳ as Jᵀ, whose transpose is J, and the
 * jvp with v as J, whose transpose is Jᵀ.
 */
export function checkAdjoint({ graph, moving, result }: SampledCall): void {
  if (!hasDerivatives(result)) return;
  const random = generator(seed);
  const cotangent = normalTensor(result.shape, random);
  const given = graph.source(cotangent);
  const pass = backward(graph, result, given);
  for (const [name, node] of moving) {
    const tangent = graph.source(normalTensor(node.shape, random));
    const moving = jvp(graph, node, tangent).tangentOf(result);
    const moves = passValue(moving, result);
    const found = pass.gradient(node);
    const gradient = passValue(found, node);
    assertNear(dot(cotangent, moves), dot(gradient, tangent.value), 1e-10 * scaleOf(cotangent, moves), name);
    const again = { relative: 1e-9, ofLargest: 1e-10 };
    if (typeof found === "object") {
      const transposed = passValue(backward(graph, found, tangent).gradient(given), result);
      assertClose(transposed, moves, again, `vjp ${name} differentiated by ȳ`);
    }
    if (typeof moving === "object") {
      const transposed = passValue(backward(graph, moving, given).gradient(tangent), node);
      assertClose(transposed, gradient, again, `jvp ${name} differentiated by v`);
    }
  }
}

export function checkDifferences(op: OpDefinition, sample: Sample, own: number): void {
  const call = sampledCall(op, sample, own);
  const { graph, moving, result } = call;
  if (!hasDerivatives(result)) return;
  const random = generator(own);
  const cotangent = normalTensor(result.shape, random);
  const pass = backward(graph, result, graph.source(cotangent));
  for (const [name, node] of moving) {
    const tangent = normalTensor(node.shape, random);
    assertOnePiece(op, call, node, tangent);
    const difference = centralDifference(result, node, tangent);
    const moves = passValue(jvp(graph, node, graph.source(tangent)).tangentOf(result), result);
    assertClose(moves, difference, { relative: 1e-6, ofLargest: 1e-7 }, `jvp ${name}`);
    const along = dot(passValue(pass.gradient(node), node), tangent);
    assertNear(along, dot(cotangent, difference), 1e-7 * scaleOf(cotangent, difference), `vjp ${name}`);
  }
}

/** How the gradient of ⟨ȳ, y⟩, and the tangent of y, move when an input moves: by both modes over both modes. */
export function checkSecond(op: OpDefinition, sample: Sample, own: number): void {
  const { graph, moving, result } = sampledCall(op, sample, own);
  if (!hasDerivatives(result)) return;
  const random = generator(own);
  const pass = backward(graph, result, graph.source(normalTensor(result.shape, random)));
  for (const [name, node] of moving) {
    const tangent = graph.source(normalTensor(node.shape, random));
    const first = [pass.gradient(node), jvp(graph, node, tangent).tangentOf(result)];
    for (const [index, derivative] of first.entries()) {
      if (typeof derivative !== "object") continue;
      for (const [otherName, other] of moving) {
        const what = `${index === 0 ? "reverse" : "forward"} ∂²/∂${name}∂${otherName}`;
        checkMoves(graph, derivative, other, random, what);
      }
    }
  }
}

/** How a derivative moves with a node: forward mode against central differences, reverse mode against forward mode. */
function checkMoves(graph: Graph, derivative: Node, node: Node, random: () => number, what: string): void {
  const tangent = normalTensor(node.shape, random);
  const difference = centralDifference(derivative, node, tangent);
  const moves = passValue(jvp(graph, node, graph.source(tangent)).tangentOf(derivative), derivative);
  assertClose(moves, difference, { relative: 1e-5, ofLargest: 1e-6, absolute: 1e-9 }, `forward over ${what}`);
  const probe = normalTensor(derivative.shape, random);
  const gradient = passValue(backward(graph, derivative, graph.source(probe)).gradient(node), node);
  assertNear(dot(gradient, tangent), dot(probe, moves), 1e-9 * scaleOf(probe, moves), `reverse over ${what}`);
}

/** In float32 values and gradients are float32 and agree with float64 to its precision. */
export function checkSingle({ graph, moving, result }: SampledCall): void {
  if (!hasDerivatives(result)) return;
  const tolerance = { relative: 1e-4, ofLargest: 2e-5, absolute: 1e-6 };
  const cotangent = graph.source(normalTensor(result.shape, generator(seed)));
  const single = valueOf(result, undefined, "float32");
  assert.equal(single.dtype, "float32");
  assertClose(single, valueOf(result), tolerance, "value");
  const pass = backward(graph, result, cotangent);
  for (const [name, node] of moving) {
    const gradient = pass.gradient(node);
    if (gradient === undefined || gradient === "pending") continue;
    assert.deepEqual(gradient.shape, node.shape, `the gradient of ${name} has its shape`);
    assert.equal(gradient.dtype, node.dtype, `the gradient of ${name} has its type`);
    assertClose(valueOf(gradient, undefined, "float32"), valueOf(gradient), tolerance, `vjp ${name}`);
  }
}

/** Whole numbers have none, and neither has the mean of nothing, which is NaN whatever moves. */
function hasDerivatives(result: Node): boolean {
  return isFloat(result.dtype) && !valueOf(result).data.some((value) => Number.isNaN(value));
}

function centralDifference(result: Node, node: Node, tangent: Tensor): Tensor {
  const at = valueOf(node);
  const after = valueOf(result, new Map([[node, moved(at, tangent, step)]]));
  const before = valueOf(result, new Map([[node, moved(at, tangent, -step)]]));
  const values = Array.from(after.data, (value, index) => difference(value, before.data[index]!));
  return fromArray("float64", result.shape, values);
}

/** Infinities that stay where they are do not move. */
function difference(after: number, before: number): number {
  return after === before ? 0 : (after - before) / (2 * step);
}

/** A sample that a difference step takes across a kink proves nothing: it must be drawn elsewhere. */
function assertOnePiece(
  op: OpDefinition,
  { result, sources }: SampledCall,
  node: Node,
  tangent: Tensor,
): void {
  if (op.branch === undefined || result.kind === "source") return;
  const resolved = resolveAttributes(op, result.attributes);
  assert.ok(!isRejected(resolved));
  const { branch } = op;
  const at = valueOf(node);
  const pieces = [-step, 0, step].map((factor) => {
    const values = new Map([[node, moved(at, tangent, factor)]]);
    const inputs = Object.fromEntries(
      Object.entries(result.operands).map(([name, operand]) => [
        name,
        operand === undefined
          ? undefined
          : "kind" in operand
            ? valueOf(operand, values)
            : operand.map((item) => valueOf(item, values)),
      ]),
    );
    return branch({
      inputs,
      attributes: resolved.values,
      output: { shape: result.shape, dtype: result.dtype },
    });
  });
  assert.deepEqual(pieces[0]!.data, pieces[1]!.data, `a sample of ${sources.size} inputs lies on a kink`);
  assert.deepEqual(pieces[2]!.data, pieces[1]!.data, `a sample of ${sources.size} inputs lies on a kink`);
}

function scaleOf(a: Tensor, b: Tensor): number {
  const size = (value: Tensor): number => Math.sqrt(dot(value, value));
  return Math.max(1e-3, size(a) * size(b));
}

function assertNear(actual: number, expected: number, allowed: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual}, expected ${expected}`);
}
