// Determinants, inverses and solutions of matrices regular, singular and with extraordinary numbers: compiled is interpreted.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { isRejected, operator } from "../../../../src/runtime/ops";
import { elementCount, fromArray, type FloatDType, type Shape } from "../../../../src/runtime/tensor";
import { generator } from "../../ops/sample-draw";
import { assertAgrees, compiled } from "../agreement";

const special = [0, -0, NaN, Infinity, -Infinity, 1e-310, 1e200, 1];

function record(graph: Graph, name: string, operands: Record<string, Node>): Node {
  const made = graph.apply(operator(name), operands, {});
  assert.ok(!isRejected(made), `${name} ${JSON.stringify(made)}`);
  return made;
}

suite("kernels of elimination", () => {
  test("they compute what their references compute, whatever the numbers are, and singular matrices are a fault", () => {
    const counts = { whole: 0, faults: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom<Shape>([], [2], [2, 1], [0], [1, 3]),
        fc.constantFrom(0, 1, 2, 3, 5, 8),
        fc.constantFrom<readonly [Shape, "matrix" | "vector"]>(
          [[], "vector"],
          [[], "matrix"],
          [[3], "matrix"],
        ),
        fc.nat(10_000),
        fc.constantFrom("ordinary", "whole", "special"),
        fc.constantFrom<FloatDType>("float64", "float32"),
        (batch, size, [rightBatch, right], seed, kind, float) => {
          const random = generator(seed);
          const graph = new Graph({ float });
          const source = (shape: Shape): Node => {
            const values = Array.from({ length: elementCount(shape) }, () => {
              if (kind === "whole") return Math.floor(3 * random()) - 1;
              if (kind === "special" && random() < 0.1)
                return special[Math.floor(random() * special.length)]!;
              return 2 * random() - 1;
            });
            return graph.source(fromArray(float, shape, values));
          };
          const x = source([...batch, size, size]);
          const what = `[${batch.join(" ")}] ${size} ${kind} ${seed} ${float}`;
          const check = (node: Node): void => {
            const program = assertAgrees([node], what);
            assert.deepEqual(program.report.references, []);
            counts[program.outcome === "fault" ? "faults" : "whole"]++;
          };
          check(record(graph, "det", { x }));
          if (size > 0) check(record(graph, "_cofactors", { x }));
          check(record(graph, "inverse", { x }));
          const width = seed % 4;
          const stretches = batch.every(
            (each, axis) =>
              each === 1 || rightBatch[axis - batch.length + rightBatch.length] !== 3 || each === 3,
          );
          if (right === "vector") check(record(graph, "solve", { a: x, b: source([size]) }));
          else if (stretches)
            check(record(graph, "solve", { a: x, b: source([...rightBatch, size, width]) }));
        },
      ),
      { seed: 42, numRuns: 150, endOnFailure: true },
    );
    assert.ok(counts.whole > 100 && counts.faults > 10, JSON.stringify(counts));
  });

  test("the inverse of a large matrix times the matrix is the unit matrix", () => {
    const size = 60;
    const random = generator(5);
    const graph = new Graph();
    const values = Array.from({ length: size * size }, () => 2 * random() - 1);
    const x = graph.source(fromArray("float64", [size, size], values));
    const product = record(graph, "matmul", { x, y: record(graph, "inverse", { x }) });
    const program = compiled([product]);
    assert.ok(program.run());
    program.value(product).data.forEach((value: number, at: number) => {
      assert.ok(Math.abs(value - Number(at % (size + 1) === 0)) < 1e-9, `element ${at} is ${value}`);
    });
  });
});
