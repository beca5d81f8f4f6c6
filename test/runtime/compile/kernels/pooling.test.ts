// Poolings of all geometries, lookups and scatters: compiled is interpreted, wrong indices included.
import fc from "fast-check";
import assert from "node:assert/strict";
import { backward, Graph, type Node } from "../../../../src/runtime/graph";
import { isRejected, operator } from "../../../../src/runtime/ops";
import { cast, tensor, type FloatDType, type Shape, type Tensor } from "../../../../src/runtime/tensor";
import { generator, normalTensor } from "../../ops/sample-draw";
import { assertAgrees } from "../agreement";

function normal(shape: Shape, seed: number, float: FloatDType): Tensor {
  return cast(normalTensor(shape, generator(seed)), float);
}

function whole(shape: Shape, below: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    "int",
    shape,
    Float64Array.from({ length: count }, (_, i) => (i * 5 + 1) % below),
  );
}

const floats = fc.constantFrom<FloatDType>("float32", "float64");

suite("kernels of pooling", () => {
  const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
  const geometry = fc.record({
    batch: fc.constantFrom<Shape>([3], [2, 2], [0, 1]),
    input: pair(1, 9),
    kernel_size: pair(1, 4),
    stride: pair(1, 3),
    padding: pair(0, 2),
    dilation: pair(1, 2),
    ceil_mode: fc.boolean(),
    count_include_pad: fc.boolean(),
    divisor: fc.boolean(),
    float: floats,
  });

  test("max and average pooling of any windows, with gradients and tangents", () => {
    let checked = 0;
    fc.assert(
      fc.property(geometry, ({ batch, input, float, dilation, count_include_pad, divisor, ...common }) => {
        const shared = { ...common };
        const max = { ...shared, dilation };
        const average = { ...shared, count_include_pad, ...(divisor ? { divisor_override: 3 } : {}) };
        for (const [op, attributes] of [
          ["max_pool2d", max],
          ["avg_pool2d", average],
        ] as const) {
          const graph = new Graph({ float });
          const x = graph.source(normal([...batch, ...input], 1, float));
          const result = graph.apply(operator(op), { x }, attributes);
          if (isRejected(result)) continue;
          checked++;
          const gradient = backward(graph, result, graph.source(normal(result.shape, 2, float))).gradient(x);
          assertAgrees([result, gradient as Node], op);
        }
      }),
      { seed: 42, numRuns: 120 },
    );
    assert.ok(checked > 80);
  });

  test("a NaN is the largest, and of equal elements the first", () => {
    const graph = new Graph({ float: "float32" });
    const data = Float32Array.of(1, 1, NaN, 0, 2, 2, NaN, -Infinity, -Infinity, -Infinity, -Infinity, 5);
    const x = graph.source(tensor("float32", [1, 3, 4], data));
    const build = graph.builder();
    const attributes = { kernel_size: [2, 2], stride: [1, 2] };
    const positions = build.apply("_max_pool_positions", [x], attributes);
    assertAgrees([build.apply("max_pool2d", [x], attributes), positions], "special values");
  });
});

suite("kernels of lookups", () => {
  test("embedding, gather and scatter_add of any sizes, with gradients", () => {
    const sizes = fc.record({
      rows: fc.integer({ min: 1, max: 6 }),
      width: fc.integer({ min: 0, max: 40 }),
      index: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
      padding: fc.option(fc.integer({ min: -1, max: 0 }), { nil: undefined }),
      float: floats,
    });
    fc.assert(
      fc.property(sizes, ({ rows, width, index, padding, float }) => {
        const graph = new Graph({ float });
        const weight = graph.source(normal([rows, width], 1, float));
        const found = graph
          .builder()
          .apply("embedding", [graph.source(whole(index, rows)), weight], { padding_idx: padding });
        const gradient = backward(graph, found, graph.source(normal(found.shape, 2, float))).gradient(weight);
        assert.deepEqual(assertAgrees([found, gradient as Node], "embedding").report.references, []);
      }),
      { seed: 42, numRuns: 60 },
    );
    for (const dim of [0, 1, 2]) {
      const graph = new Graph({ float: "float32" });
      const build = graph.builder();
      const x = graph.source(normal([4, 5, 6], 1, "float32"));
      const index = graph.source(whole([3, 4, 2], [4, 5, 6][dim]!));
      const source = graph.source(normal([3, 5, 7], 2, "float32"));
      const nodes = [
        build.apply("gather", [x, index], { dim }),
        build.apply("scatter_add", [x, index, source], { dim }),
      ];
      assert.deepEqual(assertAgrees(nodes, `along ${dim}`).report.references, []);
    }
  });

  test("an index outside is left to the reference evaluator, which says so", () => {
    for (const wrong of [-1, 3, NaN, 1e12]) {
      const graph = new Graph({ float: "float64" });
      const index = whole([4], 3);
      index.data[2] = wrong;
      const build = graph.builder();
      const [table, at] = [graph.source(normal([3, 2], 1, "float64")), graph.source(index)];
      assertAgrees([build.apply("embedding", [at, table])], "embedding");
      const vector = graph.source(normal([3], 1, "float64"));
      assertAgrees([build.apply("gather", [vector, at], { dim: 0 })], "gather");
    }
  });
});
