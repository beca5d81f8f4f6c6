// What depends on nothing that changes between runs: computed once, and anew when it changes all the same.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Graph, type Node, type SourceNode } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault } from "../../../src/runtime/ops";
import { fromArray, type Tensor } from "../../../src/runtime/tensor";
import { assertSameTensor, compiled } from "./agreement";
import { recordOp } from "./record-op";

function matrix(rows: number, columns: number, first: number): Tensor {
  const values = Array.from({ length: rows * columns }, (_, i) => Math.sin(first + i));
  return fromArray("float64", [rows, columns], values);
}

suite("values that last", () => {
  test("what depends on unchanging sources alone runs once, and what changes is computed at every run", () => {
    const graph = new Graph();
    const x = graph.source(matrix(4, 3, 0));
    const weights = graph.source(matrix(3, 3, 1));
    const gram = recordOp(graph, "matmul", { x: weights, y: weights });
    const powers = recordOp(graph, "exp", { x: gram });
    const result = recordOp(graph, "matmul", { x, y: powers });
    const program = compiled([result], { changing: [x] });
    assert.equal(program.report.lastingSteps, program.report.steps.length - 1);
    for (const first of [5, 6]) {
      const value = matrix(4, 3, first);
      assert.ok(program.run(new Map([[x, value]])));
      assertSameTensor(program.value(result), expectedOf(result, new Map([[x, value]])), "result");
    }
    // An unchanging one that is set after all.
    const value = matrix(3, 3, 7);
    assert.ok(program.run(new Map([[weights, value]])));
    const known = new Map([
      [x, matrix(4, 3, 6)],
      [weights, value],
    ]);
    assertSameTensor(program.value(result), expectedOf(result, known), "result");
  });

  test("it is not looked at again: the storage of an unchanging source may be spoilt behind its back", () => {
    const graph = new Graph();
    const x = graph.source(matrix(2, 3, 0));
    const weights = graph.source(matrix(3, 3, 1));
    const result = recordOp(graph, "mul", {
      x,
      y: recordOp(graph, "sum", { x: recordOp(graph, "exp", { x: weights }) }),
    });
    const program = compiled([result], { changing: [x] });
    assert.ok(program.run());
    const before = program.value(result);
    program.view(weights).fill(NaN);
    assert.ok(program.run());
    assert.deepEqual(program.value(result), before);
  });

  test("constants of the graph itself need not be named", () => {
    const graph = new Graph();
    const x = graph.source(matrix(2, 3, 0));
    const build = graph.builder();
    const counted = recordOp(graph, "cumsum", { x: build.onesLike(x) }, { dim: 1 }); // of this graph
    const result = recordOp(graph, "mul", { x, y: counted });
    const program = compiled([result]);
    assert.ok(program.report.lastingSteps > 0);
    assert.ok(program.run());
    assert.deepEqual(
      [...program.value(result).data],
      [0, 1, 2, 3, 4, 5].map((i) => Math.sin(i) * ((i % 3) + 1)),
    );
  });

  test("a fault among them is found at every run", () => {
    const graph = new Graph();
    const x = graph.source(matrix(2, 2, 0));
    const singular = graph.source(fromArray("float64", [2, 2], [1, 2, 2, 4]));
    const result = recordOp(graph, "matmul", { x, y: recordOp(graph, "inverse", { x: singular }) });
    const program = compiled([result], { changing: [x] });
    assert.equal(program.run(), false);
    assert.equal(program.run(), false);
    assert.equal(program.outcome, "fault");
    assert.ok(program.run(new Map([[singular, fromArray("float64", [2, 2], [1, 0, 0, 4])]])));
  });

  test("random programs give what they give without, whatever changes, and updates are made", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 30, maxLength: 40 }), fc.nat(15), (choices, mask) => {
        let next = 0;
        const choose = (count: number): number => choices[next++ % choices.length]! % count;
        const graph = new Graph();
        const sources: SourceNode[] = [];
        for (let k = 0; k < 4; k++) sources.push(graph.source(matrix(3, 3, k)));
        const nodes: Node[] = [...sources];
        const pick = (): Node => nodes[choose(nodes.length)]!;
        for (let k = 0; k < 9; k++) {
          const name = ["matmul", "add", "mul", "tanh", "sin", "sub", "softmax", "relu"][choose(8)]!;
          const x = pick();
          nodes.push(
            name === "matmul" || name === "add" || name === "mul" || name === "sub"
              ? recordOp(graph, name, { x, y: pick() })
              : recordOp(graph, name, { x }, name === "softmax" ? { dim: 1 } : {}),
          );
        }
        const [updated] = sources as [SourceNode];
        const following = recordOp(graph, "tanh", { x: nodes.at(-1)! });
        const changing = sources.filter((_, k) => ((mask >> k) & 1) === 1);
        const wanted = [nodes.at(-1)!, pick(), pick()];
        const program = compiled(wanted, { changing, updates: [[updated, following]] });
        const known = new Map(sources.map((source) => [source, source.value]));
        for (let turn = 0; turn < 3; turn++) {
          for (const [k, source] of changing.entries()) {
            if (source === updated && turn > 0) continue;
            const value = matrix(3, 3, 10 * turn + k);
            known.set(source, value);
            program.set(source, value);
          }
          assert.ok(program.run());
          for (const node of wanted)
            if (node !== updated)
              assertSameTensor(program.value(node), expectedOf(node, known), `turn ${turn}`);
          known.set(updated, expectedOf(following, known));
          assertSameTensor(program.value(updated), known.get(updated)!, `update in turn ${turn}`);
        }
      }),
      { seed: 42, numRuns: 150, endOnFailure: true },
    );
  });
});

function expectedOf(node: Node, known: ReadonlyMap<SourceNode, Tensor>): Tensor {
  const value = new Evaluator({ values: known }).evaluate(node);
  assert.ok(!isFault(value));
  return value;
}
