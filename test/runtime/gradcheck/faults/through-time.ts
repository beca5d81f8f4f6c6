// Owns backpropagation through time whose sums run from the last turn to the first, what goes on to a turn called by the next one's name, and students' slips in it.
import type { FaultyProgram } from "./faulty-program";

export const throughTime: readonly FaultyProgram[] = [
  {
    name: "sums that run backwards through time",
    text: `
net Elman(n, s)(xs: [n, i], ys: [n, k], h0: [s]) -> [] {
  param U: [s, i] = randn()
  param R: [s, s] = normal(0, 0.6)
  param b: [s] = randn()
  param Q: [k, s] = randn()
  h[0] = h0
  loss[0] = 0
  for t in 1 to n {
    h[t] = tanh(U @ xs[t-1] + R @ h[t-1] + b)
    y[t] = Q @ h[t]
    loss[t] = loss[t-1] + sum((y[t] - ys[t-1])^2) / 2
  }
  return loss[n]

  dh[n + 1] = zeros([s])
  gR[n + 1] = zeros([s, s])
  gb[n + 1] = zeros([s])
  for t in n downto 1 {
    dy[t] = y[t] - ys[t-1]
    da[t] = (Q.T @ dy[t] + dh[t+1]) * (1 - h[t]^2)
    dh[t] = R.T @ da[t]
    gR[t] = gR[t+1] + outer(da[t], h[t-1])
    gb[t] = gb[t+1] + da[t]
  }
  vjp R(c) = c * gR[1]
  vjp b(c) = c * gb[1]
  vjp h0(c) = c * dh[1]
}
run r {
  seed torch 15
  m = Elman(3, 4)(randn([3, 2]), randn([3, 2]), randn([4]))
  gradcheck m
}
`,
    faults: [
      {
        name: "the transpose left out of what goes on",
        edits: [["R.T @ da[t]", "R @ da[t]"]],
        blame: [
          {
            at: "dh[3]",
            also: ["dh[2]", "dh[1]"],
            kind: "transposed",
            says: /first.*`\.T` is missing at `R` in `R @ da\[3\]`; the same mistake is in `dh\[2\]`, `dh\[1\]`/,
          },
        ],
      },
      {
        name: "what comes from the next turn left out, so that it is used nowhere",
        edits: [["(Q.T @ dy[t] + dh[t+1])", "(Q.T @ dy[t])"]],
        blame: [
          {
            at: "da[2]",
            also: ["da[1]"],
            kind: "overwritten-sum",
            says: /the term \+ dh\[3\] is missing at `Q\.T @ dy\[2\]`; the same mistake is in `da\[1\]`; .*only inherit/,
          },
        ],
      },
      {
        name: "a running sum overwritten in each turn",
        edits: [["gR[t] = gR[t+1] + outer", "gR[t] = outer"]],
        blame: [{ at: "gR[1]", kind: "overwritten-sum", says: /gR\[3\] \+ gR\[2\] are missing/ }],
      },
      {
        name: "twice the error: it is wrong in every turn, and the sums are not",
        edits: [["y[t] - ys[t-1]\n    da", "2 * (y[t] - ys[t-1])\n    da"]],
        blame: [{ at: "dy[3]", also: ["dy[2]", "dy[1]"], kind: "factor", says: /2 is too much/ }],
      },
    ],
  },
];
