/** Ops and nets checked by themselves: where their inputs and hyperparameters come from, and when there is no verdict. */
import assert from "node:assert/strict";
import { checkDiagnostics, diagnose } from "../language/check/snippet";
import { runText } from "./run-text";

/** `name: verdict reason` of every op and net of a text. */
async function verdicts(text: string): Promise<string[]> {
  const { ops = [], nets = [] } = (await runText(text, "gradcheck")).outcome.report;
  return [...ops, ...nets].map(({ name, gradcheck: { verdict, reason } }) =>
    `${name}: ${verdict} ${reason ?? ""}`.trim(),
  );
}

suite("sampling", () => {
  test("floats are drawn, bools too; ints need a sample", async () => {
    assert.deepEqual(
      await verdicts(`op a(x: [n], mask: bool[n]) -> [n] { return where(mask, x, 0) }
op b(x: [n], i: int[n]) -> [n] { return x * i }
op c(x: [n], i: int[n]) -> [n] {
  return x * i
  sample i = randint(5, [n])
}
op d(x: [n], i: int[2]) -> [2] {
  return x[i]
  sample i = [1, 0]
}
op e(x: [...]) -> [...] { return x^2 }
op f(x: [..., n], w: [n]) -> [...] { return x @ w }
op g(x: [2 * d], y: [d]) -> [d] { return y * x[:d] }
`),
      [
        "a: passed",
        "b: undecided no sample for i",
        "c: passed",
        "d: passed",
        "e: passed",
        "f: passed",
        "g: passed",
      ],
    );
  });
  test("inputs are drawn from where the value is a number, and it is said where", async () => {
    assert.deepEqual(
      await verdicts(`op root(x: [n]) -> [n] {
  return sqrt(x)
  vjp x(u) = u / (2 * sqrt(x))
}
op entropy(p: [n]) -> [] { return -sum(p * log(p)) }
op angle(x: [n]) -> [n] { return asin(x) }
op bce(y: [n], p: [n]) -> [] { return -sum(y * log(p) + (1 - y) * log(1 - p)) }
op far(x: [n]) -> [n] { return log(x - 5) }
`),
      [
        "root: passed Standard normal numbers give no value: `x` is drawn from (0, 2).",
        "entropy: passed Standard normal numbers give no value: `p` is drawn from (0, 2).",
        "angle: passed Standard normal numbers give no value: `x` is drawn from (-1, 1).",
        "bce: passed Standard normal numbers give no value: `p` is drawn from (0, 1).",
        "far: undecided its value is NaN: say how its inputs are drawn, as in `sample x = …`",
      ],
    );
  });
  test("a rule that is wrong in a branch that the first draw does not take has failed", async () => {
    const ramp = (rule: string): string => `op ramp(x: [n], a: []) -> [n] {
  return where(a > 0.5, x * a, x)
  vjp x(u) = ${rule}
}
`;
    assert.deepEqual(await verdicts(ramp("where(a > 0.5, u * a, u)")), ["ramp: passed"]);
    assert.deepEqual(await verdicts(ramp("where(a > 0.5, u * a, 2 * u)")), ["ramp: failed"]);
    assert.deepEqual(await verdicts(ramp("where(a > 0.5, u, u)")), ["ramp: failed"]);
  });
  test("sizes are such that nothing declared is empty", async () => {
    assert.deepEqual(
      await verdicts(`op conv(x: [n], w: [k]) -> [n - k + 1] {
  return [sum(x[i : i + k] * w) for i in 0 to n - k]
}
`),
      ["conv: passed"],
    );
  });
  test("what a sample's shape says of sizes holds for the other inputs", async () => {
    assert.deepEqual(
      await verdicts(`op conv(w: [o, c, 3, 3], x: [N, c, H, W]) -> [N, o, H - 2, W - 2] {
  return conv2d(x, w)
  vjp x(u) = conv_transpose2d(u, w)
  sample x = randn([2, 3, 6, 7])
}
op half(x: [2 * d], y: [d]) -> [d] {
  return y * x[:d]
  sample x = randn([8])
}
op any(x: [..., n], y: [...], w: [n]) -> [...] {
  return y * (x @ w)
  sample x = randn([2, 3, 4, 5])
}
op pick(x: [N, d], y: int[N]) -> [N] {
  return sum(x * one_hot(y, d), dim = 1)
  sample x = rand([4, 6])
  sample y = randint(d, [N])
}
op apart(x: [n], y: [n]) -> [n] {
  return x * y
  sample x = randn([4])
  sample y = randn([5])
}
op matrix(x: [n], w: [n]) -> [n] {
  return x * w
  sample x = randn([2, 3])
}
`),
      [
        "conv: passed",
        "half: passed",
        "any: passed",
        "pick: passed",
        "apart: undecided the sample of y is [5] where [4] is needed",
        "matrix: undecided the sample of x is [2, 3] where [3] is needed",
      ],
    );
  });
  test("hyperparameters come from a sample, a default, or the first application, of ops and of nets", async () => {
    assert.deepEqual(
      await verdicts(`op none(x: [n], k) -> [n] { return x * k }
op sampled(x: [n], k) -> [n] {
  return x * k
  sample k = 4
}
op default(x: [n], k = 3) -> [n] { return x^k }
op applied(x: [n], f) -> [n] { return f(x) }
net Applied(d)(x: [N, d]) -> [] {
  param W: [d] = randn()
  return sum(applied(x @ W, tanh))
}
net Never(d)(x: [N, d]) -> [] { return sum(x) }
run r { m = Applied(3)(ones([2, 3])) }
`),
      [
        "none: undecided no sample for k",
        "sampled: passed",
        "default: passed",
        "applied: passed",
        "Applied: passed",
        "Never: undecided no sample for d",
      ],
    );
  });
  test("a parameter that must be given is drawn; a kink is undecided; a hole is pending", async () => {
    assert.deepEqual(
      await verdicts(`op kink(x: [n]) -> [n] {
  return relu(x)
  sample x = [0, 1, 2]
}
op hole(x: [n]) -> [n] {
  return x^2
  vjp x(u) = ?
}
op open(x: [n]) -> [n] { return ? }
op ints(i: int[n]) -> int[n] {
  return i + 1
  sample i = [1, 2]
}
net Given(x: [n]) -> [] {
  param z: [n]
  return sum(x * z)
}
`),
      [
        "kink: undecided x: relu is on a kink at element [0]",
        "hole: pending x: a rule that it needs is a hole",
        "open: pending It depends on a hole.",
        "ints: undecided Its result is not float.",
        "Given: passed",
      ],
    );
  });
  test("a rule that has an error is no hole, and the error is told", async () => {
    const text = `op loss(z: [N, k], y: int[N]) -> [] {
  return -sum(one_hot(y, k) * log_softmax(z, dim = 1)) / N
  vjp z(u) = u
  sample y = randint(3, [N])
}
`;
    assert.deepEqual(await verdicts(text), ["loss: undecided z: a rule that it needs has an error"]);
    const { outcome } = await runText(text, "gradcheck");
    assert.match(outcome.diagnostics.map(({ message }) => message).join("\n"), /`vjp z` must have the shape/);
  });
  test("`sample` needs a name of the head; a hole that is returned has the declared shape", () => {
    checkDiagnostics("op f(x: [n]) -> [n] {\n  return x\n  sample ⟦q⟧ = 7\n}\n", [
      ["NN227", "`sample` needs an input"],
    ]);
    const [hole] = diagnose("op f(x: [n, m]) -> [m] { return ? }\n");
    assert.match(hole?.message ?? "", /an expression of shape \[m\]/u);
  });
});

suite("gradcheck statements", () => {
  test("what they are of and with respect to must be differentiable", async () => {
    const text = `net N(x: [n]) -> [] {
  param w: [n] = randn()
  return sum(x * w)
}
run r {
  y = [1, 2]
  i: int[2] = [1, 2]
  m = N(y)
  gradcheck ⟦3⟧
  gradcheck ⟦relu⟧
  gradcheck ⟦i⟧
  gradcheck m wrt ⟦3⟧
  gradcheck m wrt ⟦i⟧, y
  gradcheck m wrt ⟦nothing⟧
}
`;
    checkDiagnostics(text, [
      ["NN236", "the number 3"],
      ["NN236", "the function `relu`"],
      ["NN232", "`i` is int"],
      ["NN236", "a layer or an instance"],
      ["NN232", "`i` is int"],
      ["NN201", "`nothing`"],
    ]);
    const session = await runText(text.replaceAll(/[⟦⟧]/gu, ""));
    assert.deepEqual(
      session.outcome.report.runs?.[0]?.gradchecks.map(({ verdict, reason }) => [verdict, reason]),
      [
        ["undecided", "`3` has an error."],
        ["undecided", "`i` has an error."],
        ["undecided", "`nothing` has an error."],
      ],
    );
  });
  test("a layer stands for all its parameters, nested ones too; draws in the expression are leaves", async () => {
    const session = await runText(`import { Linear } from "std"
net Two(x: [N, 2]) -> [] {
  fc = Linear(2, 2)
  param s: [] = ones()
  return s * sum(tanh(fc(x)))
}
run r {
  layer = Two()
  m = layer(ones([1, 2]))
  c = chain([Linear(2, 2), tanh])
  y = sum(c(ones([1, 2])))
  gradcheck m wrt layer
  gradcheck y wrt c
  gradcheck sum(tanh(randn([3])))
}
`);
    assert.deepEqual(
      session.outcome.report.runs?.[0]?.gradchecks.map(({ verdict, leaves }) => [
        verdict,
        ...leaves.map(({ name }) => name),
      ]),
      [
        ["passed", "layer.s", "layer.fc.weight", "layer.fc.bias"],
        ["passed", "c.layers[0].weight", "c.layers[0].bias"],
        ["passed", "randn([3])"],
      ],
    );
  });
});
