// Random programs over shapes, types and special values: compiled is interpreted, bit for bit where every operation is
// rounded once.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Evaluator } from "../../../src/runtime/interpret";
import { Graph, type Node } from "../../../src/runtime/graph";
import { isFault, isRejected, operator } from "../../../src/runtime/ops";
import { fromArray } from "../../../src/runtime/tensor";
import { assertAgrees, assertSameTensor, compiled } from "./agreement";
import { randomProgram, wantedOf } from "./random-program";

const choices = fc.array(fc.nat(10_000), { minLength: 40, maxLength: 80 });

suite("compiled random programs", () => {
  test("every operation that is rounded once gives the same bits, whatever the values are", () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const nodes = randomProgram(chosen, "exact");
        const wanted = wantedOf(nodes, chosen);
        const evaluator = new Evaluator();
        const graph = compiled(wanted);
        assert.ok(graph.run());
        for (const [index, node] of wanted.entries()) {
          const expected = evaluator.evaluate(node);
          assert.ok(!isFault(expected));
          const found = graph.value(node);
          assert.deepEqual(found.shape, expected.shape);
          found.data.forEach((value: number, at: number) => {
            // Which of the zeros is the larger one nobody promises.
            const wantedValue = expected.data[at]!;
            assert.ok(
              Object.is(value, wantedValue) || (value === 0 && wantedValue === 0),
              `output ${index} (${node.kind === "apply" ? node.op.name : "source"}), element ${at}: ${value} is not ${wantedValue}`,
            );
          });
        }
      }),
      { seed: 42, endOnFailure: true, numRuns: 400 },
    );
  });

  test("smooth functions and sums agree in float64", () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const nodes = randomProgram(chosen, "smooth");
        assertAgrees(wantedOf(nodes, chosen), "program");
      }),
      { seed: 42, endOnFailure: true, numRuns: 300 },
    );
  });

  test("what has been a float32 on its way is judged by float32's ulps, and nothing else", () => {
    const graph = new Graph({ float: "float32" });
    const apply = (name: string, operands: Record<string, Node>): Node => {
      const node = graph.apply(operator(name), operands, {});
      assert.ok(!isRejected(node));
      return node;
    };
    // The sine of a truth value is a float32, and the two ways there round it differently.
    const rounded = apply("sin", { x: graph.source(fromArray("bool", [1], [1])) });
    const one = graph.source(fromArray("float64", [1], [1]));
    const sum = apply("add", { x: one, y: rounded });
    assert.deepEqual([rounded.dtype, sum.dtype], ["float32", "float64"]);
    assertAgrees([sum], "a sum");
    const almost = fromArray("float64", [1], [1 + 1e-8]);
    assert.throws(() => {
      assertSameTensor(almost, fromArray("float64", [1], [1]), "a float64");
    }, /element 0/);
    assert.throws(() => {
      assertSameTensor(fromArray("float64", [1], [1 + 4e-5]), almost, "a float32", "float32");
    }, /element 0/);
  });
});
