// What compiled modules say of a leaf's moving entries is what the replay says, and full gradchecks keep their verdicts.
import assert from "node:assert/strict";
import { Differences } from "../../../../src/runtime/gradcheck/measure/differences";
import { movingOf } from "../../../../src/runtime/gradcheck/measure/moving";
import { Replay } from "../../../../src/runtime/gradcheck/measure/replay";
import { Graph, type Node } from "../../../../src/runtime/graph";
import { Evaluator } from "../../../../src/runtime/interpret";
import { cast, tensor, type FloatDType, type Shape, type Tensor } from "../../../../src/runtime/tensor";
import { generator, normalTensor } from "../../ops/sample-draw";
import { Program } from "../program";

interface Case {
  readonly leaf: Node;
  readonly root: Node;
}

/** Graphs in which the leaf enters in another way each. */
const cases: Readonly<Record<string, (graph: Graph, source: (...shape: number[]) => Node) => Case>> = {
  "the weight of a linear layer": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(3, 5)];
    return { leaf, root: b.sum(b.tanh(b.apply("linear", [source(4, 5), leaf, source(3)]))) };
  },
  "a layer that is the root": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(3, 5)];
    return { leaf, root: b.apply("linear", [source(4, 5), leaf]) };
  },
  "its bias": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(3)];
    return { leaf, root: b.sum(b.tanh(b.apply("linear", [source(2, 4, 5), source(3, 5), leaf]))) };
  },
  "a bias of one number": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(1)];
    return { leaf, root: b.tanh(b.apply("linear", [source(4, 5), source(3, 5), leaf])) };
  },
  "its input": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(2, 4, 5)];
    return { leaf, root: b.tanh(b.apply("linear", [leaf, source(3, 5)])) };
  },
  "the left of a product": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(2, 4, 5)];
    return { leaf, root: b.exp(b.matmul(leaf, source(5, 3))) };
  },
  "the right of a product": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(5, 3)];
    return { leaf, root: b.exp(b.matmul(source(2, 4, 5), leaf)) };
  },
  "a transposed weight": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(3, 5)];
    return { leaf, root: b.exp(b.matmul(source(4, 5), b.transpose(leaf))) };
  },
  "a transposed input": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(5, 4)];
    return { leaf, root: b.exp(b.matmul(b.transpose(leaf), source(5, 3))) };
  },
  "both sides of a product": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(4, 4)];
    return { leaf, root: b.exp(b.matmul(leaf, leaf)) };
  },
  "a product and a sum": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(4, 4)];
    return { leaf, root: b.exp(b.add(b.matmul(source(4, 4), leaf), leaf)) };
  },
  "the filters of a convolution": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(2, 3, 2, 2)];
    return { leaf, root: b.tanh(b.apply("conv2d", [source(1, 3, 5, 4), leaf], { padding: 1 })) };
  },
  "a scalar": (graph, source) => {
    const [b, leaf] = [graph.builder(), source()];
    return { leaf, root: b.sum(b.tanh(b.mul(leaf, source(7)))) };
  },
  "an inner value": (graph, source) => {
    const b = graph.builder();
    const leaf = b.matmul(source(3, 4), source(4, 2));
    return { leaf, root: b.sum(b.square(b.apply("softmax", [leaf], { dim: 1 }))) };
  },
  "the root's own storage": (graph, source) => {
    const [b, leaf] = [graph.builder(), source(2, 3)];
    return { leaf, root: b.reshape(leaf, [3, 2]) };
  },
};

function prepared(name: string, float: FloatDType): Case & { readonly base: (node: Node) => Tensor } {
  const graph = new Graph({ float });
  let seed = 0;
  const source = (...shape: number[]): Node =>
    graph.source(cast(normalTensor(shape, generator(++seed)), float));
  const made = cases[name]!(graph, source);
  const evaluator = new Evaluator({ float: "float64" });
  return { ...made, base: (node) => evaluator.evaluate(node) as Tensor }; // nothing is at fault here
}

suite("moving entries by compiled modules", () => {
  for (const name of Object.keys(cases)) {
    test(`${name} moves the root as the replay does`, () => {
      for (const float of ["float64", "float32"] as const) {
        const { leaf, root, base } = prepared(name, float);
        const entries = Array.from(base(leaf).data, (_, i) => i);
        // Each cotangent looks at one element of the root.
        const size = base(root).data.length;
        const cotangents = Array.from({ length: size }, (_, i) => new Float64Array(size).fill(1, i, i + 1));
        const moveOf = () => ({ changes: [0.25], width: 1 });
        const moving = movingOf({ base, leaf, root, cotangents, moveOf, milliseconds: 0.2 });
        assert.ok(moving !== undefined);
        const replay = new Replay(base, [leaf], [root]);
        for (const entry of entries) {
          const data = Float64Array.from(base(leaf).data);
          data[entry] = data[entry]! + 0.25;
          replay.run([[leaf, tensor("float64", leaf.shape, data)]]);
          const at = moving.slopes(entry);
          assert.ok(at !== undefined);
          replay.valueOf(root).data.forEach((expected: number, i: number) => {
            assert.ok(
              Math.abs(at[i]! - expected) <= 1e-13 * Math.max(1, Math.abs(expected)),
              `${name} ${entry}`,
            );
          });
        }
      }
    });
  }

  test("a root that does not depend on the leaf is left to others", () => {
    const graph = new Graph();
    const [leaf, other] = [1, 2].map((seed) => graph.source(normalTensor([2] as Shape, generator(seed))));
    const evaluator = new Evaluator();
    const base = (node: Node): Tensor => evaluator.evaluate(node) as Tensor; // nothing is at fault here
    const input = {
      base,
      leaf: leaf!,
      root: graph.builder().exp(other!),
      cotangents: [Float64Array.of(1, 1)],
    };
    const moveOf = () => ({ changes: [1], width: 1 });
    assert.equal(movingOf({ ...input, moveOf, milliseconds: 1 }), undefined);
  });

  test("differences are the same with and without", () => {
    for (const name of Object.keys(cases)) {
      const { leaf, root, base } = prepared(name, "float64");
      const cotangents = [Float64Array.from({ length: base(root).data.length }, (_, i) => Math.cos(i))];
      const [slow, fast] = [0, 1].map(() => new Differences(base, leaf, root, cotangents, () => undefined));
      fast!.accelerate([0]);
      for (let entry = 0; entry < base(leaf).data.length; entry++) {
        const [expected] = slow!.quick(entry);
        const [found] = fast!.quick(entry);
        assert.ok(
          Math.abs(found! - expected!) <= 1e-8 * Math.max(1, Math.abs(expected!)),
          `${name} ${entry}`,
        );
      }
    }
  });

  test("a full check of a larger net finds the one wrong entry among thousands, and nothing else", () => {
    for (const planted of [0, 1e-3]) {
      const p = new Program();
      const x = p.source("x", [4, 60]);
      const w = p.source("W", [60, 40]);
      const mistake = tensor(
        "float64",
        [60, 40],
        Float64Array.from({ length: 2400 }, (_, i) => (i === 1234 ? planted : 0)),
      );
      const z = p.op("layer", { x, W: w }, (b) => b.matmul(x, w), {
        vjp: { W: (b, u) => b.add(b.matmul(b.transpose(x), u), b.tensor(mistake)) },
      });
      const loss = p.b.mean(p.b.square(p.b.tanh(p.b.mul(z, p.b.constant(0.1)))));
      const outcome = p.check(loss, { W: w }, { effort: "full" });
      assert.equal(outcome.entries, 2400);
      assert.equal(outcome.verdict, planted === 0 ? "passed" : "failed", outcome.reason ?? "");
      if (planted !== 0) assert.deepEqual(outcome.leaves[0]!.worst!.index, [30, 34]);
      else assert.ok(outcome.worstError < 1e-8);
    }
  });
});
