// Owns recurrent nets whose pre-activations have no names, derived by hand, and slips that are in every turn.
import type { FaultyProgram } from "./faulty-program";

const heirs = /only inherits? it$/;

export const recurrentPrograms: readonly FaultyProgram[] = [
  {
    name: "a recurrent net that says one thing in every turn",
    text: `
net Rnn(L, d, n)(x: [L, N, d], y: [L, N, n]) -> [] {
  param W: [d, n] = randn()
  param U: [n, n] = randn()
  param b: [n] = randn()
  h[0] = zeros([N, n])
  for k in 1 to L {
    h[k] = tanh(x[k - 1] @ W + h[k - 1] @ U + b)
  }
  J = sum([sum((h[k] - y[k - 1])^2) for k in 1 to L]) / (2 * N)
  return J
  dn[L] = zeros([N, n])
  for k in L downto 1 {
    dh[k] = dn[k] + (h[k] - y[k - 1]) / N
    dz[k] = dh[k] * (1 - h[k]^2)
    dn[k - 1] = dz[k] @ U.T
  }
  vjp W(u) = u * sum([x[k - 1].T @ dz[k] for k in 1 to L], dim = 0)
  vjp U(u) = u * sum([h[k - 1].T @ dz[k] for k in 1 to L], dim = 0)
  vjp b(u) = u * sum([sum(dz[k], dim = 0) for k in 1 to L], dim = 0)
}
run r {
  seed torch 4
  m = Rnn(3, 3, 2)(randn([3, 7, 3]), randn([3, 7, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "f' left out: each value has two names",
        edits: [["dz[k] = dh[k] * (1 - h[k]^2)", "dz[k] = dh[k]"]],
        blame: [{ at: "dz[3]", kind: "missing-factor", says: heirs, also: ["dz[2]", "dz[1]"] }],
      },
      {
        name: "what each turn says for itself left out, which is all in the last one",
        edits: [["dh[k] = dn[k] + (h[k] - y[k - 1]) / N", "dh[k] = dn[k]"]],
        blame: [{ at: "dh[3]", kind: "overwritten-sum", says: heirs, also: ["dh[2]", "dh[1]"] }],
      },
      {
        name: "the index one too high",
        edits: [["h[k - 1].T @ dz[k]", "h[k].T @ dz[k]"]],
        blame: [{ at: "vjp U", kind: "other-argument", says: /`h\[1\]` stands where `h\[0\]` belongs/ }],
      },
      {
        name: "the other rule's sum",
        edits: [["sum([h[k - 1].T @ dz[k] for", "sum([h[k - 1].T @ dh[k] for"]],
        blame: [{ at: "vjp U", kind: ["other-argument", "missing-factor"], says: /in each of its 3 turns/ }],
      },
      {
        name: "the transpose left out",
        edits: [["dz[k] @ U.T", "dz[k] @ U"]],
        blame: [{ at: "dn[2]", kind: "transposed", says: heirs, also: ["dn[1]"] }],
      },
    ],
  },
  {
    name: "gates without names",
    text: `
net Gru(L, d, n)(x: [L, N, d], y: [N, n]) -> [] {
  param Wf: [d, n] = randn()
  param Uf: [n, n] = randn()
  param Wc: [d, n] = randn()
  param Uc: [n, n] = randn()
  h[0] = zeros([N, n])
  for k in 1 to L {
    f[k] = sigmoid(x[k - 1] @ Wf + h[k - 1] @ Uf)
    c[k] = tanh(x[k - 1] @ Wc + (f[k] * h[k - 1]) @ Uc)
    h[k] = (1 - f[k]) * h[k - 1] + f[k] * c[k]
  }
  J = sum((h[L] - y)^2) / 2
  return J
  dh[L] = h[L] - y
  for k in L downto 1 {
    dc[k] = dh[k] * f[k]
    dac[k] = dc[k] * (1 - c[k]^2)
    dfh[k] = dac[k] @ Uc.T
    df[k] = dh[k] * (c[k] - h[k - 1]) + dfh[k] * h[k - 1]
    daf[k] = df[k] * f[k] * (1 - f[k])
    dh[k - 1] = dh[k] * (1 - f[k]) + dfh[k] * f[k] + daf[k] @ Uf.T
  }
  vjp Wf(u) = u * sum([x[k - 1].T @ daf[k] for k in 1 to L], dim = 0)
  vjp Uf(u) = u * sum([h[k - 1].T @ daf[k] for k in 1 to L], dim = 0)
  vjp Wc(u) = u * sum([x[k - 1].T @ dac[k] for k in 1 to L], dim = 0)
  vjp Uc(u) = u * sum([(f[k] * h[k - 1]).T @ dac[k] for k in 1 to L], dim = 0)
}
run r {
  seed torch 4
  m = Gru(3, 3, 2)(randn([3, 5, 3]), randn([5, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "the candidate's f' left out",
        edits: [["dc[k] * (1 - c[k]^2)", "dc[k]"]],
        blame: [{ at: "dac[3]", kind: "missing-factor", says: heirs, also: ["dac[2]", "dac[1]"] }],
      },
      {
        name: "the gate's f' left out",
        edits: [["df[k] * f[k] * (1 - f[k])", "df[k]"]],
        blame: [{ at: "daf[3]", kind: "missing-factor", says: heirs, also: ["daf[2]", "daf[1]"] }],
      },
      {
        name: "another gradient, so that the right one is not used",
        edits: [["df[k] * f[k] * (1 - f[k])", "dc[k] * f[k] * (1 - f[k])"]],
        blame: [{ at: "daf[3]", kind: "other-argument", also: ["daf[2]", "daf[1]"] }],
      },
      {
        name: "the cotangent left out, so that it is not used",
        edits: [["dc[k] * (1 - c[k]^2)", "1 - c[k]^2"]],
        blame: [{ at: "dac[3]", kind: "missing-factor", says: /factor dc\[3\]/, also: ["dac[2]", "dac[1]"] }],
      },
      {
        name: "what a gate decides between left out",
        edits: [["dh[k] * (c[k] - h[k - 1])", "dh[k]"]],
        blame: [
          {
            at: "df[3]",
            kind: "missing-factor",
            says: /factor c\[3\] - h\[2\], which is ∂h\[3\]\/∂f\[3\]/,
            also: ["df[2]", "df[1]"],
          },
        ],
      },
      {
        name: "two factors left out, of which one is used nowhere then",
        edits: [["df[k] * f[k] * (1 - f[k])", "1 - f[k]"]],
        blame: [
          {
            at: "daf[3]",
            kind: "missing-factor",
            says: /factor df\[3\] \* f\[3\]/,
            also: ["daf[2]", "daf[1]"],
          },
        ],
      },
      {
        name: "another value, which explains another line of the first turn as well",
        edits: [["dh[k] * (c[k]", "dh[k] * (f[k]"]],
        blame: [{ at: "df[3]", kind: "other-argument", also: ["df[2]", "df[1]"] }],
      },
      {
        name: "the transpose left out at the reset state",
        edits: [["dac[k] @ Uc.T", "dac[k] @ Uc"]],
        blame: [{ at: "dfh[3]", kind: "transposed", says: heirs, also: ["dfh[2]"] }],
      },
    ],
  },
  {
    name: "a cell state",
    text: `
net Lstm(L, d, n)(x: [L, N, d], y: [N, n]) -> [] {
  param Wi: [d, n] = randn()
  param Ui: [n, n] = randn()
  param Wg: [d, n] = randn()
  param Ug: [n, n] = randn()
  h[0] = zeros([N, n])
  c[0] = zeros([N, n])
  for k in 1 to L {
    i[k] = sigmoid(x[k - 1] @ Wi + h[k - 1] @ Ui)
    g[k] = tanh(x[k - 1] @ Wg + h[k - 1] @ Ug)
    c[k] = (1 - i[k]) * c[k - 1] + i[k] * g[k]
    h[k] = tanh(c[k])
  }
  J = sum((h[L] - y)^2) / 2
  return J
  dh[L] = h[L] - y
  dcn[L] = zeros([N, n])
  for k in L downto 1 {
    dc[k] = dcn[k] + dh[k] * (1 - h[k]^2)
    di[k] = dc[k] * (g[k] - c[k - 1])
    dg[k] = dc[k] * i[k]
    dai[k] = di[k] * i[k] * (1 - i[k])
    dag[k] = dg[k] * (1 - g[k]^2)
    dcn[k - 1] = dc[k] * (1 - i[k])
    dh[k - 1] = dai[k] @ Ui.T + dag[k] @ Ug.T
  }
  vjp Wi(u) = u * sum([x[k - 1].T @ dai[k] for k in 1 to L], dim = 0)
  vjp Ui(u) = u * sum([h[k - 1].T @ dai[k] for k in 1 to L], dim = 0)
  vjp Wg(u) = u * sum([x[k - 1].T @ dag[k] for k in 1 to L], dim = 0)
  vjp Ug(u) = u * sum([h[k - 1].T @ dag[k] for k in 1 to L], dim = 0)
}
run r {
  seed torch 4
  m = Lstm(3, 3, 2)(randn([3, 5, 3]), randn([5, 2]))
  gradcheck m.J
}
`,
    faults: [
      {
        name: "f' of the state left out, in the last turn of the whole and in others of a term",
        edits: [["dcn[k] + dh[k] * (1 - h[k]^2)", "dcn[k] + dh[k]"]],
        blame: [{ at: "dc[3]", kind: "missing-factor", says: heirs, also: ["dc[2]", "dc[1]"] }],
      },
      {
        name: "f' of a gate left out",
        edits: [["dg[k] * (1 - g[k]^2)", "dg[k]"]],
        blame: [{ at: "dag[3]", kind: "missing-factor", says: heirs, also: ["dag[2]", "dag[1]"] }],
      },
    ],
  },
  {
    name: "a cell with its rule in one line",
    text: `
op cell(x: [N, d], h: [N, k], c: [N, k], W: [d, 4 * k], U: [k, 4 * k]) -> [N, 2 * k] {
  g = x @ W + h @ U
  i = sigmoid(g[:, :k])
  f = sigmoid(g[:, k:2 * k])
  o = sigmoid(g[:, 2 * k:3 * k])
  q = tanh(g[:, 3 * k:])
  s = f * c + i * q
  t = tanh(s)
  return cat([o * t, s], dim = 1)
  vjp x(u) = cat([(u[:, k:] + u[:, :k] * o * (1 - t^2)) * q * i * (1 - i), (u[:, k:] + u[:, :k] * o * (1 - t^2)) * c * f * (1 - f), u[:, :k] * t * o * (1 - o), (u[:, k:] + u[:, :k] * o * (1 - t^2)) * i * (1 - q^2)], dim = 1) @ W.T
}
`,
    faults: [
      {
        name: "another value in one of the gates",
        edits: [["* t * o * (1 - o)", "* h * o * (1 - o)"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /`h` stands where `t` belongs/ }],
      },
      {
        name: "a half of the cotangent left out",
        edits: [["u[:, :k] * t * o", "t * o"]],
        blame: [{ at: "vjp x", kind: "missing-cotangent", says: /the factor `u\[:, 0:\d+\]` is missing/ }],
      },
      {
        name: "f' of one gate left out",
        edits: [["* c * f * (1 - f)", "* c"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /sigmoid′/ }],
      },
      {
        name: "the sign of one gate",
        edits: [["* q * i * (1 - i)", "* q * i * (i - 1)"]],
        blame: [{ at: "vjp x", kind: "sign" }],
      },
    ],
  },
];
