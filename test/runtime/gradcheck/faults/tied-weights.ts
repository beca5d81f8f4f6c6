// Owns a weight that is used on the way in and on the way out, its gradient a sum of what comes by each use, and students' slips in that.
import type { FaultyProgram } from "./faulty-program";

export const tiedWeights: readonly FaultyProgram[] = [
  {
    name: "word vectors on the way in and on the way out",
    text: `
net Words(V, d)(left: int[N], right: int[N], next: int[N]) -> [] {
  param E: [V, d] = randn()
  param A: [d, d] = randn()
  param B: [d, d] = randn()
  r = one_hot(left, V) @ E @ A + one_hot(right, V) @ E @ B
  logits = r @ E.T
  nll = cross_entropy(logits, next)
  return nll

  δ = (softmax(logits, dim = 1) - one_hot(next, V)) / N
  ρ = δ @ E
  vjp A(u) = u * (one_hot(left, V) @ E).T @ ρ
  vjp B(u) = u * (one_hot(right, V) @ E).T @ ρ
  vjp E(u) = u * (δ.T @ r + one_hot(left, V).T @ ρ @ A.T + one_hot(right, V).T @ ρ @ B.T)
}
run words {
  seed torch 12
  m = Words(6, 3)([0, 2, 5, 1], [1, 1, 4, 3], [2, 0, 3, 3])
  gradcheck m.nll
}
`,
    faults: [
      {
        name: "the use on the way out left out, told in what is derived",
        edits: [["u * (δ.T @ r + one_hot", "u * (one_hot"]],
        blame: [
          { at: "vjp E", kind: "overwritten-sum", says: /through `logits`, `u \* δ\.T @ r`, is missing/ },
        ],
      },
      {
        name: "the other matrix",
        edits: [["@ ρ @ B.T)", "@ ρ @ A.T)"]],
        blame: [{ at: "vjp E", kind: "other-argument", says: /`A` stands where `B` belongs/ }],
      },
    ],
  },
];
