// Owns slips in derivations whose inner values are a constant times gradients, and in masks of rows: of maxima, and of margins.
import type { FaultyProgram } from "./faulty-program";

export const conventionPrograms: readonly FaultyProgram[] = [
  {
    name: "averages that come last",
    text: `
net Cols(n0, n1, n2)(X: [n0, m], Y: [n2, m]) -> [] {
  param W1: [n1, n0] = randn()
  param b1: [n1, 1] = randn()
  param W2: [n2, n1] = randn()
  param b2: [n2, 1] = randn()
  Z1 = W1 @ X + b1
  A1 = maximum(Z1, 0.1 * Z1)
  Z2 = W2 @ A1 + b2
  A2 = sigmoid(Z2)
  cost = -sum(Y * log(A2) + (1 - Y) * log(1 - A2)) / m
  return cost
  dZ2 = A2 - Y
  dW2 = dZ2 @ A1.T / m
  db2 = sum(dZ2, dim = 1, keepdim = true) / m
  dZ1 = (W2.T @ dZ2) * where(Z1 > 0, 1, 0.1)
  dW1 = dZ1 @ X.T / m
  db1 = sum(dZ1, dim = 1, keepdim = true) / m
  vjp W1(u) = u * dW1
  vjp b1(u) = u * db1
  vjp W2(u) = u * dW2
  vjp b2(u) = u * db2
}
run r {
  seed numpy 3
  c = Cols(4, 3, 2)(randn([4, 5]), float(rand([2, 5]) > 0.5))
  gradcheck c.cost
}
`,
    faults: [
      {
        name: "one average left out",
        edits: [["dZ2 @ A1.T / m", "dZ2 @ A1.T"]],
        blame: [{ at: "dW2", kind: "factor", says: /1.5 is missing \(5 is m\)/u }],
      },
      {
        name: "another average left out",
        edits: [["db1 = sum(dZ1, dim = 1, keepdim = true) / m", "db1 = sum(dZ1, dim = 1, keepdim = true)"]],
        blame: [{ at: "db1", kind: "factor" }],
      },
      {
        name: "the sign of the first value",
        edits: [["dZ2 = A2 - Y", "dZ2 = Y - A2"]],
        blame: [{ at: "dZ2", kind: "sign" }],
      },
      {
        name: "scores for probabilities",
        edits: [["dZ2 = A2 - Y", "dZ2 = Z2 - Y"]],
        blame: [{ at: "dZ2", kind: "other-argument", says: /`Z2` stands where.*`A2`/u }],
      },
      {
        name: "another slope",
        edits: [["where(Z1 > 0, 1, 0.1)", "where(Z1 > 0, 1, 0.2)"]],
        blame: [{ at: "dZ1", kind: "factor", says: /`0\.2` should be `0\.1`/u }],
      },
    ],
  },
  {
    name: "the largest of each row",
    text: `
op rowmax(x: [N, c]) -> [N] {
  m = amax(x, dim = 1)
  return m
  vjp x(u) = u[:, None] * float(x == m[:, None])
  jvp x(t) = sum(t * float(x == m[:, None]), dim = 1)
}
`,
    faults: [
      {
        name: "the mask left out",
        edits: [["u[:, None] * float(x == m[:, None])", "u[:, None] * ones([N, c])"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /x == m/u }],
      },
      {
        name: "the mask left out of the tangent",
        edits: [["sum(t * float(x == m[:, None]), dim = 1)", "sum(t, dim = 1)"]],
        blame: [{ at: "jvp x", kind: "missing-factor", says: /x == m/u }],
      },
    ],
  },
  {
    name: "a maxout net",
    text: `
net Maxout(d, k)(X: [N, d], y: [N]) -> [] {
  param W: [d, k] = randn()
  Z = X @ W
  h = amax(Z, dim = 1)
  J = mean((h - y)^2)
  return J
  dh = 2 * (h - y) / N
  dZ = dh[:, None] * float(Z == h[:, None])
  vjp W(u) = u * X.T @ dZ
}
run r {
  seed torch 2
  m = Maxout(3, 4)(randn([5, 3]), randn([5]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the mask left out",
        edits: [["dh[:, None] * float(Z == h[:, None])", "dh[:, None] * ones([N, k])"]],
        blame: [{ at: "dZ", kind: "missing-factor", says: /Z == h/u }],
      },
    ],
  },
  {
    name: "triplets with a margin",
    text: `
net Triplet(d, e)(A: [N, d], P: [N, d], Q: [N, d]) -> [] {
  param W: [d, e] = randn()
  a = A @ W
  p = P @ W
  q = Q @ W
  dp = sum((a - p)^2, dim = 1)
  dq = sum((a - q)^2, dim = 1)
  loss = mean(maximum(dp - dq + 5, 0))
  return loss
  act = float(dp - dq + 5 > 0)[:, None] / N
  ga = act * 2 * (q - p)
  gp = act * 2 * (p - a)
  gq = act * 2 * (a - q)
  vjp W(u) = u * (A.T @ ga + P.T @ gp + Q.T @ gq)
}
run r {
  seed torch 10
  m = Triplet(4, 3)(randn([6, 4]), randn([6, 4]), randn([6, 4]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "the mask left out",
        edits: [["act = float(dp - dq + 5 > 0)[:, None] / N", "act = ones([N, 1]) / N"]],
        blame: [{ at: "act", kind: "missing-factor", says: /> 0\)\[:, None\]/u }],
      },
      {
        name: "the average left out",
        edits: [["[:, None] / N", "[:, None]"]],
        blame: [{ at: "act", kind: "factor", says: /1.6 is missing/u }],
      },
    ],
  },
];
