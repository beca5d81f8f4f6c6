// An operator applied to a sample of its own, in a graph of one float type, with its derivatives.
import assert from "node:assert/strict";
import { backward, Graph, jvp, type Node } from "../../../src/runtime/graph";
import { isRejected, type OpDefinition, type Sample } from "../../../src/runtime/ops";
import { cast, isFloat, type FloatDType, type Tensor } from "../../../src/runtime/tensor";
import { drawSample, generator, normalTensor } from "../ops/sample-draw";

/** The call of a sample in a graph of one float type, its vjps and jvps. */
export function recordedSample(op: OpDefinition, sample: Sample, float: FloatDType): Node[] {
  const graph = new Graph({ float });
  const moving: Node[] = [];
  const source = (value: Tensor): Node => {
    const node = graph.source(isFloat(value.dtype) ? cast(value, float) : value);
    if (isFloat(node.dtype)) moving.push(node);
    return node;
  };
  const operands = Object.fromEntries(
    Object.entries(drawSample(sample, 7)).map(([name, value]) => [
      name,
      "data" in value ? source(value) : value.map(source),
    ]),
  );
  const result = graph.apply(op, operands, sample.attributes ?? {});
  assert.ok(!isRejected(result));
  const found: Node[] = [result];
  if (!isFloat(result.dtype)) return found;
  const random = generator(11);
  const pass = backward(graph, result, graph.source(cast(normalTensor(result.shape, random), float)));
  for (const node of moving) {
    const gradient = pass.gradient(node);
    if (typeof gradient === "object") found.push(gradient);
    const tangent = jvp(graph, node, graph.source(cast(normalTensor(node.shape, random), float))).tangentOf(
      result,
    );
    if (typeof tangent === "object") found.push(tangent);
  }
  return found;
}
