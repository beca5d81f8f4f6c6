// Owns ops that work on single elements, slices and branches: what a draw does not reach, and what each turn does with its own element.
import type { FaultyProgram } from "./faulty-program";

export const branchPrograms: readonly FaultyProgram[] = [
  {
    name: "a ramp of one number",
    text: `
op ramp(x: []) -> [] {
  return relu(x)
  vjp x(u) = u * (x > 0)
}
`,
    faults: [
      {
        name: "right for the first number that is drawn, which is positive",
        edits: [["u * (x > 0)", "u"]],
        blame: [{ at: "vjp x", kind: ["missing-factor", "other-argument"] }],
      },
    ],
  },
  {
    name: "Huber's loss, whose width is drawn negative at first",
    text: `
op huber(p: [N], y: [N], delta: []) -> [] {
  e = p - y
  return mean(where(abs(e) < delta, e^2 / 2, delta * (abs(e) - delta / 2)))
  vjp p(u) = u * where(abs(e) < delta, e, delta * sign(e)) / N
}
`,
    faults: [
      {
        name: "twice the square's part",
        edits: [["< delta, e, delta * sign", "< delta, 2 * e, delta * sign"]],
        blame: [{ at: "vjp p", kind: "factor", says: /the factor 2 is too much in `2 \* e`/ }],
      },
    ],
  },
  {
    name: "a convolution of slices: the kernel is the shorter",
    text: `
op conv(x: [n], w: [k]) -> [n - k + 1] {
  return [sum(x[i : i + k] * w) for i in 0 to n - k]
  vjp x(u) = sum([pad(u[i] * w, [i, n - k - i]) for i in 0 to n - k], dim = 0)
  vjp w(u) = [sum(u * x[j : j + n - k + 1]) for j in 0 to k - 1]
}
`,
    faults: [
      {
        name: "ones for the kernel in each turn",
        edits: [["u[i] * w,", "u[i] * ones([k]),"]],
        blame: [
          { at: "vjp x", kind: "other-argument", says: /stands where `w` belongs.*each of its 4 turns/ },
        ],
      },
      {
        name: "the first element in each turn",
        edits: [["u[i] * w,", "u[0] * w,"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /`u\[0\]` stands in each of 4 turns/ }],
      },
      {
        name: "the sign in each turn",
        edits: [["[sum(u * x[j", "[-sum(u * x[j"]],
        blame: [{ at: "vjp w", kind: "sign" }],
      },
    ],
  },
  {
    name: "a square layer of one vector",
    text: `
op layer(x: [d], W: [d, d], b: [d]) -> [d] {
  return tanh(W @ x + b)
  vjp x(u) = W.T @ (u * (1 - tanh(W @ x + b)^2))
  jvp x(t) = (1 - tanh(W @ x + b)^2) * (W @ t)
}
`,
    faults: [
      {
        name: "the matrix left out of the gradient",
        edits: [["W.T @ (u * (1 - tanh(W @ x + b)^2))", "u * (1 - tanh(W @ x + b)^2)"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /the factor W is missing/ }],
      },
      {
        name: "the matrix left out of the tangent",
        edits: [["(W @ t)", "t"]],
        blame: [
          { at: "jvp x", kind: "missing-factor", says: /the factor W\.T is missing at `t`: `t @ W\.T`/ },
        ],
      },
    ],
  },
  {
    name: "a softmax with a temperature",
    text: `
op sm(x: [N, d], tau: []) -> [N, d] {
  p = softmax(x / tau, dim = 1)
  return p
  vjp tau(u) = -sum(p * (u - sum(p * u, dim = 1, keepdim = true)) * x) / tau^2
}
`,
    faults: [
      {
        name: "a factor left out, so that nothing is left: the cotangent is there all the same",
        edits: [["keepdim = true)) * x) / tau^2", "keepdim = true))) / tau^2"]],
        blame: [{ at: "vjp tau", kind: "missing-factor", says: /the factor x is missing/ }],
      },
    ],
  },
  {
    name: "a running sum with a rate",
    text: `
op discount(r: [T], gamma: []) -> [T] {
  return cumsum(r * gamma, dim = 0)
  jvp gamma(t) = t * cumsum(r, dim = 0)
}
`,
    faults: [
      {
        name: "the rate itself, a scalar with a name, too much",
        edits: [["t * cumsum", "gamma * t * cumsum"]],
        blame: [
          { at: "jvp gamma", kind: "missing-factor", says: /the factor gamma is too much in `gamma \* t`/ },
        ],
      },
    ],
  },
  {
    name: "a layer of rows with a weight each",
    text: `
op rows(x: [N, d], W: [d, k]) -> [N] {
  return sum((x @ W)^2, dim = 1) / 2
  vjp x(u) = u[:, None] * ((x @ W) @ W.T)
}
`,
    faults: [
      {
        name: "the cotangent of rows left out",
        edits: [["u[:, None] * ((x @ W) @ W.T)", "(x @ W) @ W.T"]],
        blame: [{ at: "vjp x", kind: "missing-cotangent" }],
      },
    ],
  },
];
