// Second derivatives where a first one is 0 by convention: norms of 0 and deviations of constants, whose formulas divide by
// them. PyTorch gives NaN for some of these; a constant gradient has the derivative 0.
import assert from "node:assert/strict";
import { backward, Graph, jvp, type Node } from "../../../../src/runtime/graph";
import { isRejected, operator, type AttributeValue } from "../../../../src/runtime/ops";
import { fromArray } from "../../../../src/runtime/tensor";
import { passValue } from "../sampled-call";

/** x̄ and ẏ of `name` at `values`, and what x̄ and ẏ learn of x, by reverse mode. */
function atKink(
  name: string,
  values: readonly number[],
  attributes: Readonly<Record<string, AttributeValue>>,
) {
  const graph = new Graph();
  const x = graph.source(fromArray("float64", [values.length], values));
  const y = graph.apply(operator(name), { x }, attributes);
  assert.ok(!isRejected(y));
  const tangent = graph.source(
    fromArray(
      "float64",
      [values.length],
      values.map((_, index) => index + 1),
    ),
  );
  const one = graph.builder().onesLike(y);
  const first = [backward(graph, y, one).gradient(x), jvp(graph, x, tangent).tangentOf(y)];
  return first.map((derivative) => {
    const node = derivative as Node;
    const again = backward(graph, node, graph.builder().onesLike(node)).gradient(x);
    return { first: [...passValue(node, node).data], second: [...passValue(again, x).data] };
  });
}

suite("second derivatives at kinks", () => {
  for (const [name, values, attributes] of [
    ["norm", [0, 0], {}],
    ["norm", [0, 0], { p: 3 }],
    ["norm", [0, 0], { p: 2.5 }],
    ["std", [3, 3, 3], {}],
    ["std", [3, 3], { unbiased: false }],
  ] as const) {
    test(`${name} ${JSON.stringify(attributes)} at ${JSON.stringify(values)} are 0, not NaN`, () => {
      for (const { first, second } of atKink(name, values, attributes)) {
        assert.deepEqual(
          first.map(Math.abs),
          first.map(() => 0),
        );
        assert.deepEqual(
          second.map(Math.abs),
          second.map(() => 0),
        );
      }
    });
  }
});
