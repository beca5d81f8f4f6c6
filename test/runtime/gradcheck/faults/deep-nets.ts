// Owns nets of several kinds of layers with hand-derived backpropagation, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const deepPrograms: readonly FaultyProgram[] = [
  {
    name: "a residual net with relu",
    text: `
net Residual(d, k)(X: [N, d], y: int[N]) -> [] {
  param W1: [d, d] = randn()
  param W2: [d, d] = randn()
  param V: [d, k] = randn()
  h1 = relu(X @ W1)
  h2 = h1 + relu(h1 @ W2)
  s = h2 @ V
  J = cross_entropy(s, y)
  return J
  grad_s = (softmax(s, dim = 1) - one_hot(y, k)) / N
  grad_V = h2.T @ grad_s
  grad_h2 = grad_s @ V.T
  grad_r = grad_h2 * (h1 @ W2 > 0)
  grad_W2 = h1.T @ grad_r
  grad_h1 = grad_h2 + grad_r @ W2.T
  grad_W1 = X.T @ (grad_h1 * (h1 > 0))
  vjp V(u) = u * grad_V
  vjp W2(u) = u * grad_W2
  vjp W1(u) = u * grad_W1
}
run r {
  seed torch 3
  m = Residual(4, 3)(randn([6, 4]), [0, 2, 1, 1, 0, 2])
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the skip's gradient left out",
        edits: [["grad_h1 = grad_h2 + grad_r @ W2.T", "grad_h1 = grad_r @ W2.T"]],
        blame: [{ at: "grad_h1", kind: "overwritten-sum", says: /h2/ }],
      },
      {
        name: "the branch's gradient left out",
        edits: [["grad_h1 = grad_h2 + grad_r @ W2.T", "grad_h1 = grad_h2 * 1"]],
        blame: [{ at: "grad_h1", kind: "overwritten-sum" }],
      },
      {
        name: "relu's mask left out",
        edits: [["grad_r = grad_h2 * (h1 @ W2 > 0)", "grad_r = 1 * grad_h2"]],
        blame: [{ at: "grad_r", kind: "missing-factor", says: /> 0/ }],
      },
      {
        name: "relu's mask of h2",
        edits: [["grad_r = grad_h2 * (h1 @ W2 > 0)", "grad_r = grad_h2 * (h2 > 0)"]],
        blame: [{ at: "grad_r", kind: ["missing-factor", "other-argument"] }],
      },
      {
        name: "the transpose of W2 left out",
        edits: [["grad_r @ W2.T", "grad_r @ W2"]],
        blame: [{ at: "grad_h1", kind: "transposed", says: /`\.T` is missing at `W2`/ }],
      },
      {
        name: "relu's mask left out at the first layer",
        edits: [["(grad_h1 * (h1 > 0))", "grad_h1"]],
        blame: [{ at: "grad_W1", kind: "missing-factor", says: /> 0/ }],
      },
      {
        name: "1/N left out and the skip subtracted",
        edits: [
          ["one_hot(y, k)) / N", "one_hot(y, k))"],
          ["grad_h1 = grad_h2 + grad_r", "grad_h1 = grad_h2 - grad_r"],
        ],
        blame: [
          { at: "grad_s", kind: "factor" },
          { at: "grad_h1", kind: "sign" },
        ],
      },
      {
        name: "the skip's own gradient in V",
        edits: [["grad_V = h2.T @ grad_s", "grad_V = h1.T @ grad_s"]],
        blame: [{ at: "grad_V", kind: "other-argument", says: /`h1` stands where `h2` belongs/ }],
      },
    ],
  },
  {
    name: "batch normalisation in a net",
    text: `
net Normalised(d, k)(X: [N, d], Y: [N, k]) -> [] {
  param W: [d, k] = randn()
  param g: [k] = randn()
  param b: [k] = randn()
  a = X @ W
  mu = mean(a, dim = 0)
  v = mean((a - mu)^2, dim = 0)
  s = 1 / sqrt(v + 1e-5)
  h = (a - mu) * s
  o = h * g + b
  J = sum((o - Y)^2) / N
  return J
  do = 2 * (o - Y) / N
  dg = sum(do * h, dim = 0)
  db = sum(do, dim = 0)
  dh = do * g
  da = s / N * (N * dh - sum(dh, dim = 0) - h * sum(dh * h, dim = 0))
  dW = X.T @ da
  vjp W(u) = u * dW
  vjp g(u) = u * dg
  vjp b(u) = u * db
}
run r {
  seed torch 3
  m = Normalised(4, 3)(randn([6, 4]), randn([6, 3]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the statistics taken as constants",
        edits: [["da = s / N * (N * dh - sum(dh, dim = 0) - h * sum(dh * h, dim = 0))", "da = s * dh"]],
        blame: [{ at: "da", kind: ["overwritten-sum", "unknown"] }],
      },
      {
        name: "the mean's term left out",
        edits: [["(N * dh - sum(dh, dim = 0) - h", "(N * dh - h"]],
        blame: [{ at: "da", kind: "overwritten-sum" }],
      },
      {
        name: "the variance's term left out",
        edits: [[" - h * sum(dh * h, dim = 0))", ")"]],
        blame: [{ at: "da", kind: "overwritten-sum" }],
      },
      {
        name: "g: not summed but averaged",
        edits: [["dg = sum(do * h, dim = 0)", "dg = mean(do * h, dim = 0)"]],
        blame: [{ at: "dg", kind: "factor" }],
      },
      {
        name: "a for h in dg",
        edits: [["dg = sum(do * h, dim = 0)", "dg = sum(do * a, dim = 0)"]],
        blame: [{ at: "dg", kind: "other-argument", says: /`a` stands where `h` belongs/ }],
      },
      {
        name: "s squared",
        edits: [["da = s / N *", "da = s^2 / N *"]],
        blame: [{ at: "da", kind: ["missing-factor", "other-argument"] }],
      },
      {
        name: "g forgotten",
        edits: [["dh = do * g", "dh = 1 * do"]],
        blame: [{ at: "dh", kind: "missing-factor", says: /factor g/ }],
      },
    ],
  },
  {
    name: "a gated recurrent cell",
    text: `
net Gated(d, k)(x: [N, d], h: [N, k], y: [N, k]) -> [] {
  param Wz: [d, k] = randn()
  param Wc: [d, k] = randn()
  param Uc: [k, k] = randn()
  z = sigmoid(x @ Wz)
  c = tanh(x @ Wc + h @ Uc)
  n = z * h + (1 - z) * c
  J = sum((n - y)^2) / 2
  return J
  dn = n - y
  dz = dn * (h - c)
  daz = dz * z * (1 - z)
  dc = dn * (1 - z)
  dac = dc * (1 - c^2)
  dWz = x.T @ daz
  dWc = x.T @ dac
  dUc = h.T @ dac
  vjp Wz(u) = u * dWz
  vjp Wc(u) = u * dWc
  vjp Uc(u) = u * dUc
}
run r {
  seed torch 5
  m = Gated(2, 3)(randn([4, 2]), randn([4, 3]), randn([4, 3]))
  gradcheck m.J wrt m.Wz, m.Wc, m.Uc
}
`,
    faults: [
      {
        name: "c left out of dz",
        edits: [["dz = dn * (h - c)", "dz = dn * h"]],
        blame: [{ at: "dz", kind: "overwritten-sum", says: /c/ }],
      },
      {
        name: "h + c",
        edits: [["dz = dn * (h - c)", "dz = dn * (h + c)"]],
        blame: [{ at: "dz", kind: "sign" }],
      },
      {
        name: "z for 1 − z",
        edits: [["dc = dn * (1 - z)", "dc = dn * z"]],
        blame: [
          { at: "dc", kind: ["missing-factor", "other-argument", "overwritten-sum", "factor", "sign"] },
        ],
      },
      {
        name: "f' of c left out",
        edits: [["dac = dc * (1 - c^2)", "dac = dc"]],
        blame: [{ at: "dac", kind: "missing-factor" }],
      },
      {
        name: "f' of z left out and h for x",
        edits: [
          ["daz = dz * z * (1 - z)", "daz = dz"],
          ["dUc = h.T @ dac", "dUc = c.T @ dac"],
        ],
        blame: [
          { at: "daz", kind: "missing-factor" },
          { at: "dUc", kind: "other-argument", says: /`c` stands where `h` belongs/ },
        ],
      },
      {
        name: "the cell's other gradient",
        edits: [["dWc = x.T @ dac", "dWc = x.T @ daz"]],
        blame: [{ at: "dWc", kind: "other-argument", says: /`daz` stands where `dac` belongs/ }],
      },
    ],
  },
  {
    name: "gradients that are counted from the last layer",
    text: `
net Mlp(L, n)(X: [N, n], Y: [N, n]) -> [] {
  a[0] = X
  for l in 1 to L {
    param W[l]: [n, n] = randn()
    z[l] = a[l - 1] @ W[l]
    a[l] = tanh(z[l])
  }
  J = sum((a[L] - Y)^2) / 2
  return J
  e[1] = (a[L] - Y) * (1 - a[L]^2)
  for i in 2 to L {
    e[i] = e[i - 1] @ W[L + 2 - i].T * (1 - a[L + 1 - i]^2)
  }
  for l in 1 to L {
    vjp W[l](u) = u * a[l - 1].T @ e[L + 1 - l]
  }
}
run r {
  seed torch 4
  m = Mlp(4, 3)(randn([5, 3]), randn([5, 3]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "f' left out but in the last layer",
        edits: [[" * (1 - a[L + 1 - i]^2)", ""]],
        blame: [{ at: "e[2]", kind: "missing-factor", also: ["e[3]", "e[4]"] }],
      },
      {
        name: "the transposes and the sign",
        edits: [
          ["W[L + 2 - i].T", "W[L + 2 - i]"],
          ["u * a[l - 1].T", "-u * a[l - 1].T"],
        ],
        blame: [
          { at: "e[2]", kind: "transposed", also: ["e[3]", "e[4]"] },
          { at: "vjp W[4]", kind: "sign", also: ["vjp W[3]", "vjp W[2]", "vjp W[1]"] },
        ],
      },
    ],
  },
];
