// The graph as the panel draws it: nodes, bodies, edges, and how cotangents flow. Norms are closed forms.
import assert from "node:assert/strict";
import { norm } from "../../../src/engine/answers/norm";
import type { GraphReport } from "../../../src/protocol";
import { runText, troubles } from "../run-text";

async function graphOf(text: string, norms = false): Promise<GraphReport> {
  const session = await runText(text);
  assert.deepEqual(troubles(session), []);
  const target = session.outcome.targets[0]!.name;
  return session.answer({ kind: "graph", target, root: null, norms }) ?? assert.fail("no answer");
}

/** "x → y" by names, or texts where there are none. */
function arrows({ nodes }: GraphReport, ends: readonly { readonly from: number; readonly to: number }[]) {
  const title = (position: number): string => {
    const { name, text, op } = nodes[position]!;
    return name ?? (text || op);
  };
  return ends.map(({ from, to }) => `${title(from)} → ${title(to)}`);
}

suite("engine: answering with the graph", () => {
  const square = "run one {\n  x = [1.0, 2.0, 3.0]\n  y = x * x\n  s = sum(y + x)\n  d = backward(s)\n}\n";

  test("edges go from inputs to what is computed, parts of expressions are nodes by their text", async () => {
    const graph = await graphOf(square);
    assert.deepEqual(arrows(graph, graph.edges), ["x → y", "x → y", "y → y + x", "x → y + x", "y + x → s"]);
    assert.deepEqual(
      graph.edges.slice(0, 2).map(({ input }) => input),
      ["x", "y"],
    );
    assert.deepEqual(
      graph.nodes.map(({ shape, role }) => [role, ...shape]),
      [["value", 3], ["value", 3], ["operator", 3], ["value"]],
    );
  });

  test("cotangents flow from consumers to inputs, the latest first, with the sizes of their shares", async () => {
    const graph = await graphOf(square, true);
    assert.deepEqual(arrows(graph, graph.flows), ["y + x → x", "y → x", "y → x", "y + x → y", "s → y + x"]);
    // ds/dx = 2x + 1: the sum hands on ones, and the product x from either side.
    const [one, half] = [Math.sqrt(3), Math.sqrt(14)];
    close(
      graph.flows.map(({ norm }) => norm),
      [one, half, half, one, one],
    );
    close(
      graph.nodes.map(({ norm }) => norm),
      [Math.hypot(3, 5, 7), one, one, 1],
    );
  });

  test("norms are computed where they are asked for, else not", async () => {
    const graph = await graphOf(square);
    assert.deepEqual(new Set([...graph.nodes, ...graph.flows].map(({ norm }) => norm)), new Set([null]));
    assert.deepEqual(new Set(graph.nodes.map(({ gradient }) => gradient)), new Set(["flows"]));
  });

  test("bodies stand one in the other: nets by their instances, ops by their applications", async () => {
    const { groups, nodes, flows } = await graphOf(nested, true);
    assert.deepEqual(
      groups.map(({ kind, name, of, parent, result }) => [kind, name, of, parent, nodes[result!]!.name]),
      [
        ["net", "m", "Two", null, "h"],
        ["net", "a", "Layer", 0, "h"],
        ["op", "cube", "cube", 1, "h"],
        ["net", "b", "Layer", 0, "h"],
        ["op", "cube", "cube", 3, "h"],
      ],
    );
    assert.deepEqual(
      nodes.map(({ name, text, op, group }) => [name ?? text, op, group]),
      [
        ["x", "", null],
        ["W", "", 1],
        ["x @ W", "matmul", 1],
        ["q", "mul", 2],
        ["h", "cube", 1],
        ["W", "", 3],
        ["x @ W", "matmul", 3],
        ["q", "mul", 4],
        ["h", "cube", 3],
        ["s", "sum", null],
      ],
    );
    // The hand-written rule goes past the body of its op.
    assert.deepEqual(
      flows.filter(({ rule }) => rule !== null).map(({ from, to, rule }) => [from, to, rule]),
      [
        [4, 2, "vjp a"],
        [8, 6, "vjp a"],
      ],
    );
    assert.deepEqual(
      flows.filter(({ from }) => from === 3 || from === 7),
      [],
    );
  });

  test("what a transform recorded is one step with a body, shared nodes aside", async () => {
    const text =
      "run one {\n  x = [1.0, 2.0]\n  W = [[1.0, 2.0], [3.0, 4.0]]\n  y = W @ x\n  D = jacobian(y, W)\n  s = sum(D)\n}\n";
    const { groups, nodes, edges } = await graphOf(text);
    const position = nodes.findIndex(({ name }) => name === "D");
    assert.deepEqual(groups, [
      { kind: "op", name: "jacobian", of: "jacobian", parent: null, result: position },
    ]);
    assert.equal(nodes[position]!.op, "jacobian");
    const inside = nodes.flatMap(({ group }, index) => (group === 0 ? [index] : []));
    assert.ok(inside.length >= 5, "two unit vectors, a product for each, and how they are put together");
    // Nobody else uses what is inside, so that it can be folded away.
    for (const { from, to } of edges)
      if (inside.includes(from)) assert.ok(inside.includes(to) || to === position);
    assert.deepEqual(
      nodes.filter(({ group }) => group === null).map(({ name }) => name),
      ["x", "W", "y", "D", "s"],
    );
  });

  test("gradients that are read on the way are steps of their own", async () => {
    const text =
      "run one {\n  x = [1.0, 2.0]\n  s = sum(tanh(x)^2)\n  d = backward(s)\n  g = 2 * d.x\n  t = sum(g * x)\n}\n";
    const { groups, nodes } = await graphOf(text);
    assert.deepEqual(
      groups.map(({ kind, name }) => [kind, name]),
      [["op", "backward"]],
    );
    const result = nodes[groups[0]!.result!]!;
    assert.deepEqual([result.op, result.text, result.group], ["backward", "", null]);
  });

  test("a hole on the way is said, and what comes before it is not a zero", async () => {
    const { nodes } = await graphOf(nested.replace("3 * a^2 * u", "?"));
    const of = (name: string) => nodes.find((node) => node.name === name)?.gradient;
    assert.deepEqual([of("s"), of("x"), of("W")], ["flows", "pending", "pending"]);
  });

  test("norms neither overflow nor hide what is not a number", () => {
    close([norm([3e200, 4e200]), norm([3e-200, 4e-200])], [5e200, 5e-200]);
    assert.equal(norm([1, -Infinity]), Infinity);
    assert.ok(Number.isNaN(norm([1, NaN, Infinity])));
    assert.equal(norm([]), 0);
  });
});

const nested = `op cube(a: [...]) -> [...] {
  q = a * a
  return q * a
  vjp a(u) = 3 * a^2 * u
}
net Layer(n)(x: [N, k]) -> [N, n] {
  W: [k, n] = ones([k, n])
  h = cube(x @ W)
  return h
}
net Two(x: [N, k]) -> [N, 2] {
  a = Layer(3)(x)
  b = Layer(2)(a)
  return b
}
run one {
  x = ones([2, 2])
  m = Two(x)
  s = sum(m)
  d = backward(s)
}
`;

function close(actual: readonly (number | null)[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, each] of expected.entries())
    assert.ok(
      Math.abs((actual[i] ?? NaN) - each) < 1e-12 * each,
      `${String(actual[i])} is not ${String(each)}`,
    );
}
