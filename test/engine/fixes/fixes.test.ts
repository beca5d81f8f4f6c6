// For each planted fault the offered fix makes the gradcheck, or the check, pass: judged by executing the edited text anew.
import assert from "node:assert/strict";
import { format } from "../../../src/language/syntax";
import type { Explanation, FixReport } from "../../../src/protocol";
import { troubles } from "../run-text";
import { applyFixes } from "./apply-fixes";
import { runText } from "./patient-run";

interface Planted {
  readonly name: string;
  /** A right spec; the fault is made by writing `wrong` for `right`. */
  readonly spec: string;
  readonly right: string;
  readonly wrong: string;
  /** How many fixes are offered, at least; 1 where it is not said. */
  readonly fixes?: number;
}

const op = (head: string, ...lines: readonly string[]): string =>
  `op ${head} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;

const linear = op(
  "linear(x: [p, N], W: [m, p]) -> [m, N]",
  "return W @ x",
  "jvp x(dx) = W @ dx",
  "jvp W(dW) = dW @ x",
  "vjp x(u) = W.T @ u",
  "vjp W(u) = u @ x.T",
);
const square = op(
  "product(x: [p, p], W: [p, p]) -> [p, p]",
  "return W @ x",
  "vjp x(u) = W.T @ u",
  "vjp W(u) = u @ x.T",
);
const tanhLayer = op(
  "layer(x: [N, p], W: [p, m], b: [m]) -> [N, m]",
  "z = x @ W + b",
  "y = tanh(z)",
  "return y",
  "vjp x(u) = (u * (1 - y^2)) @ W.T",
  "vjp W(u) = x.T @ (u * (1 - y^2))",
  "vjp b(u) = sum(u * (1 - y^2), dim = 0)",
);
const sine = op("sine(x: [N]) -> [N]", "y = sin(x)", "return y", "vjp x(u) = u * cos(x)");
const loss = op(
  "loss(y: [N, k], t: [N, k]) -> []",
  "return mean((y - t)^2)",
  "vjp y(u) = 2 * u * (y - t) / size(y)",
  "vjp t(u) = -2 * u * (y - t) / size(y)",
);
const softmax = op(
  "soft(x: [n, n]) -> [n, n]",
  "y = softmax(x, dim = 1)",
  "return y",
  "vjp x(u) = y * (u - sum(u * y, dim = 1, keepdim = true))",
);
const swish = op(
  "swish(x: [N]) -> [N]",
  "s = sigmoid(x)",
  "return x * s",
  "vjp x(u) = u * (s + x * s * (1 - s))",
);
const products = op(
  "weighted(x: [N], w: [N], v: [N]) -> [N]",
  "return x * w^2 * v",
  "vjp x(u) = u * w^2 * v",
  "vjp w(u) = 2 * u * x * w * v",
  "vjp v(u) = u * x * w^2",
);

const depth = `net Deep(n)(x: [N, n[0]], y: [N, n[-1]]) -> [] {
  const L = len(n) - 1
  a[0] = x
  for l in 1 to L {
    param W[l]: [n[l], n[l-1]] = randn()
    param b[l]: [n[l]] = randn()
    z[l] = a[l-1] @ W[l].T + b[l]
    a[l] = tanh(z[l])
  }
  loss = sum((a[L] - y)^2) / 2
  return loss
  sample n = [2, 3, 4, 5]

  dz[L] = (a[L] - y) * (1 - a[L]^2)
  for l in L - 1 downto 1 {
    dz[l] = dz[l+1] @ W[l+1] * (1 - a[l]^2)
  }
  for l in 1 to L {
    vjp W[l](u) = u * dz[l].T @ a[l-1]
    vjp b[l](u) = u * sum(dz[l], dim = 0)
  }
}

run live {
  m = Deep([2, 3, 2])(randn([4, 2]), randn([4, 2]))
  gradcheck m.loss
}
`;

const planted: readonly Planted[] = [
  { name: "a transpose that is missing", spec: square, right: "W.T @ u", wrong: "W @ u" },
  { name: "a transpose too much", spec: square, right: "u @ x.T", wrong: "u.T @ x.T" },
  { name: "a product in the wrong order", spec: square, right: "u @ x.T", wrong: "x.T @ u" },
  { name: "a transposed result", spec: square, right: "u @ x.T", wrong: "(u @ x.T).T" },
  {
    name: "a transpose in a tangent",
    spec: square.replace("vjp x", "jvp W(dW) = dW @ x\n  vjp x"),
    right: "dW @ x",
    wrong: "dW @ x.T",
  },
  { name: "reshape for a transpose", spec: linear, right: "u @ x.T", wrong: "reshape(x @ u.T, [m, p])" },
  { name: "a sign", spec: linear, right: "W.T @ u", wrong: "-W.T @ u" },
  { name: "a sign left out", spec: loss, right: "-2 * u", wrong: "2 * u" },
  { name: "+ for −", spec: loss, right: "2 * u * (y - t)", wrong: "2 * u * (y + t)" },
  { name: "a 2 left out", spec: loss, right: "vjp y(u) = 2 * u", wrong: "vjp y(u) = u" },
  { name: "a constant too much", spec: linear, right: "u @ x.T", wrong: "0.5 * u @ x.T" },
  { name: "a size left out", spec: loss, right: "-2 * u * (y - t) / size(y)", wrong: "-2 * u * (y - t)" },
  {
    name: "another size",
    spec: loss,
    right: "vjp y(u) = 2 * u * (y - t) / size(y)",
    wrong: "vjp y(u) = 2 * u * (y - t) / N",
  },
  { name: "mean for sum", spec: tanhLayer, right: "sum(u", wrong: "mean(u" },
  { name: "f′ left out", spec: sine, right: "u * cos(x)", wrong: "u" },
  { name: "f′ left out of a layer", spec: tanhLayer, right: "x.T @ (u * (1 - y^2))", wrong: "x.T @ u" },
  { name: "f′ at the output", spec: sine, right: "cos(x)", wrong: "cos(y)" },
  { name: "the cotangent left out", spec: sine, right: "u * cos(x)", wrong: "cos(x)" },
  { name: "ones for the cotangent", spec: linear, right: "W.T @ u", wrong: "W.T @ ones([m, N])" },
  { name: "another argument", spec: products, right: "u * x * w^2", wrong: "u * v * w^2" },
  { name: "a term dropped", spec: swish, right: "s + x * s * (1 - s)", wrong: "x * s * (1 - s)" },
  {
    name: "1 dropped",
    spec: tanhLayer,
    right: "vjp b(u) = sum(u * (1 - y^2), dim = 0)",
    wrong: "vjp b(u) = sum(u * -y^2, dim = 0)",
  },
  { name: "a term too much", spec: sine, right: "u * cos(x)", wrong: "u * cos(x) + u" },
  {
    name: "a row for the sum of rows",
    spec: tanhLayer,
    right: "sum(u * (1 - y^2), dim = 0)",
    wrong: "(u * (1 - y^2))[0]",
  },
  {
    name: "a reduction left out",
    spec: softmax,
    right: "sum(u * y, dim = 1, keepdim = true)",
    wrong: "u * y",
  },
  { name: "keepdim left out", spec: softmax, right: "dim = 1, keepdim = true", wrong: "dim = 1" },
  { name: "another dimension", spec: softmax, right: "sum(u * y, dim = 1,", wrong: "sum(u * y, dim = 0," },
  { name: "another exponent", spec: products, right: "u * w^2 * v", wrong: "u * w^3 * v" },
  {
    name: "two mistakes in two rules",
    spec: tanhLayer,
    right: "vjp x(u) = (u * (1 - y^2)) @ W.T\n  vjp W(u) = x.T @ (u * (1 - y^2))",
    wrong: "vjp x(u) = -(u * (1 - y^2)) @ W.T\n  vjp W(u) = x.T @ u",
    fixes: 2,
  },
  {
    name: "two mistakes in one rule",
    spec: op(
      "f(x: [p, p], W: [p, p]) -> [p, p]",
      "y = tanh(W @ x)",
      "return y",
      "vjp x(u) = W.T @ (u * (1 - y^2))",
    ),
    right: "W.T @ (u * (1 - y^2))",
    wrong: "W @ u",
    fixes: 2,
  },
  {
    name: "f′ left out of the last layer of a net",
    spec: depth,
    right: "(a[L] - y) * (1 - a[L]^2)",
    wrong: "a[L] - y",
  },
  {
    name: "f′ left out of an inner layer of a net",
    spec: depth,
    right: "dz[l+1] @ W[l+1] * (1 - a[l]^2)",
    wrong: "dz[l+1] @ W[l+1]",
  },
  { name: "a sign in a net", spec: depth, right: "dz[L] = (a[L] - y)", wrong: "dz[L] = (y - a[L])" },
  { name: "f′ of another layer", spec: depth, right: "1 - a[l]^2", wrong: "1 - z[l]^2" },
  {
    name: "the factor 2 in a net's rule",
    spec: depth,
    right: "u * sum(dz[l], dim = 0)",
    wrong: "2 * u * sum(dz[l], dim = 0)",
  },
  {
    name: "mistakes in two layers of a net",
    spec: depth,
    right: "(a[L] - y) * (1 - a[L]^2)\n  for l in L - 1 downto 1 {\n    dz[l] = dz[l+1]",
    wrong: "a[L] - y\n  for l in L - 1 downto 1 {\n    dz[l] = -dz[l+1]",
    fixes: 2,
  },
  {
    // With four elements the sampled `delta` is negative, for which no rule of this form is right.
    name: "a rule whose domain some samples leave",
    spec: `op huber(x: [n], delta: []) -> [] {
  return mean(where(abs(x) <= delta, x^2 / 2, delta * (abs(x) - delta / 2)))
  vjp x(u) = u * maximum(minimum(x, delta), -delta) / n
  vjp delta(u) = u * mean(where(abs(x) <= delta, 0, abs(x) - delta))
}
`,
    right: "-delta) / n",
    wrong: "-delta)",
  },
];

suite("fixes of planted faults", function () {
  this.timeout(60_000);
  for (const { name, spec, right, wrong, fixes = 1 } of planted) {
    test(name, async () => {
      assert.equal(format(spec), spec, "the right spec is formatted");
      assert.deepEqual(failures(await runText(spec, "gradcheck")), [], "the right spec passes");
      const text = spec.replace(right, wrong);
      assert.notEqual(text, spec);
      const session = await runText(text, "gradcheck");
      const blamed = blames(session);
      assert.notEqual(blamed.length, 0);
      const found = [
        ...new Map(
          blamed.flatMap(({ fix }) => (fix === undefined ? [] : [[JSON.stringify(fix), fix]])),
        ).values(),
      ] as FixReport[];
      const told = blamed
        .map(({ kind, message, fix }) => `${kind}: ${message} | ${fix?.title ?? "no fix"}`)
        .join("\n");
      assert.ok(blamed.filter(({ fix }) => fix !== undefined).length >= fixes, told);
      const mended = applyFixes(text, found);
      assert.deepEqual(failures(await runText(mended, "gradcheck")), [], `${told}\n${mended}`);
      assert.equal(format(mended), mended, "a formatted text stays formatted");
    });
  }
});

const checks: readonly Planted[] = [
  {
    name: "a hand-derived gradient in the check itself",
    spec: `run r {\n  X = randn([4, 3])\n  W = randn([3, 2])\n  y = X @ W\n  L = sum(y^2)\n  check backward(L).W ~= 2 * X.T @ y\n}\n`,
    right: "2 * X.T @ y",
    wrong: "X.T @ y",
  },
  {
    name: "a hand-derived gradient by name",
    spec: `run r {\n  X = randn([4, 3])\n  W = randn([3, 2])\n  y = tanh(X @ W)\n  L = sum(y^2)\n  dW = 2 * X.T @ (y * (1 - y^2))\n  check dW ~= backward(L).W\n}\n`,
    right: "(y * (1 - y^2))",
    wrong: "y",
  },
  {
    name: "a hand-derived gradient in a net",
    spec: `net Reg(X: [N, p], t: [N]) -> [] {\n  param w: [p] = randn()\n  r = X @ w - t\n  loss = sum(r^2) / 2\n  return loss\n  dw = X.T @ r\n}\n\nrun r {\n  m = Reg(randn([5, 3]), randn([5]))\n  check m.dw ~= backward(m.loss).w\n}\n`,
    right: "dw = X.T @ r",
    wrong: "dw = -X.T @ r",
  },
  {
    name: "weight decay without its constant",
    spec: `run r {\n  X = randn([4, 3])\n  W = randn([3, 2])\n  y = X @ W\n  L = sum(y^2) / 2 + 0.1 * sum(W^2) / 2\n  check backward(L).W ~= X.T @ y + 0.1 * W\n}\n`,
    right: "X.T @ y + 0.1 * W",
    wrong: "X.T @ y + W",
  },
  {
    name: "weight decay forgotten",
    spec: `run r {\n  X = randn([4, 3])\n  W = randn([3, 2])\n  y = X @ W\n  L = sum(y^2) / 2 + 0.1 * sum(W^2) / 2\n  check backward(L).W ~= X.T @ y + 0.1 * W\n}\n`,
    right: "X.T @ y + 0.1 * W",
    wrong: "X.T @ y",
  },
];

suite("fixes of failed checks", function () {
  this.timeout(60_000);
  for (const { name, spec, right, wrong } of checks) {
    test(name, async () => {
      assert.equal(format(spec), spec, "the right spec is formatted");
      assert.deepEqual(troubles(await runText(spec)), []);
      const text = spec.replace(right, wrong);
      assert.notEqual(text, spec);
      const session = await runText(text);
      const explanation = session.outcome.report.runs?.[0]?.checks[0]?.explanation;
      const fix = explanation?.fix;
      assert.ok(fix !== undefined, explanation?.message);
      const mended = applyFixes(text, [fix]);
      assert.deepEqual(troubles(await runText(mended)), [], mended);
      assert.equal(format(mended), mended);
    });
  }

  test("a factor too much is taken away, not divided by", async () => {
    const session = await runText(linear.replace("u @ x.T", "2 * u @ x.T"), "gradcheck");
    assert.deepEqual(
      blames(session).map(({ fix }) => [fix?.title, fix?.edits.map(({ newText }) => newText)]),
      [["Take away the factor `2`", ["u"]]],
    );
  });

  test("what is written by hand is mended, not the gradient that it is held against", async () => {
    const spec = `run r {
  seed torch 1
  x = randn([4, 3])
  W = randn([3, 2])
  y = tanh(x @ W)
  d = backward(mean(y^2))
  check d.W ~= x.T @ (2 * y * (1 - y^2))
}
`;
    const session = await runText(spec);
    const fix = session.outcome.report.runs?.[0]?.checks[0]?.explanation?.fix;
    assert.ok(fix);
    assert.ok(fix.edits.every(({ range }) => range.start.character >= "  check d.W ~= ".length));
    assert.deepEqual(troubles(await runText(applyFixes(spec, [fix]))), []);
  });

  test("a loop's turns share their fix", async () => {
    const spec = `run r {
  x = randn([3])
  for k in 1 to 3 {
    y[k] = k * x^2
    check backward(sum(y[k])).x ~= k * x
  }
}
`;
    const session = await runText(spec);
    const found = session.outcome.report.runs?.[0]?.checks.map(({ explanation }) => explanation?.fix);
    assert.equal(found?.length, 3);
    assert.ok(found[0] !== undefined);
    assert.deepEqual(found, [found[0], found[0], found[0]]);
    assert.deepEqual(troubles(await runText(applyFixes(spec, [found[0]]))), []);
  });

  test("one number that a forward value misses says nothing of what was meant", async () => {
    const session = await runText("run r {\n  x = 2\n  y = x + 1\n  z = x + 2\n  check y ~= z\n}\n");
    assert.equal(session.outcome.report.runs?.[0]?.checks[0]?.explanation?.fix, undefined);
  });

  test("a right spec has no fixes, and neither has a forward pass that contradicts right rules", async () => {
    const spec = sine.replace("y = sin(x)", "y = cosh(x) + sin(x) * exp(x)");
    const session = await runText(spec, "gradcheck");
    assert.deepEqual(
      blames(session).map(({ fix }) => fix?.edits.map(({ range }) => range.start.line)),
      [undefined],
    );
  });
});

type Outcome = Awaited<ReturnType<typeof runText>>;

function gradchecksOf({ outcome: { report } }: Outcome) {
  return [
    ...(report.ops ?? []).map(({ gradcheck }) => gradcheck),
    ...(report.nets ?? []).map(({ gradcheck }) => gradcheck),
    ...(report.runs ?? []).flatMap(({ gradchecks }) => gradchecks),
  ];
}

function blames(session: Outcome): Explanation[] {
  const failed = gradchecksOf(session).filter(({ verdict }) => verdict === "failed");
  return (failed[0]?.blame ?? []).map(({ explanation }) => explanation);
}

function failures(session: Outcome): string[] {
  const errors = session.outcome.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message);
  const failed = gradchecksOf(session).filter(({ verdict }) => verdict !== "passed");
  return [...errors, ...failed.map(({ of, verdict, reason }) => `${of} ${verdict} ${reason ?? ""}`)];
}
