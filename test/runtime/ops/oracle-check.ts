// Owns how one of PyTorch's cases goes through graph, passes and evaluator: forward, vjp for each input, jvp, refusals.
import assert from "node:assert/strict";
import { backward, Graph, jvp, type Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault, isRejected, operators, type OpDefinition, type Rejected } from "../../../src/runtime/ops";
import { isFloat, type Tensor } from "../../../src/runtime/tensor";
import { assertClose, type Tolerance } from "./closeness";
import { generator, normalTensor } from "./sample-draw";
import { dot } from "./sampled-call";
import { oracleCase, tensorOf, type StoredCase } from "./oracle-case";

interface Recorded {
  readonly graph: Graph;
  readonly sources: ReadonlyMap<string, Node>;
  readonly result: Node | Rejected;
}

function record(op: OpDefinition, stored: StoredCase): Recorded {
  const { operands, tensors, attributes } = oracleCase(stored);
  const graph = new Graph();
  const sources = new Map([...tensors].map(([name, value]) => [name, graph.source(value)] as const));
  const nodes = Object.fromEntries(
    Object.entries(operands).map(([input, names]) => [
      input,
      typeof names === "string" ? sources.get(names)! : names.map((name) => sources.get(name)!),
    ]),
  );
  return { graph, sources, result: graph.apply(op, nodes, attributes) };
}

/** The operator that a case is about. */
export function operatorOf(stored: StoredCase): OpDefinition {
  const { op } = oracleCase(stored);
  const found = operators.get(op);
  assert.ok(found !== undefined, `there is no operator ${op}`);
  return found;
}

/** Elementwise operators round once or twice; the others sum in another order than PyTorch. */
function toleranceOf(op: OpDefinition): Tolerance {
  return op.elementwise === undefined
    ? { relative: 1e-9, ofLargest: 1e-12 }
    : { relative: 1e-12, ofLargest: 1e-16 };
}

/** Output, vjp for each input, and jvp. `op` is the case's operator, or one with other rules. */
export function checkCase(op: OpDefinition, stored: StoredCase): void {
  const { graph, sources, result } = record(op, stored);
  assert.ok(!isRejected(result), `refused: ${JSON.stringify(result)}`);
  const tolerance = toleranceOf(op);
  const evaluator = new Evaluator();
  const valueOf = (node: Node): Tensor => {
    const value = evaluator.evaluate(node);
    assert.ok(!isFault(value), JSON.stringify(value));
    return value;
  };
  const expectedOutput = tensorOf(stored.output);
  assert.equal(result.dtype, expectedOutput.dtype, "the output's type");
  assertClose(valueOf(result), expectedOutput, tolerance, "output");
  if (stored.cotangent === null) return;
  const cotangent = tensorOf(stored.cotangent);
  const pass = backward(graph, result, graph.source(cotangent));
  for (const [name, expected] of Object.entries(stored.vjp)) {
    const gradient = pass.gradient(sources.get(name)!);
    assert.notEqual(gradient, "pending");
    const value = gradientValue(gradient, expected.shape, valueOf);
    assertClose(value, tensorOf(expected), tolerance, `vjp ${name}`);
    if (!stored.jvp_reliable && !expectedOutput.data.some((element) => Number.isNaN(element))) {
      const tangent = normalTensor(expected.shape, generator(1));
      const moves = jvp(graph, sources.get(name)!, graph.source(tangent)).tangentOf(result);
      checkAdjoint(cotangent, gradientValue(moves, result.shape, valueOf), value, tangent, name);
    }
  }
  if (!stored.jvp_reliable || stored.jvp === null) return;
  const tangents = Object.entries(stored.tangents).map(([name, tangent]) =>
    jvp(graph, sources.get(name)!, graph.source(tensorOf(tangent))).tangentOf(result),
  );
  const build = graph.builder();
  const moving = tangents.filter((tangent) => tangent !== undefined && tangent !== "pending");
  const sum = moving.length === 0 ? undefined : moving.reduce((total, tangent) => build.add(total, tangent));
  const moves = gradientValue(sum, stored.jvp.shape, valueOf);
  assertClose(moves, tensorOf(stored.jvp), tolerance, "jvp");
}

/** At a kink PyTorch says nothing about the jvp; but it must take the same side as the vjp: ⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩. */
function checkAdjoint(
  cotangent: Tensor,
  moves: Tensor,
  gradient: Tensor,
  tangent: Tensor,
  name: string,
): void {
  const along = dot(gradient, tangent);
  if (!Number.isFinite(along)) return;
  const across = dot(cotangent, moves);
  const allowed = 1e-9 * Math.max(Math.abs(along), Math.sqrt(dot(cotangent, cotangent) * dot(moves, moves)));
  const agrees = Number.isFinite(across) && Math.abs(across - along) <= allowed;
  assert.ok(agrees, `jvp ${name} at a kink: ${across} along ȳ, but the vjp says ${along}`);
}

/** A structural zero stands for zeros. */
function gradientValue(
  gradient: Node | "pending" | undefined,
  shape: readonly number[],
  valueOf: (node: Node) => Tensor,
): Tensor {
  if (gradient !== undefined && gradient !== "pending") return valueOf(gradient);
  const count = shape.reduce((product, size) => product * size, 1);
  return { dtype: "float64", shape, data: new Float64Array(count) };
}

/** At the shapes where they show it; labels and indices only by their values. */
export function checkRefused(stored: StoredCase): void {
  const { result } = record(operatorOf(stored), stored);
  if (isRejected(result)) return;
  const value = new Evaluator().evaluate(result);
  assert.ok(
    isFault(value),
    `accepted, with a result of shape [${isFloat(result.dtype) ? result.shape.join(", ") : ""}]`,
  );
}
