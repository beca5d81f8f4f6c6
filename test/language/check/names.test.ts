/** What names may be and mean: `T`, imports, cycles, families. */
import { applyFix, checkDiagnostics } from "./snippet";
import assert from "node:assert/strict";

suite("names", () => {
  test("no node is named T: not a value, a parameter, an input or a loop's state", () => {
    checkDiagnostics(
      `op f(⟦T⟧: [n]) -> [n] { return T }
net N(x: [n]) -> [] {
  param ⟦T⟧: [n] = ones()
  return sum(T * x)
}
run r {
  ⟦T⟧ = 3
}
run s {
  ⟦T⟧[1] = 3
}
run t {
  iterate ⟦T⟧ = 1 while T < 10 do T * 2
}
`,
      Array.from({ length: 5 }, () => ["NN209", "`.T` is the transpose"] as const),
    );
  });
  test("runs and imported names cannot be imported, and the message says which it is", () => {
    checkDiagnostics(
      'import { ⟦r⟧, c, ⟦inner⟧ } from "lib"\n',
      [
        ["NN217", "`r` is a run"],
        ["NN217", "imports `inner` itself"],
      ],
      { lib: 'import { c as inner } from "lib2"\nrun r { x = 1 }\nconst c = inner\n', lib2: "const c = 4\n" },
    );
  });
  test("what NumPy calls otherwise is offered by its name here, and prefixes of libraries are left out", () => {
    const numpy =
      "run r {\n  x = ones([2, 3])\n  y = sum(x, ⟦axis⟧ = 1, ⟦keepdims⟧ = true)\n  z = ⟦concatenate⟧([x, x], 0)\n}\n";
    checkDiagnostics(numpy, [
      ["NN212", "no argument `axis`"],
      ["NN212", "no argument `keepdims`"],
      ["NN201", "Did you mean `cat`?"],
    ]);
    const prefixed = "run r {\n  x = torch.nn.functional.relu(ones([2]))\n}\n";
    checkDiagnostics(prefixed.replace("torch", "⟦torch⟧"), [["NN201", "operators have no prefix"]]);
    assert.equal(applyFix(prefixed, /Remove/u), "run r {\n  x = relu(ones([2]))\n}\n");
    const axis = "run r {\n  x = ones([2, 3])\n  y = sum(x, axis = 1)\n}\n";
    assert.equal(applyFix(axis, /Rename to `dim`/u), axis.replace("axis", "dim"));
  });
  test("a name that an instance has is offered with it, sizes and nodes alike", () => {
    const net = "net F(x: [N, d]) -> [] {\n  z = tanh(x)\n  return sum(z)\n}\n";
    const text = `${net}run r {\n  m = F(ones([2, 3]))\n  y = m.z / N\n}\n`;
    checkDiagnostics(text.replace("/ N", "/ ⟦N⟧"), [["NN201", "`m` has one. Write `m.N`"]]);
    assert.equal(applyFix(text, /Write/u), text.replace("/ N", "/ m.N"));
    checkDiagnostics(text.replace("m.z / N", "⟦z⟧ / 2"), [["NN201", "Write `m.z`"]]);
  });
  test("habits of NumPy and PyTorch are told how it is written here", () => {
    const sizes = "run r {\n  x = randn(⟦3, 4⟧)\n  y = reshape(x, ⟦4, 3⟧)\n  z = ones([2]) + zeros(2)\n}\n";
    checkDiagnostics(sizes, [
      ["NN212", "write `[3, 4]`"],
      ["NN212", "write `[4, 3]`"],
    ]);
    const plain = sizes.replaceAll(/[⟦⟧]/gu, "");
    assert.equal(applyFix(plain, /\[3, 4\]/u), plain.replace("3, 4", "[3, 4]"));
    checkDiagnostics("run r {\n  for i in ⟦range⟧(3) { show i }\n  x = ⟦tensor⟧([1, 2])\n}\n", [
      ["NN201", "for i in 0 to n - 1"],
      ["NN201", "a tensor already"],
    ]);
    const net = "net F(x: [N]) -> [N] {\n  fc = tanh(x)\n  return self.fc\n}\n";
    assert.equal(applyFix(net, /Remove/u), net.replace("self.", ""));
  });
  test("what the standard library has is imported", () => {
    const text = "net F(d)(x: [N, d]) -> [N, d] {\n  fc = Linear(d, d)\n  return fc(x)\n}\n";
    checkDiagnostics(text.replace("Linear", "⟦Linear⟧"), [["NN201", "is in the standard library"]]);
    assert.equal(applyFix(text, /Import/u), `import { Linear } from "std"\n\n${text}`);
  });
  test("a call cycle tells the way round", () => {
    checkDiagnostics("op f(x: [n]) -> [n] { return ⟦g(x)⟧ }\nop g(x: [n]) -> [n] { return ⟦f(x)⟧ }\n", [
      ["NN219", "`g` → `f` → `g`"],
      ["NN219", "`f` → `g` → `f`"],
    ]);
    checkDiagnostics("net A(d)(x: [n]) -> [] {\n  inner = A(d - 1)\n  return ⟦inner(x)⟧\n}\n", [
      ["NN219", "`A` calls itself"],
    ]);
    checkDiagnostics("const a = ⟦b⟧\nconst b = ⟦a⟧\n", [
      ["NN219", "A constant cannot be defined through itself: `b` → `a` → `b`."],
      ["NN219", "`a` → `b` → `a`"],
    ]);
  });
  test("an index of a family and a constant must be known; the fix writes const", () => {
    const text = "run r {\n  a = 2\n  w[a] = 3\n}\n";
    checkDiagnostics(text.replace("w[a]", "w[⟦a⟧]"), [["NN220", "Write `const a = …`"]]);
    assert.equal(applyFix(text, /const/u), text.replace("  a = 2", "  const a = 2"));
    checkDiagnostics("run r {\n  a = 2\n  const c = ⟦a⟧\n}\n", [["NN220", "The constant `c`"]]);
  });
  test("`dtype` in a loop is no `dtype` before the first value", () => {
    checkDiagnostics("run r {\n  for i in 0 to 1 { ⟦dtype float32⟧ }\n}\n", [
      ["NN229", "before the first value"],
    ]);
  });
  test("a hyperparameter that stands for a list of functions is called without complaint", () => {
    checkDiagnostics("net N(fs)(x: [n]) -> [] {\n  for f in fs { y[f] = f(x) }\n  return sum(x)\n}\n", []);
  });
  test("mistakes inside a comprehension of unknown length show", () => {
    checkDiagnostics("net N(x: [n]) -> [] {\n  ys = [⟦nothing⟧ * i for i in 1 to n]\n  return sum(x)\n}\n", [
      ["NN201", "`nothing`"],
    ]);
  });
});
