// Owns activations, losses and other small ops with hand-written rules, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const activationPrograms: readonly FaultyProgram[] = [
  {
    name: "leaky relu",
    text: `
op leaky(x: [...], slope = 0.1) -> [...] {
  return where(x > 0, x, slope * x)
  vjp x(u) = where(x > 0, u, slope * u)
  jvp x(v) = where(x > 0, v, slope * v)
}`,
    faults: [
      {
        name: "the branches exchanged",
        edits: [["where(x > 0, u, slope * u)", "where(x > 0, slope * u, u)"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /branches/ }],
      },
      {
        name: "< for >",
        edits: [["where(x > 0, u, slope * u)", "where(x < 0, u, slope * u)"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /branches|`<` stands where `>`/ }],
      },
      {
        name: "the slope left out",
        edits: [["where(x > 0, u, slope * u)", "where(x > 0, u, u)"]],
        blame: [{ at: "vjp x", kind: ["factor", "missing-factor"] }],
      },
      {
        name: "as if it were relu",
        edits: [["where(x > 0, u, slope * u)", "where(x > 0, u, 0)"]],
        blame: [
          {
            at: "vjp x",
            kind: "missing-factor",
            says: /^vjp x: `0` should be `0\.1 \* u` in `where\(x > 0, u, 0\)`$/u,
          },
        ],
      },
      {
        name: "the cotangent left out",
        edits: [["where(x > 0, u, slope * u)", "where(x > 0, 1, slope)"]],
        blame: [{ at: "vjp x", kind: "missing-cotangent" }],
      },
      {
        name: "jvp: the sign of the slope",
        edits: [["where(x > 0, v, slope * v)", "where(x > 0, v, -slope * v)"]],
        blame: [{ at: "jvp x", kind: "sign" }],
      },
    ],
  },
  {
    name: "swish",
    text: `
op swish(x: [n]) -> [n] {
  s = sigmoid(x)
  return x * s
  vjp x(u) = u * (s + x * s * (1 - s))
}`,
    faults: [
      {
        name: "the first term left out",
        edits: [["(s + x * s * (1 - s))", "x * s * (1 - s)"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum" }],
      },
      {
        name: "the second term left out",
        edits: [["(s + x * s * (1 - s))", "s"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum" }],
      },
      {
        name: "x left out",
        edits: [["(s + x * s * (1 - s))", "(s + s * (1 - s))"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /factor x/ }],
      },
      {
        name: "minus",
        edits: [["(s + x * s * (1 - s))", "(s - x * s * (1 - s))"]],
        blame: [{ at: "vjp x", kind: "sign" }],
      },
      {
        name: "1 + s",
        edits: [["(s + x * s * (1 - s))", "(s + x * s * (1 + s))"]],
        blame: [{ at: "vjp x", kind: "sign" }],
      },
      {
        name: "tanh's derivative",
        edits: [["(s + x * s * (1 - s))", "(s + x * (1 - s^2))"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /sigmoid′\(x\)/ }],
      },
    ],
  },
  {
    name: "unit vectors",
    text: `
op unit(x: [N, d]) -> [N, d] {
  r = sqrt(sum(x^2, dim = 1, keepdim = true))
  y = x / r
  return y
  vjp x(u) = (u - y * sum(u * y, dim = 1, keepdim = true)) / r
}`,
    faults: [
      {
        name: "the projection left out",
        edits: [["(u - y * sum(u * y, dim = 1, keepdim = true)) / r", "u / r"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum" }],
      },
      {
        name: "r left out",
        edits: [
          [
            "(u - y * sum(u * y, dim = 1, keepdim = true)) / r",
            "u - y * sum(u * y, dim = 1, keepdim = true)",
          ],
        ],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /1 \/ r/ }],
      },
      {
        name: "times r",
        edits: [["keepdim = true)) / r", "keepdim = true)) * r"]],
        blame: [{ at: "vjp x", kind: "missing-factor", says: /1 \/ r\^2/ }],
      },
      {
        name: "x for y",
        edits: [["(u - y * sum(u * y", "(u - x * sum(u * y"]],
        blame: [{ at: "vjp x", kind: ["other-argument", "missing-factor"] }],
      },
      {
        name: "x for y twice",
        edits: [["(u - y * sum(u * y", "(u - x * sum(u * x"]],
        blame: [{ at: "vjp x", kind: ["other-argument", "missing-factor"] }],
      },
      {
        name: "plus",
        edits: [["(u - y * sum(u * y", "(u + y * sum(u * y"]],
        blame: [{ at: "vjp x", kind: "sign", says: /\+ stands where −/ }],
      },
    ],
  },
  {
    name: "squared error with weights",
    text: `
op weighted(y: [N, k], t: [N, k], w: [N, 1]) -> [] {
  return sum(w * (y - t)^2) / (2 * N)
  vjp y(u) = u * w * (y - t) / N
  vjp t(u) = -u * w * (y - t) / N
  vjp w(u) = u * sum((y - t)^2, dim = 1, keepdim = true) / (2 * N)
}`,
    faults: [
      {
        name: "w's rule is not summed",
        edits: [
          [
            "u * sum((y - t)^2, dim = 1, keepdim = true) / (2 * N)",
            "u * mean((y - t)^2, dim = 1, keepdim = true) / (2 * N)",
          ],
        ],
        blame: [{ at: "vjp w", kind: "factor", says: /`mean` stands where `sum`/ }],
      },
      {
        name: "w's rule takes one column",
        edits: [["sum((y - t)^2, dim = 1, keepdim = true)", "((y - t)^2)[:, 0:1]"]],
        blame: [{ at: "vjp w", kind: "missing-reduction" }],
      },
      {
        name: "2 left in",
        edits: [["vjp y(u) = u * w * (y - t) / N", "vjp y(u) = u * w * 2 * (y - t) / N"]],
        blame: [{ at: "vjp y", kind: "factor" }],
      },
      {
        name: "w left out",
        edits: [["vjp y(u) = u * w * (y - t) / N", "vjp y(u) = u * (y - t) / N"]],
        blame: [{ at: "vjp y", kind: "missing-factor", says: /factor w/ }],
      },
      {
        name: "t's sign",
        edits: [["vjp t(u) = -u", "vjp t(u) = u"]],
        blame: [{ at: "vjp t", kind: "sign" }],
      },
      {
        name: "y + t",
        edits: [["vjp y(u) = u * w * (y - t) / N", "vjp y(u) = u * w * (y + t) / N"]],
        blame: [{ at: "vjp y", kind: "sign" }],
      },
      {
        name: "all three",
        edits: [
          ["vjp y(u) = u * w * (y - t) / N", "vjp y(u) = u * w * (y - t)"],
          ["vjp t(u) = -u", "vjp t(u) = u"],
          [
            "u * sum((y - t)^2, dim = 1, keepdim = true) / (2 * N)",
            "u * sum((y - t)^2, dim = 1, keepdim = true) / N",
          ],
        ],
        blame: [
          { at: "vjp w", kind: "factor" },
          { at: "vjp y", kind: "factor" },
          { at: "vjp t", kind: "sign" },
        ],
      },
    ],
  },
  {
    name: "an affine map of columns",
    text: `
op affine(x: [p, N], W: [m, p], b: [m, 1]) -> [m, N] {
  return W @ x + b
  jvp x(dx) = W @ dx
  jvp W(dW) = dW @ x
  vjp x(u) = W.T @ u
  vjp W(u) = u @ x.T
  vjp b(u) = sum(u, dim = 1, keepdim = true)
}`,
    faults: [
      {
        name: "b is not summed over the data",
        edits: [["sum(u, dim = 1, keepdim = true)", "u[:, 0:1]"]],
        blame: [{ at: "vjp b", kind: "missing-reduction" }],
      },
      {
        name: "b is averaged",
        edits: [["sum(u, dim = 1, keepdim = true)", "mean(u, dim = 1, keepdim = true)"]],
        blame: [{ at: "vjp b", kind: "factor" }],
      },
      {
        name: "x halved",
        edits: [["vjp x(u) = W.T @ u", "vjp x(u) = 0.5 * W.T @ u"]],
        blame: [{ at: "vjp x", kind: "factor", says: /0\.5/ }],
      },
      {
        name: "jvp W scaled by N",
        edits: [["jvp W(dW) = dW @ x", "jvp W(dW) = dW @ x / N"]],
        blame: [{ at: "jvp W", kind: "factor", says: /N/ }],
      },
    ],
  },
  {
    name: "log-sum-exp",
    text: `
op lse(x: [N, K]) -> [N] {
  m = amax(x, dim = 1, keepdim = true)
  s = sum(exp(x - m), dim = 1)
  return log(s) + m[:, 0]
  vjp x(u) = reshape(u, [N, 1]) * softmax(x, dim = 1)
}`,
    faults: [
      {
        name: "the sum of the softmax is left out",
        edits: [["softmax(x, dim = 1)", "exp(x - m)"]],
        blame: [{ at: "vjp x", kind: ["missing-factor", "other-argument"] }],
      },
      {
        name: "softmax over the wrong dimension",
        edits: [["softmax(x, dim = 1)", "softmax(x, dim = 0)"]],
        blame: [{ at: "vjp x", kind: "other-argument", says: /dim = 0.*dim = 1/ }],
      },
      {
        name: "log-softmax",
        edits: [["softmax(x, dim = 1)", "log_softmax(x, dim = 1)"]],
        blame: [{ at: "vjp x", kind: "other-argument" }],
      },
    ],
  },
  {
    name: "a quadratic form",
    text: `
op quad(x: [n], A: [n, n]) -> [] {
  return sum(x * (A @ x))
  vjp x(u) = u * (A @ x + A.T @ x)
  vjp A(u) = u * reshape(x, [n, 1]) @ reshape(x, [1, n])
}`,
    faults: [
      {
        name: "A taken to be symmetric",
        edits: [["(A @ x + A.T @ x)", "2 * A @ x"]],
        blame: [{ at: "vjp x", kind: ["transposed", "unknown", "overwritten-sum"] }],
      },
      {
        name: "one of two terms",
        edits: [["(A @ x + A.T @ x)", "(A.T @ x)"]],
        blame: [{ at: "vjp x", kind: "overwritten-sum", says: /A/ }],
      },
      {
        name: "the transpose left out",
        edits: [["A @ x + A.T @ x", "A @ x + A @ x"]],
        blame: [{ at: "vjp x", kind: "transposed" }],
      },
      {
        name: "2 for A",
        edits: [["vjp A(u) = u * reshape", "vjp A(u) = 2 * u * reshape"]],
        blame: [{ at: "vjp A", kind: "factor" }],
      },
    ],
  },
];
