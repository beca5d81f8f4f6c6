// Convolutions of all geometries and their adjoints: compiled is interpreted.
import fc from "fast-check";
import assert from "node:assert/strict";
import { backward, Graph, type Node } from "../../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { cast, type FloatDType, type Shape } from "../../../../src/runtime/tensor";
import { generator, normalTensor } from "../../ops/sample-draw";
import { assertAgrees } from "../agreement";

/** The operator's result on random operands and the gradients of all of them. */
function withGradients(
  op: string,
  shapes: Readonly<Record<string, Shape>>,
  attributes: Readonly<Record<string, AttributeValue>>,
  float: FloatDType,
): Node[] | undefined {
  const graph = new Graph({ float });
  const operands = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [
      name,
      graph.source(cast(normalTensor(shape, generator(i + 1)), float)),
    ]),
  );
  const result = graph.apply(operator(op), operands, attributes);
  if (isRejected(result)) return undefined;
  const pass = backward(graph, result, graph.source(cast(normalTensor(result.shape, generator(9)), float)));
  const gradients = Object.values(operands).map((node) => pass.gradient(node));
  return [result, ...gradients.filter((node): node is Node => typeof node === "object")];
}

suite("kernels of convolutions", () => {
  const small = fc.integer({ min: 1, max: 3 });
  const pair = fc.tuple(small, small);
  const geometry = fc.record({
    batch: fc.integer({ min: 0, max: 2 }),
    groups: fc.integer({ min: 1, max: 2 }),
    channels: small,
    filters: small,
    input: fc.tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 19 })),
    kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })),
    stride: pair,
    padding: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    dilation: pair,
    bias: fc.boolean(),
    float: fc.constantFrom<FloatDType>("float32", "float64"),
  });

  test("any strides, paddings, dilations and groups, with all gradients", () => {
    let checked = 0;
    fc.assert(
      fc.property(geometry, ({ batch, groups, channels, filters, input, kernel, bias, float, ...rest }) => {
        const [all, perGroup] = [groups * filters, channels];
        const shapes = {
          x: [...(batch === 0 ? [] : [batch]), groups * channels, ...input],
          weight: [all, perGroup, ...kernel],
          ...(bias ? { bias: [all] } : {}),
        };
        const nodes = withGradients("conv2d", shapes, { ...rest, groups }, float);
        if (nodes === undefined) return;
        checked++;
        assert.deepEqual(assertAgrees(nodes, "conv2d").report.references, []);
      }),
      { seed: 42, numRuns: 120 },
    );
    assert.ok(checked > 60);
  });

  test("one dimension, and transposed ones", () => {
    for (const float of ["float32", "float64"] as const) {
      for (const stride of [1, 2]) {
        const line = { x: [2, 4, 37], weight: [6, 2, 5], bias: [6] };
        const first = withGradients("conv1d", line, { stride, padding: 2, groups: 2 }, float)!;
        assert.deepEqual(assertAgrees(first, "conv1d").report.references, []);
        const image = { x: [2, 4, 5, 9], weight: [4, 3, 3, 4], bias: [6] };
        const second = withGradients("conv_transpose2d", image, { stride, padding: 1, groups: 2 }, float)!;
        assert.deepEqual(assertAgrees(second, "conv_transpose2d").report.references, []);
      }
    }
  });

  test("kernels of one tap, results of one place, many places", () => {
    for (const [x, weight] of [
      [
        [2, 5, 7, 7],
        [6, 5, 1, 1],
      ],
      [
        [2, 3, 4, 5],
        [6, 3, 4, 5],
      ],
      [
        [1, 2, 30, 40],
        [3, 2, 3, 3],
      ],
    ] as const) {
      for (const float of ["float32", "float64"] as const) {
        const nodes = withGradients("conv2d", { x, weight, bias: [weight[0]] }, {}, float)!;
        assertAgrees(nodes, `${x.join(" ")} with ${weight.join(" ")}`);
      }
    }
  });
});
