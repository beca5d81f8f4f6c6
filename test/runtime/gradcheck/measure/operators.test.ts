// What is written of operators for the gradcheck's sake holds for each of their samples: lanes never meet, pulls are adjoints, lines are straight.
import assert from "node:assert/strict";
import { lanesOf, laneNumbers, turnsOf } from "../../../../src/runtime/gradcheck/measure/lanes";
import { lineOf } from "../../../../src/runtime/gradcheck/measure/line";
import { pullOf } from "../../../../src/runtime/gradcheck/measure/pulls";
import { Replay } from "../../../../src/runtime/gradcheck/measure/replay";
import type { Node } from "../../../../src/runtime/graph";
import { elementCount, isFloat, tensor, type Tensor } from "../../../../src/runtime/tensor";
import { normal, generator } from "../../ops/sample-draw";
import { sampledNodes, type SampledNode } from "./sampled-node";

const all = sampledNodes().filter(({ node }) => isFloat(node.dtype) && elementCount(node.shape) > 0);

/** The result where one operand has other elements. */
function resultAt({ node, base }: SampledNode, operand: Node, data: Float64Array): Float64Array {
  const replay = new Replay(base, [operand], [node]);
  replay.run([[operand, tensor("float64", operand.shape, data)]]);
  return Float64Array.from(replay.valueOf(node).data);
}

function moved({ data }: Tensor, entry: number, by: number): Float64Array {
  const copy = Float64Array.from(data);
  copy[entry] = copy[entry]! + by;
  return copy;
}

function normals(count: number): Float64Array {
  const random = generator(count + 7);
  return Float64Array.from({ length: count }, () => normal(random));
}

suite("what gradchecks know of operators", () => {
  test("an element moves results in its own lane alone", () => {
    const apart = new Set<string>();
    for (const sampled of all) {
      const { node, operands, base, title } = sampled;
      for (const operand of operands) {
        const lanes = lanesOf(operand.node, [node], [node]);
        if (lanes.count === 1) continue;
        apart.add(node.op.name);
        const laneOf = laneNumbers(node.shape, lanes.places[0]!)!;
        const start = base(node).data;
        turnsOf(operand.node.shape, lanes).forEach((entry, i) => {
          const found = resultAt(sampled, operand.node, moved(base(operand.node), entry, 1 / 64));
          found.forEach((value, at) => {
            if (laneOf[at] === i % lanes.count) return;
            assert.ok(Object.is(value, start[at]), `${title}: ${operand.name}[${entry}] moves ${at}`);
          });
        });
      }
    }
    for (const name of [
      "tanh",
      "matmul",
      "linear",
      "conv2d",
      "softmax",
      "cross_entropy",
      "layer_norm",
      "sum",
    ])
      assert.ok(apart.has(name), name);
  });

  test("a pull is the adjoint of what moving each element does", () => {
    const pulled = new Set<string>();
    for (const sampled of all) {
      const { node, operands, base, title } = sampled;
      for (const operand of operands) {
        const pull = pullOf(node, operand.node, base);
        if (pull === undefined) continue;
        pulled.add(`${node.op.name} ${operand.name}`);
        const field = normals(elementCount(node.shape));
        const before = field.slice();
        const found = pull(field);
        assert.deepEqual(field, before, title);
        assert.equal(found.length, elementCount(operand.node.shape), title);
        found.forEach((value, entry) => {
          const [above, below] = [1, -1].map((by) =>
            resultAt(sampled, operand.node, moved(base(operand.node), entry, by)),
          );
          const expected = field.reduce((sum, each, i) => sum + each * (above![i]! - below![i]!), 0) / 2;
          assert.ok(
            Math.abs(value - expected) <= 1e-12 * Math.max(1, Math.abs(expected)) * 10,
            `${title} ${entry}`,
          );
        });
      }
    }
    for (const name of [
      "matmul x",
      "matmul y",
      "linear weight",
      "linear bias",
      "conv2d weight",
      "conv2d x",
      "conv2d bias",
      "embedding weight",
      "select x",
      "cat tensors",
    ])
      assert.ok(pulled.has(name), name);
  });

  test("on a line that is taken for straight, nothing is computed again and everything is right", () => {
    let straight = 0;
    for (const sampled of all) {
      const { node, operands, base, title } = sampled;
      for (const leaves of [operands, ...operands.map((each) => [each])]) {
        const directed = leaves.map((each) => ({
          node: each.node,
          direction: normals(elementCount(each.node.shape)),
        }));
        const line = lineOf(base, directed, node);
        straight += Number(line.replay.steps.length === 0);
        for (const t of [-0.5, 0.25]) {
          line.replay.run(line.at(t));
          const found = line.replay.valueOf(node).data;
          const plain = new Replay(
            base,
            leaves.map((each) => each.node),
            [node],
          );
          plain.run(
            directed.map(({ node: leaf, direction }) => {
              const data = Float64Array.from(base(leaf).data, (x, i) => x + t * direction[i]!);
              return [leaf, tensor("float64", leaf.shape, data)] as const;
            }),
          );
          plain.valueOf(node).data.forEach((expected: number, i: number) => {
            if (Number.isNaN(expected)) assert.ok(Number.isNaN(found[i]), title);
            else if (expected !== found[i])
              assert.ok(
                Math.abs(found[i]! - expected) <= 1e-11 * Math.max(1, Math.abs(expected)),
                `${title} ${t}`,
              );
          });
        }
      }
    }
    assert.ok(straight > 50);
  });
});
