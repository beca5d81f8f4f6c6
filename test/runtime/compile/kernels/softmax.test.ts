// Softmax along any dimension and the losses of classes: compiled is interpreted, special values and wrong labels included.
import fc from "fast-check";
import assert from "node:assert/strict";
import { backward, Graph, type Node } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { cast, tensor, type FloatDType, type Shape, type Tensor } from "../../../../src/runtime/tensor";
import { generator, normalTensor } from "../../ops/sample-draw";
import { assertAgrees } from "../agreement";

function normal(shape: Shape, seed: number, float: FloatDType): Tensor {
  return cast(normalTensor(shape, generator(seed)), float);
}

function labels(shape: Shape, classes: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    "int",
    shape,
    Float64Array.from({ length: count }, (_, i) => (i * 7 + 3) % classes),
  );
}

/** The shape with one of its dimensions so long that kernels compute it, and not loops: those have few elements. */
function lengthened(shape: Shape, axis: number): Shape {
  const others = shape.reduce((product, size, k) => (k === axis ? product : product * size), 1);
  return shape.map((size, k) => (k === axis && others > 0 ? Math.ceil(17_000 / others) : size));
}

suite("kernels of softmax", () => {
  test("softmax and its logarithm along every dimension, with gradients", () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(
        shapes,
        fc.nat(3),
        fc.option(fc.nat(3)),
        fc.constantFrom<FloatDType>("float32", "float64"),
        (short, axis, long, float) => {
          const shape = long === null ? short : lengthened(short, long);
          for (const op of ["softmax", "log_softmax"]) {
            const graph = new Graph({ float });
            const x = graph.source(normal(shape, 3, float));
            const dim = shape.length === 0 ? -1 : axis % shape.length;
            const result = graph.builder().apply(op, [x], { dim });
            const gradient = backward(graph, result, graph.source(normal(shape, 4, float))).gradient(x);
            const compiled = assertAgrees([result, gradient as Node], `${op} of ${shape.join(" ")}`);
            assert.deepEqual(compiled.report.references, []);
          }
        },
      ),
      { seed: 42, numRuns: 80 },
    );
  });

  test("infinite scores, NaN and scores whose exponentials underflow", () => {
    const rows = [
      [1, Infinity, 2, 3, 4],
      [-Infinity, 0, 1, -Infinity, 2],
      [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
      [0, NaN, 1, 2, 3],
      [0, -90, -100, -104, -800],
      [1e30, -1e30, 5, 1e30, 0],
    ];
    for (const float of ["float32", "float64"] as const) {
      for (const op of ["softmax", "log_softmax"]) {
        for (const dim of [0, 1]) {
          const graph = new Graph({ float });
          const x = graph.source(cast(tensor("float64", [6, 5], Float64Array.from(rows.flat())), float));
          const build = graph.builder();
          assertAgrees([build.apply(op, [x], { dim })], `${op} along ${dim}`);
          // The same so often that the kernels compute it.
          const often = build.apply("repeat", [x], { repeats: dim === 1 ? [700, 1] : [1, 700] });
          const copies = graph.source(new Evaluator().evaluate(often) as Tensor); // no fault
          assertAgrees([build.apply(op, [copies], { dim })], `${op} along ${dim} of many`);
        }
      }
    }
  });

  test("cross entropy and nll_loss in every form, with gradients", () => {
    const forms = fc.record({
      shape: fc.constantFrom<Shape>(
        [5],
        [4, 7],
        [9, 10],
        [3, 5, 2],
        [2, 3, 4, 2],
        [17_001],
        [1_701, 10],
        [3, 5_601],
        [21, 5, 163],
      ),
      reduction: fc.constantFrom("mean", "sum", "none"),
      ignore_index: fc.constantFrom(-100, 0, 2),
      label_smoothing: fc.constantFrom(0, 0.2),
      weighted: fc.boolean(),
      probabilities: fc.boolean(),
      float: fc.constantFrom<FloatDType>("float32", "float64"),
    });
    let checked = 0;
    fc.assert(
      fc.property(forms, ({ shape, weighted, probabilities, float, label_smoothing, ...rest }) => {
        const axis = shape.length === 1 ? 0 : 1;
        const classes = shape[axis]!;
        for (const op of ["cross_entropy", "nll_loss"]) {
          if (op === "nll_loss" && probabilities) continue;
          const graph = new Graph({ float });
          const x = graph.source(normal(shape, 5, float));
          const target = probabilities
            ? normal(shape, 6, float)
            : labels(
                shape.filter((_, i) => i !== axis),
                classes,
              );
          const operands = {
            x,
            target: graph.source(target),
            ...(weighted ? { weight: graph.source(normal([classes], 7, float)) } : {}),
          };
          const attributes: Record<string, AttributeValue> = { ...rest };
          if (op === "cross_entropy") attributes.label_smoothing = label_smoothing;
          const loss = graph.apply(operator(op), operands, attributes);
          if (isRejected(loss)) continue;
          checked++;
          const gradient = backward(graph, loss, graph.source(normal(loss.shape, 8, float))).gradient(x);
          assert.deepEqual(assertAgrees([loss, gradient as Node], op).report.references, []);
        }
      }),
      { seed: 42, numRuns: 150 },
    );
    assert.ok(checked > 100);
  });

  test("a label that is no class is left to the reference evaluator, which says so", () => {
    for (const wrong of [7, -1, NaN, 1e300]) {
      const graph = new Graph({ float: "float32" });
      const target = labels([6], 5);
      target.data[4] = wrong;
      const loss = graph
        .builder()
        .apply("cross_entropy", [graph.source(normal([6, 5], 1, "float32")), graph.source(target)]);
      assertAgrees([loss], `label ${wrong}`);
    }
  });
});
