// Owns programs about where a mistake is said to be: in the value that is wrong, under the name that is meant, once for each line.
import type { FaultyProgram } from "./faulty-program";

const dv = "sum(dxhat * xc * -0.5 * r^3, dim = 1, keepdim = true)";
const dmu = "-sum(dxhat * r, dim = 1, keepdim = true)";

export const placePrograms: readonly FaultyProgram[] = [
  {
    name: "normalised rows, derived step by step",
    text: `
net Norm(d)(x: [N, d], t: [N, d]) -> [] {
  param gamma: [d] = randn()
  mu = mean(x, dim = 1, keepdim = true)
  xc = x - mu
  v = mean(xc^2, dim = 1, keepdim = true)
  r = 1 / sqrt(v + 1e-5)
  xhat = xc * r
  y = gamma * xhat
  J = mean((y - t)^2)
  return J
  dy = 2 * (y - t) / (N * d)
  dxhat = dy * gamma
  dv = ${dv}
  dmu = ${dmu}
  dx = dxhat * r + dv * 2 * xc / d + dmu / d
  vjp gamma(u) = u * sum(dy * xhat, dim = 0)
  vjp x(u) = u * dx
}
run r {
  seed torch 5
  m = Norm(4)(randn([5, 4]), randn([5, 4]))
  gradcheck m.J wrt m.x
}
`,
    faults: [
      {
        name: "a sum left out of a value, which is broadcast later",
        edits: [[dv, "dxhat * xc * -0.5 * r^3"]],
        blame: [
          {
            at: "dv",
            kind: "missing-reduction",
            says: /`sum` over dim = 1 is missing around `dxhat \* xc \* -0\.5 \* r\^3`; dx, vjp x only inherit it/,
          },
        ],
      },
      {
        name: "sums left out of two values",
        edits: [
          [dv, "dxhat * xc * -0.5 * r^3"],
          [dmu, "-dxhat * r"],
        ],
        blame: [
          { at: "dv", kind: "missing-reduction", says: /^`dv` is the first value that is wrong/ },
          { at: "dmu", kind: "missing-reduction", says: /^`dmu` is wrong in itself as well/ },
        ],
      },
      {
        name: "a sum left out of a value whose sign is wrong",
        edits: [[dv, "dxhat * xc * 0.5 * r^3"]],
        blame: [
          { at: "dv", kind: "missing-reduction" },
          { at: "dv", kind: "sign", says: /^`dv` has another mistake: .*; dx, vjp x only inherit it/ },
        ],
      },
    ],
  },
  {
    name: "one step of a gated unit",
    text: `
net Gated(d, k)(x: [N, d], h: [N, k], y: [N, k]) -> [] {
  param Wr: [d, k] = randn()
  param Wc: [d, k] = randn()
  param Ur: [k, k] = randn()
  param Uc: [k, k] = randn()
  r = sigmoid(x @ Wr + h @ Ur)
  rh = r * h
  ac = x @ Wc + rh @ Uc
  c = tanh(ac)
  J = sum((c - y)^2) / 2
  return J
  dc = c - y
  dac = dc * (1 - c^2)
  drh = dac @ Uc.T
  dr = drh * h
  dar = dr * r * (1 - r)
  vjp Wr(u) = u * x.T @ dar
  vjp Wc(u) = u * x.T @ dac
  vjp h(u) = u * (dar @ Ur.T + drh * r)
}
run g {
  seed torch 7
  m = Gated(3, 4)(randn([5, 3]), randn([5, 4]), randn([5, 4]))
  gradcheck m.J wrt m.Wr, m.Wc, m.h
}
`,
    faults: [
      {
        name: "two names of one value, of which a right rule uses the other",
        edits: [["dr = drh * h", "dr = drh"]],
        blame: [
          {
            at: "dr",
            kind: "missing-factor",
            says: /the factor h is missing; dar, vjp Wr, vjp h only inherit it$/,
          },
        ],
      },
    ],
  },
  {
    name: "layers that share an op",
    text: `
op act(x: [...]) -> [...] {
  y = tanh(x)
  return y
  vjp x(u) = u * (1 - y^2)
}
net Steps(d, h)(X: [2, N, d], y: [N, h]) -> [] {
  param W: [d, h] = randn()
  param U: [h, h] = randn()
  s[0] = act(X[0] @ W)
  for t in 1 to 3 {
    s[t] = act(s[t-1] @ U)
  }
  s2 = act(X[1] @ W)
  L = mean((s[3] + s2 - y)^2)
  return L
}
run r {
  m = Steps(3, 4)(randn([2, 5, 3]), randn([5, 4]))
  gradcheck m.L
}
`,
    faults: [
      {
        name: "f' left out in the op, which is applied five times",
        edits: [["u * (1 - y^2)", "u"]],
        blame: [
          {
            at: "vjp x",
            kind: "missing-factor",
            says: /The rule is as wrong in 4 more applications$/,
            also: ["vjp x", "vjp x", "vjp x", "vjp x"],
          },
        ],
      },
    ],
  },
  {
    name: "three layers",
    text: `
net Deep(n)(x: [N, n[0]], y: [N, n[-1]]) -> [] {
  const L = len(n) - 1
  a[0] = x
  for l in 1 to L {
    param W[l]: [n[l], n[l-1]] = randn()
    z[l] = a[l-1] @ W[l].T
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
    vjp W[l](u) = u * dW[l]
  }
}
run r {
  seed torch 3
  m = Deep([3, 4, 5, 2])(randn([6, 3]), randn([6, 2]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "f' left out in all layers, by two lines",
        edits: [
          ["(a[L] - y) * (1 - a[L]^2)", "a[L] - y"],
          ["@ W[l+1] * (1 - a[l]^2)", "@ W[l+1]"],
        ],
        blame: [
          // What has a mistake of its own does not only inherit another.
          { at: "dz[3]", kind: "missing-factor", says: /missing; dW\[3\], vjp W\[3\] only inherit it$/ },
          {
            at: "dz[2]",
            kind: "missing-factor",
            says: /^`dz\[2\]` is wrong in itself as well: .*; the same mistake is in `dz\[1\]`; dW\[2\], /,
            also: ["dz[1]"],
          },
        ],
      },
    ],
  },
];
