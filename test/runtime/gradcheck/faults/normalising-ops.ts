// Owns normalisations and attention with hand-written rules, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const normalisingPrograms: readonly FaultyProgram[] = [
  {
    name: "layer normalisation",
    text: `
op layer_norm(x: [N, d], g: [d], b: [d]) -> [N, d] {
  mu = mean(x, dim = 1, keepdim = true)
  s = 1 / sqrt(mean((x - mu)^2, dim = 1, keepdim = true) + 1e-5)
  h = (x - mu) * s
  return h * g + b
  vjp g(u) = sum(u * h, dim = 0)
  vjp b(u) = sum(u, dim = 0)
  vjp x(u) = s * (u * g - mean(u * g, dim = 1, keepdim = true) - h * mean(u * g * h, dim = 1, keepdim = true))
}`,
    faults: [
      {
        name: "the mean's term left out",
        edits: [["s * (u * g - mean(u * g, dim = 1, keepdim = true) - h", "s * (u * g - h"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum" }],
      },
      {
        name: "the variance's term left out",
        edits: [[" - h * mean(u * g * h, dim = 1, keepdim = true))", ")"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum" }],
      },
      {
        name: "g left out",
        edits: [["s * (u * g - mean(u * g,", "s * (u - mean(u * g,"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /factor g/ }],
      },
      {
        name: "sum for mean",
        edits: [["h * mean(u * g * h", "h * sum(u * g * h"]],
        blame: [{ at: "vjp x", kind: "factor", says: /`sum` stands where `mean`/ }],
      },
      {
        name: "s left out",
        edits: [["vjp x(u) = s * (", "vjp x(u) = ("]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /factor s/ }],
      },
      {
        name: "divided by s",
        edits: [["vjp x(u) = s * (", "vjp x(u) = 1 / s * ("]],
        blame: [{ at: "vjp x", kind: ["missing-factor", "other-argument"] }],
      },
      {
        name: "g: x for h",
        edits: [["sum(u * h, dim = 0)", "sum(u * x, dim = 0)"]],
        blame: [{ at: "vjp g", kind: "other-argument", says: /`x` stands where `h` belongs/ }],
      },
      {
        name: "b: the cotangent of one row",
        edits: [["sum(u, dim = 0)", "u[0]"]],
        blame: [{ at: "vjp b", kind: "missing-reduction" }],
      },
      {
        name: "g and x",
        edits: [
          ["sum(u * h, dim = 0)", "mean(u * h, dim = 0)"],
          ["vjp x(u) = s * (", "vjp x(u) = -s * ("],
        ],
        blame: [
          { at: "vjp g", kind: "factor" },
          { at: "vjp x", kind: "sign" },
        ],
      },
    ],
  },
  {
    name: "batch normalisation",
    text: `
op batch_norm(x: [N, d], g: [d], b: [d]) -> [N, d] {
  mu = mean(x, dim = 0)
  c = x - mu
  v = mean(c^2, dim = 0)
  s = 1 / sqrt(v + 1e-5)
  h = c * s
  return h * g + b
  vjp g(u) = sum(u * h, dim = 0)
  vjp b(u) = sum(u, dim = 0)
  vjp x(u) = g * s / N * (N * u - sum(u, dim = 0) - h * sum(u * h, dim = 0))
}`,
    faults: [
      {
        name: "1/N left out",
        edits: [["g * s / N *", "g * s *"]],
        blame: [{ at: "vjp x", kind: "factor", says: /1\/3 is missing \(3 is N\)/ }],
      },
      {
        name: "N u becomes u",
        edits: [["(N * u -", "(u -"]],
        blame: [{ at: "vjp x", kind: "factor" }],
      },
      {
        name: "x for h",
        edits: [["- h * sum(u * h", "- x * sum(u * h"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /`x` stands where `h` belongs/ }],
      },
      {
        name: "the last term left out",
        edits: [[" - h * sum(u * h, dim = 0))", ")"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum" }],
      },
      {
        name: "g left out",
        edits: [["= g * s / N *", "= s / N *"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /factor g/ }],
      },
      {
        name: "v for s",
        edits: [["= g * s / N *", "= g * v / N *"]],
        blame: [
          { at: "vjp x", kind: ["other-argument", "missing-factor"], says: /`v` stands where `s` belongs/ },
        ],
      },
    ],
  },
  {
    name: "attention",
    text: `
op attend(Q: [n, d], K: [m, d], V: [m, e]) -> [n, e] {
  S = Q @ K.T / sqrt(d)
  A = softmax(S, dim = 1)
  return A @ V
  vjp V(u) = A.T @ u
  vjp Q(u) = (A * (u @ V.T - sum(u @ V.T * A, dim = 1, keepdim = true))) @ K / sqrt(d)
  vjp K(u) = (A * (u @ V.T - sum(u @ V.T * A, dim = 1, keepdim = true))).T @ Q / sqrt(d)
}`,
    faults: [
      {
        name: "Q: the scale left out",
        edits: [["@ K / sqrt(d)", "@ K"]],
        blame: [{ at: "vjp Q", kind: "factor" }],
      },
      {
        name: "K: the scale twice",
        edits: [["Q / sqrt(d)\n", "Q / d\n"]],
        blame: [{ at: "vjp K", kind: "factor" }],
      },
      {
        name: "V: S for A",
        edits: [["vjp V(u) = A.T @ u", "vjp V(u) = S.T @ u"]],
        blame: [
          { at: "vjp V", kind: ["other-argument", "evaluated-at-output"], says: /`S` stands where .*`A`/ },
        ],
      },
      {
        name: "Q: softmax taken elementwise",
        edits: [
          [
            "vjp Q(u) = (A * (u @ V.T - sum(u @ V.T * A, dim = 1, keepdim = true)))",
            "vjp Q(u) = (A * (u @ V.T))",
          ],
        ],
        blame: [{ at: "vjp Q", kind: "overwritten-sum" }],
      },
      {
        name: "K: keys for queries",
        edits: [
          ["vjp V(u) = A.T @ u", "vjp V(u) = -A.T @ u"],
          [".T @ Q / sqrt(d)", ".T @ Q / d"],
        ],
        blame: [
          { at: "vjp V", kind: "sign" },
          { at: "vjp K", kind: "factor" },
        ],
      },
    ],
  },
  {
    name: "the cosine between rows",
    text: `
op cosine(x: [N, d], y: [N, d]) -> [N] {
  a = sqrt(sum(x^2, dim = 1, keepdim = true))
  b = sqrt(sum(y^2, dim = 1, keepdim = true))
  c = sum(x * y, dim = 1, keepdim = true) / (a * b)
  return sum(c, dim = 1)
  vjp x(u) = reshape(u, [N, 1]) * (y / (a * b) - c * x / a^2)
  vjp y(u) = reshape(u, [N, 1]) * (x / (a * b) - c * y / b^2)
  jvp x(v) = sum(v * y, dim = 1) / sum(a * b, dim = 1) - sum(c, dim = 1) * sum(v * x, dim = 1) / sum(a^2, dim = 1)
}`,
    faults: [
      {
        name: "the cosine left out of what is taken away",
        edits: [["- c * x / a^2)", "- x / a^2)"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /factor c is missing/ }],
      },
      {
        name: "a length for its square",
        edits: [["- c * x / a^2)", "- c * x / a)"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /factor a is missing/ }],
      },
    ],
  },
  {
    name: "attention, its weights' rule written out",
    text: `
op attention(q: [n, d], k: [m, d], v: [m, e]) -> [n, e] {
  p = softmax(q @ k.T / sqrt(d), dim = 1)
  return p @ v
  vjp v(u) = p.T @ u
  vjp q(u) = (p * (u @ v.T - sum(p * (u @ v.T), dim = 1, keepdim = true))) @ k / sqrt(d)
  vjp k(u) = (p * (u @ v.T - sum(p * (u @ v.T), dim = 1, keepdim = true))).T @ q / sqrt(d)
}`,
    faults: [
      {
        name: "a term that nobody has named",
        edits: [["vjp q(u) = (p * (u @ v.T - sum", "vjp q(u) = (p * (-sum"]],
        blame: [{ at: "vjp q", kind: "overwritten-sum", says: /the term [+−] u @ v\.T is missing/ }],
      },
    ],
  },
  {
    name: "deviations from the mean, one root named and one not",
    text: `
op spread(x: [n, k]) -> [n, k] {
  mu = mean(x, dim = 0, keepdim = true)
  r = x - mu
  v = mean(r^2, dim = 0, keepdim = true)
  s = sqrt(v + 1e-3)
  return r / s
  vjp x(u) = (u - mean(u, dim = 0, keepdim = true) - r / s^2 * mean(u * r, dim = 0, keepdim = true)) / s
}`,
    faults: [
      {
        name: "the variance for what is under the root",
        edits: [["r / s^2", "r / v"]],
        blame: [
          {
            at: "vjp x",
            kind: "other-argument",
            says: /`v` stands where `s\^2` belongs.*\+ 0\.001 is missing at `v`/,
          },
        ],
      },
      {
        name: "what keeps the root from zero left out",
        edits: [["keepdim = true)) / s", "keepdim = true)) / sqrt(v)"]],
        blame: [
          { at: "vjp x", kind: "other-argument", says: /`sqrt\(v\)` stands where `s` belongs.*\+ 0\.001/ },
        ],
      },
    ],
  },
  {
    name: "a contrastive loss of rows of length one, derived by hand",
    text: `
run r {
  seed torch 11
  A = randn([6, 4])
  B = randn([6, 4])
  tau = 0.5
  na = sqrt(sum(A^2, dim = 1, keepdim = true))
  nb = sqrt(sum(B^2, dim = 1, keepdim = true))
  Ah = A / na
  Bh = B / nb
  S = Ah @ Bh.T / tau
  e = exp(S)
  P = e / sum(e, dim = 1, keepdim = true)
  loss = -mean(log(diagonal(P)))
  I = eye(6)
  gS = (P - I) / 6
  gAh = gS @ Bh / tau
  gBh = gS.T @ Ah / tau
  gA = (gAh - Ah * sum(gAh * Ah, dim = 1, keepdim = true)) / na
  gB = (gBh - Bh * sum(gBh * Bh, dim = 1, keepdim = true)) / nb
  d = backward(loss)
  check "A": gA ~= d.A
  check "B": gB ~= d.B
}`,
    faults: [
      {
        name: "the identity by its name",
        edits: [["gS = (P - I) / 6", "gS = P / 6"]],
        blame: [
          { at: "A", kind: "overwritten-sum", says: /the term − I is missing at `P`/ },
          { at: "B", kind: "overwritten-sum", says: /the term − I is missing at `P`/ },
        ],
      },
      {
        name: "what lies along the row left out",
        edits: [["gA = (gAh - Ah * sum(gAh * Ah, dim = 1, keepdim = true)) / na", "gA = gAh / na"]],
        blame: [
          { at: "A", kind: "overwritten-sum", says: /− Ah \* sum\(gAh \* Ah, dim = 1, keepdim = true\)/ },
        ],
      },
      {
        name: "over everything",
        edits: [["sum(gAh * Ah, dim = 1, keepdim = true)", "sum(gAh * Ah)"]],
        blame: [{ at: "A", kind: "missing-reduction", says: /over too many dimensions/ }],
      },
      {
        name: "a row that has not length one",
        edits: [["(gBh - Bh * sum", "(gBh - B * sum"]],
        blame: [{ at: "B", kind: "other-argument", says: /`B` stands where `Bh` belongs/ }],
      },
      {
        name: "another one, in what it is multiplied with",
        edits: [["sum(gBh * Bh", "sum(gBh * B"]],
        blame: [
          {
            at: "B",
            kind: "other-argument",
            says: /`B` stands where `Bh` belongs in `gBh \* B`/,
          },
        ],
      },
      {
        name: "the other's length",
        edits: [["keepdim = true)) / na", "keepdim = true)) / nb"]],
        blame: [{ at: "A", kind: "other-argument", says: /`nb` stands where `na` belongs(?!.*As well)/ }],
      },
    ],
  },
  {
    name: "a residual block with layer normalisation, derived by hand",
    text: `
net Block(d, f)(x: [N, d], t: [N, d]) -> [] {
  param G: [d] = rand()
  param B: [d] = randn()
  param A: [d, f] = randn() * 0.4
  param C: [f, d] = randn() * 0.4
  c = x - mean(x, dim = 1, keepdim = true)
  s = sqrt(mean(c^2, dim = 1, keepdim = true) + 1e-5)
  n = c / s
  y = G * n + B
  p = y @ A
  q = relu(p)
  o = x + q @ C
  return sum((o - t)^2) / (2 * N)
  do = (o - t) / N
  dq = do @ C.T
  dp = where(p > 0, dq, 0)
  dy = dp @ A.T
  dG = sum(dy * n, dim = 0)
  dB = sum(dy, dim = 0)
  dn = dy * G
  dx = do + (dn - mean(dn, dim = 1, keepdim = true) - n * mean(dn * n, dim = 1, keepdim = true)) / s
}
run r {
  seed torch 4
  x = randn([5, 4])
  t = randn([5, 4])
  m = Block(4, 6)(x, t)
  d = backward(m)
  check "G": m.dG ~= d.G
  check "x": m.dx ~= d[x]
}`,
    faults: [
      {
        name: "the mean's term left out, inside of a sum",
        edits: [["dn - mean(dn, dim = 1, keepdim = true) - n", "dn - n"]],
        blame: [
          {
            at: "x",
            kind: "overwritten-sum",
            says: /through `m\.c`|− mean\(m\.dn, dim = 1, keepdim = true\)/,
          },
        ],
      },
      {
        name: "the variance's term left out, inside of a sum",
        edits: [["- n * mean(dn * n, dim = 1, keepdim = true)) / s", ") / s"]],
        blame: [
          {
            at: "x",
            kind: "overwritten-sum",
            says: /− m\.n \* mean\(m\.dn \* m\.n, dim = 1, keepdim = true\)/,
          },
        ],
      },
      {
        name: "the mean along the other dimension",
        edits: [["mean(dn, dim = 1, keepdim = true)", "mean(dn, dim = 0)"]],
        blame: [
          {
            at: "x",
            kind: "other-argument",
            says: /`dim = 0` stands where `dim = 1` belongs in `mean\(m\.dn/,
          },
        ],
      },
      {
        name: "what goes past the block left out",
        edits: [["dx = do + (dn", "dx = (dn"]],
        blame: [{ at: "x", kind: "overwritten-sum", says: /through `m\.o`/ }],
      },
    ],
  },
];
