// Attention of all sizes, batches and masks, with its gradients: compiled is interpreted.
import assert from "node:assert/strict";
import { backward, Graph, type Node } from "../../../../src/runtime/graph";
import { cast, type FloatDType, type Shape } from "../../../../src/runtime/tensor";
import { generator, normalTensor } from "../../ops/sample-draw";
import { assertAgrees } from "../agreement";

function attend(shapes: readonly [Shape, Shape, Shape], causal: boolean, float: FloatDType): void {
  const graph = new Graph({ float });
  const sources = shapes.map((shape, i) => graph.source(cast(normalTensor(shape, generator(i + 1)), float)));
  const result = graph.builder().apply("scaled_dot_product_attention", sources, { causal });
  const cotangent = graph.source(cast(normalTensor(result.shape, generator(9)), float));
  const pass = backward(graph, result, cotangent);
  const gradients = sources
    .map((node) => pass.gradient(node))
    .filter((node): node is Node => typeof node === "object");
  assert.equal(gradients.length, 3);
  const what = `${JSON.stringify(shapes)} ${causal ? "causal" : ""} ${float}`;
  assert.deepEqual(assertAgrees([result, ...gradients], what).report.references, []);
}

suite("the kernel of attention", () => {
  for (const float of ["float32", "float64"] as const) {
    for (const causal of [false, true]) {
      test(`${causal ? "causal" : "whole"} attention in ${float}`, () => {
        attend(
          [
            [5, 4],
            [5, 4],
            [5, 3],
          ],
          causal,
          float,
        );
        attend(
          [
            [1, 1],
            [1, 1],
            [1, 1],
          ],
          causal,
          float,
        );
        attend(
          [
            [7, 9],
            [3, 9],
            [3, 2],
          ],
          causal,
          float,
        );
        attend(
          [
            [3, 8],
            [11, 8],
            [11, 5],
          ],
          causal,
          float,
        );
        attend(
          [
            [2, 1, 33, 16],
            [3, 33, 16],
            [33, 17],
          ],
          causal,
          float,
        );
        attend(
          [
            [0, 3, 2],
            [1, 4, 2],
            [4, 3],
          ],
          causal,
          float,
        );
      });
    }
  }
});
