// Gradchecks that are asked for more: every entry of a large leaf, the gradients' own derivatives, and the error at each entry.
import assert from "node:assert/strict";
import { execute, type ExecuteOptions } from "../../src/engine";
import type { GradcheckReport } from "../../src/protocol";
import { hostFor } from "./run-text";

async function gradcheckOf(
  text: string,
  options: Partial<ExecuteOptions> = {},
): Promise<{ report: GradcheckReport; session: Awaited<ReturnType<typeof execute>> }> {
  const file = { id: "test.nnspec", text, version: 1 };
  const session = await execute(hostFor(), file, { action: "run", target: undefined, ...options });
  const [report] = session.outcome.targets[0]!.gradchecks;
  assert.ok(report !== undefined, JSON.stringify(session.outcome.diagnostics));
  return { report, session };
}

const wide = `
net Wide(X: [N, 60]) -> [] {
  param W: [60, 40] = randn()
  A = tanh(X @ W)
  J = sum(tanh(A @ A.T)^2)
  return J
}
run r {
  m = Wide(randn([40, 60]))
  gradcheck m.J
}
`;

suite("full gradchecks", () => {
  test("compare every entry where that is asked for, and tell how far they are", async () => {
    const wider = wide.replaceAll("[60, 40]", "[60, 4000]");
    const sampled = await gradcheckOf(wider);
    assert.ok(sampled.report.entries < 240_000, String(sampled.report.entries));
    assert.match(sampled.report.reason ?? "", /of 240000 entries/);
    const told: (readonly [number, number])[] = [];
    let clock = 0;
    const host = { ...hostFor(), now: () => (clock += 60) };
    const file = { id: "test.nnspec", text: wide, version: 1 };
    const session = await execute(host, file, {
      action: "run",
      target: undefined,
      full: true,
      onProgress: (done, total, what) => {
        if (what.startsWith("Gradcheck")) told.push([done, total]);
      },
    });
    const [full] = session.outcome.targets[0]!.gradchecks;
    assert.equal(full!.verdict, "passed");
    assert.equal(full!.entries, 2400);
    assert.equal(full!.reason, null);
    assert.ok(told.some(([done, total]) => total === 2400 && done > 1000 && done < 2400));
  });
});

const op = (rule: string): string => `
op f(x: [n]) -> [n] {
  y = x^3
  return y
  vjp x(u) = ${rule}
}
run r {
  seed torch 0
  x = randn([4])
  J = sum(f(x) * x)
  gradcheck J wrt x
}
`;

const wrongAgain: readonly {
  readonly text: string;
  readonly blamed: readonly { readonly at: readonly (string | number)[]; readonly says: RegExp }[];
}[] = [
  {
    text: `op lin(x: [n, p], W: [p, m]) -> [n, m] {
  return x @ W
  vjp x(u) = u @ W.T
  vjp W(u) = stop_gradient(x).T @ u
}
op sq(z: [...]) -> [...] {
  return z^2
  vjp z(u) = 2 * u * z
}
run r {
  x = randn([3, 2])
  W = randn([2, 4])
  J = sum(sq(lin(x, W)))
  gradcheck J wrt x, W
}
`,
    blamed: [
      {
        at: ["lin", "vjp W", 3, "W"],
        says: /^vjp W: its values are right, its derivative with respect to `x` is not: `stop_gradient` holds `x` constant/,
      },
    ],
  },
  {
    text: `op g(x: [n]) -> [n] {
  return sin(x)
  vjp x(u) = stop_gradient(u) * cos(x)
}
run r {
  x = randn([3])
  J = sum(g(x)^2)
  gradcheck J
}
`,
    blamed: [{ at: ["g", "vjp x", 2, "x"], says: /with respect to `u` is not/ }],
  },
  {
    text: `op g(x: [n]) -> [n] {
  return sin(x)
  vjp x(u) = u * cos(x)
  jvp x(dx) = dx * cos(stop_gradient(x))
}
run r {
  x = randn([3])
  J = sum(g(x)^2)
  gradcheck J
}
`,
    blamed: [{ at: ["g", "jvp x", 3, "x"], says: /^jvp x: its values are right/ }],
  },
  {
    text: `op twice(x: [n]) -> [n] {
  return 2 * x
  vjp x(u) = 3 * u
}
op f(x: [n]) -> [n] {
  return x^2
  vjp x(u) = u * twice(x)
}
run r {
  x = randn([3])
  J = sum(f(x)^2)
  gradcheck J
}
`,
    blamed: [{ at: ["twice", "vjp x", 2, "x"], says: /`3` should be `2`/ }],
  },
  {
    text: `net M(d, h)(X: [N, d], y: [N]) -> [] {
  param W: [d, h] = randn()
  param v: [h] = randn()
  a = tanh(X @ W)
  r = a @ v - y
  J = sum(r^2) / 2
  return J
  dz = outer(r, v) * (1 - stop_gradient(a)^2)
  vjp v(u) = u * a.T @ r
  vjp W(u) = u * X.T @ dz
}
run r {
  m = M(2, 3)(randn([4, 2]), randn([4]))
  gradcheck m.J
}
`,
    blamed: [{ at: ["M", "vjp W", 9, "m.dz"], says: /`stop_gradient` holds `a` constant in `dz`/ }],
  },
  {
    text: `op f(x: [n]) -> [n] {
  return x^2
  vjp x(u) = u * [2, 4, -6]
}
run r {
  x = [1, 2, -3]
  J = sum(f(x)^2)
  gradcheck J
}
`,
    blamed: [{ at: ["f", "vjp x", 2, "x"], says: /it does not change with `x`$/ }],
  },
];

suite("second-order gradchecks", () => {
  test("a right rule passes", async () => {
    const { report } = await gradcheckOf(op("u * 3 * x^2"), { secondOrder: true });
    assert.equal(report.verdict, "passed", report.reason ?? "");
    assert.equal(report.secondOrder?.verdict, "passed");
    assert.equal(report.secondOrder.entries, 4);
  });

  test("a rule that is right in value and constant when differentiated again fails the second order alone", async () => {
    const frozen = op("u * 3 * stop_gradient(x)^2");
    assert.equal((await gradcheckOf(frozen)).report.verdict, "passed");
    const { report } = await gradcheckOf(frozen, { secondOrder: true });
    assert.equal(report.verdict, "failed");
    assert.match(report.reason ?? "", /second order/);
    assert.equal(report.secondOrder?.verdict, "failed");
  });

  test("what is wrong when it is differentiated again is blamed by rule and place, with the reason", async () => {
    for (const { text, blamed } of wrongAgain) {
      const { report } = await gradcheckOf(text, { secondOrder: true });
      assert.equal(report.verdict, "failed");
      assert.deepEqual(report.blame, []);
      assert.deepEqual(
        report.secondOrder?.blame.map(({ op: of, rule, range, node }) => [of, rule, range.start.line, node]),
        blamed.map(({ at }) => at),
      );
      for (const [i, { says }] of blamed.entries())
        assert.match(report.secondOrder.blame[i]!.explanation.message, says);
    }
  });

  test("a rule that is wrong already is not looked at again", async () => {
    const { report } = await gradcheckOf(op("u * 2 * x^2"), { secondOrder: true });
    assert.equal(report.verdict, "failed");
    assert.equal(report.secondOrder, undefined);
    assert.equal(report.blame.length, 1);
  });

  test("a hole is pending", async () => {
    const { report } = await gradcheckOf(op("?"), { secondOrder: true });
    assert.equal(report.verdict, "pending");
  });

  test("the gradcheck of a gradient holds it against that of plain autodiff", async () => {
    const text = (rule: string): string =>
      op(rule).replace("gradcheck J wrt x", "d = backward(J)\n  gradcheck d.x wrt x");
    assert.equal((await gradcheckOf(text("u * 3 * x^2"))).report.verdict, "passed");
    assert.equal((await gradcheckOf(text("u * 3 * stop_gradient(x)^2"))).report.verdict, "failed");
  });

  test("nets with kinks, saturation and linear parts pass", async () => {
    const text = `
net Mixed(X: [N, 3], y: int[N]) -> [] {
  param W: [3, 4] = randn()
  param V: [4, 2] = randn()
  param c: [2] = zeros()
  J = cross_entropy(relu(X @ W) @ V + c, y) + 0.1 * sum(W^2)
  return J
}
run r {
  seed torch 3
  m = Mixed(randn([5, 3]), [0, 1, 1, 0, 1])
  gradcheck m.J
}`;
    const { report } = await gradcheckOf(text, { secondOrder: true });
    assert.equal(report.verdict, "passed", report.secondOrder?.reason ?? "");
  });
});

/** The errors at the entries of a vector or matrix, as the panel reads them. */
function errorsAt(
  session: Awaited<ReturnType<typeof execute>>,
  node: number,
  rows: number,
  columns: number,
): number[] {
  const window = { rows: { from: 0, to: rows }, columns: { from: 0, to: columns } };
  return [...session.slice({ node, of: "value", root: null, leading: [], ...window, limit: 100 })!.data];
}

suite("gradchecks of tensors with very many elements", () => {
  test("differentiate twice", async () => {
    const text = `
op twice(x: [N, 50]) -> [N, 50] {
  return 2 * x
  vjp x(u) = 2 * u
}
run r {
  x = ones([3000, 50])
  w = randn([50])
  J = sum(twice(x) @ w)
  gradcheck J wrt w
}
`;
    const { report } = await gradcheckOf(text, { secondOrder: true });
    assert.equal(report.verdict, "passed", report.reason ?? "");
  });
});

suite("the error at each entry", () => {
  test("is a tensor that the panel can slice", async () => {
    const text = `
op half(w: [2, 3]) -> [2, 3] {
  return w * w
  vjp w(u) = where([[true, true, true], [true, false, true]], 2 * u * w, u * w)
}
run r {
  w = [[1, 2, 3], [4, 5, 6]]
  x = [1, 2]
  J = sum(half(w)) + sum(x^2)
  gradcheck J wrt w, x
}
`;
    const { report, session } = await gradcheckOf(text);
    assert.equal(report.verdict, "failed");
    const [w, x] = report.leaves;
    const errors = errorsAt(session, w!.errors!, 2, 3);
    // The gradient of w² is 2 w = 10 where the rule gives 5: an error of 5 in units of 10.
    assert.ok(Math.abs(errors[4]! - 0.5) < 1e-6, String(errors));
    for (const i of [0, 1, 2, 3, 5]) assert.ok(errors[i]! < 1e-6, String(errors));
    assert.notEqual(w!.errors, x!.errors);
    assert.ok(errorsAt(session, x!.errors!, 1, 2).every((error) => error < 1e-6));
  });

  test("of an op that a run samples, beside that of the run's own values", async () => {
    const text = `
op scaled(x: [n], w: [k, n]) -> [k] {
  return w @ x
  vjp x(u) = w.T @ u
  vjp w(u) = 3 * outer(u, x)
}
run r {
  y = [1, 2]
  gradcheck scaled
  gradcheck sum(y^2) wrt y
}
`;
    const { session } = await gradcheckOf(text, { secondOrder: true });
    const [sampled, own] = session.outcome.targets[0]!.gradchecks;
    const [x, w] = sampled!.leaves;
    const [n, k] = [3, 4];
    assert.ok(errorsAt(session, x!.errors!, 1, n).every((error) => error < 1e-6));
    const errors = errorsAt(session, w!.errors!, k, n);
    assert.equal(errors.length, n * k);
    assert.ok(errors.every((error) => error > 1e-3));
    assert.ok(errorsAt(session, own!.leaves[0]!.errors!, 1, 2).every((error) => error < 1e-6));
    // And of the gradients' own derivatives.
    assert.ok(errorsAt(session, own!.secondOrder!.leaves[0]!.errors!, 1, 2).every((error) => error < 1e-4));
  });
});

suite("the place of a blame", () => {
  const text = (dz: string, rule: string): string => `
net Two(d, k)(X: [N, d], Y: [N, k]) -> [] {
  param W: [d, k] = randn()
  z = X @ W
  a = tanh(z)
  J = sum((a - Y)^2) / 2
  return J
  da = a - Y
  dz = ${dz}
  vjp W(u) = ${rule}
}
run r {
  m = Two(3, 2)(randn([5, 3]), randn([5, 2]))
  gradcheck m.J
}
`;
  const lineOf = (where: { readonly start: { readonly line: number } } | undefined): string =>
    text("X", "Y").split("\n")[where?.start.line ?? 0]!.trim();
  for (const [name, dz] of [
    ["a value that is wrong is shown where it is made", "2 * da * (1 - a^2)"],
    ["a second name of a right value is shown where it is given", "da"],
  ] as const) {
    test(`${name}, with the rule that is made of it`, async () => {
      const { report } = await gradcheckOf(text(dz, "u * X.T @ dz"));
      const [blame, ...others] = report.blame;
      assert.equal(others.length, 0);
      assert.equal(blame!.node, "m.dz");
      assert.equal(lineOf(blame!.range), "dz = X");
      assert.equal(lineOf(blame!.ruleRange), "vjp W(u) = Y");
    });
  }

  test("a rule that is wrong itself has its own place alone", async () => {
    const { report } = await gradcheckOf(text("da * (1 - a^2)", "-u * X.T @ dz"));
    assert.equal(lineOf(report.blame[0]!.range), "vjp W(u) = Y");
    assert.equal(report.blame[0]!.ruleRange, undefined);
  });
});

suite("explaining a failing check", () => {
  test("is cancelled like everything else", async () => {
    const text = `
run r {
  x = randn([20, 30])
  y = tanh(x)
  check softmax(x * y, dim = 1) ~= tanh(x + y) * sigmoid(y) + x
}
`;
    let clock = 0;
    const host = { ...hostFor(), now: () => (clock += 60) };
    let asked = false;
    const running = execute(
      host,
      { id: "test.nnspec", text, version: 1 },
      {
        action: "run",
        target: undefined,
        onProgress: (_, __, what) => (asked ||= what === "Looking for an explanation"),
        cancelled: () => asked,
      },
    );
    await assert.rejects(running);
    assert.ok(asked);
  });
});
