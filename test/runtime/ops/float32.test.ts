// A float32 graph stays float32: no operator's kernel or rule brings in a float64 by the back door.
import assert from "node:assert/strict";
import { backward, Graph, jvp, type Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault, isRejected, operators, type OpDefinition, type Sample } from "../../../src/runtime/ops";
import { cast, isFloat, type Tensor } from "../../../src/runtime/tensor";
import { drawSample } from "./sample-draw";

suite("float32 graphs", () => {
  for (const op of [...operators.values()].sort((a, b) => a.name.localeCompare(b.name))) {
    if (op.name === "cast") continue; // its attribute is the type
    test(`${op.name}: values, gradients and tangents are float32 throughout`, () => {
      op.samples.forEach((sample, index) => checkSample(op, sample, index));
    });
  }
});

function checkSample(op: OpDefinition, sample: Sample, seed: number): void {
  const graph = new Graph({ float: "float32" });
  const sources: Node[] = [];
  const source = (value: Tensor): Node => {
    const node = graph.source(isFloat(value.dtype) ? cast(value, "float32") : value);
    sources.push(node);
    return node;
  };
  const operands = Object.fromEntries(
    Object.entries(drawSample(sample, seed)).map(([name, value]) => [
      name,
      "data" in value ? source(value) : value.map(source),
    ]),
  );
  const result = graph.apply(op, operands, sample.attributes ?? {});
  assert.ok(!isRejected(result));
  if (isFloat(result.dtype)) {
    const build = graph.builder();
    const pass = backward(graph, result, build.onesLike(result));
    for (const node of sources) {
      pass.gradient(node);
      if (isFloat(node.dtype)) jvp(graph, node, build.onesLike(node)).tangentOf(result);
    }
  }
  const evaluator = new Evaluator();
  for (const node of graph.nodes) {
    const what = node.kind === "apply" ? node.op.name : "constant";
    assert.notEqual(node.dtype, "float64", `${what} is float64`);
    const value = evaluator.evaluate(node);
    assert.ok(!isFault(value));
    assert.equal(value.dtype, node.dtype, what);
    assert.equal(value.data instanceof Float32Array, node.dtype === "float32", what);
  }
}
