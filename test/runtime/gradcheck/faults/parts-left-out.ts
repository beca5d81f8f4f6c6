// Owns rules whose parts are left out where a whole belongs: a normaliser, an operand of einsum, and all but a name in a second name of a value.
import type { FaultyProgram } from "./faulty-program";

export const partsLeftOut: readonly FaultyProgram[] = [
  {
    name: "a classifier that normalises its scores by hand",
    text: `
net C(n, k)(X: [N, n], Y: [N, k]) -> [] {
  param W: [n, k] = randn()
  z = X @ W
  loss = -mean(sum(Y * log_softmax(z, dim = 1), dim = 1))
  return loss
  E = exp(z)
  S = E / sum(E, dim = 1, keepdim = true)
  dz = (S * sum(Y, dim = 1, keepdim = true) - Y) / N
  vjp W(u) = u * (X.T @ dz)
}
run r {
  seed torch 5
  m = C(4, 3)(randn([5, 4]), rand([5, 3]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "not divided by the sum",
        edits: [["S = E / sum(E, dim = 1, keepdim = true)", "S = E"]],
        blame: [
          {
            at: "S",
            kind: "missing-factor",
            says: /the division by `sum\(E, dim = 1, keepdim = true\)` is missing at `E`/,
          },
        ],
      },
    ],
  },
  {
    name: "scores that are normalised in the rule alone",
    text: `
op nll(z: [N, k], Y: [N, k]) -> [] {
  return -sum(Y * log_softmax(z, dim = 1))
  vjp z(u) = u * (exp(z) / sum(exp(z), dim = 1, keepdim = true) * sum(Y, dim = 1, keepdim = true) - Y)
}
`,
    faults: [
      {
        name: "not divided by the sum",
        edits: [["exp(z) / sum(exp(z), dim = 1, keepdim = true)", "exp(z)"]],
        blame: [
          {
            at: "vjp z",
            kind: ["missing-factor", "other-argument"],
            says: /sum\(exp\(z\), dim = 1, keepdim = true\)|log_softmax|softmax\(z, dim = 1\)/,
          },
        ],
      },
    ],
  },
  {
    name: "a sum of products by an equation",
    text: `
op bilinear(x: [N, a], W: [a, b], y: [N, b]) -> [N] {
  return einsum("na,ab,nb->n", x, W, y)
  vjp W(u) = einsum("n,na,nb->ab", u, x, y)
  vjp x(u) = einsum("n,ab,nb->na", u, W, y)
}
`,
    faults: [
      {
        name: "an operand left out",
        edits: [[`"n,ab,nb->na", u, W, y`, `"n,ab->na", u, W`]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /the operand `y` is missing in `einsum/ }],
      },
      {
        name: "the cotangent left out",
        edits: [[`"n,na,nb->ab", u, x, y`, `"na,nb->ab", x, y`]],
        blame: [{ at: "vjp W", kind: "missing-cotangent" }],
      },
    ],
  },
  {
    name: "a cell whose rules share f′",
    text: `
op cell(x: [N, a], h: [N, b], W: [a, b], U: [b, b]) -> [N, b] {
  z = x @ W + h @ U
  o = tanh(z)
  return o
  dn = 1 - o^2
  vjp x(u) = (u * dn) @ W.T
  vjp h(u) = (u * dn) @ U.T
  vjp W(u) = x.T @ (u * dn)
  vjp U(u) = h.T @ (u * dn)
}
`,
    faults: ["o", "z"].map((other) => ({
      name: `${other} under the name of f′`,
      edits: [["dn = 1 - o^2", `dn = ${other}`] as const],
      blame: [
        {
          at: "dn",
          kind: "missing-factor",
          says: new RegExp(
            `^\`dn\` is the first value that is wrong: \`${other}\` stands where tanh′\\(z\\), \`1 - o\\^2\`, belongs; vjp x, vjp h, vjp W, vjp U only inherit it$`,
            "u",
          ),
        },
      ],
    })),
  },
  {
    name: "shares by a softmax that only the rules know",
    text: `
op pooled(x: [N, m], w: [m]) -> [N] {
  z = x * w
  return logsumexp(z, dim = 1)
  P = softmax(z, dim = 1)
  vjp x(u) = u[:, None] * P * w
  vjp w(u) = sum(u[:, None] * P * x, dim = 0)
}
`,
    faults: [
      {
        name: "exponentials that are not divided by their sum",
        edits: [["P = softmax(z, dim = 1)", "P = exp(z)"]],
        blame: [
          {
            at: "P",
            kind: "missing-factor",
            says: /the division by `sum\(exp\(z\), dim = 1, keepdim = true\)`/,
          },
        ],
      },
      {
        name: "the cotangent of the rows left out",
        edits: [["sum(u[:, None] * P * x, dim = 0)", "sum(P * x, dim = 0)"]],
        blame: [
          {
            at: "vjp w",
            kind: "missing-cotangent",
            says: /the factor `u\[:, None\]` is missing at `P \* x`/,
          },
        ],
      },
    ],
  },
  {
    name: "a factor that is what is left of a share",
    text: `
op gated(x: [N, C, H, W], s: [N, C]) -> [N, C, H, W] {
  k = s[:, :, None, None]
  return x * sigmoid(k)
  vjp x(gy) = gy * sigmoid(k)
  vjp s(gy) = sum(gy * x, dim = [2, 3]) * sigmoid(s) * (1 - sigmoid(s))
  jvp s(ts) = x * (ts * sigmoid(s) * (1 - sigmoid(s)))[:, :, None, None]
}
`,
    faults: [
      {
        name: "left out of a tangent",
        edits: [["x * (ts * sigmoid(s) * (1 - sigmoid(s)))", "x * (ts * sigmoid(s))"]],
        blame: [
          { at: "jvp s", kind: "missing-factor", says: /^jvp s: the factor 1 - sigmoid\(k\) is missing/ },
        ],
      },
    ],
  },
  {
    name: "a factorisation machine",
    text: `
op fm(X: [N, p], V: [p, f]) -> [N] {
  S = X @ V
  return 0.5 * sum(S^2 - X^2 @ V^2, dim = 1)
  vjp X(u) = u[:, None] * (S @ V.T) - u[:, None] * X * sum(V^2, dim = 1)
}
`,
    faults: [
      {
        name: "the squares' part left out",
        edits: [[" - u[:, None] * X * sum(V^2, dim = 1)", ""]],
        blame: [
          {
            at: "vjp X",
            kind: "overwritten-sum",
            says: /`-u\[:, None\] \* sum\(\(V\^2\)\.T, dim = 0\) \* X`, is missing in the sum/,
          },
        ],
      },
    ],
  },
  {
    name: "a power that is as large as a size",
    text: `
op planck(nu: [M], T0: []) -> [M] {
  e = exp(nu / T0)
  return nu^3 / (e - 1)
  vjp nu(g) = g * (3 * nu^2 / (e - 1) - nu^3 * e / (e - 1)^2 / T0)
  jvp nu(v) = v * (3 * nu^2 / (e - 1) - nu^3 * e / (e - 1)^2 / T0)
  sample nu = 0.5 + rand([M])
  sample T0 = 1.3
}
`,
    faults: [
      {
        name: "the power's part left out",
        edits: [["v * (3 * nu^2 / (e - 1) - nu^3", "v * (-nu^3"]],
        blame: [
          { at: "jvp nu", kind: "overwritten-sum", says: /`3 \* v \* nu\^2 \/ \(e - 1\)`, is missing/ },
        ],
      },
    ],
  },
  {
    name: "a line that is summed in every turn",
    text: `
net Cum(n, R)(X: [R, N, n], y: [N]) -> [] {
  param w: [n] = randn()
  param g: [] = rand([])
  s[0] = zeros([N])
  for t in 1 to R {
    s[t] = g * s[t-1] + X[t-1] @ w
  }
  loss = mean((s[R] - y)^2)
  return loss
  d[R] = 2 * (s[R] - y) / N
  for t in R - 1 downto 1 {
    d[t] = g * d[t+1]
  }
  vjp w(u) = u * sum([X[t-1].T @ d[t] for t in 1 to R], dim = 0)
  vjp g(u) = u * sum([sum(s[t-1] * d[t]) for t in 1 to R])
}
run r {
  seed torch 27
  m = Cum(3, 4)(randn([4, 6, 3]), randn([6]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "the last turn's in each",
        edits: [["sum(s[t-1] * d[t])", "sum(s[t-1] * d[R])"]],
        blame: [
          {
            at: "vjp g",
            kind: "other-argument",
            says: /`d\[4\]` stands in each of 4 turns, where the turn's own belongs/,
          },
        ],
      },
    ],
  },
  {
    name: "a Gaussian autoencoder, its two heads derived by hand",
    text: `
net Vae(h, z)(x: [N, p], eps: [N, z]) -> [] {
  param V: [p, h] = randn() * 0.5
  param M: [h, z] = randn() * 0.5
  param S: [h, z] = randn() * 0.5
  param D: [z, p] = randn() * 0.5
  a = tanh(x @ V)
  mu = a @ M
  ls = a @ S
  sd = exp(ls)
  code = mu + sd * eps
  rec = sigmoid(code @ D)
  kl = sum(mu^2 + sd^2 - 1 - 2 * ls) / (2 * N)
  return sum((rec - x)^2) / N + kl
  drec = 2 * (rec - x) / N
  dpre = drec * rec * (1 - rec)
  dcode = dpre @ D.T
  dmu = dcode + mu / N
  dls = dcode * eps * sd + (sd^2 - 1) / N
  dS = a.T @ dls
  da = dmu @ M.T + dls @ S.T
  dV = x.T @ (da * (1 - a^2))
}
run r {
  seed torch 2
  m = Vae(4, 2)(rand([6, 5]), randn([6, 2]))
  d = backward(m)
  check "S": m.dS ~= d.S
  check "V": m.dV ~= d.V
}`,
    faults: [
      {
        name: "what goes through one head, told with what is derived there",
        edits: [["da = dmu @ M.T + dls @ S.T", "da = dmu @ M.T"]],
        blame: [
          { at: "V", kind: "overwritten-sum", says: /through `m\.ls`, `m\.dls @ m\.S\.T`, is missing/ },
        ],
      },
      {
        name: "the other head's gradient, which is right where it belongs",
        edits: [["dS = a.T @ dls", "dS = a.T @ dmu"]],
        blame: [{ at: "S", kind: "other-argument", says: /`m\.dmu` stands where `m\.dls` belongs/ }],
      },
    ],
  },
  {
    name: "scores divided by a root, and a weighted loss that is cut off",
    text: `
op scores(q: [n, d], k: [m, d], b: [m]) -> [n, m] {
  return softplus(q @ k.T / sqrt(d) + b)
  vjp q(u) = (u * sigmoid(q @ k.T / sqrt(d) + b)) @ k / sqrt(d)
  vjp k(u) = (u * sigmoid(q @ k.T / sqrt(d) + b)).T @ q / sqrt(d)
  vjp b(u) = sum(u * sigmoid(q @ k.T / sqrt(d) + b), dim = 0)
}
op cut(r: [N, k], w: [k]) -> [] {
  return mean(w * where(abs(r) <= 0.8, r^2 / 2, 0.8 * (abs(r) - 0.4)))
  vjp r(u) = u * w * clamp(r, -0.8, 0.8) / (N * k)
}
run r {
  seed torch 5
  gradcheck cut(scores(randn([4, 3]), randn([5, 3]), randn([5])) - 1, rand([5]))
}`,
    faults: [
      {
        name: "f' left out, told as it would be written",
        edits: [
          ["vjp b(u) = sum(u * sigmoid(q @ k.T / sqrt(d) + b), dim = 0)", "vjp b(u) = sum(u, dim = 0)"],
        ],
        blame: [
          { at: "vjp b", kind: "missing-factor", says: /the factor sigmoid\(q @ k\.T \/ sqrt\(d\) \+ b\)/ },
        ],
      },
      {
        name: "the weighted loss not cut off",
        edits: [["clamp(r, -0.8, 0.8)", "r"]],
        blame: [
          {
            at: "vjp r",
            kind: "missing-factor",
            says: /`where\(abs\(r\) <= 0\.8, r, 0\.8 \* sign\(r\)\)`, belongs/,
          },
        ],
      },
      {
        name: "the weights left out, where it is cut off",
        edits: [["u * w * clamp", "u * clamp"]],
        blame: [{ at: "vjp r", kind: "missing-factor", says: /the factor w is missing/ }],
      },
    ],
  },
  {
    name: "shares by hand, and a gate with a scale of its own",
    text: `
op swish(x: [n, k], beta: []) -> [n, k] {
  s = sigmoid(beta * x)
  return x * s
  vjp x(u) = u * (s + beta * x * s * (1 - s))
  vjp beta(u) = sum(u * x^2 * s * (1 - s))
}
op shares(x: [n, k]) -> [n, k] {
  e = exp(x - mean(x, dim = 1, keepdim = true))
  t = sum(e, dim = 1, keepdim = true)
  return e / t
  vjp x(u) = e / t * (u - sum(u * e, dim = 1, keepdim = true) / t)
}
run r {
  seed torch 6
  x = randn([4, 3])
  b = rand([])
  gradcheck sum(shares(swish(x, b))^2)
}`,
    faults: [
      {
        name: "all of the bracket left out",
        edits: [["e / t * (u - sum(u * e, dim = 1, keepdim = true) / t)", "e / t"]],
        blame: [
          {
            at: "vjp x",
            kind: "missing-cotangent",
            says: /the factor `u - sum\(u \* \(e \/ t\), dim = 1, keepdim = true\)` is missing/,
          },
        ],
      },
      {
        name: "a product of sums",
        edits: [["sum(u * x^2 * s * (1 - s))", "sum(u) * sum(x^2 * s * (1 - s))"]],
        blame: [{ at: "b", kind: "missing-reduction", says: /is a product of sums/ }],
      },
    ],
  },
];
