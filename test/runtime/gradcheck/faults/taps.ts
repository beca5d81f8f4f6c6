// Owns a convolution written as a sum of shifted copies, and students' slips in its rules.
import type { FaultyProgram } from "./faulty-program";

export const taps: readonly FaultyProgram[] = [
  {
    name: "three taps over one dimension",
    text: `
op conv3(x: [N, 6], k: [3], b: []) -> [N, 4] {
  return k[0] * x[:, 0:4] + k[1] * x[:, 1:5] + k[2] * x[:, 2:6] + b
  vjp x(g) = k[0] * pad(g, [0, 2]) + k[1] * pad(g, [1, 1]) + k[2] * pad(g, [2, 0])
  vjp k(g) = [sum(g * x[:, 0:4]), sum(g * x[:, 1:5]), sum(g * x[:, 2:6])]
  vjp b(g) = sum(g)
}`,
    faults: [
      {
        name: "a tap left out",
        edits: [[" + k[1] * pad(g, [1, 1])", ""]],
        blame: [
          {
            at: "vjp x",
            kind: "overwritten-sum",
            says: /through `x\[:, 1:5\]`, `k\[1\] \* pad\(g, pad = \[1, 1\]\)`, is missing/,
          },
        ],
      },
      {
        name: "another tap",
        edits: [["k[0] * pad(g, [0, 2])", "k[2] * pad(g, [0, 2])"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /`k\[2\]` stands where `k\[0\]` belongs/ }],
      },
      {
        name: "the taps the other way round",
        edits: [
          ["[sum(g * x[:, 0:4])", "[sum(g * x[:, 2:6])"],
          ["sum(g * x[:, 2:6])]", "sum(g * x[:, 0:4])]"],
        ],
        blame: [{ at: "vjp k", kind: "other-argument", says: /stand in each other's place/ }],
      },
    ],
  },
];
