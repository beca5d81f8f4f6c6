// Every rule of a range of ops with one mistake made at every place of it: none is missed, and each has its name.
import assert from "node:assert/strict";
import { backward, type Node } from "../../../src/runtime/graph";
import { Evaluator } from "../../../src/runtime/interpret";
import { isFault } from "../../../src/runtime/ops";
import { mutated, mutationsOf, rightOps, stepsOf, type Mutation, type RightOp } from "./mutants";
import { Program, type Rule } from "./program";
import type { GradcheckOutcome } from "../../../src/runtime/gradcheck";

function build(
  op: RightOp,
  wrap: (p: Program, key: string, rule: Rule) => Rule,
): { p: Program; loss: Node; inputs: Record<string, Node>; result: Node } {
  const p = new Program({ seed: 6 });
  const inputs = Object.fromEntries(
    Object.entries(op.shapes).map(([name, shape]) => [name, p.source(name, shape)]),
  );
  let y: Node;
  const vjp = Object.fromEntries(
    Object.entries(op.vjp).map(([key, rule]) => [key, wrap(p, key, (b, u) => rule(b, u, inputs, y))]),
  );
  const result = p.op(op.name, inputs, (b) => (y = op.body(b, inputs)), { vjp });
  const loss = p.b.sum(p.b.mul(p.source("c", result.shape), p.b.square(result)));
  return { p, loss, inputs, result };
}

function mutationsFor(op: RightOp, key: string): Mutation[] {
  const { p, inputs, result } = build(op, (_, __, rule) => rule);
  const moved = p.source("u", result.shape);
  const made = p.graph.applications[0]!.vjp.get(key)!(moved)!;
  const givens = [...Object.values(inputs), result, moved];
  return mutationsOf(stepsOf(made, givens), moved, givens);
}

/** Whether the mutated rule still gives the right numbers: −tanh² is no mistake. */
function isEquivalent({ graph, draw }: Program): boolean {
  const [application] = graph.applications;
  const { result, inputs, vjp } = application!;
  const u = graph.source(draw.randn(result.shape, "float64"));
  const pass = backward(graph, result, u, { rules: "derived" });
  const evaluator = new Evaluator();
  const value = (node: Node): number[] => {
    const tensor = evaluator.evaluate(node);
    assert.ok(!isFault(tensor));
    return [...tensor.data];
  };
  return [...vjp].every(([name, rule]) => {
    const right = value(pass.gradient(inputs.get(name)!) as Node);
    return value(rule(u)!).every((x, i) => Math.abs(x - right[i]!) <= 1e-9 * (1 + Math.abs(right[i]!)));
  });
}

function describe(outcome: GradcheckOutcome): string {
  return outcome.blame
    .map(
      ({ rule, explanation: e }) =>
        `${rule} ${e.kind} (${e.runnerUp?.kind ?? ""} ${String(e.runnerUp?.fit)}): ${e.message}`,
    )
    .join("\n");
}

suite("mutants of right rules", () => {
  for (const op of rightOps) {
    test(`${op.name}: the rules are right`, () => {
      const { p, loss, inputs } = build(op, (_, __, rule) => rule);
      const outcome = p.check(loss, inputs);
      assert.equal(outcome.verdict, "passed", describe(outcome));
    });
    for (const key of Object.keys(op.vjp)) {
      test(`${op.name}: vjp ${key}`, () => {
        const problems: string[] = [];
        // A third of all places; which, differs from op to op.
        const mutations = mutationsFor(op, key).filter((_, i) => i % 3 === key.length % 3);
        for (const mutation of mutations) {
          const refused: Mutation[] = [];
          const { p, loss, inputs } = build(op, (program, name, rule) => {
            if (name !== key) return rule;
            const { graph } = program;
            const wrong = mutated(graph, rule, mutation, () => [
              ...graph.applications[0]!.inputs.values(),
              graph.applications[0]!.result,
            ]);
            return (b, u) => {
              const made = wrong(b, u);
              if (made === undefined) refused.push(mutation);
              return made ?? rule(b, u);
            };
          });
          const outcome = p.check(loss, inputs);
          if (refused.length > 0 || isEquivalent(p)) continue;
          const found = outcome.blame.map(({ explanation }) => explanation.kind);
          const right =
            outcome.verdict === "failed" &&
            found.length === 1 &&
            mutation.kinds.includes(found[0]!) &&
            outcome.blame[0]!.rule === `vjp ${key}`;
          if (process.env.SHOW !== undefined)
            console.log(`   ${mutation.name}@${mutation.at}: ${describe(outcome)}`);
          if (!right)
            problems.push(
              `${mutation.name} at ${mutation.at} (${mutation.kinds.join("/")}) is ${outcome.verdict}: ${describe(outcome)}`,
            );
        }
        assert.equal(problems.length, 0, problems.join("\n"));
      });
    }
  }
});
