// Owns programs in which two mistakes at once hide each other in one rule or value, and softmax's Jacobian taken as diagonal.
import type { FaultyProgram } from "./faulty-program";

const layer = "vjp x(u) = ((u * (1 - y^2)) @ W.T) / n";
const penalised = "2 * r @ X / N + lam * sign(w)";

export const twoAtOncePrograms: readonly FaultyProgram[] = [
  {
    name: "a square layer of means",
    text: `
op layer(x: [n, n], W: [n, n]) -> [n, n] {
  y = tanh(x @ W)
  return y / n
  ${layer}
  vjp W(u) = (x.T @ (u * (1 - y^2))) / n
}`,
    faults: [
      {
        name: "f' and 1/n",
        edits: [[layer, "vjp x(u) = u @ W.T"]],
        blame: [
          { at: "vjp x", kind: "missing-factor", says: /1 - y\^2.*missing at `u`.*1\/3 is missing as well/ },
        ],
      },
      {
        name: "a transpose and 1/n",
        edits: [[layer, "vjp x(u) = (u * (1 - y^2)) @ W"]],
        blame: [{ at: "vjp x", kind: "transposed", says: /missing at `W`.*1\/3 is missing as well/ }],
      },
      {
        name: "a transpose and f'",
        edits: [[layer, "vjp x(u) = (u @ W) / n"]],
        blame: [
          { at: "vjp x", kind: "transposed", says: /missing at `W`/ },
          { at: "vjp x", kind: "missing-factor", says: /1 - y\^2.*missing at `u`/ },
        ],
      },
      {
        name: "a transpose, f', the sign and 1/n",
        edits: [[layer, "vjp x(u) = -(u @ W)"]],
        blame: [
          { at: "vjp x", kind: "transposed", says: /missing at `W` in `u @ W`$/ },
          {
            at: "vjp x",
            kind: "missing-factor",
            says: /missing at `u`, the sign is wrong, and the factor 1\/3 is missing as well/,
          },
        ],
      },
      {
        name: "f' at the output, and 1/n",
        edits: [[layer, "vjp x(u) = (u * (1 - tanh(y)^2)) @ W.T"]],
        blame: [{ at: "vjp x", kind: "evaluated-at-output", says: /1\/3 is missing as well/ }],
      },
    ],
  },
  {
    name: "a penalised regression",
    text: `
net Lasso(d, lam = 0.3)(X: [N, d], y: [N]) -> [] {
  param w: [d] = randn()
  r = X @ w - y
  J = sum(r^2) / N + lam * sum(abs(w))
  return J
  vjp w(u) = u * (${penalised})
}
run r {
  m = Lasso(3)(randn([5, 3]), randn([5]))
  gradcheck m.J
}`,
    faults: [
      {
        name: "the penalty left out",
        edits: [[penalised, "2 * r @ X / N"]],
        blame: [
          {
            at: "vjp w",
            kind: "overwritten-sum",
            says: /through `abs\(w\)`, `u \* lam \* sign\(w\)`, is missing/,
          },
        ],
      },
      {
        name: "its rate left out",
        edits: [[penalised, "2 * r @ X / N + sign(w)"]],
        blame: [{ at: "vjp w", kind: "factor", says: /0\.3 is missing at `sign\(w\)`/ }],
      },
      {
        name: "w for its sign",
        edits: [[penalised, "2 * r @ X / N + lam * w"]],
        blame: [
          { at: "vjp w", kind: "missing-factor", says: /`w` stands where abs′\(w\), sign\(w\), belongs/ },
        ],
      },
      {
        name: "2/N left out of one term",
        edits: [[penalised, "r @ X + lam * sign(w)"]],
        blame: [{ at: "vjp w", kind: "factor", says: /0\.4 = 2\/5 is missing at `r @ X` \(5 is N\)/ }],
      },
      {
        name: "the penalty and 1/N left out",
        edits: [[penalised, "2 * r @ X"]],
        blame: [
          { at: "vjp w", kind: "overwritten-sum", says: /through `abs\(w\)`/ },
          { at: "vjp w", kind: "factor", says: /1\/5 is missing.*5 is N/ },
        ],
      },
    ],
  },
  {
    name: "a penalised regression by hand",
    text: `
run r {
  X = randn([5, 3])
  y = randn([5])
  w = randn([3])
  lam = 0.3
  r = X @ w - y
  J = mean(r^2) + lam * sum(abs(w))
  dw = 2 * r @ X / size(y) + lam * sign(w)
  check "dw": dw ~= backward(J).w within 1e-4
}`,
    faults: [
      {
        name: "the penalty left out",
        edits: [[" + lam * sign(w)", ""]],
        blame: [
          { at: "dw", kind: "overwritten-sum", says: /through `abs\(w\)`, `lam \* sign\(w\)`, is missing/ },
        ],
      },
      {
        name: "the penalty and 1/N left out",
        edits: [[" / size(y) + lam * sign(w)", ""]],
        blame: [
          {
            at: "dw",
            kind: "overwritten-sum",
            says: /through `abs\(w\)`.*Besides.*1\/5 is missing in what is written/,
          },
        ],
      },
      {
        name: "1/N in the wrong term",
        edits: [["2 * r @ X / size(y) + lam * sign(w)", "(2 * r @ X + lam * sign(w)) / size(y)"]],
        blame: [{ at: "dw", kind: "factor", says: /5 is missing at `lam \* sign\(w\)`/ }],
      },
    ],
  },
  {
    name: "softmax between two layers",
    text: `
net Gate(d, c)(X: [N, d], y: [N, c]) -> [] {
  param W: [d, c] = randn()
  z = X @ W
  p = softmax(z, dim = 1)
  J = sum((p - y)^2)
  return J
  dp = 2 * (p - y)
  dz = p * (dp - sum(dp * p, dim = 1, keepdim = true))
  vjp W(u) = u * X.T @ dz
}
run r {
  m = Gate(3, 4)(randn([5, 3]), rand([5, 4]))
  gradcheck m.J
}`,
    faults: [
      {
        name: "its Jacobian taken as diagonal",
        edits: [["p * (dp - sum(dp * p, dim = 1, keepdim = true))", "dp * p * (1 - p)"]],
        blame: [
          {
            at: "dz",
            kind: "overwritten-sum",
            says: /Jacobian as diagonal.*`p \* \(dp - sum\(dp \* p, dim = 1, keepdim = true\)\)` belongs/,
          },
        ],
      },
      {
        name: "written with p^2",
        edits: [["p * (dp - sum(dp * p, dim = 1, keepdim = true))", "(p - p^2) * dp"]],
        blame: [{ at: "dz", kind: "overwritten-sum", says: /Jacobian as diagonal/ }],
      },
      {
        name: "the sum over the other dimension",
        edits: [["dim = 1, keepdim", "dim = 0, keepdim"]],
        blame: [{ at: "dz", kind: "other-argument", says: /`dim = 0` stands where `dim = 1` belongs/ }],
      },
    ],
  },
  {
    name: "softmax before cross entropy",
    text: `
net Classifier(d, c)(X: [N, d], y: int[N]) -> [] {
  param W: [d, c] = randn()
  z = X @ W
  J = cross_entropy(z, y)
  return J
  p = softmax(z, dim = 1)
  dz = (p - one_hot(y, c)) / N
  vjp W(u) = u * X.T @ dz
}
run r {
  m = Classifier(4, 3)(randn([5, 4]), randint(3, [5]))
  gradcheck m.J
}`,
    faults: [
      {
        name: "its Jacobian once more",
        edits: [["one_hot(y, c)) / N", "one_hot(y, c)) * p * (1 - p) / N"]],
        blame: [{ at: "dz", kind: "missing-factor", says: /factor p \* \(1 - p\) is too much/ }],
      },
      {
        name: "the sign and 1/N",
        edits: [["(p - one_hot(y, c)) / N", "one_hot(y, c) - p"]],
        blame: [
          { at: "dz", kind: "factor", says: /the sign is wrong, and the factor 1\/5 is missing \(5 is N\)/ },
        ],
      },
      {
        name: "1 for the label, and 1/N",
        edits: [["(p - one_hot(y, c)) / N", "p - 1"]],
        blame: [
          { at: "dz", kind: "other-argument", says: /`1` stands where.*one_hot.*1\/5 is missing as well/ },
        ],
      },
    ],
  },
];
