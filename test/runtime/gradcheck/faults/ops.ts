// Owns ops with hand-written rules, and students' slips in them.
import type { FaultyProgram } from "./faulty-program";

export const opPrograms: readonly FaultyProgram[] = [
  {
    name: "a linear layer of rows",
    text: `
op layer(X: [N, p], W: [p, m], b: [m]) -> [N, m] {
  return X @ W + b
  vjp X(u) = u @ W.T
  vjp W(u) = X.T @ u
  vjp b(u) = sum(u, dim = 0)
  jvp X(dX) = dX @ W
  jvp W(dW) = X @ dW
  jvp b(db) = db + zeros([N, m])
}`,
    faults: [
      {
        name: "bias: mean for sum",
        edits: [["sum(u, dim = 0)", "mean(u, dim = 0)"]],
        blame: [{ at: "vjp b", kind: "factor", says: /mean.*stands where.*sum/ }],
      },
      {
        name: "bias: the first row only",
        edits: [["sum(u, dim = 0)", "u[0]"]],
        blame: [{ at: "vjp b", kind: "missing-reduction", says: /sum/ }],
      },
      {
        name: "W: halved",
        edits: [["X.T @ u", "X.T @ u / N"]],
        blame: [{ at: "vjp W", kind: "factor", says: /division by 3 \(N\) is too much/ }],
      },
      {
        name: "X: sign",
        edits: [["u @ W.T", "-u @ W.T"]],
        blame: [{ at: "vjp X", kind: "sign" }],
      },
      {
        name: "jvp: cotangent order",
        edits: [["jvp X(dX) = dX @ W", "jvp X(dX) = -dX @ W"]],
        blame: [{ at: "jvp X", kind: "sign" }],
      },
      {
        name: "jvp b: forgets the rows but one",
        edits: [["db + zeros([N, m])", "2 * db + zeros([N, m])"]],
        blame: [{ at: "jvp b", kind: "factor" }],
      },
      {
        name: "two rules at once",
        edits: [
          ["u @ W.T", "-u @ W.T"],
          ["sum(u, dim = 0)", "mean(u, dim = 0)"],
        ],
        blame: [
          { at: "vjp b", kind: "factor" },
          { at: "vjp X", kind: "sign" },
        ],
      },
      {
        name: "three rules at once",
        edits: [
          ["u @ W.T", "2 * u @ W.T"],
          ["X.T @ u", "-X.T @ u"],
          ["sum(u, dim = 0)", "mean(u, dim = 0)"],
        ],
        blame: [
          { at: "vjp b", kind: "factor" },
          { at: "vjp X", kind: "factor" },
          { at: "vjp W", kind: "sign" },
        ],
      },
    ],
  },
  {
    name: "a square linear layer",
    text: `
op layer(X: [n, n], W: [n, n]) -> [n, n] {
  return X @ W
  vjp X(u) = u @ W.T
  vjp W(u) = X.T @ u
  jvp X(dX) = dX @ W
  jvp W(dW) = X @ dW
}`,
    faults: [
      {
        name: "X: no transpose",
        edits: [["u @ W.T", "u @ W"]],
        blame: [{ at: "vjp X", kind: "transposed", says: /`\.T` is missing at `W`/ }],
      },
      {
        name: "W: no transpose",
        edits: [["X.T @ u", "X @ u"]],
        blame: [{ at: "vjp W", kind: "transposed", says: /`\.T` is missing at `X`/ }],
      },
      {
        name: "W: the cotangent transposed",
        edits: [["X.T @ u", "X.T @ u.T"]],
        blame: [{ at: "vjp W", kind: "transposed", says: /`\.T` is too much at `u`/ }],
      },
      {
        name: "W: in the other order",
        edits: [["X.T @ u", "u @ X.T"]],
        blame: [{ at: "vjp W", kind: "transposed" }],
      },
      {
        name: "X: X for W",
        edits: [["u @ W.T", "u @ X.T"]],
        blame: [{ at: "vjp X", kind: "other-argument", says: /`X` stands where `W` belongs/ }],
      },
      {
        name: "the result transposed",
        edits: [["X.T @ u", "(X.T @ u).T"]],
        blame: [{ at: "vjp W", kind: "transposed" }],
      },
      {
        name: "both transposes",
        edits: [
          ["u @ W.T", "u @ W"],
          ["X.T @ u", "X @ u"],
        ],
        blame: [
          { at: "vjp X", kind: "transposed" },
          { at: "vjp W", kind: "transposed" },
        ],
      },
      {
        name: "jvp transposed",
        edits: [["X @ dW", "X.T @ dW"]],
        blame: [{ at: "jvp W", kind: "transposed" }],
      },
    ],
  },
  {
    name: "softmax",
    text: `
op softmax_rows(z: [N, K]) -> [N, K] {
  e = exp(z - amax(z, dim = 1, keepdim = true))
  p = e / sum(e, dim = 1, keepdim = true)
  return p
  vjp z(u) = p * (u - sum(u * p, dim = 1, keepdim = true))
  jvp z(v) = p * (v - sum(v * p, dim = 1, keepdim = true))
}`,
    faults: [
      {
        name: "the sum left out",
        edits: [["vjp z(u) = p * (u - sum(u * p, dim = 1, keepdim = true))", "vjp z(u) = p * u"]],
        blame: [{ at: "vjp z", kind: "overwritten-sum" }],
      },
      {
        name: "as a sigmoid",
        edits: [["vjp z(u) = p * (u - sum(u * p, dim = 1, keepdim = true))", "vjp z(u) = p * (1 - p) * u"]],
        blame: [{ at: "vjp z", kind: "overwritten-sum", says: /Jacobian as diagonal/ }],
      },
      {
        name: "+ for −",
        edits: [["vjp z(u) = p * (u - sum", "vjp z(u) = p * (u + sum"]],
        blame: [{ at: "vjp z", kind: "sign", says: /\+ stands where − belongs/ }],
      },
      {
        name: "the sum over the other dimension",
        edits: [["sum(u * p, dim = 1, keepdim = true)", "sum(u * p, dim = 0, keepdim = true)"]],
        blame: [{ at: "vjp z", kind: "other-argument", says: /dim = 0.*dim = 1/ }],
      },
      {
        name: "p left out of the sum",
        edits: [["sum(u * p, dim = 1, keepdim = true)", "sum(u, dim = 1, keepdim = true)"]],
        blame: [{ at: "vjp z", kind: "missing-factor", says: /factor p/ }],
      },
      {
        name: "the factor p left out",
        edits: [["vjp z(u) = p * (u - ", "vjp z(u) = (u - "]],
        blame: [{ at: "vjp z", kind: "missing-factor", says: /factor p/ }],
      },
      {
        name: "z for p",
        edits: [["vjp z(u) = p * (u - ", "vjp z(u) = z * (u - "]],
        blame: [
          { at: "vjp z", kind: ["other-argument", "evaluated-at-output"], says: /`z` stands where .*`p`/ },
        ],
      },
      {
        name: "mean for sum",
        edits: [["(u - sum(u * p", "(u - mean(u * p"]],
        blame: [{ at: "vjp z", kind: "factor" }],
      },
    ],
  },
  {
    name: "softmax with cross entropy on labels",
    text: `
op loss(o: [N, K], y: int[N]) -> [] {
  p = softmax(o, dim = 1)
  q = one_hot(y, K)
  return -sum(q * log(p)) / N
  vjp o(u) = u * (p - q) / N
  sample N = 4; sample K = 3
  sample y = randint(K, [N])
}`,
    faults: [
      {
        name: "1/N left out",
        edits: [["u * (p - q) / N", "u * (p - q)"]],
        blame: [{ at: "vjp o", kind: "factor", says: /1\/4|0\.25/ }],
      },
      {
        name: "1/K for 1/N",
        edits: [["u * (p - q) / N", "u * (p - q) / K"]],
        blame: [{ at: "vjp o", kind: "factor", says: /`K` stands where `N` belongs.*3\/4/u }],
      },
      {
        name: "the labels left out",
        edits: [["u * (p - q) / N", "u * p / N"]],
        blame: [{ at: "vjp o", kind: "overwritten-sum", says: /− .*q.* missing/ }],
      },
      {
        name: "q − p",
        edits: [["u * (p - q) / N", "u * (q - p) / N"]],
        blame: [{ at: "vjp o", kind: "sign" }],
      },
      {
        name: "o for p",
        edits: [["u * (p - q) / N", "u * (o - q) / N"]],
        blame: [
          { at: "vjp o", kind: ["other-argument", "evaluated-at-output"], says: /`o` stands where .*`p`/ },
        ],
      },
      {
        name: "p + q",
        edits: [["u * (p - q) / N", "u * (p + q) / N"]],
        blame: [{ at: "vjp o", kind: "sign", says: /\+ stands where − belongs/ }],
      },
      {
        name: "the cotangent left out",
        edits: [["u * (p - q) / N", "(p - q) / N"]],
        blame: [{ at: "vjp o", kind: "missing-cotangent" }],
      },
      {
        name: "the squared error's gradient",
        edits: [["u * (p - q) / N", "u * (p - q) * p * (1 - p) / N"]],
        blame: [{ at: "vjp o", kind: ["other-argument", "missing-factor", "factor", "overwritten-sum"] }],
      },
    ],
  },
  {
    name: "one-dimensional convolution by hand",
    text: `
op conv(x: [n], w: [3]) -> [n - 2] {
  return w[0] * x[0:n-2] + w[1] * x[1:n-1] + w[2] * x[2:n]
  vjp w(u) = [sum(u * x[0:n-2]), sum(u * x[1:n-1]), sum(u * x[2:n])]
  vjp x(u) = w[0] * cat([u, zeros([2])]) + w[1] * cat([zeros([1]), u, zeros([1])]) + w[2] * cat([zeros([2]), u])
  sample n = 6
}`,
    faults: [
      {
        name: "the kernel is flipped",
        edits: [
          [
            "w[0] * cat([u, zeros([2])]) + w[1] * cat([zeros([1]), u, zeros([1])]) + w[2] * cat",
            "w[2] * cat([u, zeros([2])]) + w[1] * cat([zeros([1]), u, zeros([1])]) + w[0] * cat",
          ],
        ],
        blame: [{ at: "vjp x", kind: ["other-argument", "transposed"] }],
      },
      {
        name: "one tap left out",
        edits: [[" + w[2] * cat([zeros([2]), u])", ""]],
        blame: [{ at: "vjp x", kind: "overwritten-sum" }],
      },
      {
        name: "a slice too far left",
        edits: [["sum(u * x[1:n-1])", "sum(u * x[0:n-2])"]],
        blame: [{ at: "vjp w", kind: ["other-argument"] }],
      },
      {
        name: "mean for sum in one tap",
        edits: [["sum(u * x[1:n-1])", "mean(u * x[1:n-1])"]],
        blame: [{ at: "vjp w", kind: "factor" }],
      },
    ],
  },
];
