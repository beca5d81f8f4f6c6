// Owns feed-forward nets with hand-derived backpropagation as rules, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const netPrograms: readonly FaultyProgram[] = [
  {
    name: "a classifier with weight decay",
    text: `
net Classifier(n_in, n_hidden, n_out, lambda = 0.1)(X: [N, n_in], Y: [N, n_out]) -> [] {
  param W1: [n_in, n_hidden] = randn()
  param b1: [n_hidden] = randn()
  param W2: [n_hidden, n_out] = randn()
  param b2: [n_out] = randn()
  z = X @ W1 + b1
  h = tanh(z)
  o = h @ W2 + b2
  p = softmax(o, dim = 1)
  L = -sum(Y * log(p)) / N
  s = lambda / 2 * (sum(W1^2) + sum(W2^2))
  J = L + s
  return J
  do = (p - Y) / N
  dW2 = h.T @ do + lambda * W2
  db2 = sum(do, dim = 0)
  dh = do @ W2.T
  dz = dh * (1 - h^2)
  dW1 = X.T @ dz + lambda * W1
  db1 = sum(dz, dim = 0)
  vjp W1(u) = u * dW1
  vjp b1(u) = u * db1
  vjp W2(u) = u * dW2
  vjp b2(u) = u * db2
}
run r {
  seed torch 1
  m = Classifier(4, 3, 2)(randn([5, 4]), one_hot([0, 1, 1, 0, 1], 2))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the weight decay left out of dW2",
        edits: [["dW2 = h.T @ do + lambda * W2", "dW2 = h.T @ do"]],
        blame: [{ at: "dW2", kind: "overwritten-sum", says: /W2/ }],
      },
      {
        name: "the weight decay left out of both",
        edits: [
          ["dW2 = h.T @ do + lambda * W2", "dW2 = h.T @ do"],
          ["dW1 = X.T @ dz + lambda * W1", "dW1 = X.T @ dz"],
        ],
        blame: [
          { at: "dW2", kind: "overwritten-sum", says: /W2/ },
          { at: "dW1", kind: "overwritten-sum", says: /W1/ },
        ],
      },
      {
        name: "the weight decay of the other layer",
        edits: [["dW2 = h.T @ do + lambda * W2", "dW2 = h.T @ do + 2 * lambda * W2"]],
        blame: [{ at: "dW2", kind: "factor", says: /W2/ }],
      },
      {
        name: "the weight decay subtracted",
        edits: [["X.T @ dz + lambda * W1", "X.T @ dz - lambda * W1"]],
        blame: [{ at: "dW1", kind: "sign", says: /− stands where \+/ }],
      },
      {
        name: "1/N left out",
        edits: [["do = (p - Y) / N", "do = p - Y"]],
        blame: [{ at: "do", kind: "factor", says: /5|N/ }],
      },
      {
        name: "f' left out",
        edits: [["dz = dh * (1 - h^2)", "dz = dh"]],
        blame: [{ at: "dz", kind: "missing-factor", says: /tanh/ }],
      },
      {
        name: "f' of z for h",
        edits: [["dz = dh * (1 - h^2)", "dz = dh * (1 - z^2)"]],
        blame: [{ at: "dz", kind: "other-argument", says: /`z` stands where .*`h`/ }],
      },
      {
        name: "f' at the output",
        edits: [["dz = dh * (1 - h^2)", "dz = dh * (1 - tanh(h)^2)"]],
        blame: [{ at: "dz", kind: "evaluated-at-output" }],
      },
      {
        name: "the sigmoid's derivative for tanh's",
        edits: [["dz = dh * (1 - h^2)", "dz = dh * h * (1 - h)"]],
        blame: [{ at: "dz", kind: ["missing-factor", "other-argument", "unknown"] }],
      },
      {
        name: "one minus the unsquared",
        edits: [["dz = dh * (1 - h^2)", "dz = dh * (1 - h)"]],
        blame: [{ at: "dz", kind: ["missing-factor", "other-argument"] }],
      },
      {
        name: "mean for sum in the last bias",
        edits: [["db2 = sum(do, dim = 0)", "db2 = mean(do, dim = 0)"]],
        blame: [{ at: "db2", kind: "factor", says: /`mean` stands where `sum`/ }],
      },
      {
        name: "the first row for the sum in the first bias",
        edits: [["db1 = sum(dz, dim = 0)", "db1 = dz[0]"]],
        blame: [{ at: "db1", kind: "missing-reduction", says: /dz\[0\]/ }],
      },
      {
        name: "labels minus probabilities",
        edits: [["do = (p - Y) / N", "do = (Y - p) / N"]],
        blame: [{ at: "do", kind: "sign" }],
      },
      {
        name: "the labels left out",
        edits: [["do = (p - Y) / N", "do = p / N"]],
        blame: [{ at: "do", kind: "overwritten-sum", says: /− Y/ }],
      },
      {
        name: "outputs for probabilities",
        edits: [["do = (p - Y) / N", "do = (o - Y) / N"]],
        blame: [
          { at: "do", kind: ["other-argument", "evaluated-at-output"], says: /`o` stands where .*`p`/ },
        ],
      },
      {
        name: "three slips",
        edits: [
          ["do = (p - Y) / N", "do = (Y - p) / N"],
          ["dz = dh * (1 - h^2)", "dz = dh"],
          ["dW1 = X.T @ dz + lambda * W1", "dW1 = X.T @ dz"],
        ],
        blame: [
          { at: "do", kind: "sign" },
          { at: "dz", kind: "missing-factor" },
          { at: "dW1", kind: "overwritten-sum" },
        ],
      },
      {
        name: "the cotangent left out of one rule",
        edits: [["vjp W1(u) = u * dW1", "vjp W1(u) = dW1"]],
        blame: [{ at: "vjp W1", kind: "missing-cotangent" }],
      },
      {
        name: "the rules of the biases exchanged with a sign",
        edits: [["vjp b1(u) = u * db1", "vjp b1(u) = -u * db1"]],
        blame: [{ at: "vjp b1", kind: "sign" }],
      },
      {
        name: "z for h in dW2",
        edits: [["dW2 = h.T @ do", "dW2 = z.T @ do"]],
        blame: [{ at: "dW2", kind: "other-argument", says: /`z` stands where .*`h`/ }],
      },
    ],
  },
  {
    name: "a square classifier",
    text: `
net Square(n)(X: [n, n], Y: [n, n]) -> [] {
  param W1: [n, n] = randn()
  param W2: [n, n] = randn()
  z = X @ W1
  h = sigmoid(z)
  o = h @ W2
  J = mean((o - Y)^2)
  return J
  do = 2 * (o - Y) / (n * n)
  dW2 = h.T @ do
  dh = do @ W2.T
  dz = dh * h * (1 - h)
  dW1 = X.T @ dz
  vjp W1(u) = u * dW1
  vjp W2(u) = u * dW2
}
run r {
  seed torch 1
  m = Square(3)(randn([3, 3]), randn([3, 3]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "W2 for its transpose",
        edits: [["dh = do @ W2.T", "dh = do @ W2"]],
        blame: [{ at: "dh", kind: "transposed", says: /`\.T` is missing at `W2`/ }],
      },
      {
        name: "W2 in front",
        edits: [["dh = do @ W2.T", "dh = W2.T @ do"]],
        blame: [{ at: "dh", kind: "transposed" }],
      },
      {
        name: "X for its transpose",
        edits: [["dW1 = X.T @ dz", "dW1 = X @ dz"]],
        blame: [{ at: "dW1", kind: "transposed", says: /`\.T` is missing at `X`/ }],
      },
      {
        name: "the product of dW2 the other way round",
        edits: [["dW2 = h.T @ do", "dW2 = do.T @ h"]],
        blame: [{ at: "dW2", kind: "transposed" }],
      },
      {
        name: "W1 for W2",
        edits: [["dh = do @ W2.T", "dh = do @ W1.T"]],
        blame: [{ at: "dh", kind: "other-argument", says: /`W1` stands where `W2` belongs/ }],
      },
      {
        name: "n for n²",
        edits: [["(o - Y) / (n * n)", "(o - Y) / n"]],
        blame: [{ at: "do", kind: "factor", says: /1\/3/ }],
      },
      {
        name: "2 left out",
        edits: [["do = 2 * (o - Y)", "do = (o - Y)"]],
        blame: [{ at: "do", kind: "factor", says: /factor 2/ }],
      },
      {
        name: "a factor of the sigmoid's derivative left out",
        edits: [["dz = dh * h * (1 - h)", "dz = dh * h"]],
        blame: [{ at: "dz", kind: "missing-factor", says: /1 - h/ }],
      },
      {
        name: "1 + h",
        edits: [["dz = dh * h * (1 - h)", "dz = dh * h * (1 + h)"]],
        blame: [{ at: "dz", kind: "sign" }],
      },
      {
        name: "z for h in the derivative",
        edits: [["dz = dh * h * (1 - h)", "dz = dh * z * (1 - z)"]],
        blame: [{ at: "dz", kind: "other-argument", says: /`z` stands where .*`h`/ }],
      },
      {
        name: "a transpose and a factor",
        edits: [
          ["do = 2 * (o - Y)", "do = (o - Y)"],
          ["dW1 = X.T @ dz", "dW1 = X @ dz"],
        ],
        blame: [
          { at: "do", kind: "factor" },
          { at: "dW1", kind: "transposed" },
        ],
      },
      {
        name: "two transposes",
        edits: [
          ["dh = do @ W2.T", "dh = do @ W2"],
          ["dW1 = X.T @ dz", "dW1 = X @ dz"],
        ],
        blame: [
          { at: "dh", kind: "transposed" },
          { at: "dW1", kind: "transposed" },
        ],
      },
    ],
  },
];
