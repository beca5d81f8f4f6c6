// Owns nets that use a parameter more than once, and a logistic regression, with hand-derived backpropagation as rules, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const sharedPrograms: readonly FaultyProgram[] = [
  {
    name: "a recurrent net over three steps",
    text: `
net Recurrent(d, k)(x: [3, N, d], y: [N, k]) -> [] {
  param U: [d, k] = randn()
  param W: [k, k] = randn()
  param b: [k] = randn()
  h[0] = zeros([N, k])
  for t in 1 to 3 {
    a[t] = x[t-1] @ U + h[t-1] @ W + b
    h[t] = tanh(a[t])
  }
  J = sum((h[3] - y)^2) / 2
  return J
  dh[3] = h[3] - y
  for t in 3 downto 1 {
    da[t] = dh[t] * (1 - h[t]^2)
    dh[t-1] = da[t] @ W.T
  }
  dU = x[0].T @ da[1] + x[1].T @ da[2] + x[2].T @ da[3]
  dW = h[0].T @ da[1] + h[1].T @ da[2] + h[2].T @ da[3]
  db = sum(da[1] + da[2] + da[3], dim = 0)
  vjp U(u) = u * dU
  vjp W(u) = u * dW
  vjp b(u) = u * db
}
run r {
  seed torch 1
  m = Recurrent(2, 3)(randn([3, 4, 2]), randn([4, 3]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "f' left out",
        edits: [["da[t] = dh[t] * (1 - h[t]^2)", "da[t] = dh[t]"]],
        blame: [{ at: "da[3]", kind: "missing-factor", also: ["da[2]", "da[1]"] }],
      },
      {
        name: "W for its transpose",
        edits: [["dh[t-1] = da[t] @ W.T", "dh[t-1] = da[t] @ W"]],
        blame: [{ at: "dh[2]", kind: "transposed", also: ["dh[1]"] }],
      },
      {
        name: "only the last step in dU",
        edits: [["x[0].T @ da[1] + x[1].T @ da[2] + x[2].T @ da[3]", "x[2].T @ da[3]"]],
        blame: [{ at: "dU", kind: "overwritten-sum" }],
      },
      {
        name: "the middle step left out of dU",
        edits: [["x[0].T @ da[1] + x[1].T @ da[2] + x[2].T @ da[3]", "x[0].T @ da[1] + x[2].T @ da[3]"]],
        blame: [{ at: "dU", kind: "overwritten-sum" }],
      },
      {
        name: "the last step left out of dW",
        edits: [["h[1].T @ da[2] + h[2].T @ da[3]", "h[1].T @ da[2]"]],
        blame: [{ at: "dW", kind: "overwritten-sum" }],
      },
      {
        name: "the step's own h in dW",
        edits: [["h[1].T @ da[2] + h[2].T @ da[3]", "h[1].T @ da[2] + h[3].T @ da[3]"]],
        blame: [{ at: "dW", kind: "other-argument", says: /`h\[3\]` stands where `h\[2\]` belongs/ }],
      },
      {
        name: "b: mean for sum",
        edits: [["sum(da[1] + da[2] + da[3], dim = 0)", "mean(da[1] + da[2] + da[3], dim = 0)"]],
        blame: [{ at: "db", kind: "factor" }],
      },
      {
        name: "b: one step left out",
        edits: [["sum(da[1] + da[2] + da[3], dim = 0)", "sum(da[2] + da[3], dim = 0)"]],
        blame: [{ at: "db", kind: "overwritten-sum" }],
      },
      {
        name: "the residual's sign",
        edits: [["dh[3] = h[3] - y", "dh[3] = y - h[3]"]],
        blame: [{ at: "dh[3]", kind: "sign" }],
      },
    ],
  },
  {
    name: "an autoencoder with shared weights",
    text: `
net Auto(d, k)(x: [N, d]) -> [] {
  param W: [d, k] = randn()
  param c: [d] = randn()
  z = x @ W
  h = sigmoid(z)
  r = h @ W.T + c
  J = sum((r - x)^2) / (2 * N)
  return J
  dr = (r - x) / N
  dc = sum(dr, dim = 0)
  dh = dr @ W
  dz = dh * h * (1 - h)
  dW = x.T @ dz + dr.T @ h
  vjp W(u) = u * dW
  vjp c(u) = u * dc
}
run r {
  seed torch 1
  m = Auto(4, 3)(randn([5, 4]))
  gradcheck m.J wrt m.W, m.c
}
`,
    faults: [
      {
        name: "the decoder's use left out",
        edits: [["dW = x.T @ dz + dr.T @ h", "dW = x.T @ dz"]],
        blame: [{ at: "dW", kind: "overwritten-sum" }],
      },
      {
        name: "the encoder's use left out",
        edits: [["dW = x.T @ dz + dr.T @ h", "dW = dr.T @ h"]],
        blame: [{ at: "dW", kind: "overwritten-sum" }],
      },
      {
        name: "the decoder's use subtracted",
        edits: [["dW = x.T @ dz + dr.T @ h", "dW = x.T @ dz - dr.T @ h"]],
        blame: [{ at: "dW", kind: "sign" }],
      },
      {
        name: "1/N twice",
        edits: [["dW = x.T @ dz + dr.T @ h", "dW = x.T @ dz + dr.T @ h / N"]],
        blame: [{ at: "dW", kind: "factor" }],
      },
      {
        name: "z for h",
        edits: [["dW = x.T @ dz + dr.T @ h", "dW = x.T @ dz + dr.T @ z"]],
        blame: [{ at: "dW", kind: "other-argument", says: /`z` stands where .*`h`/ }],
      },
      {
        name: "dr without the 1/N, c without the sum's right side",
        edits: [["dr = (r - x) / N", "dr = r - x"]],
        blame: [{ at: "dr", kind: "factor" }],
      },
      {
        name: "h is forgotten in f'",
        edits: [["dz = dh * h * (1 - h)", "dz = dh * (1 - h)"]],
        blame: [{ at: "dz", kind: "missing-factor", says: /factor h/ }],
      },
    ],
  },
  {
    name: "logistic regression",
    text: `
net Logistic(d)(X: [N, d], y: [N]) -> [] {
  param w: [d] = randn()
  param b: [] = randn()
  z = X @ w + b
  p = sigmoid(z)
  J = -mean(y * log(p) + (1 - y) * log(1 - p)) + 0.05 * sum(w^2)
  return J
  vjp w(u) = u * (X.T @ (p - y) / N + 0.1 * w)
  vjp b(u) = u * mean(p - y)
}
run r {
  seed torch 1
  m = Logistic(3)(randn([6, 3]), [1, 0, 0, 1, 1, 0])
  gradcheck m.J
}
`,
    faults: [
      {
        name: "1/N left out of w",
        edits: [["X.T @ (p - y) / N", "X.T @ (p - y)"]],
        blame: [{ at: "vjp w", kind: "factor" }],
      },
      {
        name: "sum for mean in b",
        edits: [["mean(p - y)", "sum(p - y)"]],
        blame: [{ at: "vjp b", kind: "factor", says: /`sum` stands where `mean`/ }],
      },
      {
        name: "the penalty left out",
        edits: [["(X.T @ (p - y) / N + 0.1 * w)", "X.T @ (p - y) / N"]],
        blame: [{ at: "vjp w", kind: "overwritten-sum", says: /w/ }],
      },
      {
        name: "the penalty halved",
        edits: [["+ 0.1 * w", "+ 0.05 * w"]],
        blame: [{ at: "vjp w", kind: "factor", says: /factor 2/ }],
      },
      {
        name: "z for p",
        edits: [["X.T @ (p - y)", "X.T @ (z - y)"]],
        blame: [{ at: "vjp w", kind: "other-argument" }],
      },
      {
        name: "f' as well in w",
        edits: [["X.T @ (p - y) / N", "X.T @ ((p - y) * p * (1 - p)) / N"]],
        blame: [{ at: "vjp w", kind: "missing-factor", says: /too much/ }],
      },
      {
        name: "the sign of both",
        edits: [
          ["X.T @ (p - y)", "X.T @ (y - p)"],
          ["mean(p - y)", "mean(y - p)"],
        ],
        blame: [
          { at: "vjp w", kind: "sign" },
          { at: "vjp b", kind: "sign" },
        ],
      },
    ],
  },
];
