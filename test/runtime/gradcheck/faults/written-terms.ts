// Owns programs whose explanation must be written in the file's own names: forgotten terms of normalising, functions applied twice, masks, turns of comprehensions.
import type { FaultyProgram } from "./faulty-program";

const normalised =
  "inv * (dy - mean(dy, dim = 1, keepdim = true) - xhat * mean(dy * xhat, dim = 1, keepdim = true))";
const batch = "g * inv * (dy - mean(dy, dim = 0) - xhat * mean(dy * xhat, dim = 0))";
const share = "dS = A * (dA - sum(dA * A, dim = 1, keepdim = true))";

export const writtenTerms: readonly FaultyProgram[] = [
  {
    name: "layer norm by hand",
    text: `op layernorm(x: [n, d]) -> [n, d] {
  mu = mean(x, dim = 1, keepdim = true)
  inv = 1 / sqrt(mean((x - mu)^2, dim = 1, keepdim = true) + 1e-5)
  xhat = (x - mu) * inv
  return xhat
  vjp x(dy) = ${normalised}
}
`,
    faults: [
      {
        name: "both terms forgotten",
        edits: [[normalised, "inv * dy"]],
        blame: [
          {
            at: "vjp x",
            kind: "overwritten-sum",
            says: /the terms − mean\(dy, dim = 1, keepdim = true\) − xhat \* mean\(dy \* xhat, dim = 1, keepdim = true\) are missing at `dy`/u,
          },
        ],
      },
      {
        name: "the mean forgotten",
        edits: [[normalised, "inv * (dy - xhat * mean(dy * xhat, dim = 1, keepdim = true))"]],
        blame: [
          {
            at: "vjp x",
            kind: "overwritten-sum",
            says: /the term − mean\(dy, dim = 1, keepdim = true\) is missing/u,
          },
        ],
      },
      {
        name: "the variance forgotten",
        edits: [[normalised, "inv * (dy - mean(dy, dim = 1, keepdim = true))"]],
        blame: [
          {
            at: "vjp x",
            kind: "overwritten-sum",
            says: /the term − xhat \* mean\(dy \* xhat, dim = 1, keepdim = true\) is missing/u,
          },
        ],
      },
    ],
  },
  {
    name: "batch norm by hand",
    text: `op batchnorm(x: [n, d], g: [d], b: [d]) -> [n, d] {
  mu = mean(x, dim = 0)
  inv = 1 / sqrt(mean((x - mu)^2, dim = 0) + 1e-5)
  xhat = (x - mu) * inv
  return g * xhat + b
  vjp x(dy) = ${batch}
  vjp g(dy) = sum(dy * xhat, dim = 0)
  vjp b(dy) = sum(dy, dim = 0)
}
`,
    faults: [
      {
        name: "both terms forgotten",
        edits: [[batch, "g * inv * dy"]],
        blame: [
          {
            at: "vjp x",
            kind: "overwritten-sum",
            says: /− mean\(dy, dim = 0\) − xhat \* mean\(dy \* xhat, dim = 0\) are missing at `dy`/u,
          },
        ],
      },
    ],
  },
  {
    name: "rows of length one and logarithms of shares",
    text: `op unit(x: [n, d]) -> [n, d] {
  r = sqrt(sum(x^2, dim = 1, keepdim = true))
  y = x / r
  return y
  vjp x(u) = (u - y * sum(u * y, dim = 1, keepdim = true)) / r
}
op logs(x: [n, d]) -> [n, d] {
  y = log_softmax(x, dim = 1)
  return y
  vjp x(u) = u - exp(y) * sum(u, dim = 1, keepdim = true)
}
`,
    faults: [
      {
        name: "the length held constant",
        edits: [["(u - y * sum(u * y, dim = 1, keepdim = true)) / r", "u / r"]],
        blame: [
          {
            at: "vjp x",
            kind: "overwritten-sum",
            says: /the term − y \* sum\(u \* y, dim = 1, keepdim = true\) is missing at `u`/u,
          },
        ],
      },
      {
        name: "the normalisation of logarithms forgotten",
        edits: [["u - exp(y) * sum(u, dim = 1, keepdim = true)", "u"]],
        blame: [
          {
            at: "vjp x",
            kind: "overwritten-sum",
            says: /the term − exp\(y\) \* sum\(u, dim = 1, keepdim = true\) is missing/u,
          },
        ],
      },
    ],
  },
  {
    name: "attention's shares",
    text: `net Att(d)(X: [N, d], Y: [N, d]) -> [] {
  param Q: [d, d] = randn()
  S = (X @ Q) @ X.T / sqrt(d)
  A = softmax(S, dim = 1)
  O = A @ X
  J = mean((O - Y)^2)
  return J
  dO = 2 * (O - Y) / (N * d)
  dA = dO @ X.T
  ${share}
  dq = dS @ X / sqrt(d)
  vjp Q(u) = u * (X.T @ dq)
}
run r {
  seed torch 5
  m = Att(4)(randn([5, 4]), randn([5, 4]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the sum over a row forgotten, not told with the outcome itself",
        edits: [[share, "dS = A * dA"]],
        blame: [
          {
            at: "dS",
            kind: "overwritten-sum",
            says: /the term − sum\((?:A \* dA|dA \* A), dim = 1, keepdim = true\)/u,
          },
        ],
      },
      {
        name: "a size by its name",
        edits: [["dA = dO @ X.T", "dA = dO @ X.T / d"]],
        blame: [{ at: "dA", kind: "factor", says: /the division by 4 \(d\) is too much/u }],
      },
    ],
  },
  {
    name: "functions once",
    text: `op e(x: [n]) -> [n] {
  return exp(x)
  vjp x(u) = u * exp(x)
}
op t(x: [n]) -> [n] {
  y = tanh(x)
  return y
  vjp x(u) = u * (1 - y^2)
}
op q(x: [n]) -> [n] {
  return sqrt(x^2 + 1)
  vjp x(u) = u * x / sqrt(x^2 + 1)
}
`,
    faults: [
      {
        name: "exp of exp",
        edits: [["u * exp(x)", "u * exp(exp(x))"]],
        blame: [
          { at: "vjp x", kind: "evaluated-at-output", says: /exp is applied twice in `exp\(exp\(x\)\)`/u },
        ],
      },
      {
        name: "tanh of its value",
        edits: [["1 - y^2", "1 - tanh(y)^2"]],
        blame: [{ at: "vjp x", kind: "evaluated-at-output", says: /tanh is applied twice in `tanh\(y\)`/u }],
      },
      {
        name: "tanh of tanh",
        edits: [["1 - y^2", "1 - tanh(tanh(x))^2"]],
        blame: [{ at: "vjp x", kind: "evaluated-at-output", says: /tanh is applied twice/u }],
      },
      {
        name: "sqrt of sqrt",
        edits: [["u * x / sqrt(x^2 + 1)", "u * x / sqrt(sqrt(x^2 + 1))"]],
        blame: [{ at: "vjp x", kind: "evaluated-at-output", says: /sqrt is applied twice/u }],
      },
    ],
  },
  {
    name: "masks",
    text: `op largest(Z: [n, m]) -> [n] {
  A = max(Z, dim = 1, keepdim = true)
  R = relu(Z)
  return sum(Z * (Z == A), dim = 1)
  vjp Z(u) = reshape(u, [n, 1]) * (Z == A)
}
op leaky(z: [n]) -> [n] {
  return where(z > 0, z, 0.1 * z)
  vjp z(u) = u * where(z > 0, 1, 0.1)
}
`,
    faults: [
      {
        name: "another value is compared",
        edits: [["[n, 1]) * (Z == A)", "[n, 1]) * (Z == R)"]],
        blame: [
          {
            at: "vjp Z",
            kind: "other-argument",
            says: /the mask `Z == R` should be `Z == max\(Z, dim = 1, keepdim = true\)`/u,
          },
        ],
      },
      {
        name: "the other slope forgotten",
        edits: [["u * where(z > 0, 1, 0.1)", "u * (z > 0)"]],
        blame: [
          { at: "vjp z", kind: "missing-factor", says: /the mask `z > 0` is 0 where the derivative is 0.1/u },
        ],
      },
      {
        name: "another slope",
        edits: [["where(z > 0, 1, 0.1)", "where(z > 0, 1, 0.2)"]],
        blame: [{ at: "vjp z", kind: "factor", says: /`0.2` should be `0.1`/u }],
      },
      {
        name: "a value for its slope",
        edits: [["where(z > 0, 1, 0.1)", "where(z > 0, z, 0.1)"]],
        blame: [{ at: "vjp z", kind: "other-argument", says: /`z` stands where `1` belongs/u }],
      },
    ],
  },
  {
    name: "literal arrays",
    text: `op weighted(x: [3]) -> [3] {
  return x * [1, 2, 3]
  vjp x(u) = u * [1, 2, 3]
}
`,
    faults: [
      {
        name: "too much",
        edits: [["u * [1, 2, 3]", "u * [1, 2, 3] * [1, 2, 3]"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /the factor \[1, 2, 3\] is too much/u }],
      },
      {
        name: "another one",
        edits: [["u * [1, 2, 3]", "u * [1, 2, 4]"]],
        blame: [
          { at: "vjp x", kind: "other-argument", says: /`\[1, 2, 4\]` stands where `\[1, 2, 3\]` belongs/u },
        ],
      },
    ],
  },
  {
    name: "turns of a comprehension",
    text: `net RNN(n)(X: [t, N, m], Y: [N, n]) -> [] {
  param U: [m, n] = randn()
  param W: [n, n] = randn()
  h[0] = zeros([N, n])
  for k in 1 to t {
    h[k] = tanh(X[k-1] @ U + h[k-1] @ W)
  }
  J = sum((h[t] - Y)^2)
  return J
  dh[t] = 2 * (h[t] - Y)
  for k in t downto 1 {
    dz[k] = dh[k] * (1 - h[k]^2)
    dh[k-1] = dz[k] @ W.T
  }
  dW = sum([h[k-1].T @ dz[k] for k in 1 to t], dim = 0)
  dU = sum([X[k-1].T @ dz[k] for k in 1 to t], dim = 0)
  vjp W(u) = u * dW
  vjp U(u) = u * dU
}
run r {
  seed torch 1
  m = RNN(4)(randn([4, 3, 2]), randn([3, 4]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the index one too high in each",
        edits: [["h[k-1].T @ dz[k] for", "h[k].T @ dz[k] for"]],
        blame: [
          {
            at: "dW",
            kind: "other-argument",
            says: /`h\[1\]` stands where `h\[0\]` belongs .*and so in each of its 4 turns/u,
          },
        ],
      },
      {
        name: "a factor too much in each",
        edits: [["X[k-1].T @ dz[k] for", "X[k-1].T @ (dz[k] * h[k]) for"]],
        blame: [{ at: "dU", kind: "missing-factor", says: /`h\[1\]` is too much .*in each of its 4 turns/u }],
      },
      {
        name: "f' missing in each",
        edits: [["X[k-1].T @ dz[k] for", "X[k-1].T @ dh[k] for"]],
        blame: [
          {
            at: "dU",
            kind: "missing-factor",
            says: /the factor 1 - h\[1\]\^2 is missing .*in each of its 4 turns/u,
          },
        ],
      },
      {
        name: "a function too much in each",
        edits: [["h[k-1].T @ dz[k] for", "tanh(h[k-1]).T @ dz[k] for"]],
        blame: [
          { at: "dW", kind: "evaluated-at-output", says: /tanh is too much .*in each of its 4 turns/u },
        ],
      },
    ],
  },
];
