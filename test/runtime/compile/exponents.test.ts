// Exponents that are known to be numbers: products, quotients and roots, as the reference has them, and short derivatives.
import assert from "node:assert/strict";
import { compile, isCompiled } from "../../../src/runtime/compile";
import { backward, Graph, type Node, type SourceNode } from "../../../src/runtime/graph";
import { fromArray, full, scalar } from "../../../src/runtime/tensor";
import { assertAgrees } from "./agreement";
import { recordOp } from "./record-op";

const numbers = [-Infinity, -2, 0.3, 1.7, 2.9, 1e-160, 1e160, 0, Infinity, NaN, 1e-310, 7];

/** A power whose exponent is a source, and is noted to be its number or not. */
function power(exponent: number, isKnown: boolean): { graph: Graph; x: SourceNode; z: Node } {
  const graph = new Graph();
  const x = graph.source(fromArray("float64", [numbers.length], numbers));
  const y = graph.source(scalar(exponent, "float64"));
  if (isKnown) graph.constants.note(y, exponent);
  return { graph, x, z: recordOp(graph, "pow", { x, y }) };
}

function bytesOf(node: Node): number {
  const made = compile([node]);
  assert.ok(isCompiled(made));
  return made.report.moduleBytes;
}

suite("known exponents", () => {
  for (const exponent of [2, 3, 1, -1, 0.5]) {
    test(`^ ${exponent} is computed in line, with its derivative`, () => {
      const [known, general] = [power(exponent, true), power(exponent, false)];
      assertAgrees([known.z], `x ^ ${exponent}`);
      assert.ok(bytesOf(known.z) < bytesOf(general.z) / 2);
      const gradient = backward(known.graph, known.z, known.graph.source(full("float64", known.z.shape, 1)));
      const derivative = gradient.gradient(known.x);
      assert.ok(typeof derivative === "object");
      assertAgrees([derivative], `derivative of x ^ ${exponent}`);
      const names = new Set<string>();
      const stack: Node[] = [derivative];
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        if (node.kind === "apply") names.add(node.op.name);
        stack.push(...node.inputs);
      }
      assert.ok(!names.has("where") && !names.has("sub"), [...names].join());
    });
  }
});
