// Owns nets whose hand-derived values are products of one another, so that many formulas happen to give the same numbers: the slip
// itself is told, and not an identity.
import type { FaultyProgram } from "./faulty-program";

const heirs = /only inherits? it$/;

export const gatePrograms: readonly FaultyProgram[] = [
  {
    name: "a gated linear unit",
    text: `
net Glu(h)(X: [N, d], Y: [N, h]) -> [] {
  param A: [d, h] = randn()
  param B: [d, h] = randn()
  p = X @ A
  q = X @ B
  g = sigmoid(q)
  o = p * g
  J = mean((o - Y)^2)
  return J
  do = 2 * (o - Y) / (N * h)
  dp = do * g
  dg = do * p
  dq = dg * g * (1 - g)
  dA = X.T @ dp
  dB = X.T @ dq
  vjp A(u) = u * dA
  vjp B(u) = u * dB
}
run r {
  seed torch 4
  m = Glu(3)(randn([5, 4]), randn([5, 3]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "p for g",
        edits: [["dp = do * g", "dp = do * p"]],
        blame: [{ at: "dp", kind: "other-argument", says: /`p` stands where `g` belongs/ }],
      },
      {
        name: "g for p",
        edits: [["dg = do * p", "dg = do * g"]],
        blame: [{ at: "dg", kind: "other-argument", says: /`g` stands where `p` belongs/ }],
      },
      {
        name: "half of g'",
        edits: [["dg * g * (1 - g)", "dg * g"]],
        blame: [{ at: "dq", kind: "missing-factor", says: /the factor 1 - g is missing/ }],
      },
      {
        name: "what comes before, where nothing uses what was derived",
        edits: [["dg * g * (1 - g)", "do * g * (1 - g)"]],
        blame: [{ at: "dq", kind: ["other-argument", "missing-factor"] }],
      },
      {
        name: "a gradient too early",
        edits: [["dA = X.T @ dp", "dA = X.T @ do"]],
        blame: [{ at: "dA", kind: "other-argument", says: /`do` stands where `dp` belongs/ }],
      },
      {
        name: "three at once",
        edits: [
          ["2 * (o - Y) / (N * h)", "(o - Y) / (N * h)"],
          ["dp = do * g", "dp = do"],
          ["dB = X.T @ dq", "dB = -X.T @ dq"],
        ],
        blame: [
          { at: "do", kind: "factor", says: heirs },
          { at: "dp", kind: "missing-factor" },
          { at: "dB", kind: "sign" },
        ],
      },
    ],
  },
  {
    name: "tied weights",
    text: `
net Tied(d, h)(X: [N, d]) -> [] {
  param W: [d, h] = randn()
  z = X @ W
  a = tanh(z)
  e = a @ W.T - X
  J = sum(e^2) / N
  return J
  dr = 2 * e / N
  dz = (dr @ W) * (1 - a^2)
  vjp W(u) = u * (X.T @ dz + dr.T @ a)
}
run r {
  seed torch 4
  m = Tied(4, 3)(randn([5, 4]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "one use forgotten",
        edits: [["(X.T @ dz + dr.T @ a)", "(X.T @ dz)"]],
        blame: [{ at: "vjp W", kind: "overwritten-sum", says: /`u \* dr\.T @ a`, is missing/ }],
      },
      {
        name: "the other use forgotten",
        edits: [["(X.T @ dz + dr.T @ a)", "(dr.T @ a)"]],
        blame: [
          {
            at: "vjp W",
            kind: "overwritten-sum",
            says: /through `z`, `u \* X\.T @ dz`, is missing/,
          },
        ],
      },
    ],
  },
  {
    name: "pairs held against one another",
    text: `
net Pairs(h)(A: [N, d], B: [N, d]) -> [] {
  param W: [d, h] = randn()
  param V: [d, h] = randn()
  p = A @ W
  q = B @ V
  P = softmax(p @ q.T, dim = 1)
  J = -trace(log(P)) / N
  return J
  dS = (P - eye(N)) / N
  dp = dS @ q
  dq = dS.T @ p
  vjp W(u) = u * A.T @ dp
  vjp V(u) = u * B.T @ dq
}
run r {
  seed torch 6
  m = Pairs(3)(randn([5, 4]), randn([5, 4]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the identity matrix forgotten",
        edits: [["(P - eye(N)) / N", "P / N"]],
        blame: [{ at: "dS", kind: "overwritten-sum", says: /the term − eye\(N\) is missing/ }],
      },
      {
        name: "the other transpose",
        edits: [["dq = dS.T @ p", "dq = dS @ p"]],
        blame: [{ at: "dq", kind: "transposed" }],
      },
    ],
  },
  {
    name: "a prior beside a reconstruction",
    text: `
net Prior(h)(X: [N, d], y: [N, h]) -> [] {
  param S: [d, h] = randn() * 0.5
  ls = X @ S
  sd = exp(ls)
  R = sum((sd - y)^2) / (2 * N)
  K = sum(sd^2 - 2 * ls - 1) / (2 * N)
  J = R + K
  return J
  dsd = (sd - y) / N + sd / N
  dls = dsd * sd - 1 / N
  vjp S(u) = u * X.T @ dls
}
run r {
  seed torch 5
  m = Prior(3)(randn([5, 4]), randn([5, 3]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "a constant gradient forgotten",
        edits: [["dls = dsd * sd - 1 / N", "dls = dsd * sd"]],
        blame: [{ at: "dls", kind: "overwritten-sum", says: /`-1 \/ N`, is missing/ }],
      },
      {
        name: "exp twice",
        edits: [["dls = dsd * sd - 1 / N", "dls = dsd * exp(sd) - 1 / N"]],
        blame: [{ at: "dls", kind: ["evaluated-at-output", "other-argument"] }],
      },
    ],
  },
  {
    name: "a list of what each turn has",
    text: `
net Rnn(h)(X: [T, d], y: [h]) -> [] {
  param W: [d, h] = randn() * 0.5
  param U: [h, h] = randn() * 0.5
  param b: [h] = randn()
  s[0] = zeros([h])
  for t in 1 to T {
    z[t] = X[t - 1] @ W + s[t - 1] @ U + b
    s[t] = tanh(z[t])
  }
  J = sum((s[T] - y)^2) / 2
  return J
  ds[T] = s[T] - y
  dz[T] = ds[T] * (1 - s[T]^2)
  for t in T - 1 downto 1 {
    ds[t] = dz[t + 1] @ U.T
    dz[t] = ds[t] * (1 - s[t]^2)
  }
  vjp W(u) = u * sum([X[t - 1][:, None] * dz[t] for t in 1 to T], dim = 0)
  vjp U(u) = u * sum([s[t - 1][:, None] * dz[t] for t in 1 to T], dim = 0)
  vjp b(u) = u * sum([dz[t] for t in 1 to T], dim = 0)
}
run r {
  seed torch 4
  m = Rnn(3)(randn([4, 2]), randn([3]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the other family",
        edits: [["sum([dz[t] for", "sum([ds[t] for"]],
        blame: [{ at: "vjp b", kind: "other-argument", says: /`ds\[1\]` stands where `dz\[1\]` belongs/ }],
      },
      {
        name: "the matrix left out",
        edits: [["ds[t] = dz[t + 1] @ U.T", "ds[t] = dz[t + 1]"]],
        blame: [
          {
            at: "ds[3]",
            kind: "missing-factor",
            says: /the factor U\.T is missing: `dz\[4\] @ U\.T`/,
            also: ["ds[2]", "ds[1]"],
          },
        ],
      },
      {
        name: "the index one too high, of a column",
        edits: [["[s[t - 1][:, None] * dz[t] for", "[s[t][:, None] * dz[t] for"]],
        blame: [{ at: "vjp U", kind: "other-argument", says: /one too high.* in `s\[1\]\[:, None\]`/ }],
      },
    ],
  },
  {
    name: "one step of a gated recurrent unit, its derivation as values of the net",
    text: `
net Gru(H)(x: [N, D], h: [N, H], y: [N, H]) -> [] {
  param Wz: [D, H] = randn() * 0.5
  param Uz: [H, H] = randn() * 0.5
  param Wr: [D, H] = randn() * 0.5
  param Ur: [H, H] = randn() * 0.5
  param Wc: [D, H] = randn() * 0.5
  param Uc: [H, H] = randn() * 0.5
  z = sigmoid(x @ Wz + h @ Uz)
  r = sigmoid(x @ Wr + h @ Ur)
  c = tanh(x @ Wc + (r * h) @ Uc)
  hn = (1 - z) * h + z * c
  return sum((hn - y)^2) / (2 * N)
  dhn = (hn - y) / N
  dz = dhn * (c - h)
  dc = dhn * z
  pz = dz * z * (1 - z)
  pc = dc * (1 - c^2)
  drh = pc @ Uc.T
  dr = drh * h
  pr = dr * r * (1 - r)
  dUr = h.T @ pr
  dUc = (r * h).T @ pc
  dh = dhn * (1 - z) + drh * r + pz @ Uz.T + pr @ Ur.T
}
run r {
  seed torch 8
  x = randn([4, 3])
  h = randn([4, 5])
  m = Gru(5)(x, h, randn([4, 5]))
  d = backward(m)
  check "Ur": m.dUr ~= d.Ur
  check "Uc": m.dUc ~= d.Uc
  check "h": m.dh ~= d[h]
}`,
    faults: [
      {
        name: "a second name for what it should be a multiple of",
        edits: [["dr = drh * h", "dr = drh"]],
        blame: [
          { at: "Ur", kind: "missing-factor", says: /`m\.dr` is the first.*the factor h is missing/ },
          {
            at: "h",
            kind: "missing-factor",
            says: /`m\.dr` is the first.*the factor h is missing(?!.*Besides)/,
          },
        ],
      },
      {
        name: "what is gated left out",
        edits: [["dUc = (r * h).T @ pc", "dUc = h.T @ pc"]],
        blame: [{ at: "Uc", kind: "missing-factor", says: /the factor m\.r is missing at `h`/ }],
      },
      {
        name: "what goes through one gate left out",
        edits: [[" + pz @ Uz.T + pr", " + pr"]],
        blame: [{ at: "h", kind: "overwritten-sum", says: /through `m\.z`/ }],
      },
    ],
  },
];
