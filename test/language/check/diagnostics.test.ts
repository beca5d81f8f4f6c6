import assert from "node:assert/strict";
import { checkModule, ModuleLoader } from "../../../src/language/check";
import { applyFix, checkDiagnostics, diagnose } from "./snippet";

const classifier = (product: string): string => `net C(n_in, n_hidden)(X: [N, n_in]) -> [] {
  param W1: [n_in, n_hidden] = randn()
  param W2: [n_hidden, 2] = randn()
  h = ${product}
  return sum(h)
}
`;

suite("diagnostics of names", () => {
  test("an unknown name offers the nearest", () => {
    checkDiagnostics("run r {\n  weights = ones([2])\n  y = ⟦wieghts⟧ + 1\n}\n", [
      ["NN201", "`wieghts` is not defined here. Did you mean `weights`?"],
    ]);
    assert.equal(
      applyFix("run r {\n  weights = ones([2])\n  y = wieghts + 1\n}\n", /Rename/u),
      "run r {\n  weights = ones([2])\n  y = weights + 1\n}\n",
    );
  });
  test("what depends on an error is silent", () => {
    checkDiagnostics("run r {\n  a = ⟦b⟧\n  c = a @ a\n  d = backward(c).a\n  check d == 0\n}\n", [
      ["NN201", "`b`"],
    ]);
  });
  test("a missing import and a missing name are told where they stand", () => {
    checkDiagnostics(
      'import { f } from ⟦"nowhere.nnspec"⟧\nimport { ⟦lineer⟧ } from "lib.nnspec"\n',
      [
        ["NN216", "nowhere.nnspec"],
        ["NN217", "Did you mean `linear`?"],
      ],
      {
        "lib.nnspec": "op linear(x: [n]) -> [n] { return x }\n",
      },
    );
  });
  test("imports that lead back are a cycle", () => {
    const cycle = diagnose('import { f } from "a"\n', {
      a: 'import { g } from "a"\nop f(x: [n]) -> [n] { return x }\n',
    });
    assert.deepEqual(
      cycle.map(({ code }) => code),
      ["NN307"], // nobody reads `f`
    ); // reported in the file that closes the cycle, here "a"
    const pair = {
      a: 'import { g } from "main.nnspec"\nop f(x: [n]) -> [n] { return x }\n',
      "main.nnspec": "",
    };
    const both = diagnose('import { f } from "a"\nop g(x: [n]) -> [n] { return f(x) }\n', pair);
    assert.deepEqual(
      both.map(({ code }) => code),
      ["NN218"],
    ); // each file of a cycle shows it
    const own = diagnose('import { f } from "main.nnspec"\n', { "main.nnspec": "" });
    assert.deepEqual(
      own.map(({ code }) => code),
      ["NN218"],
    );
  });
  test("an op that calls itself is a cycle", () => {
    checkDiagnostics("op f(x: [n]) -> [n] {\n  return ⟦f(x)⟧\n}\n", [["NN219", "`f` calls itself"]]);
  });
  test("a name is assigned once", () => {
    checkDiagnostics("run r {\n  a = 1\n  ⟦a⟧ = 2\n}\n", [["NN213", "assigned once"]]);
  });
  test("declared names come before builtin ones, also in an op of that name", () => {
    checkDiagnostics(
      "op relu(x: [...]) -> [...] {\n  return maximum(x, 0)\n}\nrun r { y = relu([1, -1]) }\n",
      [],
    );
  });
});

suite("diagnostics of shapes", () => {
  test("inner dimensions name both shapes and where each dimension came from", () => {
    checkDiagnostics(classifier("⟦X @ W2⟧"), [
      [
        "NN202",
        "`X` is [N, n_in] and `W2` is [n_hidden, 2] — n_in (from `X`, line 1) is not n_hidden (from `W2`, line 3)",
      ],
    ]);
  });
  test("fixes of shapes mean the whole operand, however it is written", () => {
    const line = (text: string, title: RegExp): string => {
      const start = "run r {\n  X = randn([5, 4])\n  Y = randn([3, 4])\n";
      return applyFix(`${start}  z = ${text}\n}\n`, title).slice(`${start}  z = `.length, -"\n}\n".length);
    };
    assert.equal(line("(X + 1) @ -Y", /Transpose/u), "(X + 1) @ (-Y).T");
    assert.equal(line("X @ (2 * Y)", /Transpose/u), "X @ (2 * Y).T");
    assert.equal(line("X @ [Y[0], Y[1]]", /Transpose/u), "X @ [Y[0], Y[1]].T");
    assert.equal(line("X @ Y[0:2]", /Transpose/u), "X @ Y[0:2].T");
    assert.equal(line("X @ relu(Y)", /Transpose/u), "X @ relu(Y).T");
    assert.equal(line("X @ Y.T.T", /not transposed/u), "X @ Y.T");
    assert.equal(line("X @ (-Y.T).T", /not transposed/u), "X @ (-Y.T)");
    assert.equal(line("X - sum(X, dim = 1)", /keepdim/u), "X - sum(X, dim = 1, keepdim = true)");
    assert.equal(line("X / (mean(X, dim = -1,))", /keepdim/u), "X / (mean(X, dim = -1, keepdim = true))");
    const compound = diagnose(
      "run r {\n  X = randn([5, 4])\n  z = X - sum(X, dim = 1) / sum(X, dim = 1)\n}\n",
    );
    assert.ok(compound.every(({ fixes }) => fixes.every(({ title }) => !title.includes("keepdim"))));
  });

  test("an equation of operands that are not known says nothing more", () => {
    checkDiagnostics('run r {\n  Y = ones([3, 4])\n  z = einsum("ij,jk->ik", ⟦nothing⟧, Y)\n}\n', [
      ["NN201", "nothing"],
    ]);
    checkDiagnostics('run r {\n  Y = ones([2, 4])\n  z = einsum("ij,jk->ik", [[1.0, 2.0]], Y)\n}\n', []);
  });

  test("an error elsewhere in the run does not hide a name that no node has", () => {
    const net = "net M(n)(X: [N, n]) -> [] {\n  param W: [n] = randn()\n  return sum(X @ W)\n}\n";
    checkDiagnostics(
      `${net}run r {\n  X = randn([5, 4])\n  q = ⟦X + zeros([3, 9])⟧\n  m = M(4)(X)\n  d = backward(m)\n  show d.⟦Wrong⟧\n}\n`,
      [
        ["NN204", "broadcast"],
        ["NN221", "Wrong"],
      ],
    );
    checkDiagnostics(
      `${net}run r {\n  X = randn([5, 4])\n  m = M(4)(⟦X @ zeros([3, 3])⟧)\n  d = backward(sum(X))\n  show d.W\n}\n`,
      [["NN202", "inner"]],
    );
  });

  test("a function of the language is imported from the standard library under another name", () => {
    const text = `import { relu as plain, Linear, nothing⟦⟧ } from "std"
op relu(x: [n]) -> [n] {
  return plain(x)
}
`;
    checkDiagnostics(text.replace(", nothing⟦⟧", ""), []);
    checkDiagnostics(text.replace("nothing⟦⟧", "⟦nothing⟧"), [["NN217", "nothing"]]);
    checkDiagnostics("op relu(x: [n]) -> [n] {\n  return ⟦relu(x)⟧\n}\n", [["NN219", "relu"]]);
  });

  test("slices of symbolic sizes keep their rank, and their length as far as it follows", () => {
    checkDiagnostics(
      `net D(X: [N, d], y: [N]) -> [] {
  a: [N - 1, d] = X[1:] - X[:-1]
  b: [N - 2] = X[1:-1, 2]
  e: [N, d] = ⟦X[1:]⟧
  f: [N] = ⟦X[:3]⟧
  return sum(a) + sum(b) + sum(e) + sum(f)
}
`,
      [
        ["NN211", "[N, d], but the expression is [N - 1, d]"],
        ["NN211", "[N], but the expression is"],
      ],
    );
  });

  test("what a syntax error has told is not told again by what it means", () => {
    checkDiagnostics("run r {\n  h = ⟦lambda x⟧: x\n}\n", [["NN115", "op name"]]);
    checkDiagnostics("run r {\n  a = [i * j for i in 1 to 3 ⟦for⟧ j in 1 to 2]\n  b = a + 1\n}\n", [
      ["NN135", "A list is made by one `for`"],
    ]);
  });

  test("calls that multiply are given up on in silence", () => {
    const doubling = Array.from(
      { length: 12 },
      (_, i) => `op f${String(i + 1)}(x: [n]) -> [n] {\n  return f${String(i)}(f${String(i)}(x))\n}\n`,
    );
    const text = `op f0(x: [n]) -> [n] {\n  return x\n}\n${doubling.join("")}run r {\n  y = f12([1.0])\n}\n`;
    const module = new ModuleLoader(() => undefined).load("main.nnspec", text);
    assert.deepEqual(checkModule(module, { budget: 500 }).diagnostics, []);
  });

  test("inputs, hyperparameters and sizes have names of their own", () => {
    checkDiagnostics("op f(x: [n], ⟦x⟧: [n]) -> [n] {\n  return x\n}\n", [["NN213", "`x`"]]);
    checkDiagnostics("op f(n: [⟦n⟧]) -> [] {\n  return sum(n)\n}\n", [["NN213", "`n`"]]);
    checkDiagnostics("net F(k, k2 = 1)(⟦k⟧: [n]) -> [] {\n  return sum(k) * k2\n}\n", [["NN213", "`k`"]]);
  });

  test("an annotation with `...` is held against the dimensions around it", () => {
    checkDiagnostics(
      `run r {
  x = ones([5, 4])
  a: [..., 3] = ⟦x⟧
  b: [5, ...] = x
  c: [4, ...] = ⟦x⟧
  d: [..., 5, 4, 1] = ⟦x⟧
  e: [...] = x
}
`,
      [
        ["NN211", "[..., 3]"],
        ["NN211", "[4, ...]"],
        ["NN211", "[..., 5, 4, 1]"],
      ],
    );
  });

  test("an index of floats and a name that `only` does not find are told", () => {
    const net = "net M(n)(X: [N, n]) -> [] {\n  param W: [n] = randn()\n  return sum(X @ W)\n}\n";
    checkDiagnostics("run r {\n  x = ones([3])\n  i = [0, 1]\n  y = x[⟦i⟧]\n}\n", [["NN207", "must be int"]]);
    checkDiagnostics(
      `${net}run r {\n  m = M(2)(ones([3, 2]))\n  n = update(m, backward(m), sgd(0.1), only = ⟦["W", "w"]⟧)\n}\n`,
      [["NN215", "`w`"]],
    );
  });

  test("a name that several instances have stays an error after others like it", () => {
    const net = "net M(n)(X: [N, n]) -> [] {\n  param W: [n] = randn()\n  z = X @ W\n  return sum(z)\n}\n";
    const text = `${net}run r {
  X = randn([5, 4])
  a = M(4)(X)
  b = M(4)(X)
  L = a + b
  d = backward(L)
  e = d.⟦W⟧
  f = d.⟦W⟧
  t = jvp(a.W, ones([4]))
  g = t.z
}
`;
    checkDiagnostics(text, [
      ["NN221", "`d[a.W]` or `d[b.W]`"],
      ["NN221", "`d[a.W]` or `d[b.W]`"],
    ]);
  });

  test("a transpose is offered where it fits, and only there", () => {
    const text = "run r {\n  X = ones([5, 4])\n  W = ones([3, 4])\n  y = X @ W\n}\n";
    assert.equal(applyFix(text, /Transpose/u), text.replace("X @ W", "X @ W.T"));
    const hopeless = diagnose("run r {\n  X = ones([5, 4])\n  W = ones([3, 2])\n  y = X @ W\n}\n");
    assert.deepEqual(
      hopeless.flatMap(({ fixes }) => fixes),
      [],
    );
  });
  test("distinct bare symbols differ, and from 1", () => {
    checkDiagnostics("op f(x: [n], y: [m]) -> [n] {\n  return ⟦x + y⟧\n}\n", [
      ["NN204", "n (from `x`, line 1) is not m (from `y`, line 1)"],
    ]);
  });
  test("arithmetic over sizes is exact", () => {
    checkDiagnostics("op f(x: [2 * d], y: [d]) -> [d, 2] {\n  return reshape(x, [d, 2])\n}\n", []);
    checkDiagnostics("op f(x: [2 * d], y: [d]) -> [d] {\n  return ⟦x⟧\n}\n", [
      ["NN211", "the expression is [2 * d]"],
    ]);
  });
  test("what can be neither proved nor refuted is silent in the net and checked in the run", () => {
    const net = "net C(n)(x: [N, 4]) -> [] {\n  param W: [n, 3] = randn()\n  return sum(x @ W)\n}\n";
    checkDiagnostics(net, []);
    checkDiagnostics(`${net}run r {\n  a = C(4)(ones([2, 4]))\n}\n`, []);
    const wrong = diagnose(`${net}run r {\n  a = C(5)(ones([2, 4]))\n}\n`);
    assert.deepEqual(
      wrong.map(({ code, message }) => [code, message.includes("`x` is [2, 4] and `W` is [5, 3]")]),
      [["NN202", true]],
    );
    assert.ok(wrong[0]?.related.some(({ message }) => message === "Applied here"));
  });
  test("broadcasting that stretches both operands is a warning unless annotated", () => {
    checkDiagnostics(
      "run r {\n  a = ones([5, 1])\n  b = ones([5])\n  c = ⟦a - b⟧\n  d: [5, 5] = a - b\n}\n",
      [["NN203", "gives [5, 5]"]],
    );
  });
  test("a warning is silenced with a reason, and only with one", () => {
    checkDiagnostics(
      "run r {\n  a = ones([5, 1])\n  c = a - ones([5])   # ok NN203: an outer difference\n}\n",
      [],
    );
    const bare = diagnose("run r {\n  a = ones([5, 1])\n  c = a - ones([5])   # ok NN203\n}\n");
    assert.deepEqual(bare.map(({ code }) => code).sort(), ["NN203", "NN305"]);
  });
  test("an annotation is checked", () => {
    checkDiagnostics("run r {\n  a: [3, 2] = ⟦ones([2, 3])⟧\n}\n", [
      ["NN211", "declared as [3, 2], but the expression is [2, 3]"],
    ]);
  });
  test("in an annotation a hole matches any dimension", () => {
    checkDiagnostics("run r {\n  a: [?, 3] = ones([2, 3])\n  b: [?, 2] = ⟦ones([2, 3])⟧\n}\n", [
      ["NN211", "[2, 3]"],
    ]);
  });
  test("an op over any shape is wrong only where it is for every rank", () => {
    checkDiagnostics("op f(x: [...]) -> [] {\n  return sum(x^2)\n}\n", []);
    checkDiagnostics("op f(x: [...]) -> [...] {\n  return x + ⟦y⟧\n}\n", [["NN201", "`y`"]]);
  });
  test("leading dimensions stand for the same in a declaration", () => {
    checkDiagnostics(
      "op f(x: [..., n], y: [..., n]) -> [..., n] {\n  return x + y\n}\nrun r {\n  a = f(ones([2, 3]), ⟦ones([4, 3])⟧)\n}\n",
      [["NN202", "`...`"]],
    );
  });
  test("arguments are held against what the op declares", () => {
    checkDiagnostics(
      "op f(W: [m, p], x: [p]) -> [m] {\n  return W @ x\n}\nrun r {\n  y = f(ones([2, 3]), ⟦ones([4])⟧)\n}\n",
      [["NN202", "dimension 0 must be 3, not 4"]],
    );
  });
  test("an undeclared size is an error", () => {
    checkDiagnostics("op f(x: [⟦n⟧ + 1]) -> [] {\n  return sum(x)\n}\n", [
      ["NN237", "`n` is nowhere declared"],
    ]);
  });
  test("the wrong number of arguments names what is missing", () => {
    checkDiagnostics(
      "net C(n)(x: [N, n], y: int[N]) -> [] {\n  return cross_entropy(x, y)\n}\nrun r {\n  m = ⟦C(3)(ones([2, 3]))⟧\n}\n",
      [["NN212", "`C` needs `y`"]],
    );
  });
  test("a shape needs compile-time values, and the fix writes const", () => {
    const text = "run r {\n  k = 3\n  z = zeros([k, 2])\n}\n";
    checkDiagnostics(text.replace("[k", "[⟦k⟧"), [["NN220", "Write `const k = …`"]]);
    assert.equal(applyFix(text, /const/u), text.replace("  k = 3", "  const k = 3"));
  });
  test("a ragged list is an error", () => {
    checkDiagnostics("run r {\n  a = ⟦[[1, 2], [3]]⟧\n}\n", [["NN223", "a list of 2"]]);
  });
  test("a value along the first dimension is made a column", () => {
    const text = "run r {\n  x = ones([5, 3])\n  w = ones([5])\n  y = x * (w + 1)\n}\n";
    assert.equal(applyFix(text, /Make it a column/u), text.replace("(w + 1)", "(w + 1)[:, None]"));
    const outer = "op f(a: [n], b: [m]) -> [n, m] { return a * b }\n";
    assert.equal(applyFix(outer, /Make it a column/u), outer.replace("a * b", "a[:, None] * b"));
  });
  test("a boolean mask offers where", () => {
    const text = "run r {\n  x = ones([3])\n  y = x[x > 0]\n}\n";
    checkDiagnostics(text.replace("x > 0", "⟦x > 0⟧"), [["NN233", "where"]]);
    assert.equal(applyFix(text, /where/u), text.replace("x[x > 0]", "where(x > 0, x, 0)"));
  });
  test("refused attributes are refused at the argument", () => {
    checkDiagnostics(
      'run r {\n  a = sum(ones([2, 2]), dim = ⟦5⟧)\n  b = mse_loss(ones([2]), ones([2]), reduction = ⟦"men"⟧)\n}\n',
      [
        ["NN208", "`dim = 5` does not exist"],
        ["NN209", '"mean"'],
      ],
    );
  });
});

suite("diagnostics of families, rules and passes", () => {
  test("a family is read at keys that exist", () => {
    checkDiagnostics("run r {\n  for i in 0 to 2 { z[i] = ones([2]) }\n  a = z⟦[7]⟧\n}\n", [
      ["NN222", "It has `z[0]`, `z[1]`, `z[2]`"],
    ]);
  });
  test("a rule has its input's shape", () => {
    checkDiagnostics("op f(x: [n], W: [m, n]) -> [m] {\n  return W @ x\n  vjp x(u) = ⟦W @ x⟧\n}\n", [
      ["NN228", "`vjp x` must have the shape of `x`, [n], but the expression is [m]"],
    ]);
  });
  test("a rule needs a tensor input", () => {
    checkDiagnostics(
      "op f(x: [n], slope = 1) -> [n] {\n  return slope * x\n  vjp ⟦slope⟧(u) = u\n  vjp ⟦q⟧(u) = u\n}\n",
      [
        ["NN227", "hyperparameter"],
        ["NN227", "`q` is none"],
      ],
    );
  });
  test("a backward pass from many elements needs a cotangent", () => {
    checkDiagnostics("run r {\n  x = ones([2, 3])\n  d = backward(⟦x⟧)\n}\n", [["NN231", "[2, 3]"]]);
  });
  test("a node that the root does not depend on is a structural zero", () => {
    checkDiagnostics("run r {\n  x = 1\n  y = 2\n  d = backward(x * x)\n  check d.⟦y⟧ == 0\n}\n", [
      ["NN302", "does not depend on `y`"],
    ]);
  });
  test("labels have no gradient", () => {
    checkDiagnostics(
      "run r {\n  y: int[2] = [0, 1]\n  o = ones([2, 2])\n  d = backward(cross_entropy(o, y))\n  z = d.⟦y⟧\n}\n",
      [["NN232", "`y` is int"]],
    );
  });
  test("a hole is no error, and says what it must be", () => {
    const found = diagnose(
      "op f(x: [n], W: [m, n]) -> [m] {\n  return W @ x\n  vjp x(u) = W.T @ u\n  vjp W(u) = ?\n}\n",
    );
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [["NN306", "information"]],
    );
    assert.match(found[0]?.message ?? "", /\[m, n\]/u);
  });
  test("~= stands only in a check", () => {
    checkDiagnostics("run r {\n  p = ones([2]) ⟦~=⟧ ones([2])\n}\n", [["NN225", "check a ~= b"]]);
  });
});

suite("diagnostics of half-typed text", () => {
  test("damaged lines are reported once, and nothing follows from them", () => {
    const found = diagnose("run r {\n  x = ones([2])\n  relu(x)\n  tanh(x)\n  y = x +\n  z = y * 2\n}\n");
    assert.ok(
      found.every(({ code }) => code.startsWith("NN1")),
      found.map(({ code, message }) => `${code} ${message}`).join("\n"),
    );
    assert.equal(found.length, 3);
  });
});
