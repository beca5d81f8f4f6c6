// What is fused behind a kernel: products of every shape with biases, activations, and what others want to see as well.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph, type Node } from "../../../src/runtime/graph";
import { elementCount, fromArray, type FloatDType, type Shape } from "../../../src/runtime/tensor";
import { generator, normal } from "../ops/sample-draw";
import { assertAgrees } from "./agreement";

interface Layer {
  readonly float: FloatDType;
  readonly sizes: readonly [rows: number, inner: number, columns: number];
  readonly batch: number | undefined;
  readonly bias: "row" | "column" | "whole" | "number" | "none";
  readonly activation: "relu" | "tanh" | "none" | "scale" | "mask";
  /** Whether the value before the activation is wanted, too. */
  readonly both: boolean;
}

function outputsOf({ float, sizes: [rows, inner, columns], batch, bias, activation, both }: Layer): Node[] {
  const graph = new Graph({ float });
  const build = graph.builder();
  const random = generator(rows + 17 * inner + 31 * columns);
  const source = (shape: Shape): Node =>
    graph.source(
      fromArray(
        float,
        shape,
        Array.from({ length: elementCount(shape) }, () => normal(random)),
      ),
    );
  const outer = batch === undefined ? [rows] : [batch, rows];
  const z = build.matmul(source([...outer, inner]), source([inner, columns]));
  const shapes = { row: [columns], column: [rows, 1], whole: [...outer, columns], number: [] };
  const shifted = bias === "none" ? z : build.add(z, source(shapes[bias]));
  switch (activation) {
    case "relu":
      return [build.apply("relu", [shifted]), ...(both ? [shifted] : [])];
    case "tanh":
      return [build.tanh(shifted), ...(both ? [shifted] : [])];
    case "scale":
      return [build.mul(shifted, build.constant(0.5)), ...(both ? [build.neg(shifted)] : [])];
    case "mask":
      return [build.where(build.greater(shifted, build.constant(0.2)), shifted, build.square(shifted))];
    case "none":
      return [shifted];
  }
}

const layers: fc.Arbitrary<Layer> = fc.record({
  float: fc.constantFrom("float64", "float32"),
  sizes: fc.tuple(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 35 }),
  ),
  batch: fc.constantFrom(undefined, 1, 3),
  bias: fc.constantFrom("row", "column", "whole", "number", "none"),
  activation: fc.constantFrom("relu", "tanh", "none", "scale", "mask"),
  both: fc.boolean(),
});

suite("fused epilogues", () => {
  test("a product with a bias and an activation is what its parts are, one by one", () => {
    let fused = 0;
    fc.assert(
      fc.property(layers, (layer) => {
        const { report } = assertAgrees(outputsOf(layer), JSON.stringify(layer));
        if (report.steps.some((step) => step.endsWith(", fused"))) fused++;
      }),
      { seed: 42, numRuns: 200, endOnFailure: true },
    );
    assert.ok(fused > 75, `${fused} are fused`);
  });

  test("a layer is one step, and the value before the activation costs none of its own", () => {
    const layer: Layer = {
      float: "float32",
      sizes: [8, 6, 16],
      batch: undefined,
      bias: "row",
      activation: "tanh",
      both: false,
    };
    assert.deepEqual(assertAgrees(outputsOf(layer), "layer").report.steps, ["matmul, fused"]);
    assert.deepEqual(assertAgrees(outputsOf({ ...layer, both: true }), "both").report.steps, [
      "matmul, fused",
    ]);
  });
});
