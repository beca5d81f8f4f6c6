// Owns gradients at what a net was applied to and nothing else names, and students' slips in them and in rules that they come by way of.
import type { FaultyProgram } from "./faulty-program";

export const givenInputs: readonly FaultyProgram[] = [
  {
    name: "attention, its data written where it is applied",
    text: `
op row_softmax(s: [q, k]) -> [q, k] {
  p = softmax(s, dim = 1)
  return p
  vjp s(u) = p * (u - sum(u * p, dim = 1, keepdim = true))
}
net Head(dk, dv)(X: [L, d], R: [L, dv]) -> [] {
  param Wq: [d, dk] = randn()
  param Wk: [d, dk] = randn()
  param Wv: [d, dv] = randn()
  Q = X @ Wq
  K = X @ Wk
  V = X @ Wv
  P = row_softmax(Q @ K.T / sqrt(dk))
  return sum(P @ V * R)

  dV = P.T @ R
  dP = R @ V.T
  dS = P * (dP - sum(dP * P, dim = 1, keepdim = true))
  dQ = dS @ K / sqrt(dk)
  dK = dS.T @ Q / sqrt(dk)
  dX = dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T
}
run heads {
  seed torch 6
  m = Head(3, 2)(randn([5, 4]), randn([5, 2]))
  check "X": backward(m).X ~= m.dX within 1e-3
}
`,
    faults: [
      {
        name: "a rule by way of which it comes is blamed, and not the right derivation",
        edits: [["(u - sum(u * p, dim", "(u - sum(u, dim"]],
        blame: [
          {
            at: "X",
            kind: "missing-factor",
            says: /^the right side is the derivative; .* vjp s of `row_softmax`, .*factor p is missing at `u`$/,
          },
        ],
      },
      {
        name: "a scale left out of a value before it",
        edits: [["dS @ K / sqrt(dk)", "dS @ K"]],
        blame: [{ at: "X", kind: "factor", says: /^`m\.dQ` is the first .*1 \/ sqrt\(3\) is missing/ }],
      },
      {
        name: "a contribution left out",
        edits: [[" + dK @ Wk.T", ""]],
        blame: [
          { at: "X", kind: "overwritten-sum", says: /^`m\.dX`: the contribution to `m\.X` through `m\.K`/ },
        ],
      },
    ],
  },
];
