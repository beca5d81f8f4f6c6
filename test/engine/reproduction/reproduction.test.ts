// A reproduction is a whole spec that fails in the same way: executed anew, alone, it must, and be small.
import assert from "node:assert/strict";
import { reproduce } from "../../../src/engine";
import type { FileReproductions, Reproduction } from "../../../src/protocol";
import { format } from "../../../src/language/syntax";
import { hostFor, runText } from "../run-text";

const reproductions = (
  text: string,
  options: Parameters<typeof reproduce>[2] = {},
  files: Readonly<Record<string, string>> = {},
): Promise<FileReproductions> => reproduce(hostFor(files), { id: "/spec.nnspec", text, version: 1 }, options);

const library = `const scale = 3

op scaled(x: [p, N], W: [m, p]) -> [m, N] {
  return scale * W @ x
  vjp x(u) = scale * W.T @ u
  vjp W(u) = u @ x.T
}

op unused(x: [N]) -> [N] {
  return x
}
`;

const deep = `import { Linear } from "std"

# A tanh network with a mistake in its last layer.
net Deep(n)(x: [N, n[0]], y: [N, n[-1]]) -> [] {
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

  dz[L] = a[L] - y
  for l in L - 1 downto 1 {
    dz[l] = dz[l+1] @ W[l+1] * (1 - a[l]^2)
  }
  for l in 1 to L {
    vjp W[l](u) = u * dz[l].T @ a[l-1]
    vjp b[l](u) = u * sum(dz[l], dim = 0)
  }
}

run other {
  x = randn([3, 3])
  check x ~= x
}

run live {
  seed torch 3
  const n = [8, 6, 4]
  X = randn([16, 8])
  t = randn([16, 4])
  fc = Linear(8, 4)
  h = fc(X) # not of the matter
  m = Deep(n)(X, t)
  show m.z
  check "loss": m.loss > 0
  gradcheck m.loss
  dm = backward(m.loss, rules = false)
  check "by hand": dm.W[2] ~= m.dz[2].T @ m.a[1]
}
`;

suite("minimal reproductions", function () {
  this.timeout(90_000);

  test("a wrong rule of an op is left with what fails, at the smallest sizes", async () => {
    const { reproductions: found } = await reproductions(
      `${library}\nrun r {\n  x = randn([5, 4])\n  W = randn([6, 5])\n  y = scaled(x, W)\n  gradcheck y\n}\n`,
    );
    // The run's gradcheck blames the same rule and is not told again.
    assert.deepEqual(
      found.map(({ title }) => title),
      ["op scaled"],
    );
    const text = await failing(found[0]!, "factor");
    assert.doesNotMatch(text, /unused|vjp x/u);
    assert.match(text, /randn\(\[1, 1\]\)/u);
    assert.ok(found[0]!.lines.after < found[0]!.lines.before);
  });

  test("a net's rules, and the check of a run, are found apart", async () => {
    const { reproductions: found } = await reproductions(deep);
    assert.deepEqual(
      found.map(({ of }) => of),
      [
        { kind: "net", name: "Deep", index: 0 },
        { kind: "check", name: "live", index: 1 },
      ],
    );
    for (const each of found) {
      const text = await failing(each, "missing-factor");
      assert.doesNotMatch(text, /Linear|other|seed|show|#|"loss"|16/u);
      assert.ok(each.lines.after <= 26, text);
    }
    const [gradcheck, check] = found;
    assert.doesNotMatch(gradcheck!.text!, /check "by hand"/u);
    assert.doesNotMatch(check!.text!, /gradcheck|vjp/u);
  });

  test("one failure alone can be asked for, and an op with samples and hyperparameters", async () => {
    const spec = `op root(k, x: [N]) -> [N] {
  return k * sqrt(x)
  vjp x(u) = u * k / sqrt(x)
  sample k = 3
  sample x = 1 + rand([N])
}

${deep}`;
    const target = { kind: "op", name: "root", index: 0 } as const;
    const { reproductions: found } = await reproductions(spec, { target });
    assert.deepEqual(
      found.map(({ of }) => of),
      [target],
    );
    const text = await failing(found[0]!, "factor");
    assert.doesNotMatch(text, /Deep/u);
  });

  test("imported declarations are written out, and data is drawn", async () => {
    const spec = `import { scaled } from "lib.nnspec"

run r {
  d = digits(6, size = 8)
  x = reshape(d.images, [6, 64]).T
  y = scaled(x, randn([5, 64]))
  check backward(sum(y)).x ~= 3 * randn([64, 6])
  z = scaled(x, randn([5, 64]))
  gradcheck z
}
`;
    const target = { kind: "gradcheck", name: "r", index: 0 } as const;
    const { reproductions: found } = await reproductions(spec, { target }, { "lib.nnspec": library });
    const text = await failing(found[0]!, "factor");
    assert.equal(found[0]!.selfContained, true);
    assert.doesNotMatch(text, /import|digits|unused|check backward/u);
    assert.match(text, /^const scale = \d/u);
  });

  test("a mistake that square sizes hide keeps the sizes that show it", async () => {
    const spec = `op rows(x: [N, k]) -> [k] {
  return sum(x^2, dim = 0)
  vjp x(u) = 2 * x * sum(u)
}

run r {
  x = randn([5, 4])
  y = rows(x)
  gradcheck y
}
`;
    const { reproductions: found } = await reproductions(spec);
    const text = found[0]?.text ?? "";
    // With k = 1 the sum of u is u, and the rule is right.
    assert.match(text, /randn\(\[1, 2\]\)/u);
    await failing(found[0]!, found[0]!.kind);
  });

  test("what is derived by hand stays as it is written, and checks that it fails share one spec", async () => {
    const spec = `net Logistic(d)(X: [N, d], y: [N]) -> [] {
  param w: [d] = randn()
  z = X @ w
  p = sigmoid(z)
  return -mean(y * log(p) + (1 - y) * log(1 - p))
}

run homework {
  seed torch 1
  X = randn([6, 3])
  y = bernoulli(0.5, [6])
  m = Logistic(3)(X, y)
  g = backward(m)
  dz = m.p - y
  dw = m.X.T @ dz
  check g.z ~= dz
  check g.w ~= dw
}
`;
    const { reproductions: found } = await reproductions(spec);
    assert.equal(found.length, 1);
    assert.match(found[0]!.message, /\(\d is N\)$/u);
    assert.match(await failing(found[0]!, "factor"), /^ {2}dz = m\.p - y$/mu);
  });

  test("a check that fails by way of a rule fails so in its own spec, and not by way of another check", async () => {
    const spec = `net Fit(d)(X: [N, d], y: [N]) -> [] {
  param w: [d] = randn()
  param b: [] = 0.5
  o = X @ w + b
  J = mean((o - y)^2)
  return J
  e = 2 * (o - y)
  vjp b(u) = u * sum(e)
  vjp w(u) = u * e @ X
}

run grades {
  m = Fit(3)(randn([8, 3]), randn([8]))
  mine = backward(m.J)
  auto = backward(m.J, rules = false)
  check "e": m.e ~= auto.o
  check "w": mine.w ~= auto.w
}
`;
    const target = { kind: "check", name: "grades", index: 1 } as const;
    const [own] = (await reproductions(spec, { target })).reproductions;
    assert.ok(own !== undefined);
    assert.match(
      own.message,
      /^the right side is the derivative; the left one comes by way of vjp w of `Fit`/u,
    );
    assert.doesNotMatch(own.text!, /check "e"/u);
    assert.match(own.text!, /check "w": mine\.w ~= auto\.w/u);
  });

  test("a right spec has none, and a cancelled search ends", async () => {
    const right = library.replace("vjp W(u) = u", "vjp W(u) = scale * u");
    assert.deepEqual((await reproductions(right)).reproductions, []);
    let polls = 0;
    await assert.rejects(reproductions(deep, { cancelled: () => polls++ > 200 }), { name: "CancelledError" });
  });
});

/** The text, found to fail as it is said to. */
async function failing({ text, kind }: Reproduction, wanted: Reproduction["kind"]): Promise<string> {
  assert.ok(text !== null);
  assert.equal(kind, wanted);
  assert.equal(format(text), text);
  const { outcome } = await runText(text);
  assert.deepEqual(
    outcome.diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
  const runs = outcome.report.runs ?? [];
  const checks = runs.flatMap((run) => run.checks).filter(({ status }) => status === "failed");
  const gradchecks = runs.flatMap((run) => run.gradchecks).filter(({ verdict }) => verdict === "failed");
  const kinds = [
    ...checks.map(({ explanation }) => explanation?.kind),
    ...gradchecks.map(({ blame }) => blame[0]?.explanation.kind),
  ];
  assert.deepEqual(kinds, [wanted], text);
  return text;
}
