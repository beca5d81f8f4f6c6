// What fixes write: sizes by their names, rates by theirs, two corrections as one edit; and the corrections as data.
import assert from "node:assert/strict";
import type { Explanation } from "../../../src/protocol";
import { runText } from "./patient-run";

const regression = (gradient: string): string => `run r {
  X = randn([5, 3])
  y = randn([5])
  w = randn([3])
  lam = 0.3
  r = X @ w - y
  J = mean(r^2) + lam * sum(abs(w))
  dw = ${gradient}
  check dw ~= backward(J).w
}
`;

const net = (gradient: string): string => `net Mean(d, h, rate = 0.3)(X: [N, d], y: [N, 1]) -> [] {
  param W: [d, h] = randn()
  param v: [h, 1] = randn()
  a = tanh(X @ W)
  o = a @ v
  J = mean((o - y)^2) + rate * sum(abs(v))
  return J
  do = ${gradient}
  vjp v(u) = u * (a.T @ do + rate * sign(v))
}

run live {
  m = Mean(4, 3)(randn([8, 4]), randn([8, 1]))
  gradcheck m.J wrt m.v
}
`;

const layer = (rule: string): string => `op layer(x: [n, n], W: [n, n]) -> [n, n] {
  z = W @ x
  return z^3 / sqrt(n)
  vjp W(u) = ${rule}
}
`;

const smooth = (contribution: string): string => `net Smooth(L, n)(t: [L, N, n]) -> [] {
  param W: [n, n] = randn()
  h[0] = zeros([N, n])
  for k in 1 to L {
    h[k] = tanh(h[k - 1] @ W + t[k - 1])
  }
  J = sum([sum((h[k] - t[k - 1])^2) for k in 1 to L]) / (2 * N)
  return J
  dh[L] = (h[L] - t[L - 1]) / N
  for k in L downto 2 {
    dz[k] = dh[k] * (1 - h[k]^2)
    dh[k - 1] = dz[k] @ W.T${contribution}
  }
  dz[1] = dh[1] * (1 - h[1]^2)
  vjp W(u) = u * sum([h[k - 1].T @ dz[k] for k in 1 to L], dim = 0)
}

run r {
  m = Smooth(4, 3)(randn([4, 5, 3]))
  gradcheck m.J
}
`;

const ridge = (gradient: string): string => `net Ridge(d, h, lambda = 0.1)(X: [N, d], y: [N, h]) -> [] {
  param W: [d, h] = randn()
  param b: [h] = randn()
  o = X @ W + b
  J = sum((o - y)^2) / N + lambda * sum(W^2)
  return J
  do = 2 * (o - y) / N
${gradient}
}

run r {
  m = Ridge(4, 3)(randn([5, 4]), randn([5, 3]))
  g = backward(m.J)
  check m.dW ~= g.W
  check m.db ~= g.b
}
`;

const centred = (gradient: string): string => `net Centred(c)(x: [N, c], w: [N, c]) -> [] {
  xc = x - mean(x, dim = 0)
  v = mean(xc^2, dim = 0)
  istd = 1 / sqrt(v + 1e-3)
  xh = xc * istd
  J = sum(w * xh)
  return J
  dv = -0.5 * sum(w * xc, dim = 0) * istd^3
  dxc = ${gradient}
  vjp x(u) = u * (dxc - mean(dxc, dim = 0))
}

run r {
  m = Centred(4)(randn([3, 4]), randn([3, 4]))
  gradcheck m.J
}
`;

const cases: readonly { readonly name: string; readonly text: string; readonly line: string }[] = [
  {
    name: "a contribution that is missing in a recurrence",
    text: smooth(""),
    line: "    dh[k - 1] = dz[k] @ W.T + (h[k - 1] - t[k - 2]) / N",
  },
  {
    name: "an index that is one too high in a recurrence",
    text: smooth(" + (h[k - 1] - t[k - 1]) / N"),
    line: "    dh[k - 1] = dz[k] @ W.T + (h[k - 1] - t[k - 2]) / N",
  },
  {
    name: "a sum over all dimensions for one over rows, without a needless keepdim",
    text: ridge("  dW = X.T @ do + 2 * lambda * W\n  db = sum(do)"),
    line: "  db = sum(do, dim = 0)",
  },
  {
    name: "a penalty by the name of its rate",
    text: ridge("  dW = X.T @ do\n  db = sum(do, dim = 0)"),
    line: "  dW = X.T @ do + 2 * lambda * W",
  },
  { name: "1/N in a net, for a literal", text: net("2 * (o - y)"), line: "  do = 2 * (o - y) / N" },
  { name: "2/N in a net", text: net("o - y"), line: "  do = 2 * (o - y) / N" },
  { name: "the sign and 2/N", text: net("y - o"), line: "  do = 2 * (o - y) / N" },
  {
    name: "the number of elements, where nothing declares a size",
    text: regression("2 * r @ X + lam * sign(w)"),
    line: "  dw = 2 * r @ X / size(y) + lam * sign(w)",
  },
  {
    name: "a term and a size at once",
    text: regression("2 * r @ X"),
    line: "  dw = 2 * r @ X / size(y) + lam * sign(w)",
  },
  {
    name: "a rate by its name",
    text: net("2 * (o - y) / N").replace("+ rate * sign(v))", "+ sign(v))"),
    line: "  vjp v(u) = u * (a.T @ do + rate * sign(v))",
  },
  {
    name: "1/N at one of two summands, rather than a term that makes up for it: 1/3 - 1 is -2/3",
    text: centred("w * istd + 2 * xc * dv"),
    line: "  dxc = w * istd + 2 * xc * dv / N",
  },
  {
    name: "a name in a check that nobody has derived",
    text: "run r {\n  X = randn([5, 3])\n  mu = randn([3])\n  J = sum((X - mu)^2) / 2\n  check X ~= backward(J).X\n}\n",
    line: "  check X - mu ~= backward(J).X",
  },
  {
    name: "a constant of the run, at a value of a net that nobody has derived",
    text: "net Decayed(k, rate)(X: [N, k]) -> [] {\n  param W: [k] = randn()\n  s = rate * sum(W^2) / 2\n  return mean(X @ W) + s\n}\n\nrun r {\n  const lambda = 0.1\n  m = Decayed(3, lambda)(randn([5, 3]))\n  ds = backward(m.s)\n  check ds.W ~= m.W\n}\n",
    line: "  check ds.W ~= lambda * m.W",
  },
  {
    name: "a wrong exponent",
    text: layer("(3 * u * z^3 / sqrt(n)) @ x.T"),
    line: "  vjp W(u) = (3 * u * z^2 / sqrt(n)) @ x.T",
  },
  {
    name: "the root of a size",
    text: layer("(3 * u * z^2) @ x.T"),
    line: "  vjp W(u) = (3 * u * z^2) @ x.T / sqrt(n)",
  },
  {
    name: "a product in the other order",
    text: layer("x @ (3 * u * z^2 / sqrt(n)).T"),
    line: "  vjp W(u) = (3 * u * z^2 / sqrt(n)) @ x.T",
  },
  {
    name: "a number that should be another",
    text: layer("(2 * u * z^2 / sqrt(n)) @ x.T"),
    line: "  vjp W(u) = (3 * u * z^2 / sqrt(n)) @ x.T",
  },
];

suite("what fixes write", function () {
  this.timeout(60_000);
  for (const { name, text, line } of cases) {
    test(name, async () => {
      const explanation = await firstOf(text);
      const { fix, message } = explanation;
      assert.ok(fix, message);
      const lines = text.split("\n");
      for (const { range, newText } of fix.edits) {
        const { start, end } = range;
        assert.equal(start.line, end.line);
        const before = lines[start.line]!;
        lines[start.line] = before.slice(0, start.character) + newText + before.slice(end.character);
      }
      assert.equal(lines[fix.edits[0]!.range.start.line], line, fix.title);
    });
  }

  test("corrections are data", async () => {
    assert.deepEqual((await firstOf(net("y - o"))).corrections, [
      { value: "do", at: null, within: null, how: "negate" },
      { value: "do", at: null, within: null, how: "scale", factor: 0.25, symbol: "2 / N" },
    ]);
    assert.deepEqual((await firstOf(layer("(3 * u * z^3 / sqrt(n)) @ x.T"))).corrections, [
      { value: null, at: "z^3", within: null, how: "replace", by: "z^2", everywhere: false },
    ]);
  });
});

async function firstOf(text: string): Promise<Explanation> {
  const { outcome } = await runText(text, text.startsWith("op") ? "gradcheck" : "run");
  const { ops = [], runs = [] } = outcome.report;
  const [blame] = [
    ...ops.map(({ gradcheck }) => gradcheck),
    ...runs.flatMap((run) => run.gradchecks),
  ].flatMap((each) => each.blame);
  const explanation =
    blame?.explanation ?? runs[0]?.checks.find((check) => check.explanation !== null)?.explanation;
  assert.ok(explanation);
  return explanation;
}
