// Owns losses with hand-written rules, and slips in them: labels, masks for rows, cases.
import type { FaultyProgram } from "./faulty-program";

export const lossPrograms: readonly FaultyProgram[] = [
  {
    name: "softmax and cross entropy in one",
    text: `
op loss(o: [N, C], y: int[N]) -> [] {
  P = softmax(o, dim = 1)
  return cross_entropy(o, y)
  sample y = [0, 2, 1]
  sample o = randn([3, 4])
  vjp o(u) = u * (P - one_hot(y, C)) / N
}`,
    faults: [
      {
        name: "the labels' term left out",
        edits: [["(P - one_hot(y, C))", "P"]],
        blame: [
          { at: "vjp o", kind: "overwritten-sum", says: /the term − one_hot\(y, 4\) is missing at `P`/ },
        ],
      },
      {
        name: "scores for shares",
        edits: [["(P - one_hot", "(o - one_hot"]],
        blame: [{ at: "vjp o", kind: "other-argument", says: /`o` stands where `P` belongs/ }],
      },
      {
        name: "a sigmoid's derivative besides",
        edits: [["one_hot(y, C)) / N", "one_hot(y, C)) * P * (1 - P) / N"]],
        blame: [{ at: "vjp o", kind: "missing-factor", says: /factor P \* \(1 - P\) is too much/ }],
      },
      {
        name: "divided by all elements",
        edits: [["/ N", "/ (N * C)"]],
        blame: [{ at: "vjp o", kind: "factor", says: /4 is C/ }],
      },
    ],
  },
  {
    name: "triplets with a margin",
    text: `
op triplets(a: [n, d], p: [n, d], q: [n, d], margin = 0.5) -> [] {
  v = sum((a - p)^2, dim = 1) - sum((a - q)^2, dim = 1) + margin
  act = where(v > 0, 1.0, 0.0)
  return sum(relu(v)) / n
  sample margin = 0.5
  vjp a(u) = u * act[:, None] * 2 * (q - p) / n
  vjp p(u) = -u * act[:, None] * 2 * (a - p) / n
  vjp q(u) = u * act[:, None] * 2 * (a - q) / n
}`,
    faults: [
      {
        name: "the mask of rows left out",
        edits: [["vjp a(u) = u * act[:, None] * 2", "vjp a(u) = u * 2"]],
        blame: [{ at: "vjp a", kind: "missing-factor", says: /factor act\[:, None\] is missing/ }],
      },
      {
        name: "the wrong pair",
        edits: [["vjp q(u) = u * act[:, None] * 2 * (a - q)", "vjp q(u) = u * act[:, None] * 2 * (a - p)"]],
        blame: [{ at: "vjp q", kind: "other-argument", says: /`p` stands where `q` belongs/ }],
      },
      {
        name: "a size for another",
        edits: [["2 * (a - p) / n", "2 * (a - p) / d"]],
        blame: [{ at: "vjp p", kind: "factor", says: /`d` stands where `n` belongs/ }],
      },
    ],
  },
  {
    name: "Huber's loss",
    text: `
op huber(p: [n, k], t: [n, k], delta = 1.0) -> [] {
  e = p - t
  a = abs(e)
  return mean(where(a < delta, 0.5 * e^2, delta * (a - 0.5 * delta)))
  sample delta = 0.7
  vjp p(u) = u * where(a < delta, e, delta * sign(e)) / (n * k)
}`,
    faults: [
      {
        name: "the sign of one case left out",
        edits: [["delta * sign(e)", "delta"]],
        blame: [
          { at: "vjp p", kind: "missing-factor", says: /factor sign\(e\), which is abs′\(e\), is missing/ },
        ],
      },
      {
        name: "the cases exchanged",
        edits: [["where(a < delta, e, delta * sign(e))", "where(a < delta, delta * sign(e), e)"]],
        blame: [{ at: "vjp p", kind: "other-argument" }],
      },
      {
        name: "the mean left out",
        edits: [[" / (n * k)", ""]],
        blame: [{ at: "vjp p", kind: "factor" }],
      },
    ],
  },
  {
    name: "batch normalisation in steps, in a net without a name for its number of rows",
    text: `
net BatchNorm(C, eps = 1e-3)(x: [N, C], w: [N, C]) -> [] {
  param g: [C] = randn()
  xc = x - mean(x, dim = 0)
  v = mean(xc^2, dim = 0)
  istd = 1 / sqrt(v + eps)
  xh = xc * istd
  return sum(w * g * xh)
  sample C = 4
  dxh = w * g
  dv = sum(dxh * xc, dim = 0) * (-0.5) * istd^3
  dxc = dxh * istd + 2 * xc * dv / N
  vjp x(u) = u * (dxc - mean(dxc, dim = 0))
  vjp g(u) = u * sum(w * xh, dim = 0)
}`,
    faults: [
      {
        name: "1/N at one of two summands",
        edits: [["2 * xc * dv / N", "2 * xc * dv"]],
        blame: [{ at: "dxc", kind: "factor", says: /factor 1\/3 is missing at `2 \* xc \* dv` \(3 is N\)/ }],
      },
      {
        name: "2/N at one of two summands",
        edits: [["2 * xc * dv / N", "xc * dv"]],
        blame: [{ at: "dxc", kind: "factor", says: /2\/3 is missing at `xc \* dv`/ }],
      },
      {
        name: "2 at one of two summands",
        edits: [["2 * xc * dv / N", "xc * dv / N"]],
        blame: [{ at: "dxc", kind: "factor", says: /factor 2 is missing(?!.*could be)/ }],
      },
    ],
  },
];
