// What helps while a text is written: completion and quick fixes.
import assert from "node:assert/strict";
import { canonicalUri, completionsAt, quickFixesIn, resolveUri } from "../../../src/language/features";
import { check } from "./marked";

function labels(marked: string, files?: Readonly<Record<string, string>>): readonly string[] {
  const { checked, cursor } = check(marked, files);
  return completionsAt(checked, cursor).map(({ label }) => label);
}

function offers(marked: string, wanted: readonly string[], unwanted: readonly string[] = []): void {
  const found = labels(marked);
  for (const label of wanted)
    assert.ok(found.includes(label), `${label} is missing in ${found.slice(0, 40).join(", ")}`);
  for (const label of unwanted) assert.ok(!found.includes(label), `${label} should not be offered`);
}

const net =
  "net M(n, k = 2)(X: [N, n]) -> [] {\n  param W: [n] = zeros()\n  z = X @ W\n  J = k * sum(z)\n  return J\n}\n";

suite("features: completion", () => {
  test("earlier names of the body, inputs, sizes and builtins; not later names or other bodies'", () => {
    offers(
      "net M(x: [N]) -> [] {\n  a = x\n  b = ‸\n  c = x\n  return sum(c)\n}\nrun r {\n  q = 1\n}\n",
      ["a", "x", "N", "exp", "M"],
      ["b", "c", "q", "r"],
    );
  });

  test("a rule sees every name of the body", () => {
    offers("op f(x: [N]) -> [N] {\n  vjp x(u) = ‸\n  y = 2 * x\n  return y\n}\n", ["u", "x", "y"]);
  });

  test("where a right side begins, names of the shape that it must have come first", () => {
    const first = (marked: string, count: number): readonly string[] => {
      const { checked, cursor } = check(marked);
      const offered = [...completionsAt(checked, cursor)].sort((a, b) => a.rank - b.rank);
      return offered.slice(0, count).map(({ label }) => label);
    };
    const body =
      "net M(X: [N, n], y: [N, 1]) -> [] {\n  param W: [n, 1] = zeros()\n  o = X @ W\n  return sum(o - y)\n";
    assert.deepEqual(first(`${body}  d_o: [N,1] = ‸\n}\n`, 2), ["y", "o"]);
    assert.deepEqual(first(`${body}  d_o: [N, 1] = o‸\n}\n`, 2), ["y", "o"]);
    assert.deepEqual(first(`${body}  vjp X(u) = ‸\n}\n`, 2), ["u", "X"]);
    // Behind an operator anything may stand.
    assert.deepEqual(first(`${body}  d_o: [N, 1] = 2 * ‸\n}\n`, 2), ["X", "y"]);
  });

  test("the nodes of an instance after its dot", () => {
    offers(
      `${net}run r {\n  m = M(2)(zeros([3, 2]))\n  show m.‸\n}\n`,
      ["z", "J", "W", "X", "N", "k"],
      ["exp", "check"],
    );
  });

  test("the gradients of a pass after its dot", () => {
    offers(
      `${net}run r {\n  m = M(2)(zeros([3, 2]))\n  d = backward(m.J)\n  show d.‸\n}\n`,
      ["z", "J", "W", "X"],
      ["N", "k", "exp"],
    );
  });

  test("a half-typed member is replaced by a whole one", () => {
    offers(`${net}run r {\n  m = M(2)(zeros([3, 2]))\n  show m.J, m.W‸\n}\n`, ["W", "z"]);
  });

  test("named arguments of the callee that are not given yet", () => {
    offers(`${net}run r {\n  m = M(n = 2, ‸)\n}\n`, ["k = "], ["n = "]);
    offers(`${net}run r {\n  m = M(2)(zeros([3, 2]), ‸)\n}\n`, ["W = "]);
    offers("run r {\n  x = sum([1.0], ‸)\n}\n", ["dim = "]);
  });

  test("arguments that are given by their position are not named again", () => {
    offers(`${net}run r {\n  m = M(2, ‸)\n}\n`, ["k = "], ["n = "]);
    offers("run r {\n  x = softmax([[1.0]], ‸)\n}\n", ["dim = "], ["x = "]);
    offers("run r {\n  x = softmax(‸)\n}\n", ["x = ", "dim = "]);
  });

  test("behind the operand of a check or gradcheck, the words that go on from it", () => {
    const after = (line: string): readonly string[] => labels(`run r {\n  a = [1.0]\n  ${line}\n}\n`);
    assert.deepEqual(after("gradcheck sum(a) ‸"), ["wrt", "within"]);
    assert.deepEqual(after("gradcheck sum(a) w‸"), ["wrt", "within"]);
    assert.deepEqual(after("gradcheck sum(a) wrt a ‸"), ["within"]);
    assert.deepEqual(after('check "c": a ~= a wi‸'), ["within", "and", "or"]);
    assert.deepEqual(after("check a ~= a within 1 ‸"), []);
    for (const line of [
      "gradcheck ‸",
      "gradcheck sum(a) wrt ‸",
      "check not ‸",
      "check a ~= ‸",
      "check sum(a ‸",
    ])
      assert.ok(after(line).includes("a"), line);
  });

  test("for a hole what fits first, nodes of instances too, and then whatever else may stand there", () => {
    const spec = (hole: string): string =>
      `${net}run r {\n  X = zeros([3, 2])\n  m = M(2)(X)\n  d = backward(m.J)\n  dX: [3, 2] = ${hole}\n}\n`;
    for (const hole of ["‸?", "?‸"]) {
      const found = labels(spec(hole));
      assert.deepEqual(found.slice(0, 2), ["X", "m.X"], hole);
      for (const name of ["m", "d", "exp"]) assert.ok(found.includes(name), name);
      // The gradient is what is to be derived, and a value is not made of itself.
      for (const name of ["d.X", "dX"]) assert.ok(!found.includes(name), name);
    }
  });

  test("the words that an argument may be", () => {
    assert.deepEqual([...labels('run r {\n  x = mse_loss([1.0], [2.0], reduction = "‸")\n}\n')].sort(), [
      "mean",
      "none",
      "sum",
    ]);
  });

  test("those words with their quotes where none are written, before all names", () => {
    const found = labels("run r {\n  a = [1.0]\n  x = mse_loss(a, a, reduction = ‸)\n}\n");
    assert.deepEqual([...found.slice(0, 3)].sort(), ['"mean"', '"none"', '"sum"']);
    assert.ok(found.includes("a") && !found.includes("x = "));
    offers("run r {\n  a = [[1.0]]\n  x = sum(a, dim = ‸)\n}\n", ["a"], ["keepdim = "]);
  });

  test("what a seed and the elements of a run may be", () => {
    assert.deepEqual(labels("run r {\n  seed ‸\n}\n"), ["torch", "numpy"]);
    assert.deepEqual(labels("run r {\n  x = 1; dtype fl‸\n}\n"), ["float32", "float64"]);
  });

  test("statements of the body they stand in", () => {
    offers("run r {\n  ‸\n}\n", ["check", "gradcheck", "seed", "show"], ["param", "vjp", "net"]);
    offers("net M(x: [N]) -> [] {\n  ‸\n}\n", ["param", "return", "sample"], ["check", "gradcheck", "net"]);
    offers("‸\n", ["net", "op", "run", "import"], ["param", "check"]);
  });

  test("names that another file declares", () => {
    const files = {
      "lib.nnspec":
        "op f(x: [N]) -> [N] {\n  return x\n}\nop g(x: [N]) -> [N] {\n  return x\n}\nrun r {\n}\n",
    };
    assert.deepEqual(labels('import { f, ‸ } from "lib.nnspec"\n', files), ["g"]);
  });

  test("nothing in a comment, and nothing where a new name is given", () => {
    assert.deepEqual(labels("run r {\n  x = 1 # ab‸\n}\n"), []);
    assert.deepEqual(labels("net M(x: [N]) -> [] {\n  param W‸\n}\n"), []);
  });
});

suite("features: quick fixes", () => {
  test("the way out that a diagnostic offers, where it stands", () => {
    const { checked, ranges } = check("run r {\n  x = 1.0\n  y = ⟦exq⟧(x)\n}\n");
    const [fix] = quickFixesIn(checked, ranges[0] ?? { start: 0, end: 0 });
    assert.equal(fix?.title, "Rename to `exp`");
    assert.equal(fix.preferred, true);
    assert.deepEqual(
      fix.edits.map(({ newText }) => newText),
      ["exp"],
    );
  });

  test("a warning can be silenced at its line's end, and then is", () => {
    const { checked, text } = check("run r {\n  a = zeros([5, 1])\n  b = zeros([5])\n  c = a - b\n}\n");
    const fixes = quickFixesIn(checked, { start: 0, end: text.length });
    const silence = fixes.find(({ title }) => title.startsWith("Silence NN203"));
    const [edit] = silence?.edits ?? [];
    assert.ok(edit, fixes.map(({ title }) => title).join(", "));
    const silenced = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
    assert.match(silenced, /c = a - b # ok NN203: /);
    assert.deepEqual(
      check(silenced).checked.diagnostics.filter(({ severity }) => severity === "warning"),
      [],
    );
  });

  test("nothing is offered elsewhere", () => {
    const { checked } = check("run r {\n  x = 1.0\n  y = exq(x)\n}\n");
    assert.deepEqual(quickFixesIn(checked, { start: 0, end: 3 }), []);
  });
});

suite("features: uris of imports", () => {
  for (const [from, path, expected] of [
    ["file:///a/b/c.nnspec", "lib.nnspec", "file:///a/b/lib.nnspec"],
    ["file:///a/b/c.nnspec", "./lib.nnspec", "file:///a/b/lib.nnspec"],
    ["file:///a/b/c.nnspec", "../x/lib.nnspec", "file:///a/x/lib.nnspec"],
    ["file:///a/b/c.nnspec", "/lib.nnspec", "file:///lib.nnspec"],
    ["file:///a/c.nnspec", "../../../lib.nnspec", "file:///lib.nnspec"],
    ["file:///a/c.nnspec", "my lib (é).nnspec", "file:///a/my%20lib%20%28%C3%A9%29.nnspec"],
    ["vscode-vfs://github/o/r/c.nnspec", "lib.nnspec", "vscode-vfs://github/o/r/lib.nnspec"],
    ["memfs:/c.nnspec?ref=1", "lib.nnspec", "memfs:/lib.nnspec?ref=1"],
    ["no uri", "lib.nnspec", undefined],
    ["file:///a/c.nnspec", "", undefined],
  ] as const) {
    test(`"${path}" in ${from}`, () => assert.equal(resolveUri(from, path), expected));
  }

  test("two spellings of one file are one", () => {
    assert.equal(
      canonicalUri("file:///a/my lib(1).nnspec"),
      canonicalUri("file:///a/my%20lib%281%29.nnspec"),
    );
    assert.equal(canonicalUri("file:///C:/a%zz.nnspec"), "file:///C%3A/a%zz.nnspec");
  });
});
