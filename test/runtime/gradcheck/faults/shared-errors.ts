// Owns nets whose derivations share values: two directions from one error, two branches from one weight; and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const directionPrograms: readonly FaultyProgram[] = [
  {
    name: "a recurrent net of two directions that share the error",
    text: `
net Bi(S, d, n)(x: [S, N, d], y: [N, n]) -> [] {
  param W: [d, n] = randn()
  param U: [n, n] = randn()
  param R: [n, n] = randn()
  h[0] = zeros([N, n])
  for t in 1 to S {
    h[t] = tanh(x[t - 1] @ W + h[t - 1] @ U)
  }
  g[S + 1] = zeros([N, n])
  for t in S downto 1 {
    g[t] = tanh(x[t - 1] @ W + g[t + 1] @ R)
  }
  J = sum((h[S] + g[1] - y)^2) / (2 * N)
  return J
  e = (h[S] + g[1] - y) / N
  dh[S] = e
  for t in S downto 1 {
    dzh[t] = dh[t] * (1 - h[t]^2)
    dh[t - 1] = dzh[t] @ U.T
  }
  dg[1] = e
  for t in 1 to S {
    dzg[t] = dg[t] * (1 - g[t]^2)
    dg[t + 1] = dzg[t] @ R.T
  }
  dW = sum([x[t - 1].T @ dzh[t] for t in 1 to S], dim = 0) + sum([x[t - 1].T @ dzg[t] for t in 1 to S], dim = 0)
  dU = sum([h[t - 1].T @ dzh[t] for t in 1 to S], dim = 0)
  dR = sum([g[t + 1].T @ dzg[t] for t in 1 to S], dim = 0)
  vjp W(u) = u * dW
  vjp U(u) = u * dU
  vjp R(u) = u * dR
}
run r {
  seed torch 4
  m = Bi(3, 3, 2)(randn([3, 4, 3]), randn([4, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "1/N left out of the error, which has two more names",
        edits: [["e = (h[S] + g[1] - y) / N", "e = h[S] + g[1] - y"]],
        blame: [{ at: "e", kind: "factor" }],
      },
      {
        name: "the error's sign",
        edits: [["e = (h[S] + g[1] - y) / N", "e = (y - h[S] - g[1]) / N"]],
        blame: [{ at: "e", kind: "sign" }],
      },
      {
        name: "1/N left out of the error, and f' in one direction: the error has four names",
        edits: [
          ["e = (h[S] + g[1] - y) / N", "e = h[S] + g[1] - y"],
          ["dg[t] * (1 - g[t]^2)", "dg[t]"],
        ],
        blame: [
          { at: "e", kind: "factor" },
          { at: "dzg[1]", kind: "missing-factor", also: ["dzg[2]", "dzg[3]"] },
        ],
      },
      {
        name: "one direction left out of what they share",
        edits: [[" + sum([x[t - 1].T @ dzg[t] for t in 1 to S], dim = 0)", ""]],
        blame: [
          {
            at: "dW",
            kind: "overwritten-sum",
            says: /the term \+ dzg\[1\] is missing at `dzh\[1\]` in .*each of its 3 turns/,
          },
        ],
      },
      {
        name: "a transpose in one direction and f' in the other",
        edits: [
          ["dzh[t] @ U.T", "dzh[t] @ U"],
          ["dg[t] * (1 - g[t]^2)", "dg[t]"],
        ],
        blame: [
          { at: "dh[2]", kind: "transposed", also: ["dh[1]"] },
          { at: "dzg[1]", kind: "missing-factor", also: ["dzg[2]", "dzg[3]"] },
        ],
      },
    ],
  },
  {
    name: "a recurrent net of two directions with an error in every turn",
    text: `
net Bi(S, d, n)(x: [S, N, d], y: [S, N, n]) -> [] {
  param W: [d, n] = randn()
  param U: [n, n] = randn()
  param V: [d, n] = randn()
  param R: [n, n] = randn()
  h[0] = zeros([N, n])
  for t in 1 to S {
    h[t] = tanh(x[t - 1] @ W + h[t - 1] @ U)
  }
  g[S + 1] = zeros([N, n])
  for t in S downto 1 {
    g[t] = tanh(x[t - 1] @ V + g[t + 1] @ R)
  }
  J = sum([sum((h[t] + g[t] - y[t - 1])^2) for t in 1 to S]) / (2 * N)
  return J
  for t in 1 to S {
    e[t] = (h[t] + g[t] - y[t - 1]) / N
  }
  dh[S] = e[S]
  for t in S downto 2 {
    dzh[t] = dh[t] * (1 - h[t]^2)
    dh[t - 1] = dzh[t] @ U.T + e[t - 1]
  }
  dzh[1] = dh[1] * (1 - h[1]^2)
  dg[1] = e[1]
  for t in 1 to S - 1 {
    dzg[t] = dg[t] * (1 - g[t]^2)
    dg[t + 1] = dzg[t] @ R.T + e[t + 1]
  }
  dzg[S] = dg[S] * (1 - g[S]^2)
  vjp W(u) = u * sum([x[t - 1].T @ dzh[t] for t in 1 to S], dim = 0)
  vjp U(u) = u * sum([h[t - 1].T @ dzh[t] for t in 1 to S], dim = 0)
  vjp V(u) = u * sum([x[t - 1].T @ dzg[t] for t in 1 to S], dim = 0)
  vjp R(u) = u * sum([g[t + 1].T @ dzg[t] for t in 1 to S], dim = 0)
}
run r {
  seed torch 4
  m = Bi(3, 3, 2)(randn([3, 4, 3]), randn([3, 4, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "1/N left out of the errors, of which two have another name",
        edits: [["e[t] = (h[t] + g[t] - y[t - 1]) / N", "e[t] = h[t] + g[t] - y[t - 1]"]],
        blame: [{ at: "e[1]", kind: "factor", also: ["e[2]", "e[3]"] }],
      },
      {
        name: "the errors' sign: they are the gradients at the targets",
        edits: [["e[t] = (h[t] + g[t] - y[t - 1]) / N", "e[t] = (y[t - 1] - h[t] - g[t]) / N"]],
        blame: [{ at: "e[1]", kind: "sign", also: ["e[2]", "e[3]"] }],
      },
      {
        name: "what comes from the later turns left out of one direction: the error has the gradient's name",
        edits: [["dh[t - 1] = dzh[t] @ U.T + e[t - 1]", "dh[t - 1] = e[t - 1]"]],
        blame: [{ at: "dh[2]", kind: "overwritten-sum", also: ["dh[1]"] }],
      },
      {
        name: "the error subtracted in one direction",
        edits: [["dzh[t] @ U.T + e[t - 1]", "dzh[t] @ U.T - e[t - 1]"]],
        blame: [{ at: "dh[2]", kind: "sign", also: ["dh[1]"] }],
      },
    ],
  },
  {
    name: "two branches of one weight, whose gradients are called by the functions' values",
    text: `
net Siamese(d, k)(A: [N, d], B: [N, d]) -> [] {
  param W: [d, k] = randn()
  p = tanh(A @ W)
  q = tanh(B @ W)
  e = p - q
  J = sum(e^2) / (2 * N)
  return J
  de = e / N
  dp = de * (1 - p^2)
  dq = -de * (1 - q^2)
  dW = A.T @ dp + B.T @ dq
  vjp W(u) = u * dW
}
run r {
  seed torch 5
  m = Siamese(4, 3)(randn([5, 4]), randn([5, 4]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the sign of one branch",
        edits: [["dq = -de", "dq = de"]],
        blame: [{ at: "dq", kind: "sign" }],
      },
      {
        name: "one branch left out",
        edits: [["A.T @ dp + B.T @ dq", "A.T @ dp"]],
        blame: [{ at: "dW", kind: "overwritten-sum" }],
      },
      {
        name: "the other branch's input",
        edits: [["+ B.T @ dq", "+ A.T @ dq"]],
        blame: [{ at: "dW", kind: "other-argument" }],
      },
      {
        name: "1/N left out of what comes before, and one branch",
        edits: [
          ["de = e / N", "de = e"],
          ["A.T @ dp + B.T @ dq", "A.T @ dp"],
        ],
        blame: [
          { at: "de", kind: "factor" },
          { at: "dW", kind: "overwritten-sum" },
        ],
      },
      {
        name: "f' of the other branch",
        edits: [["dp = de * (1 - p^2)", "dp = de * (1 - q^2)"]],
        blame: [{ at: "dp", kind: "other-argument" }],
      },
    ],
  },
  {
    name: "one weight for both directions",
    text: `
net Bi(n, h, R)(X: [R, N, n], Y: [N, h]) -> [] {
  param W: [n, h] = randn()
  param U: [h, h] = randn()
  param V: [h, h] = randn()
  f[0] = zeros([N, h])
  for t in 1 to R {
    f[t] = tanh(X[t-1] @ W + f[t-1] @ U)
  }
  b[R+1] = zeros([N, h])
  for t in R downto 1 {
    b[t] = tanh(X[t-1] @ W + b[t+1] @ V)
  }
  o = f[R] + b[1]
  J = sum((o - Y)^2) / 2
  return J
  e = o - Y
  df[R] = e
  for t in R downto 1 {
    af[t] = df[t] * (1 - f[t]^2)
    df[t-1] = af[t] @ U.T
  }
  db[1] = e
  for t in 1 to R {
    ab[t] = db[t] * (1 - b[t]^2)
    db[t+1] = ab[t] @ V.T
  }
  vjp W(u) = u * sum([X[t-1].T @ (af[t] + ab[t]) for t in 1 to R], dim = 0)
  vjp U(u) = u * sum([f[t-1].T @ af[t] for t in 1 to R], dim = 0)
  vjp V(u) = u * sum([b[t+1].T @ ab[t] for t in 1 to R], dim = 0)
}
run r {
  seed torch 23
  m = Bi(3, 4, 3)(randn([3, 5, 3]), randn([5, 4]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "one direction left out in each turn",
        edits: [["(af[t] + ab[t])", "af[t]"]],
        blame: [
          {
            at: "vjp W",
            kind: "overwritten-sum",
            says: /the term \+ ab\[1\] is missing at `af\[1\]` in .*, and so in each of its 3 turns$/,
          },
        ],
      },
      {
        name: "the error twice, and f' left out in one direction",
        edits: [
          ["e = o - Y", "e = 2 * (o - Y)"],
          ["af[t] = df[t] * (1 - f[t]^2)", "af[t] = df[t]"],
        ],
        blame: [
          { at: "e", kind: "factor" },
          { at: "af[3]", kind: "missing-factor", also: ["af[2]", "af[1]"] },
        ],
      },
    ],
  },
];
