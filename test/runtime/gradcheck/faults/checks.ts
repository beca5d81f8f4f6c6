// Owns hand-derived gradients held against the machine's in checks, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const checkPrograms: readonly FaultyProgram[] = [
  {
    name: "backpropagation through time, its gradients checked",
    text: `
net Seq(R, d)(x: [R, N, d], y: [N, d]) -> [] {
  param A: [d, d] = randn()
  s[0] = zeros([N, d])
  for t in 1 to R {
    p[t] = s[t - 1] @ A + x[t - 1]
    s[t] = sigmoid(p[t])
  }
  J = mean((s[R] - y)^2)
  return J
  gs[R] = 2 * (s[R] - y) / (N * d)
  for t in R downto 1 {
    gp[t] = gs[t] * s[t] * (1 - s[t])
    gs[t - 1] = gp[t] @ A.T
  }
  gA = sum([s[t - 1].T @ gp[t] for t in 1 to R], dim = 0)
}
run r {
  seed torch 4
  m = Seq(3, 3)(randn([3, 4, 3]), randn([4, 3]))
  check "A": m.gA ~= backward(m.J).A
}
`,
    faults: [
      {
        name: "f' left out: one line is one mistake, though its values have two names",
        edits: [["gp[t] = gs[t] * s[t] * (1 - s[t])", "gp[t] = gs[t]"]],
        blame: [
          {
            at: "A",
            kind: "missing-factor",
            says: /`m\.gp\[3\]`.*first.*the same mistake is in `m\.gp\[2\]`(?!.*Besides)/,
          },
        ],
      },
    ],
  },
  {
    name: "a comprehension over examples, nothing in it named",
    text: `
run r {
  seed torch 3
  X = randn([5, 4, 3])
  W = randn([3, 2])
  Y = randn([5, 4, 2])
  for i in 0 to 4 {
    e[i] = tanh(X[i] @ W) - Y[i]
  }
  J = sum([sum(e[i]^2) for i in 0 to 4]) / 10
  dW = sum([X[i].T @ (e[i] * (1 - tanh(X[i] @ W)^2)) for i in 0 to 4], dim = 0) / 5
  check "W": dW ~= backward(J).W
}
`,
    faults: [
      {
        name: "f' left out in each turn",
        edits: [["(e[i] * (1 - tanh(X[i] @ W)^2))", "e[i]"]],
        blame: [
          { at: "W", kind: "missing-factor", says: /factor 1 - tanh\(X\[0\] @ W\)\^2.*each of its 5 turns/ },
        ],
      },
      {
        name: "the error left out in each turn",
        edits: [["(e[i] * (1 - tanh(X[i] @ W)^2))", "(1 - tanh(X[i] @ W)^2)"]],
        blame: [{ at: "W", kind: "missing-factor", says: /factor e\[0\] is missing.*each of its 5 turns/ }],
      },
      {
        name: "another value's rows",
        edits: [["(e[i] * (1 -", "(Y[i] * (1 -"]],
        blame: [{ at: "W", kind: "other-argument", says: /`Y\[0\]` stands where `e\[0\]` belongs/ }],
      },
      {
        name: "+ for − in each turn",
        edits: [["(1 - tanh(X[i] @ W)^2)", "(1 + tanh(X[i] @ W)^2)"]],
        blame: [{ at: "W", kind: "sign", says: /\+ stands where − belongs.*each of its 5 turns/ }],
      },
    ],
  },
  {
    name: "a classifier, its gradients named in the net",
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
  J = -sum(Y * log(p)) / N + lambda / 2 * (sum(W1^2) + sum(W2^2))
  return J
  do = (p - Y) / N
  dW2 = h.T @ do + lambda * W2
  db2 = sum(do, dim = 0)
  dh = do @ W2.T
  dz = dh * (1 - h^2)
  dW1 = X.T @ dz + lambda * W1
  db1 = sum(dz, dim = 0)
}
run r {
  seed torch 1
  m = Classifier(4, 3, 2)(randn([5, 4]), one_hot([0, 1, 1, 0, 1], 2))
  d = backward(m.J)
  check "W2": m.dW2 ~= d.W2
  check "b2": m.db2 ~= d.b2
  check "W1": m.dW1 ~= d.W1
  check "b1": m.db1 ~= d.b1
}
`,
    faults: [
      {
        name: "f' left out",
        edits: [["dz = dh * (1 - h^2)", "dz = dh"]],
        blame: [
          { at: "W1", kind: "missing-factor", says: /`m\.dz`.*first.*tanh/ },
          { at: "b1", kind: "missing-factor", says: /`m\.dz`.*first.*tanh/ },
        ],
      },
      {
        name: "1/N left out",
        edits: [["do = (p - Y) / N", "do = p - Y"]],
        blame: [
          { at: "W2", kind: "factor", says: /`m\.do`.*first/ },
          { at: "b2", kind: "factor", says: /`m\.do`.*first/ },
          { at: "W1", kind: "factor", says: /`m\.do`.*first/ },
          { at: "b1", kind: "factor", says: /`m\.do`.*first/ },
        ],
      },
      {
        name: "the weight decay left out",
        edits: [["dW2 = h.T @ do + lambda * W2", "dW2 = h.T @ do"]],
        blame: [{ at: "W2", kind: "overwritten-sum", says: /m\.W2/ }],
      },
      {
        name: "mean for sum",
        edits: [["db1 = sum(dz, dim = 0)", "db1 = mean(dz, dim = 0)"]],
        blame: [{ at: "b1", kind: "factor", says: /`mean` stands where `sum`/ }],
      },
      {
        name: "one row for all",
        edits: [["db1 = sum(dz, dim = 0)", "db1 = dz[0]"]],
        blame: [{ at: "b1", kind: "missing-reduction" }],
      },
      {
        name: "labels minus probabilities and f' left out",
        edits: [
          ["do = (p - Y) / N", "do = (Y - p) / N"],
          ["dz = dh * (1 - h^2)", "dz = dh"],
        ],
        blame: [
          { at: "W2", kind: "sign" },
          { at: "b2", kind: "sign" },
          { at: "W1", kind: ["sign", "missing-factor"] },
          { at: "b1", kind: ["sign", "missing-factor"] },
        ],
      },
      {
        name: "z for h",
        edits: [["dW2 = h.T @ do", "dW2 = z.T @ do"]],
        blame: [{ at: "W2", kind: "other-argument", says: /`m\.z` stands where .*`m\.h`/ }],
      },
      {
        name: "f' at the output",
        edits: [["dz = dh * (1 - h^2)", "dz = dh * (1 - tanh(h)^2)"]],
        blame: [
          { at: "W1", kind: "evaluated-at-output", says: /`m\.dz`.*first/ },
          { at: "b1", kind: "evaluated-at-output", says: /`m\.dz`.*first/ },
        ],
      },
    ],
  },
  {
    name: "a net of any depth, its gradients as families",
    text: `
net MyNet(n)(x: [N, n[0]], y: [N, n[-1]]) -> [] {
  const L = len(n) - 1
  a[0] = x
  for l in 1 to L {
    param W[l]: [n[l], n[l-1]] = randn()
    param b[l]: [n[l]] = randn()
    z[l] = a[l-1] @ W[l].T + b[l]
    a[l] = tanh(z[l])
  }
  loss = sum((a[L] - y)^2) / 2
  return loss
  dz[L] = (a[L] - y) * (1 - a[L]^2)
  for l in L - 1 downto 1 {
    dz[l] = dz[l+1] @ W[l+1] * (1 - a[l]^2)
  }
  for l in 1 to L {
    dW[l] = dz[l].T @ a[l-1]
    db[l] = sum(dz[l], dim = 0)
  }
}
run r {
  seed torch 1
  m = MyNet([3, 3, 3, 3])(randn([4, 3]), randn([4, 3]))
  for l in 3 downto 1 {
    check "W": m.dW[l] ~= backward(m.loss).W[l]
  }
}
`,
    faults: [
      {
        name: "f' left out of the last layer",
        edits: [["dz[L] = (a[L] - y) * (1 - a[L]^2)", "dz[L] = a[L] - y"]],
        blame: [
          { at: "W", kind: "missing-factor", says: /`m\.dz\[3\]`.*first.*tanh′\(m\.z\[3\]\)/ },
          { at: "W", kind: "missing-factor", says: /`m\.dz\[3\]`.*first/ },
          { at: "W", kind: "missing-factor", says: /`m\.dz\[3\]`.*first/ },
        ],
      },
      {
        name: "a transpose too much",
        edits: [["dz[l+1] @ W[l+1] *", "dz[l+1] @ W[l+1].T *"]],
        blame: [
          { at: "W", kind: "transposed", says: /`m\.dz\[2\]`.*first/ },
          { at: "W", kind: "transposed" },
        ],
      },
      {
        name: "another layer's weights",
        edits: [["dz[l+1] @ W[l+1] *", "dz[l+1] @ W[l] *"]],
        blame: [
          { at: "W", kind: "other-argument", says: /`m\.W\[2\]` stands where `m\.W\[3\]` belongs/ },
          { at: "W", kind: "other-argument" },
        ],
      },
      {
        name: "another layer's activations",
        edits: [["dW[l] = dz[l].T @ a[l-1]", "dW[l] = dz[l].T @ a[l]"]],
        blame: [
          { at: "W", kind: "other-argument", says: /`m\.a\[3\]` stands where `m\.a\[2\]` belongs/ },
          { at: "W", kind: "other-argument", says: /`m\.a\[2\]` stands where `m\.a\[1\]` belongs/ },
          { at: "W", kind: "other-argument", says: /`m\.a\[1\]` stands where `m\.(x|a\[0\])` belongs/ },
        ],
      },
    ],
  },
  {
    name: "least squares, written in the run",
    text: `
net Ridge(d, lambda = 0.3)(X: [N, d], y: [N]) -> [] {
  param w: [d] = randn()
  r = X @ w - y
  J = mean(r^2) + lambda * sum(w^2)
  return J
}
run r {
  seed torch 1
  X = randn([5, 3])
  y = randn([5])
  const lambda = 0.3
  m = Ridge(3)(X, y)
  dw = 2 / 5 * X.T @ (X @ m.w - y) + 2 * lambda * m.w
  check "w": backward(m.J).w ~= dw
  check "at once": backward(m.J).w ~= 2 / 5 * X.T @ m.r + 2 * lambda * m.w
}
`,
    faults: [
      {
        name: "2 left out of the data's term",
        edits: [["dw = 2 / 5 * X.T", "dw = 1 / 5 * X.T"]],
        blame: [{ at: "w", kind: "factor", says: /factor 2/ }],
      },
      {
        name: "1/N left out",
        edits: [["dw = 2 / 5 * X.T", "dw = 2 * X.T"]],
        blame: [{ at: "w", kind: "factor" }],
      },
      {
        name: "the penalty left out",
        edits: [["~= 2 / 5 * X.T @ m.r + 2 * lambda * m.w", "~= 2 / 5 * X.T @ m.r"]],
        blame: [{ at: "at once", kind: "overwritten-sum", says: /m\.w/ }],
      },
      {
        name: "the penalty halved",
        edits: [["+ 2 * lambda * m.w\n  check", "+ lambda * m.w\n  check"]],
        blame: [{ at: "w", kind: "factor", says: /factor 2/ }],
      },
      {
        name: "the residual's sign",
        edits: [["(X @ m.w - y)", "(y - X @ m.w)"]],
        blame: [{ at: "w", kind: "sign" }],
      },
      {
        name: "w for r",
        edits: [["X.T @ m.r + 2", "X.T @ y + 2"]],
        blame: [{ at: "at once", kind: "other-argument", says: /`y` stands where `m\.r` belongs/ }],
      },
    ],
  },
  {
    name: "values read from passes, each held to be made of the others",
    text: `
net Two(hidden)(x: [N, k], y: [N, 1]) -> [] {
  param W1: [k, hidden] = randn()
  param b1: [hidden] = randn()
  param W2: [hidden, 1] = randn()
  z = x @ W1 + b1
  h = tanh(z)
  o = h @ W2
  return mean((o - y)^2)
}
run r {
  seed torch 0
  x = randn([5, 3])
  y = randn([5, 1])
  v = randn([5, 4])
  m = Two(4)(x, y)
  d = backward(m)
  t = jvp(m.z, v)
  check "W2": d.W2 ~= m.h.T @ d.o
  check "h": d.h ~= d.o @ m.W2.T
  check "z": d.z ~= d.h * (1 - m.h^2)
  check "W1": d.W1 ~= x.T @ d.z
  check "b1": d.b1 ~= sum(d.z, dim = 0)
  check "moved": t.h ~= (1 - m.h^2) * v
  check "forward": t.o ~= t.h @ m.W2
}
`,
    faults: [
      {
        name: "what arrives left out",
        edits: [["d.h * (1 - m.h^2)", "(1 - m.h^2)"]],
        blame: [{ at: "z", kind: "missing-factor", says: /the factor d\.h is missing/ }],
      },
      {
        name: "the value for its gradient",
        edits: [["d.o @ m.W2.T", "m.o @ m.W2.T"]],
        blame: [{ at: "h", kind: "other-argument", says: /`m\.o` stands where `d\.o` belongs/ }],
      },
      {
        name: "the gradient behind the function for the one before it",
        edits: [["x.T @ d.z", "x.T @ d.h"]],
        blame: [{ at: "W1", kind: "missing-factor", says: /1 - m\.h\^2.*missing at `d\.h`/ }],
      },
      {
        name: "f' left out, nothing but a gradient left",
        edits: [["d.h * (1 - m.h^2)", "d.h"]],
        blame: [{ at: "z", kind: "missing-factor", says: /^the right side: .*1 - m\.h\^2/ }],
      },
      {
        name: "the mean of a gradient",
        edits: [["sum(d.z, dim = 0)", "mean(d.z, dim = 0)"]],
        blame: [
          { at: "b1", kind: "factor", says: /`mean` stands where `sum` belongs in `mean\(d\.z, dim = 0\)`/ },
        ],
      },
      {
        name: "a gradient for a value",
        edits: [["d.h * (1 - m.h^2)", "d.h * (1 - d.h^2)"]],
        blame: [{ at: "z", kind: "other-argument", says: /`d\.h` stands where `m\.h` belongs/ }],
      },
      {
        name: "a factor of a gradient",
        edits: [["d.o @ m.W2.T", "(2 * d.o) @ m.W2.T"]],
        blame: [{ at: "h", kind: "factor", says: /too much in `2 \* d\.o`/ }],
      },
      {
        name: "another tangent",
        edits: [["t.h @ m.W2", "v @ m.W2"]],
        blame: [{ at: "forward", kind: ["missing-factor", "other-argument"], says: /`v`/ }],
      },
    ],
  },
];
