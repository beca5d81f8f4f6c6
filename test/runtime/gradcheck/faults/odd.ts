// Owns slips of rarer kinds: in single terms, several in one rule, batched products, copied formulas held against builtins.
import type { FaultyProgram } from "./faulty-program";

export const oddPrograms: readonly FaultyProgram[] = [
  {
    name: "a sum of two terms",
    text: `
op both(x: [n], w: [n]) -> [n] {
  s = sigmoid(x)
  return x * s + w * x^2
  vjp x(u) = u * (s + x * s * (1 - s) + 2 * w * x)
  vjp w(u) = u * x^2
  jvp x(v) = v * (s + x * s * (1 - s) + 2 * w * x)
  jvp w(v) = v * x^2
  sample n = 5
}`,
    faults: [
      {
        name: "the cotangent left out of one term",
        edits: [
          [
            "vjp x(u) = u * (s + x * s * (1 - s) + 2 * w * x)",
            "vjp x(u) = u * (s + x * s * (1 - s)) + 2 * w * x",
          ],
        ],
        blame: [{ at: "vjp x", kind: "missing-cotangent", says: /2 \* w \* x/ }],
      },
      {
        name: "the tangent left out of one term",
        edits: [
          [
            "jvp x(v) = v * (s + x * s * (1 - s) + 2 * w * x)",
            "jvp x(v) = v * s + x * s * (1 - s) + v * 2 * w * x",
          ],
        ],
        blame: [{ at: "jvp x", kind: "missing-cotangent" }],
      },
      {
        name: "two slips in one rule, one of them its sign",
        edits: [
          [
            "vjp x(u) = u * (s + x * s * (1 - s) + 2 * w * x)",
            "vjp x(u) = -u * (s + x * s * (1 - s) + w * x)",
          ],
        ],
        blame: [{ at: "vjp x", kind: "factor", says: /factor 2 is missing at `w \* x`.*sign/ }],
      },
      {
        name: "the power rule without the power less one",
        edits: [["2 * w * x)\n  vjp w", "2 * w * x^2)\n  vjp w"]],
        blame: [{ at: "vjp x", kind: ["missing-factor", "factor"] }],
      },
      {
        name: "3 for 2",
        edits: [["2 * w * x)\n  vjp w", "3 * w * x)\n  vjp w"]],
        blame: [{ at: "vjp x", kind: "factor", says: /`3` should be `2`/ }],
      },
      {
        name: "the vjp and the jvp the same way",
        edits: [
          ["vjp w(u) = u * x^2", "vjp w(u) = u * x"],
          ["jvp w(v) = v * x^2", "jvp w(v) = v * x"],
        ],
        blame: [
          { at: "vjp w", kind: "missing-factor", says: /factor x/ },
          { at: "jvp w", kind: "missing-factor", says: /factor x/ },
        ],
      },
      {
        name: "x for w",
        edits: [["2 * w * x)\n  vjp w", "2 * x * x)\n  vjp w"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /`x` stands where `w` belongs/ }],
      },
    ],
  },
  {
    name: "batched products",
    text: `
op scores(Q: [B, n, d], K: [B, n, d]) -> [B, n, n] {
  return Q @ K.T / sqrt(d)
  vjp Q(u) = u @ K / sqrt(d)
  vjp K(u) = u.T @ Q / sqrt(d)
}`,
    faults: [
      {
        name: "the cotangent is not transposed",
        edits: [["u.T @ Q", "u @ Q"]],
        blame: [{ at: "vjp K", kind: "transposed", says: /`\.T` is missing at `u`/ }],
      },
      {
        name: "the root left out of the scale",
        edits: [["u @ K / sqrt(d)", "u @ K / d"]],
        blame: [{ at: "vjp Q", kind: "factor", says: /sqrt\(4\)|sqrt\(5\)|sqrt\(3\)|2/ }],
      },
      {
        name: "Q for K",
        edits: [["vjp Q(u) = u @ K", "vjp Q(u) = u @ Q"]],
        blame: [{ at: "vjp Q", kind: "other-argument", says: /`Q` stands where `K` belongs/ }],
      },
    ],
  },
  {
    name: "values under two names",
    text: `
net Two(d, k)(X: [N, d], Y: [N, k]) -> [] {
  param W: [d, k] = randn()
  param b: [k] = randn()
  a = X @ W + b
  J = sum((softplus(a) - Y)^2) / N
  return J
  delta = 2 * (softplus(a) - Y) / N
  delta_a = delta * sigmoid(a)
  dW = X.T @ delta_a
  db = sum(delta_a, dim = 0)
  vjp W(u) = u * dW
  vjp b(u) = u * db
}
run r {
  seed torch 1
  m = Two(3, 2)(randn([5, 3]), randn([5, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "f' left out",
        edits: [["delta_a = delta * sigmoid(a)", "delta_a = delta"]],
        blame: [{ at: "delta_a", kind: "missing-factor", says: /softplus/ }],
      },
      {
        name: "the function for its derivative",
        edits: [["delta * sigmoid(a)", "delta * softplus(a)"]],
        blame: [{ at: "delta_a", kind: ["other-argument", "missing-factor"], says: /sigmoid/ }],
      },
      {
        name: "the derivative of another function",
        edits: [["delta * sigmoid(a)", "delta * (1 - tanh(a)^2)"]],
        blame: [{ at: "delta_a", kind: "missing-factor", says: /softplus/ }],
      },
      {
        name: "2/N twice over",
        edits: [["delta = 2 * (softplus(a) - Y) / N", "delta = (softplus(a) - Y)"]],
        blame: [{ at: "delta", kind: "factor" }],
      },
    ],
  },
  {
    name: "formulas held against builtins",
    text: `
run r {
  seed torch 1
  x = randn([4, 3])
  w = randn([2, 3])
  b = randn([2])
  t = randn([4, 2])
  p = exp(x) / sum(exp(x), dim = 1, keepdim = true)
  y = x @ w.T + b
  e = mean((y - t)^2)
  q = mean((x - mean(x, dim = 0))^2, dim = 0)
  check "softmax": p ~= softmax(x, dim = 1)
  check "linear": y ~= linear(x, w, b)
  check "error": e ~= mse_loss(y, t)
  check "variance": q ~= var(x, dim = 0, unbiased = false)
}
`,
    faults: [
      {
        name: "softmax over the wrong dimension",
        edits: [["sum(exp(x), dim = 1, keepdim = true)", "sum(exp(x), dim = 0, keepdim = true)"]],
        blame: [{ at: "softmax", kind: "other-argument", says: /dim = 0.*dim = 1/ }],
      },
      {
        name: "the bias subtracted",
        edits: [["x @ w.T + b", "x @ w.T - b"]],
        blame: [{ at: "linear", kind: "sign" }],
      },
      {
        name: "sum for mean",
        edits: [["e = mean(", "e = sum("]],
        blame: [{ at: "error", kind: "factor", says: /`sum` stands where `mean`/ }],
      },
      {
        name: "the squared deviation without the mean",
        edits: [["(x - mean(x, dim = 0))^2", "x^2"]],
        blame: [{ at: "variance", kind: "overwritten-sum" }],
      },
      {
        name: "N − 1 for N",
        edits: [["unbiased = false", "unbiased = true"]],
        blame: [{ at: "variance", kind: "factor", says: /4\/3|1\.333/ }],
      },
    ],
  },
  {
    name: "a bias of a recurrent net",
    text: `
net Rnn(L, d, n)(x: [L, N, d], y: [N, n]) -> [] {
  param W: [d, n] = randn()
  param U: [n, n] = randn()
  param b: [n] = randn()
  h[0] = zeros([N, n])
  for k in 1 to L {
    z[k] = x[k - 1] @ W + h[k - 1] @ U + b
    h[k] = tanh(z[k])
  }
  J = sum((h[L] - y)^2) / (2 * N)
  return J
  dh[L] = (h[L] - y) / N
  for k in L downto 1 {
    dz[k] = dh[k] * (1 - h[k]^2)
    dh[k - 1] = dz[k] @ U.T
  }
  vjp W(u) = u * sum([x[k - 1].T @ dz[k] for k in 1 to L], dim = 0)
  vjp U(u) = u * sum([h[k - 1].T @ dz[k] for k in 1 to L], dim = 0)
  vjp b(u) = u * sum([sum(dz[k], dim = 0) for k in 1 to L], dim = 0)
}
run r {
  seed torch 4
  m = Rnn(3, 3, 2)(randn([3, 5, 3]), randn([5, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the first row for the sum in each turn",
        edits: [["sum(dz[k], dim = 0)", "dz[k][0]"]],
        blame: [{ at: "vjp b", kind: "missing-reduction", says: /sum\(dz\[1\], dim = 0\)/ }],
      },
      {
        name: "mean for sum in each turn",
        edits: [["sum(dz[k], dim = 0)", "mean(dz[k], dim = 0)"]],
        blame: [{ at: "vjp b", kind: "factor", says: /mean.*stands where.*sum/ }],
      },
    ],
  },
  {
    name: "a gain of rows",
    text: `
op gain(x: [N, d], g: [d]) -> [N, d] {
  return g * x
  vjp x(u) = g * u
  vjp g(u) = sum(u * x, dim = 0)
}`,
    faults: [
      {
        name: "the first rows' product",
        edits: [["sum(u * x, dim = 0)", "u[0] * x[0]"]],
        blame: [{ at: "vjp g", kind: "missing-reduction", says: /sum\(u \* x, dim = 0\)/ }],
      },
    ],
  },
  {
    name: "a bilinear form of rows, pushed forward",
    text: `
op bilinear(x: [N, p], A: [p, q], y: [N, q]) -> [N] {
  return sum((x @ A) * y, dim = 1)
  jvp x(v) = sum((v @ A) * y, dim = 1)
  jvp A(v) = sum((x @ v) * y, dim = 1)
}`,
    faults: [
      {
        name: "what the tangent makes left out",
        edits: [["sum((v @ A) * y, dim = 1)", "sum(y, dim = 1)"]],
        blame: [{ at: "jvp x", kind: "missing-cotangent", says: /factor `v @ A` is missing at `y`/ }],
      },
    ],
  },
  {
    name: "products of several factors",
    text: `
op mish(x: [n]) -> [n] {
  t = tanh(softplus(x))
  return x * t
  vjp x(u) = u * (t + x * (1 - t^2) * sigmoid(x))
}
op swish(x: [n]) -> [n] {
  s = sigmoid(x)
  y = x * s
  return y
  vjp x(u) = u * (y + s * (1 - y))
}`,
    faults: [
      {
        name: "two of three factors left out",
        edits: [["x * (1 - t^2) * sigmoid(x)", "sigmoid(x)"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /missing at `sigmoid\(x\)`/ }],
      },
      {
        name: "a term of two factors left out",
        edits: [["y + s * (1 - y)", "y"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum", says: /term \+ s \* \(1 - y\)/ }],
      },
    ],
  },
];
