// Owns checks against numbers that are copied from elsewhere, one or several, and what such a number can prove. The numbers are worked out by
// hand: (0.5² + 0.5² + 4² + 5.75²) / 4 = 12.390625; the variance of 1, 2.5, −3, 4.25, 6 is 47.2 / 5.
import type { FaultyProgram } from "./faulty-program";

export const copiedNumbers: readonly FaultyProgram[] = [
  {
    name: "a mean of squares that is known",
    text: `
run r {
  x = [1.0, 2.5, -3.0, 4.25]
  y = [0.5, 2.0, 1.0, -1.5]
  J = mean((x - y)^2)
  check "J": J ~= 12.390625 within 1e-6
}
`,
    faults: [
      {
        name: "sum for mean",
        edits: [["mean(", "sum("]],
        blame: [{ at: "J", kind: "factor", says: /^`J`: `sum` stands where `mean` belongs in `sum\(/ }],
      },
      {
        name: "half of it",
        edits: [["mean((x - y)^2)", "mean((x - y)^2) / 2"]],
        blame: [{ at: "J", kind: "factor", says: /the division by 2 is too much/ }],
      },
      {
        name: "its opposite",
        edits: [["= mean(", "= -mean("]],
        blame: [{ at: "J", kind: "sign", says: /^`J`: the sign is wrong$/ }],
      },
      {
        name: "+ for −",
        edits: [["x - y", "x + y"]],
        blame: [{ at: "J", kind: "sign", says: /\+ stands where − belongs in `x \+ y`/ }],
      },
      {
        name: "one too few",
        edits: [["mean((x - y)^2)", "sum((x - y)^2) / 3"]],
        blame: [{ at: "J", kind: "factor", says: /^`J`: `3` should be `4` in `sum\(\(x - y\)\^2\) \/ 3`$/ }],
      },
      {
        name: "something else: what was tried is told",
        edits: [["mean((x - y)^2)", "sum(sin(x) * cos(y))"]],
        blame: [
          {
            at: "J",
            kind: "unknown",
            says: /the left side is .* times the right\. Tried were signs, constants/,
          },
        ],
      },
    ],
  },
  {
    name: "a variance that is known",
    text: `
run r {
  x = [1.0, 2.5, -3.0, 4.25, 6.0]
  mu = mean(x)
  v = sum((x - mu)^2) / 5
  check "v": v ~= 9.44 within 1e-6
}
`,
    faults: [
      {
        name: "not centred",
        edits: [["(x - mu)^2", "x^2"]],
        blame: [{ at: "v", kind: "overwritten-sum", says: /the term − mean\(x/ }],
      },
      {
        name: "its root",
        edits: [["sum((x - mu)^2) / 5", "sqrt(sum((x - mu)^2) / 5)"]],
        blame: [{ at: "v", kind: "other-argument", says: /sqrt is too much/ }],
      },
    ],
  },
  {
    name: "squares that are listed",
    text: `
run r {
  x = [1.0, 2.5, -3.0, 4.25]
  y = [0.5, 2.0, 1.0, -1.5]
  d = x - y
  check "q": d * d / 4 ~= [0.0625, 0.0625, 4.0, 8.265625] within 1e-6
}
`,
    faults: [
      {
        name: "+ for − in a value with a name",
        edits: [["d = x - y", "d = x + y"]],
        blame: [{ at: "q", kind: "sign", says: /\+ stands where − belongs in `x \+ y`/ }],
      },
      {
        name: "not divided",
        edits: [["d * d / 4", "d * d"]],
        blame: [{ at: "q", kind: "factor", says: /the factor 1\/4 is missing/ }],
      },
    ],
  },
  {
    name: "an op at a number",
    text: `
op f(x: []) -> [] {
  return x^2
}
run r {
  check "nine": f(3.0) ~= 9
}
`,
    faults: [
      {
        name: "twice it",
        edits: [["x^2", "2 * x^2"]],
        blame: [{ at: "nine", kind: "factor", says: /the factor 2 is too much/ }],
      },
    ],
  },
  {
    name: "a small whole number, which many mistakes meet",
    text: `
run r {
  a = 2.0
  b = 3.0
  c = a * b + a
  check "c": c == 8
}
`,
    faults: [
      {
        name: "its opposite is told",
        edits: [["c = a * b + a", "c = -(a * b + a)"]],
        blame: [{ at: "c", kind: "sign", says: /the sign is wrong/ }],
      },
      {
        name: "what may be chance is not",
        edits: [["c = a * b + a", "c = a * b - 1"]],
        blame: [{ at: "c", kind: "unknown", says: /Tried were/ }],
      },
    ],
  },
];
