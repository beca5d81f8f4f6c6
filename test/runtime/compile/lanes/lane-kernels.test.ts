// Running sums and products and positions of extremes, with NaN and infinities among them: compiled is interpreted.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { elementCount, fromArray, type DType, type Shape } from "../../../../src/runtime/tensor";
import { assertAgrees } from "../agreement";

const values = fc.constantFrom(0, -0, 1, -1, 2, 0.5, 3, NaN, Infinity, -Infinity);
const shapes = fc.constantFrom<Shape>([], [1], [9], [3, 4], [2, 3, 5], [4, 1, 2]);

suite("kernels along lanes", () => {
  test("they go through every lane in order, and the first of equals wins", () => {
    fc.assert(
      fc.property(
        shapes,
        fc.array(values, { minLength: 30, maxLength: 30 }),
        fc.constantFrom<DType>("float64", "float32", "int", "bool"),
        fc.nat(5),
        (shape, drawn, dtype, choice) => {
          const graph = new Graph();
          const whole = dtype === "int" || dtype === "bool";
          const own = drawn
            .slice(0, elementCount(shape))
            .map((value) => (whole && !Number.isFinite(value) ? 4 : value));
          const numbers =
            dtype === "bool"
              ? own.map((value) => Number(value !== 0))
              : own.map((v) => (whole ? Math.trunc(v) : v));
          const x = graph.source(fromArray(dtype, shape, numbers));
          const dim = shape.length === 0 ? 0 : choice % shape.length;
          const record = (
            name: string,
            operands: Record<string, Node>,
            attributes: Record<string, AttributeValue>,
          ): Node => {
            const made = graph.apply(operator(name), operands, attributes);
            assert.ok(!isRejected(made), name);
            return made;
          };
          const { report } = assertAgrees(
            [
              record("argmax", { x }, { dim }),
              record("argmin", { x }, { dim, keepdim: true }),
              record("argmax", { x }, {}),
              record("argmin", { x }, {}),
              record("cumsum", { x }, { dim }),
              record("cumprod", { x }, { dim }),
              record("linear_recurrence", { a: x, b: x }, { dim }),
            ],
            `${dtype} [${shape.join(" ")}] ${numbers.join(" ")}`,
          );
          assert.deepEqual(report.references, []);
        },
      ),
      { seed: 42, numRuns: 200, endOnFailure: true },
    );
  });
});
