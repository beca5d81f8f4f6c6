// Losses, norms and variances, which are written as loops and folds, of ordinary and extraordinary numbers.
import assert from "node:assert/strict";
import fc from "fast-check";
import { backward, Graph, type Node } from "../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../src/runtime/ops";
import { elementCount, fromArray, type FloatDType, type Shape } from "../../../src/runtime/tensor";
import { assertAgrees, compiled } from "./agreement";
import { recordOp } from "./record-op";

const ordinary = fc.double({ min: -3, max: 3, noNaN: true });
const extraordinary = fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1e20, 1e-20, 1);
const numbers = fc.oneof({ weight: 12, arbitrary: ordinary }, { weight: 1, arbitrary: extraordinary });

const cases = fc.record({
  float: fc.constantFrom<FloatDType>("float64", "float32"),
  shape: fc.constantFrom<Shape>([7], [3, 5], [2, 3, 9], [4, 33]),
  first: fc.array(numbers, { minLength: 140, maxLength: 140 }),
  second: fc.array(numbers, { minLength: 140, maxLength: 140 }),
  how: fc.constantFrom("mean", "sum", "none"),
});

suite("expanded operators", () => {
  test("they compute what their references compute, whatever the numbers are", () => {
    fc.assert(
      fc.property(cases, ({ float, shape, first, second, how }) => {
        const graph = new Graph({ float });
        const count = elementCount(shape);
        const x = graph.source(fromArray(float, shape, first.slice(0, count)));
        const y = graph.source(fromArray(float, shape, second.slice(0, count)));
        const dim = [shape.length - 1];
        const check = (
          name: string,
          operands: Record<string, Node>,
          attributes: Record<string, AttributeValue>,
        ): void => {
          const made = recordOp(graph, name, operands, attributes);
          const { report } = assertAgrees([made], `${name} ${JSON.stringify(attributes)} in ${float}`);
          assert.deepEqual(report.references, []);
        };
        for (const name of [
          "mse_loss",
          "l1_loss",
          "huber_loss",
          "smooth_l1_loss",
          "kl_div",
          "binary_cross_entropy_with_logits",
        ])
          check(name, { x, y }, { reduction: how });
        for (const p of [0, 1, 2, 3, Infinity, -Infinity]) check("norm", { x }, { p, dim });
        check("var", { x }, { dim: [0] });
        check("std", { x }, { dim, unbiased: false });
        check("logsumexp", { x }, { dim });
        check("normalize", { x }, { dim: 0 });
        check("cosine_similarity", { x1: x, x2: y }, { dim: 0 });
      }),
      { seed: 42, numRuns: 40, endOnFailure: true },
    );
  });

  test("what is no probability is a fault", () => {
    const graph = new Graph();
    const x = graph.source(fromArray("float64", [3], [0, 0.25, 1]));
    const y = graph.source(fromArray("float64", [3], [0, 1, 1]));
    const loss = recordOp(graph, "binary_cross_entropy", { x, y });
    assert.deepEqual(assertAgrees([loss], "probabilities").report.references, []);
    const session = compiled([loss]);
    assert.equal(session.run(new Map([[x, fromArray("float64", [3], [0, 1.5, 1])]])), false);
    assert.equal(session.run(new Map([[x, fromArray("float64", [3], [0, NaN, 1])]])), false);
    assert.equal(session.outcome, "fault");
    assert.ok(session.run(new Map([[x, fromArray("float64", [3], [0, 0.5, 1])]])));
  });

  test("Einstein sums are matrix products pair by pair, whatever the order of their dimensions, and so are their gradients", () => {
    const sizes: Readonly<Record<string, number>> = { b: 3, h: 2, i: 5, j: 7, k: 9, q: 4, d: 6 };
    const equations = [
      "bij,bjk->bik",
      "bij,bkj->bik",
      "ijb,jkb->ikb",
      "bhqd,bhkd->bhqk",
      "bqhd,bkhd->bhqk",
      "ij,ij->",
      "ij,kj->ki",
      "i,j->ji",
      "ii,ij->j",
      "bij,j->bi",
      "bij,k->jk",
      "ij,k,jd->di",
      "ij,jk,kd->id",
      "bi,ij,bj->b",
      "i,i,i,i->",
      "bi,bi,bj,bj,bk->kj",
      "ij,jk,ki->",
    ];
    for (const equation of equations) {
      for (const float of ["float64", "float32"] as const) {
        const graph = new Graph({ float });
        const operands = equation
          .split("->")[0]!
          .split(",")
          .map((term, at) => {
            const shape = [...term].map((letter) => sizes[letter]!);
            return graph.source(
              fromArray(
                float,
                shape,
                Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(3 * i + at)),
              ),
            );
          });
        const made = graph.apply(operator("einsum"), { operands }, { equation });
        assert.ok(!isRejected(made));
        const build = graph.builder();
        const pass = backward(graph, made, build.onesLike(made));
        const wanted = [made, ...operands.map((operand) => pass.gradient(operand) as Node)]; // floats move the result
        assert.deepEqual(assertAgrees(wanted, `${equation} in ${float}`).report.references, []);
      }
    }
  });
});
