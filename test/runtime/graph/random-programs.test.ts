// Random programs: every pass is adjoint to its partner, gradients are the sums of their contributions, and rules that
// say what autodiff says change nothing, however applications nest and wherever their inner nodes are used.
import assert from "node:assert/strict";
import fc from "fast-check";
import { backward, Graph, jvp, type Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault } from "../../../src/runtime/ops";
import { fromArray } from "../../../src/runtime/tensor";
import { applied, call } from "./numbers";

const derived = { rules: "derived" } as const;

interface Program {
  readonly graph: Graph;
  readonly leaves: readonly Node[];
  readonly nodes: Node[];
}

/** A choice is a number; what it decides depends on where the program stands. */
function randomProgram(choices: readonly number[]): Program {
  let next = 0;
  const choose = (count: number): number => choices[next++ % choices.length]! % count;
  const graph = new Graph();
  const leaves = [0, 1, 2].map((index) =>
    graph.source(fromArray("float64", [2], [0.3 + 0.2 * index, -0.4 + 0.1 * index])),
  );
  const nodes: Node[] = [...leaves];
  const step = (available: readonly Node[], depth: number): Node => {
    const pick = (): Node => available[choose(available.length)]!;
    switch (choose(depth > 0 ? 8 : 6)) {
      case 0:
        return call(graph, "tanh", { x: pick() });
      case 1:
        return call(graph, "sin", { x: pick() });
      case 2:
        return call(graph, "add", { x: pick(), y: pick() });
      case 3:
        return call(graph, "mul", { x: pick(), y: pick() });
      case 4:
        return call(
          graph,
          "slice",
          { x: call(graph, "cat", { tensors: [pick(), pick()] }) },
          { dim: 0, start: 1, stop: 3 },
        );
      case 5:
        return call(graph, "mul", { x: pick(), y: call(graph, "sum", { x: pick() }) });
      default:
        return application(available, depth - 1);
    }
  };
  /** An application on two nodes whose rules, for one input or both, are derived from its own body. */
  const application = (available: readonly Node[], depth: number): Node => {
    const a = available[choose(available.length)]!;
    const b = available[choose(available.length)]!;
    if (a === b) return call(graph, "sin", { x: a });
    const ruled = choose(3);
    const own = new Map<string, Node>();
    let result: Node | undefined;
    const rule = (name: string) => (moved: Node) => {
      const found = backward(graph, result!, moved, derived).gradient(own.get(name)!);
      return found === "pending" ? undefined : (found ?? graph.builder().zerosLike(moved));
    };
    const forward = (name: string) => (moved: Node) => {
      const found = jvp(graph, own.get(name)!, moved, derived).tangentOf(result!);
      return found === "pending" ? undefined : (found ?? graph.builder().zerosLike(moved));
    };
    const names = ruled === 0 ? ["a"] : ruled === 1 ? ["b"] : ["a", "b"];
    const rules = {
      vjp: Object.fromEntries(names.map((name) => [name, rule(name)])),
      jvp: Object.fromEntries(names.map((name) => [name, forward(name)])),
    };
    return applied(graph, "net", { a, b }, rules, () => {
      for (const [name, input] of Object.entries({ a, b }))
        own.set(name, call(graph, "identity", { x: input }));
      const inner = [...own.values()];
      for (let count = 1 + choose(3); count > 0; count--) inner.push(step(inner, depth));
      nodes.push(...inner.slice(2));
      result = call(graph, "neg", { x: inner.at(-1)! });
      return result;
    });
  };
  for (let count = 3 + choose(6); count > 0; count--) nodes.push(step(nodes, 2));
  return { graph, leaves, nodes };
}

function evaluated(evaluator: Evaluator, node: Node | "pending" | undefined): number[] {
  if (node === undefined) return [0, 0];
  assert.notEqual(node, "pending");
  const value = evaluator.evaluate(node as Node); // "pending" has been excluded
  assert.ok(!isFault(value));
  return [...value.data];
}

function assertNear(actual: readonly number[], expected: readonly number[], what: string): void {
  actual.forEach((value, index) => {
    const wanted = expected[index]!;
    const allowed = 1e-9 * Math.max(1, Math.abs(wanted));
    assert.ok(
      Math.abs(value - wanted) <= allowed,
      `${what}: [${String(actual)}] is not [${String(expected)}]`,
    );
  });
}

const programs = fc.array(fc.nat(10_000), { minLength: 40, maxLength: 80 });

suite("random programs", () => {
  test("rules that say what autodiff says change no gradient and no tangent", () => {
    fc.assert(
      fc.property(programs, (choices) => {
        const { graph, leaves, nodes } = randomProgram(choices);
        const evaluator = new Evaluator();
        const seed = graph.source(fromArray("float64", [2], [0.7, -1.3]));
        const root = call(graph, "add", { x: nodes.at(-1)!, y: nodes[Math.floor(nodes.length / 2)]! });
        const byHand = backward(graph, root, seed);
        const plain = backward(graph, root, seed, derived);
        for (const node of nodes) {
          assertNear(
            evaluated(evaluator, byHand.gradient(node)),
            evaluated(evaluator, plain.gradient(node)),
            "gradient",
          );
        }
        for (const leaf of leaves) {
          const moved = jvp(graph, leaf, seed).tangentOf(root);
          assertNear(
            evaluated(evaluator, moved),
            evaluated(evaluator, jvp(graph, leaf, seed, derived).tangentOf(root)),
            "tangent",
          );
        }
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  test("gradients are the sums of their contributions, and passes are adjoint", () => {
    fc.assert(
      fc.property(programs, (choices) => {
        const { graph, nodes } = randomProgram(choices);
        const evaluator = new Evaluator();
        const root = nodes.at(-1)!;
        const cotangent = graph.source(fromArray("float64", [2], [0.7, -1.3]));
        const tangent = graph.source(fromArray("float64", [2], [-0.2, 0.9]));
        const pass = backward(graph, root, cotangent);
        for (const node of nodes) {
          const gradient = evaluated(evaluator, pass.gradient(node));
          const parts = pass.contributions(node).map(({ value }) => evaluated(evaluator, value));
          assertNear(
            gradient,
            parts.reduce((a, b) => a.map((each, i) => each + b[i]!), [0, 0]),
            "contributions",
          );
          const moved = evaluated(evaluator, jvp(graph, node, tangent).tangentOf(root));
          const [left, right] = [0.7 * moved[0]! - 1.3 * moved[1]!, -0.2 * gradient[0]! + 0.9 * gradient[1]!];
          assertNear([left], [right], "⟨ȳ, Jv⟩ = ⟨Jᵀȳ, v⟩");
        }
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  test("second derivatives by hand rules and without agree", () => {
    fc.assert(
      fc.property(programs, (choices) => {
        const { graph, leaves, nodes } = randomProgram(choices);
        const evaluator = new Evaluator();
        const seed = graph.source(fromArray("float64", [2], [0.7, -1.3]));
        const [first] = leaves;
        const gradient = backward(graph, nodes.at(-1)!, seed).gradient(first!);
        if (gradient === undefined || gradient === "pending") return;
        const byHand = backward(graph, gradient, seed);
        const plain = backward(graph, gradient, seed, derived);
        for (const leaf of leaves) {
          const expected = evaluated(evaluator, plain.gradient(leaf));
          assertNear(evaluated(evaluator, byHand.gradient(leaf)), expected, "second order, reverse");
        }
      }),
      { seed: 42, numRuns: 100 },
    );
  });
});
