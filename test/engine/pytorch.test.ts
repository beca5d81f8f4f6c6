/** Whole specs against PyTorch: second derivatives of nets, Jacobians, and twenty steps of training with each optimizer. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { runText, troubles } from "./run-text";

type Numbers = number | readonly Numbers[];

interface SecondOrder {
  readonly name: string;
  readonly dtype: "float64" | "float32";
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly value: number;
  readonly wrt: Readonly<
    Record<
      string,
      { readonly gradient: Numbers; readonly hessian: Numbers; readonly v: Numbers; readonly hvp: Numbers }
    >
  >;
}

interface Training {
  readonly optimizer: string;
  readonly dtype: "float64" | "float32";
  readonly shuffle: boolean;
  readonly losses: readonly number[];
  readonly final: Readonly<Record<string, Numbers>>;
}

const oracle = JSON.parse(readFileSync(path.resolve(__dirname, "../oracle/whole_specs.json"), "utf8")) as {
  readonly second_order: readonly SecondOrder[];
  readonly jacobians: Readonly<Record<"x" | "w" | "jx" | "jw", Numbers>>;
  readonly training: readonly Training[];
};

/** The body of each net of make_whole_specs.py, in the language. */
const bodies: Readonly<Record<string, string>> = {
  classifier: `net Classifier(X: [N, 2], y: int[N]) -> [] {
  param W1: [2, 3]
  param b1: [3]
  param W2: [3, 3]
  h = tanh(X @ W1 + b1)
  J = cross_entropy(h @ W2, y) + 0.1 * sum(W1^2)
  return J
}
run r {
  HEAD
  m = Classifier(X, [0, 2, 1], W1 = W1, b1 = b1, W2 = W2)
  J = m.J
`,
  normed: `run r {
  HEAD
  J = mean((softplus(layer_norm(x, [4], g, b, eps = 1e-5)) @ w)^2)
`,
  attention: `op attend(q: [n, d], k: [n, d], v: [n, d]) -> [n, d] {
  return softmax(q @ k.T / 2, dim = -1) @ v
}
run r {
  HEAD
  J = sum(attend(q, k, v)^3)
`,
  convolution: `run r {
  HEAD
  J = mean(gelu(conv2d(x, w, b, stride = 1, padding = 1))^2)
`,
  logs: `run r {
  HEAD
  z = x @ w
  target: [3, 2] = full([3, 2], 0.25)
  J = sum(logsumexp(sigmoid(z), dim = 0)) + binary_cross_entropy_with_logits(z, target)
`,
};

function specOf({ name, dtype, inputs, value, wrt }: SecondOrder): string {
  const head = Object.entries(inputs).map(([input, numbers]) => `${input} = ${JSON.stringify(numbers)}`);
  const tolerance = dtype === "float64" ? "within 1e-12" : "within (2e-6, 2e-5)";
  const checks = [`check J ~= ${String(value)} ${tolerance}`];
  for (const [input, { gradient, hessian, v, hvp }] of Object.entries(wrt)) {
    checks.push(
      `check backward(J).${input} ~= ${JSON.stringify(gradient)} ${tolerance}`,
      `check hessian(J, ${input}) ~= ${JSON.stringify(hessian)} ${tolerance}`,
      `check hvp(J, ${input}, ${JSON.stringify(v)}) ~= ${JSON.stringify(hvp)} ${tolerance}`,
      `check jacobian(backward(J).${input}, ${input}) ~= ${JSON.stringify(hessian)} ${tolerance}`,
    );
  }
  const text = (bodies[name] ?? "").replace("HEAD", [`dtype ${dtype}`, ...head].join("\n  "));
  return `${text}  ${checks.join("\n  ")}\n}\n`;
}

suite("whole specs against PyTorch", () => {
  for (const each of oracle.second_order) {
    test(`second derivatives of ${each.name} in ${each.dtype}`, async () => {
      assert.deepEqual(troubles(await runText(specOf(each))), []);
    });
  }
  test("Jacobians of a softmax, by shape of y followed by that of x", async () => {
    const { x, w, jx, jw } = oracle.jacobians;
    const session = await runText(`run r {
  x = ${JSON.stringify(x)}
  w = ${JSON.stringify(w)}
  y = softmax(x @ w, dim = -1)
  check jacobian(y, x) ~= ${JSON.stringify(jx)} within 1e-12
  check jacobian(y, w) ~= ${JSON.stringify(jw)} within 1e-12
  check jacobian(y, w, rules = false) ~= ${JSON.stringify(jw)} within 1e-12
}
`);
    assert.deepEqual(troubles(session), []);
  });
  for (const { optimizer, dtype, shuffle, losses, final } of oracle.training) {
    test(`twenty steps of ${optimizer} in ${dtype}${shuffle ? ", shuffled" : ""}`, async () => {
      const tolerance = dtype === "float64" ? "within 1e-10" : "within (1e-5, 1e-4)";
      const checks = Object.entries(final).map(
        ([name, numbers]) => `check fit.model(X, y).${name} ~= ${JSON.stringify(numbers)} ${tolerance}`,
      );
      const session = await runText(`import { Linear } from "std"
net Net(X: [N, 3], y: int[N]) -> [] {
  fc = Linear(3, 4)
  out = Linear(4, 3)
  loss = cross_entropy(out(tanh(fc(X))), y)
  return loss
}
run r {
  seed torch 11
  dtype ${dtype}
  X = randn([7, 3])
  y = randint(3, [7])
  fit = train(Net(), data = batches(X, y, size = 2, shuffle = ${String(shuffle)}), optimizer = ${optimizer}, epochs = 5)
  check fit.loss ~= ${JSON.stringify(losses)} ${tolerance}
  ${checks.join("\n  ")}
  check fit.model.fc.weight == fit.model(X, y).fc.weight
}
`);
      assert.deepEqual(troubles(session), []);
    });
  }
});
