// Planted faults in ops of every kind: verdict, rule and kind of mistake must be right.
import assert from "node:assert/strict";
import type { Node } from "../../../src/runtime/graph";
import type { ExplanationKind, GradcheckOutcome } from "../../../src/runtime/gradcheck";
import type { Builder } from "../../../src/runtime/ops";
import { Program, type Rule, type Rules } from "./program";

type B = Builder<Node>;

/** loss = Σ c · f(inputs)²: one op between leaves and loss. */
function around(
  shapes: Readonly<Record<string, readonly number[]>>,
  body: (b: B, i: Record<string, Node>) => Node,
  rules: (i: Record<string, Node>, y: () => Node) => Rules,
  dtype: "float64" | "float32" = "float64",
): GradcheckOutcome {
  const p = new Program({ dtype, seed: 4 });
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, p.source(name, shape)]),
  );
  let y: Node | undefined;
  const result = p.op(
    "f",
    inputs,
    (b) => (y = body(b, inputs)),
    rules(inputs, () => y!),
  );
  const weights = p.source("c", result.shape);
  const loss = p.b.sum(p.b.mul(weights, p.b.square(result)));
  return p.check(loss, inputs);
}

interface Planted {
  readonly name: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly body: (b: B, i: Record<string, Node>) => Node;
  readonly rules: (i: Record<string, Node>, y: () => Node) => Rules;
  /** By rule. */
  readonly blame: Readonly<Record<string, ExplanationKind | readonly ExplanationKind[]>>;
}

const T = (b: B, x: Node): Node => b.transpose(x);
const k = (b: B, x: number): Node => b.constant(x);
const linear = (b: B, i: Record<string, Node>): Node => b.matmul(i.W!, i.x!);
const right = {
  x:
    (i: Record<string, Node>): Rule =>
    (b, u) =>
      b.matmul(T(b, i.W!), u),
  W:
    (i: Record<string, Node>): Rule =>
    (b, u) =>
      b.matmul(u, T(b, i.x!)),
};
const wide = { x: [4, 5], W: [3, 4] };
const square = { x: [3, 3], W: [3, 3] };

const planted: readonly Planted[] = [
  {
    name: "the sign of a rule",
    shapes: wide,
    body: linear,
    rules: (i) => ({ vjp: { x: (b, u) => b.neg(right.x(i)(b, u)!), W: right.W(i) } }),
    blame: { "vjp x": "sign" },
  },
  ...[2, 0.5, 5, 1 / 5].map((factor) => ({
    name: `the factor ${factor}`,
    shapes: wide,
    body: linear,
    rules: (i: Record<string, Node>): Rules => ({
      vjp: { x: right.x(i), W: (b, u) => b.mul(k(b, factor), right.W(i)(b, u)!) },
    }),
    blame: { "vjp W": "factor" } as const,
  })),
  {
    name: "a transpose left out where matrices are square",
    shapes: square,
    body: linear,
    rules: (i) => ({ vjp: { x: (b, u) => b.matmul(i.W!, u), W: right.W(i) } }),
    blame: { "vjp x": "transposed" },
  },
  {
    name: "a transposed result",
    shapes: square,
    body: linear,
    rules: (i) => ({ vjp: { W: (b, u) => T(b, right.W(i)(b, u)!) } }),
    blame: { "vjp W": "transposed" },
  },
  {
    name: "factors in the wrong order",
    shapes: square,
    body: linear,
    rules: (i) => ({ vjp: { W: (b, u) => b.matmul(T(b, i.x!), u) } }),
    blame: { "vjp W": "transposed" },
  },
  {
    name: "reshape for transpose",
    shapes: { x: [4, 5], W: [3, 4] },
    body: linear,
    rules: (i) => ({ vjp: { W: (b, u) => b.reshape(b.matmul(i.x!, T(b, u)), [3, 4]) } }),
    blame: { "vjp W": "transposed" },
  },
  {
    name: "f' left out",
    shapes: { x: [3, 4] },
    body: (b, i) => b.tanh(i.x!),
    rules: () => ({ vjp: { x: (_b, u) => u } }),
    blame: { "vjp x": "missing-factor" },
  },
  {
    name: "f' left out of a layer",
    shapes: { x: [5, 4], W: [4, 3] },
    body: (b, i) => b.tanh(b.matmul(i.x!, i.W!)),
    rules: (i) => ({
      vjp: { W: (b, u) => b.matmul(T(b, i.x!), u) },
    }),
    blame: { "vjp W": "missing-factor" },
  },
  {
    name: "f' at the output",
    shapes: { x: [3, 4] },
    body: (b, i) => b.sin(i.x!),
    rules: (_i, y) => ({ vjp: { x: (b, u) => b.mul(u, b.cos(y())) } }),
    blame: { "vjp x": "evaluated-at-output" },
  },
  {
    name: "tanh' at the output, used twice",
    shapes: { x: [3, 4] },
    body: (b, i) => b.tanh(i.x!),
    rules: (_i, y) => ({ vjp: { x: (b, u) => b.mul(u, b.sub(k(b, 1), b.square(b.tanh(y())))) } }),
    blame: { "vjp x": "evaluated-at-output" },
  },
  {
    name: "the cotangent left out of a scalar op",
    shapes: { x: [3, 4] },
    body: (b, i) => b.sum(b.square(i.x!)),
    rules: (i) => ({ vjp: { x: (b) => b.mul(k(b, 2), i.x!) } }),
    blame: { "vjp x": "missing-cotangent" },
  },
  {
    name: "the cotangent left out elementwise",
    shapes: { x: [3, 4] },
    body: (b, i) => b.exp(i.x!),
    rules: (_i, y) => ({ vjp: { x: () => y() } }),
    blame: { "vjp x": "missing-cotangent" },
  },
  {
    name: "ones for the cotangent",
    shapes: wide,
    body: linear,
    rules: (i) => ({ vjp: { x: (b, u) => b.matmul(T(b, i.W!), b.onesLike(u)) } }),
    blame: { "vjp x": "missing-cotangent" },
  },
  {
    name: "one argument for another",
    shapes: { x: [3, 4], w: [3, 4] },
    body: (b, i) => b.mul(i.x!, i.w!),
    rules: (i) => ({ vjp: { x: (b, u) => b.mul(u, i.x!), w: (b, u) => b.mul(u, i.x!) } }),
    blame: { "vjp x": "other-argument" },
  },
  {
    name: "both rules exchanged",
    shapes: { x: [3, 4], w: [3, 4] },
    body: (b, i) => b.mul(i.x!, b.square(i.w!)),
    rules: (i) => ({
      vjp: {
        x: (b, u) => b.mul(u, b.square(i.x!)),
        w: (b, u) => b.mul(k(b, 2), b.mul(u, b.mul(i.x!, i.w!))),
      },
    }),
    blame: { "vjp x": "other-argument" },
  },
  {
    name: "a contribution overwritten",
    shapes: { x: [3, 4] },
    body: (b, i) => b.add(b.exp(i.x!), b.mul(i.x!, b.sin(i.x!))),
    rules: (i) => ({ vjp: { x: (b, u) => b.mul(u, b.exp(i.x!)) } }),
    blame: { "vjp x": "overwritten-sum" },
  },
  {
    name: "a term dropped",
    shapes: { x: [3, 4] },
    body: (b, i) => b.tanh(i.x!),
    rules: (_i, y) => ({ vjp: { x: (b, u) => b.mul(u, b.neg(b.square(y()))) } }),
    blame: { "vjp x": "overwritten-sum" },
  },
  {
    name: "a row for the sum over rows",
    shapes: { x: [5, 3], b: [3] },
    body: (b, i) => b.add(i.x!, i.b!),
    rules: () => ({ vjp: { b: (b, u) => b.reshape(b.slice(u, 0, 0, 1, 1), [3]) } }),
    blame: { "vjp b": "missing-reduction" },
  },
  {
    name: "a reduction left out of softmax",
    shapes: { x: [4, 3] },
    body: (b, i) => b.apply("softmax", [i.x!], { dim: 1 }),
    rules: (_i, y) => ({ vjp: { x: (b, u) => b.mul(y(), b.sub(u, b.mul(u, y()))) } }),
    blame: { "vjp x": "missing-reduction" },
  },
  {
    name: "mean for sum",
    shapes: { x: [5, 3], b: [3] },
    body: (b, i) => b.add(i.x!, i.b!),
    rules: () => ({ vjp: { b: (b, u) => b.mean(u, [0]) } }),
    blame: { "vjp b": "factor" },
  },
  {
    name: "+ for −",
    shapes: { y: [3, 4], z: [3, 4] },
    body: (b, i) => b.sum(b.square(b.sub(i.y!, i.z!))),
    rules: (i) => ({ vjp: { y: (b, u) => b.mul(u, b.mul(k(b, 2), b.add(i.y!, i.z!))) } }),
    blame: { "vjp y": "sign" },
  },
  {
    name: "2 left out of a square",
    shapes: { y: [3, 4], z: [3, 4] },
    body: (b, i) => b.sum(b.square(b.sub(i.y!, i.z!))),
    rules: (i) => ({ vjp: { y: (b, u) => b.mul(u, b.sub(i.y!, i.z!)) } }),
    blame: { "vjp y": "factor" },
  },
  {
    name: "a jvp transposed",
    shapes: square,
    body: linear,
    rules: (i) => ({ jvp: { x: (b, v) => b.matmul(T(b, i.W!), v), W: (b, v) => b.matmul(v, i.x!) } }),
    blame: { "jvp x": "transposed" },
  },
  {
    name: "three mistakes at once",
    shapes: { x: [4, 5], W: [3, 4], b: [3, 1] },
    body: (b, i) => b.tanh(b.add(b.matmul(i.W!, i.x!), i.b!)),
    rules: (i, y) => ({
      vjp: {
        x: (b, u) => b.neg(b.matmul(T(b, i.W!), b.mul(u, b.sub(k(b, 1), b.square(y()))))),
        W: (b, u) => b.matmul(u, T(b, i.x!)),
        b: (b, u) => b.mean(b.mul(u, b.sub(k(b, 1), b.square(y()))), [1], true),
      },
    }),
    blame: { "vjp x": "sign", "vjp W": "missing-factor", "vjp b": "factor" },
  },
  {
    name: "two mistakes in one rule",
    shapes: square,
    body: (b, i) => b.tanh(b.matmul(i.W!, i.x!)),
    rules: (i) => ({ vjp: { x: (b, u) => b.matmul(i.W!, u) } }),
    blame: { "vjp x": ["missing-factor", "transposed"] },
  },
];

suite("planted faults in ops", () => {
  for (const { name, shapes, body, rules, blame } of planted) {
    for (const dtype of ["float64", "float32"] as const)
      test(`${name}, ${dtype}`, () => {
        const outcome = around(shapes, body, rules, dtype);
        assert.equal(outcome.verdict, "failed");
        const found: Record<string, string[]> = {};
        for (const { rule, explanation } of outcome.blame) (found[rule] ??= []).push(explanation.kind);
        const text = outcome.blame
          .map(
            ({ rule, explanation: e }) =>
              `${rule}: ${e.kind} ${e.fit} (${e.runnerUp?.kind} ${e.runnerUp?.fit}) factor ${e.factor} expr ${e.expression} | ${e.message}`,
          )
          .join("\n");
        if (process.env.SHOW) console.log(text);
        for (const [rule, kind] of Object.entries(blame))
          assert.deepEqual(found[rule]?.sort(), [kind].flat(), text);
        assert.deepEqual(Object.keys(found).sort(), Object.keys(blame).sort(), text);
      });
  }
});
