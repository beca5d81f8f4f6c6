// Owns weight decay that is summed over the layers in a list, with the rules of a family, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const decayInLayers: readonly FaultyProgram[] = [
  {
    name: "columns are data points, each layer with its decay",
    text: `
net Columns(n, λ = 0.05)(X: [n[0], N], Z: [n[-1], N]) -> [] {
  const L = len(n) - 1
  A[0] = X
  for k in 1 to L {
    param W[k]: [n[k], n[k-1]] = randn()
    A[k] = sigmoid(W[k] @ A[k-1])
    R[k] = λ * sum(W[k]^2) / 2
  }
  J = sum((A[L] - Z)^2) / (2 * N) + sum([R[k] for k in 1 to L])
  return J

  D[L] = (A[L] - Z) / N * A[L] * (1 - A[L])
  for k in L downto 1 {
    vjp W[k](u) = u * (D[k] @ A[k-1].T + λ * W[k])
    D[k-1] = W[k].T @ D[k] * A[k-1] * (1 - A[k-1])
  }
}
run deep {
  seed torch 46
  gradcheck Columns([3, 3, 3, 3])(rand([3, 5]), rand([3, 5]))
}
`,
    faults: [
      {
        name: "the decay left out",
        edits: [[" + λ * W[k])", ")"]],
        blame: [
          {
            at: "vjp W[3]",
            also: ["vjp W[2]", "vjp W[1]"],
            kind: "overwritten-sum",
            says: /through `R\[3\]`, `u \* λ \* W\[3\]`, is missing/,
          },
        ],
      },
      {
        name: "the decay counted twice as much",
        edits: [[" + λ * W[k])", " + 2 * λ * W[k])"]],
        blame: [
          {
            at: "vjp W[3]",
            also: ["vjp W[2]", "vjp W[1]"],
            kind: "factor",
            says: /`0\.1` should be `0\.05`/,
          },
        ],
      },
    ],
  },
];
