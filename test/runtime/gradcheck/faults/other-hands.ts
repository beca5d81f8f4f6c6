// Owns slips in programs by other hands: distances, potentials, polynomials, springs, and recurrent nets whose names say something else.
import type { FaultyProgram } from "./faulty-program";

export const otherHandsPrograms: readonly FaultyProgram[] = [
  {
    name: "distances of pairs of rows",
    text: `
op sqdist(A: [n, d], B: [m, d]) -> [n, m] {
  D = A[:, None, :] - B[None, :, :]
  return sum(D^2, -1)
  vjp A(G) = 2 * (sum(G, 1, keepdim = true) * A - G @ B)
  vjp B(G) = 2 * (sum(G, 0)[:, None] * B - G.T @ A)
  jvp A(V) = 2 * sum(D * V[:, None, :], -1)
  jvp B(V) = -2 * sum(D * V[None, :, :], -1)
}
`,
    faults: [
      {
        name: "the first term dropped",
        edits: [["2 * (sum(G, 1, keepdim = true) * A - G @ B)", "-2 * (G @ B)"]],
        blame: [{ at: "vjp A", kind: "overwritten-sum", says: /sum\(G.*A/u }],
      },
      {
        name: "the product dropped",
        edits: [["(sum(G, 0)[:, None] * B - G.T @ A)", "sum(G, 0)[:, None] * B"]],
        blame: [{ at: "vjp B", kind: "overwritten-sum", says: /G\.T @ A/u }],
      },
    ],
  },
  {
    name: "a quadratic form by einsum",
    text: `
op energy(q: [N, n], K: [n, n]) -> [N] {
  return 0.5 * einsum("ni,ij,nj->n", q, K, q)
  vjp q(bar) = 0.5 * bar[:, None] * (q @ (K + K.T))
  vjp K(bar) = 0.5 * einsum("n,ni,nj->ij", bar, q, q)
  jvp q(dot) = 0.5 * (einsum("ni,ij,nj->n", dot, K, q) + einsum("ni,ij,nj->n", q, K, dot))
  jvp K(dot) = 0.5 * einsum("ni,ij,nj->n", q, dot, q)
}
`,
    faults: [
      {
        name: "one of two terms of the tangent",
        edits: [
          [
            '(einsum("ni,ij,nj->n", dot, K, q) + einsum("ni,ij,nj->n", q, K, dot))',
            'einsum("ni,ij,nj->n", dot, K, q)',
          ],
        ],
        blame: [{ at: "jvp q", kind: "overwritten-sum" }],
      },
    ],
  },
  {
    name: "a potential of two powers",
    text: `
op lj(r: [M], eps: [], sig: []) -> [] {
  s6 = (sig / r)^6
  return sum(4 * eps * (s6^2 - s6))
  vjp r(u) = u * 4 * eps * (6 * s6 - 12 * s6^2) / r
  vjp eps(u) = u * sum(4 * (s6^2 - s6))
  vjp sig(u) = u * sum(4 * eps * (12 * s6^2 - 6 * s6)) / sig
  jvp r(w) = sum(4 * eps * (6 * s6 - 12 * s6^2) / r * w)
  jvp eps(w) = w * sum(4 * (s6^2 - s6))
  jvp sig(w) = w * sum(4 * eps * (12 * s6^2 - 6 * s6)) / sig
  sample r = 1 + rand([M])
  sample eps = 0.7
  sample sig = 1.1
}
`,
    faults: [
      {
        name: "6 for 12",
        edits: [
          [
            "vjp r(u) = u * 4 * eps * (6 * s6 - 12 * s6^2) / r",
            "vjp r(u) = u * 4 * eps * (6 * s6 - 6 * s6^2) / r",
          ],
        ],
        blame: [{ at: "vjp r", kind: "factor", says: /factor 2 is missing at `6 \* s6\^2`/u }],
      },
      {
        name: "another argument",
        edits: [
          [
            "vjp r(u) = u * 4 * eps * (6 * s6 - 12 * s6^2) / r",
            "vjp r(u) = u * 4 * eps * (6 * s6 - 12 * s6^2) / sig",
          ],
        ],
        blame: [{ at: "vjp r", kind: "other-argument", says: /`sig` stands where `r` belongs/u }],
      },
    ],
  },
  {
    name: "a polynomial in a comprehension",
    text: `
op poly(x: [N], c: [k]) -> [N] {
  P = stack([x^i for i in 0 to k - 1])
  return c @ P
  vjp x(u) = u * sum(stack([i * c[i] * x^(i - 1) for i in 1 to k - 1]), 0)
  vjp c(u) = P @ u
  jvp x(t) = t * sum(stack([i * c[i] * x^(i - 1) for i in 1 to k - 1]), 0)
  jvp c(t) = t @ P
}
`,
    faults: [
      {
        name: "the exponent left out as a factor",
        edits: [
          ["vjp x(u) = u * sum(stack([i * c[i] * x^(i - 1)", "vjp x(u) = u * sum(stack([c[i] * x^(i - 1)"],
        ],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /number of the turn/u }],
      },
      {
        name: "the first coefficient in each turn",
        edits: [["vjp x(u) = u * sum(stack([i * c[i]", "vjp x(u) = u * sum(stack([i * c[1]"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /element of the turn/u }],
      },
    ],
  },
  {
    name: "a gated linear unit",
    text: `
op glu(x: [N, 2 * d], y: [d]) -> [N, d] {
  a = x[:, :d]
  b = x[:, d:]
  s = 1 / (1 + exp(-b))
  return a * s + y
  vjp x(u) = cat([u * s, u * a * s * (1 - s)], dim = 1)
  vjp y(u) = sum(u, 0)
  jvp x(v) = v[:, :d] * s + a * s * (1 - s) * v[:, d:]
}
`,
    faults: [
      {
        name: "the halves in the wrong order",
        edits: [["cat([u * s, u * a * s * (1 - s)], dim = 1)", "cat([u * a * s * (1 - s), u * s], dim = 1)"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /each other's place/u }],
      },
    ],
  },
  {
    name: "a simple recurrent net with one name for two things",
    text: `
net Elman(n, T1)(xs: [T1, n], ys: [T1, n]) -> [] {
  param U: [n, n] = randn()
  param V: [n, n] = randn()
  param O: [n, n] = randn()
  s[0] = zeros([n])
  for t in 1 to T1 {
    net_[t] = U @ xs[t-1] + V @ s[t-1]
    s[t] = sigmoid(net_[t])
    o[t] = O @ s[t]
    l[t] = sum((o[t] - ys[t-1])^2)
  }
  loss = sum(stack([l[t] for t in 1 to T1])) / T1
  return loss
  ds[T1 + 1] = zeros([n])
  for t in T1 downto 1 {
    do[t] = 2 * (o[t] - ys[t-1]) / T1
    dh[t] = O.T @ do[t] + ds[t+1]
    dn[t] = dh[t] * s[t] * (1 - s[t])
    ds[t] = V.T @ dn[t]
  }
  vjp O(u) = u * sum(stack([do[t][:, None] @ s[t][None, :] for t in 1 to T1]), 0)
  vjp U(u) = u * sum(stack([dn[t][:, None] @ xs[t-1][None, :] for t in 1 to T1]), 0)
  vjp V(u) = u * sum(stack([dn[t][:, None] @ s[t-1][None, :] for t in 1 to T1]), 0)
}
run el {
  seed torch 6
  m = Elman(3, 4)(randn([4, 3]), randn([4, 3]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "the mean left out",
        edits: [["(o[t] - ys[t-1]) / T1", "(o[t] - ys[t-1])"]],
        blame: [{ at: "do[4]", kind: "factor", also: ["do[3]", "do[2]", "do[1]"] }],
      },
      {
        name: "another matrix",
        edits: [["ds[t] = V.T @ dn[t]", "ds[t] = U.T @ dn[t]"]],
        blame: [
          {
            at: "ds[4]",
            kind: "other-argument",
            also: ["ds[3]", "ds[2]"],
            says: /`U` stands where `V` belongs/u,
          },
        ],
      },
      {
        name: "what is handed on without f′",
        edits: [["ds[t] = V.T @ dn[t]", "ds[t] = V.T @ dh[t]"]],
        blame: [{ at: "ds[4]", kind: ["missing-factor", "other-argument"], also: ["ds[3]", "ds[2]"] }],
      },
      {
        name: "f′ in part, and a transpose",
        edits: [
          ["dh[t] * s[t] * (1 - s[t])", "dh[t] * s[t]"],
          ["ds[t] = V.T @ dn[t]", "ds[t] = V @ dn[t]"],
        ],
        blame: [
          { at: "dn[4]", kind: "missing-factor", also: ["dn[3]", "dn[2]", "dn[1]"], says: /1 - s/u },
          { at: "ds[4]", kind: "transposed", also: ["ds[3]", "ds[2]"] },
        ],
      },
    ],
  },
  {
    name: "steps of a pendulum",
    text: `
net Orbit(n)(q0: [d], p0: [d]) -> [] {
  param k: [d, d] = randn()
  const h = 0.1
  q[0] = q0
  p[0] = p0
  for i in 1 to n {
    p[i] = p[i-1] - h * k @ sin(q[i-1])
    q[i] = q[i-1] + h * p[i]
  }
  E = sum(p[n]^2) / 2 + sum(q[n])
  return E
  gq[n] = ones([d])
  gp[n] = p[n] + h * gq[n]
  for i in n - 1 downto 1 {
    gq[i] = gq[i+1] - h * cos(q[i]) * (k.T @ gp[i+1])
    gp[i] = gp[i+1] + h * gq[i]
  }
  vjp k(u) = -u * h * sum(stack([outer(gp[i], sin(q[i-1])) for i in 1 to n]), 0)
}
run orb {
  seed torch 2
  o = Orbit(4)(randn([3]), randn([3]))
  gradcheck o.E
}
`,
    faults: [
      {
        name: "an index that is one too high",
        edits: [["gp[i] = gp[i+1] + h * gq[i]", "gp[i] = gp[i+1] + h * gq[i+1]"]],
        blame: [
          {
            at: "gp[3]",
            kind: "other-argument",
            also: ["gp[2]", "gp[1]"],
            says: /`gq\[4\]` stands where `gq\[3\]` belongs/u,
          },
        ],
      },
      {
        name: "a function left out",
        edits: [["outer(gp[i], sin(q[i-1])) for", "outer(gp[i], q[i-1]) for"]],
        blame: [{ at: "vjp k", kind: "other-argument", says: /sin\(/u }],
      },
    ],
  },
  {
    name: "normalising with one value in two places",
    text: `
net LN(h, o)(X: [N, h], Y: [N, o]) -> [] {
  param gamma: [h] = randn()
  param beta: [h] = randn()
  param W: [h, o] = randn()
  mu = mean(X, dim = 1, keepdim = true)
  xc = X - mu
  var = mean(xc^2, dim = 1, keepdim = true)
  rstd = rsqrt(var + 1e-3)
  xh = xc * rstd
  y = gamma * xh + beta
  t = tanh(y)
  out = t @ W
  mse = mean((out - Y)^2)
  return mse
  dout = 2 * (out - Y) / (N * o)
  dW = t.T @ dout
  dt = dout @ W.T
  dy = dt * (1 - t * t)
  dgamma = sum(dy * xh, dim = 0)
  dbeta = sum(dy, dim = 0)
  dxh = dy * gamma
  dX = rstd * (dxh - mean(dxh, dim = 1, keepdim = true) - xh * mean(dxh * xh, dim = 1, keepdim = true))
  vjp W(u) = u * dW
  vjp gamma(u) = u * dgamma
  vjp beta(u) = u * dbeta
  vjp X(u) = u * dX
}
run ln {
  seed torch 5
  m = LN(5, 2)(randn([4, 5]), randn([4, 2]))
  gradcheck m.mse wrt m.W, m.gamma, m.beta, m.X
}
`,
    faults: [
      {
        name: "f′ of the argument, as of the value",
        edits: [["(1 - t * t)", "(1 - y * y)"]],
        blame: [{ at: "dy", kind: "other-argument", says: /`y` stands where.*`t`/u }],
      },
    ],
  },
  {
    name: "a convolutional net",
    text: `
net CNN(C, F, K)(img: [N, C, 6, 6], y: int[N]) -> [] {
  param k1: [F, C, 3, 3] = randn()
  param c1: [F] = randn()
  param W: [4 * F, K] = randn()
  param b: [K] = randn()
  z = conv2d(img, k1, c1)
  a = tanh(z)
  p = avg_pool2d(a, 2)
  f = flatten(p, 1)
  s = f @ W + b
  loss = cross_entropy(s, y)
  return loss
  ds = (softmax(s, dim = 1) - one_hot(y, K)) / N
  df = ds @ W.T
  dp = reshape(df, [N, F, 2, 2])
  da = repeat(dp[:, :, :, None, :, None], [1, 1, 1, 2, 1, 2]) / 4
  dz = reshape(da, [N, F, 4, 4]) * (1 - a^2)
  vjp W(u) = u * f.T @ ds
  vjp b(u) = u * sum(ds, dim = 0)
  vjp c1(u) = u * sum(dz, dim = [0, 2, 3])
  vjp k1(u) = u * permute(conv2d(permute(img, [1, 0, 2, 3]), permute(dz, [1, 0, 2, 3])), [1, 0, 2, 3])
}
run r {
  seed torch 4
  m = CNN(2, 3, 4)(randn([3, 2, 6, 6]), randint(4, [3]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "scores for probabilities",
        edits: [["ds = (softmax(s, dim = 1) -", "ds = (s -"]],
        blame: [{ at: "ds", kind: "other-argument", says: /softmax\(s/u }],
      },
    ],
  },
  {
    name: "checks of single numbers",
    text: `
run gaussnll {
  seed torch 7
  y = randn([9])
  mu = randn([])
  ls = 0.2 * randn([])
  r = y - mu
  iv = exp(-2 * ls)
  nll = sum(0.5 * r^2 * iv + ls)
  D = backward(nll)
  check "mu": D.mu ~= -sum(r) * iv
  check "ls": D.ls ~= 9 - iv * sum(r^2)
  check "iv": D.iv ~= 0.5 * sum(r^2)
}
`,
    faults: [
      {
        name: "a factor drawn by an expression",
        edits: [["-sum(r) * iv", "-sum(r)"]],
        blame: [{ at: "mu", kind: "missing-factor", says: /iv/u }],
      },
    ],
  },
  {
    name: "forces of springs",
    text: `
run spring {
  seed torch 14
  x = randn([5, 3])
  k = 0.5 + rand([])
  L0 = 0.3 + rand([])
  dx = x[1:] - x[:-1]
  len_ = sqrt(sum(dx^2, dim = 1))
  U = 0.5 * k * sum((len_ - L0)^2)
  F = backward(U)
  f = k * ((len_ - L0) / len_)[:, None] * dx
  check "dx": F.dx ~= f
  check "x": F.x ~= cat([zeros([1, 3]), f]) - cat([f, zeros([1, 3])])
  check "k": F.k ~= 0.5 * sum((len_ - L0)^2)
  check "L0": F.L0 ~= -k * sum(len_ - L0)
}
`,
    faults: [
      {
        name: "the stiffness left out",
        edits: [["f = k * ((len_", "f = ((len_"]],
        blame: [
          { at: "dx", kind: "missing-factor", says: /k/u },
          { at: "x", kind: "missing-factor", says: /`f` is the first/u },
        ],
      },
    ],
  },
];
