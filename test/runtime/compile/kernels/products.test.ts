// Matrix products of all sizes, transposed, batched, of vectors: compiled is interpreted.
import fc from "fast-check";
import assert from "node:assert/strict";
import { targetHere, tune } from "../../../../src/runtime/compile";
import { tuneProducts, tuningFor } from "../../../../src/runtime/compile/kernels/product/tuning";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { cast, isFloat, tensor, type FloatDType, type Shape } from "../../../../src/runtime/tensor";
import { generator, normalTensor } from "../../ops/sample-draw";
import { assertAgrees } from "../agreement";

const dtypes: readonly FloatDType[] = ["float64", "float32"];

function source(graph: Graph, shape: Shape, seed: number): Node {
  return graph.source(cast(normalTensor(shape, generator(seed)), graph.float));
}

function product(
  dtype: FloatDType,
  x: Shape,
  y: Shape,
  turned: { readonly x?: true; readonly y?: true } = {},
): Node {
  const graph = new Graph({ float: dtype });
  const build = graph.builder();
  const operand = (shape: Shape, isTurned: boolean, seed: number): Node =>
    isTurned
      ? build.transpose(source(graph, [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!], seed))
      : source(graph, shape, seed);
  return build.matmul(operand(x, turned.x === true, 1), operand(y, turned.y === true, 2));
}

suite("kernels of products", () => {
  const size = fc.integer({ min: 0, max: 19 });
  const shapes = fc.record({
    m: size,
    k: size,
    n: size,
    batch: fc.constantFrom<readonly [Shape, Shape]>(
      [[], []],
      [[2], []],
      [[], [3]],
      [[2, 1], [3]],
      [
        [2, 3],
        [2, 3],
      ],
    ),
    x: fc.boolean(),
    y: fc.boolean(),
    dtype: fc.constantFrom(...dtypes),
    deterministic: fc.boolean(),
  });

  test("products of any small sizes, turned over and in batches", () => {
    fc.assert(
      fc.property(shapes, ({ m, k, n, batch, x, y, dtype, deterministic }) => {
        const turned = { ...(x ? { x: true as const } : {}), ...(y ? { y: true as const } : {}) };
        const node = product(dtype, [...batch[0], m, k], [...batch[1], k, n], turned);
        const graph = assertAgrees([node], `${m} ${k} ${n}`, { deterministic });
        assert.deepEqual(graph.report.references, []);
      }),
      { seed: 42, numRuns: 120 },
    );
  });

  test("products with vectors on either side", () => {
    for (const dtype of dtypes) {
      for (const [m, k, n] of [
        [1, 1, 1],
        [5, 3, 7],
        [33, 70, 2],
        [2, 130, 41],
      ] as const) {
        assertAgrees([product(dtype, [k], [k, n])], "vector and matrix");
        assertAgrees([product(dtype, [m, k], [k])], "matrix and vector");
        assertAgrees([product(dtype, [k], [k])], "vectors");
        assertAgrees([product(dtype, [k], [3, k, n])], "vector and matrices");
        assertAgrees([product(dtype, [2, 3, m, k], [k])], "matrices and vector");
        assertAgrees([product(dtype, [m, k], [k], { x: true })], "turned matrix and vector");
      }
    }
  });

  test("products that are cut along k, rows and columns", () => {
    for (const dtype of dtypes) {
      for (const [m, k, n] of [
        [7, 1203, 9],
        [491, 40, 66],
        [64, 515, 130],
        [1, 2000, 90],
        [3, 1025, 5],
      ] as const) {
        for (const turned of [{}, { x: true }, { y: true }, { x: true, y: true }] as const)
          assertAgrees([product(dtype, [m, k], [k, n], turned)], `${m} ${k} ${n} ${JSON.stringify(turned)}`);
      }
    }
  });

  test("linear layers with every form of bias", () => {
    for (const dtype of dtypes) {
      for (const [rows, k, n] of [
        [[4], 3, 2],
        [[64], 100, 10],
        [[2, 5], 7, 33],
        [[], 9, 6],
        [[3], 4, 1],
      ] as const) {
        for (const bias of [undefined, [n], [1], []] as const) {
          const graph = new Graph({ float: dtype });
          const operands = [source(graph, [...rows, k], 1), source(graph, [n, k], 2)];
          if (bias !== undefined) operands.push(source(graph, bias, 3));
          const node = graph.builder().apply("linear", operands);
          assert.deepEqual(assertAgrees([node], "linear").report.references, []);
        }
      }
    }
  });

  test("what follows a product is computed of its own elements, in every form of product", () => {
    for (const [x, y, after] of [
      [[3, 5, 7], [7], [5]],
      [[3, 5, 7], [7], [3, 5]],
      [[5, 7], [7], [5]],
      [[5, 7], [7], []],
      [[3, 5, 7], [7, 4], [4]],
      [
        [3, 5, 7],
        [7, 4],
        [5, 4],
      ],
      [
        [3, 5, 7],
        [7, 1],
        [5, 1],
      ],
      [[1, 7], [7, 9], [1]],
      [[7], [7, 4], [4]],
      [[7], [7], []],
    ] as const) {
      for (const dtype of dtypes) {
        const graph = new Graph({ float: dtype });
        const build = graph.builder();
        const shift = source(graph, after, 3);
        const first = build.matmul(source(graph, x, 1), source(graph, y, 2));
        assertAgrees(
          [build.tanh(build.add(first, shift))],
          `${x.join(" ")} @ ${y.join(" ")}, ${after.join(" ")}`,
        );
        if (x.length < 2) continue;
        const weight = y.length === 2 ? [y[1], y[0]] : y;
        const second = build.apply("linear", [source(graph, x, 1), source(graph, weight, 2)]);
        assertAgrees([build.tanh(build.add(second, shift))], `linear ${x.join(" ")}, ${weight.join(" ")}`);
      }
    }
  });

  test("numbers that are not finite reach the elements that they belong to, and no others", () => {
    const graph = new Graph({ float: "float32" });
    const x = Float32Array.from({ length: 6 * 5 }, (_, i) => (i === 7 ? NaN : i === 13 ? Infinity : i));
    const y = Float32Array.from({ length: 5 * 3 }, (_, i) => (i === 4 ? -Infinity : 1e-41 * i));
    const [a, b] = [graph.source(tensor("float32", [6, 5], x)), graph.source(tensor("float32", [5, 3], y))];
    assertAgrees([graph.builder().matmul(a, b)], "special values");
    assert.ok(isFloat(a.dtype));
  });

  test("both innermost loops compute the same, and one of them is chosen", () => {
    const target = targetHere()!;
    // A clock on which the first or the second way takes longer: it is read once before, and five times a turn.
    const clock = (longer: 2 | 4): (() => number) => {
      let [time, reads] = [0, -1];
      return () => (time += reads++ % 5 === longer ? 2 : 1);
    };
    assert.equal(tuneProducts(target, clock(4), 30).loads, "first");
    assert.equal(tuneProducts(target, clock(2), 30).loads, "in order");
    try {
      for (const [m, k, n] of [
        [13, 9, 17],
        [64, 300, 40],
      ] as const)
        assertAgrees([product("float32", [m, k], [k, n])], `${m} ${k} ${n} in order`);
    } finally {
      tuneProducts(target, clock(4), 30);
    }
    assert.equal(tuningFor(target).loads, "first");
    assert.equal(
      tune(() => assert.fail("what was measured is remembered")),
      false,
    );
  });
});
