// Owns hand-derived backpropagation through time, through convolutions and through attention, and students' slips in it.
import type { FaultyProgram } from "./faulty-program";

const heirs = /only inherits? it/;

export const sequencePrograms: readonly FaultyProgram[] = [
  {
    name: "backpropagation through time",
    text: `
net Recurrent(L, d, h)(x: [L, N, d], y: [N, h]) -> [] {
  param W: [d, h] = randn()
  param U: [h, h] = randn()
  H[0] = zeros([N, h])
  for t in 1 to L {
    z[t] = x[t - 1] @ W + H[t - 1] @ U
    H[t] = tanh(z[t])
  }
  J = sum((H[L] - y)^2) / 2
  return J
  dH[L] = H[L] - y
  for t in L downto 1 {
    dz[t] = dH[t] * (1 - H[t]^2)
    dH[t - 1] = dz[t] @ U.T
  }
  vjp W(u) = u * sum([x[t - 1].T @ dz[t] for t in 1 to L], dim = 0)
  vjp U(u) = u * sum([H[t - 1].T @ dz[t] for t in 1 to L], dim = 0)
}
run r {
  seed torch 4
  m = Recurrent(3, 3, 2)(randn([3, 5, 3]), randn([5, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the sign in every step: two of them make a right one",
        edits: [["dz[t] = dH[t] * (1 - H[t]^2)", "dz[t] = -dH[t] * (1 - H[t]^2)"]],
        blame: [{ at: "dz[3]", kind: "sign", also: ["dz[2]", "dz[1]"] }],
      },
      {
        name: "f' left out in every step: each value has two names",
        edits: [["dz[t] = dH[t] * (1 - H[t]^2)", "dz[t] = dH[t]"]],
        blame: [{ at: "dz[3]", kind: "missing-factor", says: /tanh′\(z\[3\]\)/, also: ["dz[2]", "dz[1]"] }],
      },
      {
        name: "the transpose left out on the way back",
        edits: [["dz[t] @ U.T", "dz[t] @ U"]],
        blame: [{ at: "dH[2]", kind: "transposed", also: ["dH[1]"] }],
      },
      {
        name: "a factor in each turn of a comprehension",
        edits: [["u * sum([x[t - 1].T", "u * sum([2 * x[t - 1].T"]],
        blame: [
          { at: "vjp W", kind: "factor", says: /the factor 2 is too much in .*in each of its 3 turns/ },
        ],
      },
      {
        name: "a sign in each turn of a comprehension",
        edits: [["u * sum([x[t - 1].T", "u * sum([-x[t - 1].T"]],
        blame: [{ at: "vjp W", kind: "sign", says: /`-` is too much in .*in each of its 3 turns/ }],
      },
      {
        name: "an index that is one too high, in a comprehension",
        edits: [["sum([H[t - 1].T", "sum([H[t].T"]],
        blame: [
          {
            at: "vjp U",
            kind: "other-argument",
            says: /the index is one too high: `H\[1\]` stands where `H\[0\]`/,
          },
        ],
      },
      {
        name: "rows in another order, in a comprehension",
        edits: [["sum([x[t - 1].T", "sum([x[L - t].T"]],
        blame: [
          { at: "vjp W", kind: "other-argument", says: /in another order: `x\[2\]` stands where `x\[0\]`/ },
        ],
      },
      {
        name: "the labels left out",
        edits: [["dH[L] = H[L] - y", "dH[L] = H[L] * 1"]],
        blame: [{ at: "dH[3]", kind: "overwritten-sum", says: heirs }],
      },
    ],
  },
  {
    name: "square layers of any depth, their gradients called delta",
    text: `
net Deep(n)(x: [N, n[0]], y: [N, n[-1]]) -> [] {
  const L = len(n) - 1
  a[0] = x
  for l in 1 to L {
    param W[l]: [n[l-1], n[l]] = randn()
    z[l] = a[l-1] @ W[l]
    a[l] = sigmoid(z[l])
  }
  loss = sum((a[L] - y)^2) / 2
  return loss
  delta[L] = (a[L] - y) * a[L] * (1 - a[L])
  for l in L - 1 downto 1 {
    delta[l] = delta[l+1] @ W[l+1].T * a[l] * (1 - a[l])
  }
  for l in 1 to L {
    vjp W[l](u) = u * a[l-1].T @ delta[l]
  }
}
run r {
  seed torch 3
  m = Deep([3, 3, 3, 3])(randn([3, 3]), randn([3, 3]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "the activation of the layer itself, of the first one too",
        edits: [["u * a[l-1].T @ delta[l]", "u * a[l].T @ delta[l]"]],
        blame: [
          {
            at: "vjp W[3]",
            kind: "other-argument",
            says: /the index is one too high: `a\[3\]` stands where `a\[2\]` belongs/,
            also: ["vjp W[2]", "vjp W[1]"],
          },
        ],
      },
      {
        name: "f' left out in the last layer",
        edits: [["(a[L] - y) * a[L] * (1 - a[L])", "a[L] - y"]],
        blame: [{ at: "delta[3]", kind: "missing-factor", says: heirs }],
      },
      {
        name: "the transpose left out in every layer",
        edits: [["W[l+1].T * a[l]", "W[l+1] * a[l]"]],
        blame: [{ at: "delta[2]", kind: "transposed", also: ["delta[1]"] }],
      },
      {
        name: "the sign in every layer but the last",
        edits: [["delta[l] = delta[l+1]", "delta[l] = -delta[l+1]"]],
        blame: [{ at: "delta[2]", kind: "sign", also: ["delta[1]"] }],
      },
      {
        name: "off by one layer",
        edits: [["@ W[l+1].T", "@ W[l].T"]],
        blame: [
          {
            at: "delta[2]",
            kind: "other-argument",
            says: /`W\[2\]` stands where `W\[3\]` belongs/,
            also: ["delta[1]"],
          },
        ],
      },
      {
        name: "one rule the other way round",
        edits: [["u * a[l-1].T @ delta[l]", "u * delta[l].T @ a[l-1]"]],
        blame: [{ at: "vjp W[3]", kind: "transposed", also: ["vjp W[2]", "vjp W[1]"] }],
      },
    ],
  },
  {
    name: "a convolutional net with pooling",
    text: `
net Pictures(c, k)(X: [N, 1, 6, 6], y: int[N]) -> [] {
  param K: [c, 1, 3, 3] = randn()
  param b: [c] = randn()
  param W: [k, c * 4] = randn()
  z = conv2d(X, K, b)
  a = relu(z)
  p = max_pool2d(a, 2)
  f = reshape(p, [N, c * 4])
  s = f @ W.T
  J = cross_entropy(s, y)
  return J
  ds = (softmax(s, dim = 1) - one_hot(y, k)) / N
  dW = ds.T @ f
  df = ds @ W
  dp = reshape(df, [N, c, 2, 2])
  up: [N, c, 2, 2, 2, 2] = reshape(dp, [N, c, 2, 1, 2, 1]) * ones([1, 1, 1, 2, 1, 2])
  mask = reshape(a, [N, c, 2, 2, 2, 2]) == reshape(p, [N, c, 2, 1, 2, 1])
  da = reshape(up * mask, [N, c, 4, 4])
  dz = da * (z > 0)
  db = sum(dz, dim = [0, 2, 3])
  dK = permute(conv2d(permute(X, [1, 0, 2, 3]), permute(dz, [1, 0, 2, 3])), [1, 0, 2, 3])
  vjp W(u) = u * dW
  vjp b(u) = u * db
  vjp K(u) = u * dK
}
run r {
  seed torch 2
  m = Pictures(3, 4)(randn([5, 1, 6, 6]), [0, 3, 1, 2, 2])
  gradcheck m.J
}
`,
    // da is no gradient where a is zero and the largest four times over, which does not matter: dz is right there.
    faults: [
      {
        name: "1/N left out",
        edits: [["one_hot(y, k)) / N", "one_hot(y, k))"]],
        blame: [{ at: "ds", kind: "factor", says: /5 is N/ }],
      },
      {
        name: "the labels' sign",
        edits: [["softmax(s, dim = 1) - one_hot", "softmax(s, dim = 1) + one_hot"]],
        blame: [{ at: "ds", kind: "sign" }],
      },
      {
        name: "twice what comes back to the pool",
        edits: [["dp = reshape(df", "dp = 2 * reshape(df"]],
        blame: [{ at: "dp", kind: "factor" }],
      },
      {
        name: "s for its gradient",
        edits: [["df = ds @ W", "df = s @ W"]],
        blame: [{ at: "df", kind: "other-argument", says: /`s` stands where `ds` belongs/ }],
      },
      {
        name: "the bias averaged",
        edits: [["db = sum(dz", "db = mean(dz"]],
        blame: [{ at: "db", kind: "factor", says: /`mean` stands where `sum`/ }],
      },
      {
        name: "the kernel's sign, and the bias counted twice",
        edits: [
          ["dK = permute(conv2d", "dK = -permute(conv2d"],
          ["db = sum(dz", "db = 2 * sum(dz"],
        ],
        blame: [
          { at: "db", kind: "factor" },
          { at: "dK", kind: "sign" },
        ],
      },
    ],
  },
  {
    name: "an attention net",
    text: `
net Attention(d, h)(X: [n, d], Y: [n, h]) -> [] {
  param Wq: [d, h] = randn()
  param Wk: [d, h] = randn()
  param Wv: [d, h] = randn()
  Q = X @ Wq
  K = X @ Wk
  V = X @ Wv
  S = Q @ K.T / sqrt(h)
  A = softmax(S, dim = -1)
  O = A @ V
  J = sum((O - Y)^2) / 2
  return J
  dO = O - Y
  dV = A.T @ dO
  dA = dO @ V.T
  dS = A * (dA - sum(dA * A, dim = -1, keepdim = true))
  dQ = dS @ K / sqrt(h)
  dK = dS.T @ Q / sqrt(h)
  vjp Wq(u) = u * X.T @ dQ
  vjp Wk(u) = u * X.T @ dK
  vjp Wv(u) = u * X.T @ dV
  vjp X(u) = u * (dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T)
}
run r {
  seed torch 5
  m = Attention(4, 3)(randn([5, 4]), randn([5, 3]))
  gradcheck m.J wrt m.X, m.Wq
}
`,
    faults: [
      {
        name: "the labels left out, so that O has two names",
        edits: [["dO = O - Y", "dO = O"]],
        blame: [{ at: "dO", kind: "overwritten-sum", says: /− Y/ }],
      },
      {
        name: "A for its transpose",
        edits: [["dV = A.T @ dO", "dV = A @ dO"]],
        blame: [{ at: "dV", kind: "transposed", says: /`\.T` is missing at `A`/ }],
      },
      {
        name: "softmax taken elementwise",
        edits: [["dS = A * (dA - sum(dA * A, dim = -1, keepdim = true))", "dS = A * (1 - A) * dA"]],
        blame: [{ at: "dS", kind: ["other-argument", "missing-factor", "overwritten-sum"] }],
      },
      {
        name: "the queries' scale left out, the keys not transposed",
        edits: [
          ["dQ = dS @ K / sqrt(h)", "dQ = dS @ K"],
          ["dK = dS.T @ Q", "dK = dS @ Q"],
        ],
        blame: [
          { at: "dQ", kind: "factor" },
          { at: "dK", kind: "transposed" },
        ],
      },
      {
        name: "the values' way back to X left out",
        edits: [[" + dV @ Wv.T)", ")"]],
        blame: [{ at: "vjp X", kind: "overwritten-sum", says: /V/ }],
      },
    ],
  },
  {
    name: "layer normalisation in steps",
    text: `
net Norm(d)(x: [N, d], t: [N, d]) -> [] {
  param gamma: [d] = randn()
  param beta: [d] = randn()
  xc = x - mean(x, dim = 1, keepdim = true)
  v = mean(xc^2, dim = 1, keepdim = true)
  r = 1 / sqrt(v + 1e-5)
  xhat = xc * r
  y = gamma * xhat + beta
  J = mean((y - t)^2)
  return J
  dy = 2 * (y - t) / (N * d)
  dxhat = dy * gamma
  dv = sum(dxhat * xc * -0.5 * r^3, dim = 1, keepdim = true)
  dxc = dxhat * r + dv * 2 * xc / d
  vjp gamma(u) = u * sum(dy * xhat, dim = 0)
  vjp beta(u) = u * sum(dy, dim = 0)
  vjp x(u) = u * (dxc - mean(dxc, dim = 1, keepdim = true))
}
run r {
  seed torch 5
  m = Norm(4)(randn([5, 4]), randn([5, 4]))
  gradcheck m.J wrt m.gamma, m.beta, m.x
}
`,
    faults: [
      {
        name: "gamma left out, so that dy has two names",
        edits: [["dxhat = dy * gamma", "dxhat = dy"]],
        blame: [{ at: "dxhat", kind: "missing-factor", says: /factor gamma/ }],
      },
      {
        name: "the variance's part left out",
        edits: [["dxc = dxhat * r + dv * 2 * xc / d", "dxc = dxhat * r"]],
        blame: [{ at: "dxc", kind: "overwritten-sum" }],
      },
      {
        name: "the root's sign",
        edits: [["* -0.5 *", "* 0.5 *"]],
        blame: [{ at: "dv", kind: ["sign", "factor"] }],
      },
      {
        name: "the mean's part left out",
        edits: [["(dxc - mean(dxc, dim = 1, keepdim = true))", "dxc"]],
        blame: [{ at: "vjp x", kind: ["overwritten-sum", "other-argument"] }],
      },
    ],
  },
];
