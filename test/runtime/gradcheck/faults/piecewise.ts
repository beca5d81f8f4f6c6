// Owns functions that are piecewise and written out, as a leaky ReLU or Huber's loss: a slope that is left out, or taken for another.
import type { FaultyProgram } from "./faulty-program";

export const piecewisePrograms: readonly FaultyProgram[] = [
  {
    name: "a leaky layer as the larger of two lines",
    text: `
net M(n, h)(X: [N, n], Y: [N, 1]) -> [] {
  param W1: [n, h] = randn()
  param W2: [h, 1] = randn()
  Z = X @ W1
  A = maximum(Z, 0.1 * Z)
  P = A @ W2
  loss = mean((P - Y)^2)
  return loss
  dP = 2 * (P - Y) / N
  vjp W2(u) = u * (A.T @ dP)
  dA = dP @ W2.T
  dZ = dA * where(Z > 0, 1, 0.1)
  vjp W1(u) = u * (X.T @ dZ)
}
run r {
  seed torch 3
  m = M(4, 3)(randn([5, 4]), randn([5, 1]))
  gradcheck m.loss
}
`,
    faults: [
      {
        name: "the mask alone",
        edits: [["where(Z > 0, 1, 0.1)", "float(Z > 0)"]],
        blame: [
          { at: "dZ", kind: "missing-factor", says: /the mask `Z > 0` is 0 where the derivative is 0\.1/ },
        ],
      },
      {
        name: "the mask as a choice of gradients",
        edits: [["dA * where(Z > 0, 1, 0.1)", "where(Z > 0, dA, 0)"]],
        blame: [{ at: "dZ", kind: "missing-factor", says: /`0` should be `0\.1 \* dA`/ }],
      },
      {
        name: "no slope at all",
        edits: [["dA * where(Z > 0, 1, 0.1)", "dA"]],
        blame: [
          {
            at: "dZ",
            kind: "missing-factor",
            says: /the factor where\(Z > 0, 1, 0\.1\), which is ∂A\/∂Z, is missing/,
          },
        ],
      },
    ],
  },
  {
    name: "Huber's loss of a linear model",
    text: `
net Fit(n)(X: [N, n], y: [N]) -> [] {
  param w: [n] = randn()
  e = X @ w - y
  a = abs(e)
  loss = mean(where(a < 0.7, 0.5 * e^2, 0.7 * (a - 0.35)))
  return loss
  g = where(a < 0.7, e, 0.7 * sign(e)) / N
  vjp w(u) = u * (X.T @ g)
}
run r {
  seed torch 4
  m = Fit(3)(randn([24, 3]), randn([24]))
  gradcheck m.loss
}
`,
    faults: [
      ["the clipping left out", "e / N", "e"],
      ["the clipped part alone", "0.7 * sign(e) / N", "0.7 * sign(e)"],
    ].map(([name, wrong, told]) => ({
      name: name!,
      edits: [["where(a < 0.7, e, 0.7 * sign(e)) / N", wrong!] as const],
      blame: [
        {
          at: "g",
          kind: "missing-factor",
          says: new RegExp(
            `\`${told!.replaceAll(/[().*]/gu, "\\$&")}\` stands where the slope at e, \`where\\(a < 0\\.7, e, 0\\.7 \\* sign\\(e\\)\\)\`, belongs`,
            "u",
          ),
        },
      ],
    })),
  },
  {
    name: "a slope that is learned",
    text: `
op prelu(x: [N, d], a: []) -> [N, d] {
  return where(x > 0, x, a * x)
  vjp x(u) = u * where(x > 0, 1, a)
  vjp a(u) = sum(u * where(x > 0, 0, x))
}
`,
    faults: [
      {
        name: "the mask alone",
        edits: [["u * where(x > 0, 1, a)", "u * float(x > 0)"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /`where\(x > 0, 1, a\)`, belongs/ }],
      },
      {
        name: "as if all were negative",
        edits: [["sum(u * where(x > 0, 0, x))", "sum(u * x)"]],
        blame: [{ at: "vjp a", kind: "missing-factor", says: /`x` stands where .* `where\(x > 0, 0, x\)`/ }],
      },
    ],
  },
  {
    name: "a ReLU with a ceiling",
    text: `
op ceiling(x: [N, d]) -> [N, d] {
  return clamp(x, 0, 0.6)
  vjp x(u) = u * float(x > 0) * float(x < 0.6)
}
`,
    faults: [
      {
        name: "no ceiling",
        edits: [["u * float(x > 0) * float(x < 0.6)", "u * float(x > 0)"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /`\(x > 0\) \* \(x < 0\.6\)`, belongs/ }],
      },
    ],
  },
];
