// What is shown beside the text: hovers, shapes, colours, signatures, and the node that the inspector follows.
import assert from "node:assert/strict";
import { builtins } from "../../../src/language/check";
import {
  followedAt,
  hoverAt,
  semanticTokensOf,
  shapeHintsIn,
  signatureAt,
} from "../../../src/language/features";
import { callableOperators } from "../../../src/runtime/ops";
import { check } from "./marked";

function hover(marked: string, files?: Readonly<Record<string, string>>): string {
  const { checked, cursor } = check(marked, files);
  return hoverAt(checked, cursor)?.markdown ?? "";
}

suite("features: hover", () => {
  test("a node shows its shape in the net's symbols, its definition, its comment and where its dimensions come from", () => {
    const text = hover(
      "net M(n)(X: [N, n]) -> [] {\n  # The hidden layer.\n  ‸z = relu(X)\n  return sum(z)\n}\nrun r {\n  m = M(4)(zeros([5, 4]))\n}\n",
    );
    assert.match(text, /z: \[N, n\]/);
    assert.match(text, /z = relu\(X\)/);
    assert.match(text, /The hidden layer\./);
    assert.match(text, /`N` from `X`, line 1/);
  });

  test("the same node read in a run shows the run's numbers", () => {
    assert.match(
      hover(
        "net M(n)(X: [N, n]) -> [] {\n  z = relu(X)\n  return sum(z)\n}\nrun r {\n  m = M(4)(zeros([5, 4]))\n  show m.‸z\n}\n",
      ),
      /z: \[5, 4\]/,
    );
  });

  test("a declaration shows its head and its comment", () => {
    const text = hover("# Doubles.\nop f(x: [N]) -> [N] {\n  return 2 * x\n}\nrun r {\n  y = ‸f([1.0])\n}\n");
    assert.match(text, /op f\(x: \[N\]\) -> \[N\]/);
    assert.match(text, /Doubles\./);
  });

  test("an argument of what is built in shows its default, its choices and whose it is", () => {
    assert.match(
      hover("run r {\n  y = sum([1.0], dim = 0, ‸keepdim = true)\n}\n"),
      /keepdim = false[^]*argument of `sum`/,
    );
    assert.match(
      hover('run r {\n  y = mse_loss([1.0], [2.0], reduc‸tion = "sum")\n}\n'),
      /reduction = "mean"[^]*one of `"mean"`, `"sum"`, `"none"`/,
    );
  });

  test("the transpose and the fields of what a function gives are told", () => {
    assert.match(hover("run r {\n  x = ones([2, 3])\n  y = x.‸T\n}\n"), /last two dimensions/);
    const train = "net M(x: [N, 3]) -> [] {\n  param w: [3] = randn()\n  return mean(x @ w)\n}\n";
    assert.match(
      hover(
        `${train}run r {\n  seen = train(M(), data = batches(ones([4, 3]), size = 2), optimizer = sgd(0.1))\n  show seen.‸loss\n}\n`,
      ),
      /loss: \[2\][^]*field of `seen`/,
    );
  });

  test("an imported name says which file it is from", () => {
    const text = hover('import { f } from "lib.nnspec"\nrun r {\n  y = ‸f([1.0])\n}\n', {
      "lib.nnspec": "# Doubles.\nop f(x: [N]) -> [N] {\n  return 2 * x\n}\n",
    });
    assert.match(text, /Doubles\./);
    assert.match(text, /Defined in `lib\.nnspec`/);
  });

  test("an operator shows its signature, documentation, formula and derivative", () => {
    const text = hover("run r {\n  y = ‸tanh([1.0])\n}\n");
    const tanh = callableOperators.get("tanh");
    assert.ok(tanh);
    assert.match(text, /tanh\(x\)/);
    assert.ok(text.includes(tanh.doc) && text.includes(tanh.formula) && text.includes(tanh.derivative));
  });

  test("every builtin has a text", () => {
    for (const name of [...callableOperators.keys(), ...builtins.keys()]) {
      const { checked, cursor } = check(`run r {\n  y = ‸${name}(1.0)\n}\n`);
      const text = hoverAt(checked, cursor)?.markdown ?? "";
      assert.ok(text.includes(`${name}(`), name);
    }
  });

  test("a hole says what must stand there", () => {
    assert.match(hover("op f(x: [N, 3]) -> [N, 3] {\n  return x\n  vjp x(u) = ?‸\n}\n"), /\[N, 3\]/);
  });

  test("white space and numbers have none", () => {
    assert.equal(hover("run r {\n  y =‸ 1.0\n}\n"), "");
  });
});

suite("features: shapes behind names", () => {
  function hints(marked: string): readonly string[] {
    const { checked, text } = check(marked);
    return shapeHintsIn(checked, { start: 0, end: text.length }).map(({ offset, label }) => {
      const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim();
      return line + label;
    });
  }

  test("symbols in a net, numbers in a run, nothing where the shape is written", () => {
    assert.deepEqual(
      hints(
        "net M(n)(X: [N, n]) -> [] {\n  h = relu(X)\n  o: [N, n] = h\n  J = sum(o)\n  return J\n}\nrun r {\n  x = zeros([5, 4])\n  y = randint(2, [5])\n  m = M(4)(x)\n  const k = 3\n}\n",
      ),
      ["h: [N, n]", "J: []", "x: [5, 4]", "y: int[5]"],
    );
  });

  test("any dimensions stay any", () => {
    assert.deepEqual(hints("op f(x: [...], y: [..., n]) -> [...] {\n  s = exp(x)\n  return s\n}\n"), [
      "s: [...]",
    ]);
  });

  test("a member of a family has its shape behind the index", () => {
    assert.deepEqual(hints("run r {\n  z[1] = zeros([2, 3])\n}\n"), ["z[1]: [2, 3]"]);
  });

  test("only the part in sight is answered", () => {
    const { checked, ranges } = check("run r {\n  x = zeros([2])\n⟦  y = zeros([3])\n⟧  z = zeros([4])\n}\n");
    assert.deepEqual(
      shapeHintsIn(checked, ranges[0] ?? { start: 0, end: 0 }).map(({ label }) => label),
      [": [3]"],
    );
  });
});

suite("features: semantic tokens", () => {
  test("each name has the colour of what it is, in the order of the text", () => {
    const { checked, text } = check(
      'import { Linear } from "std"\nnet M(k)(x: [N]) -> [] {\n  param w: [N] = zeros()\n  return sum(w * x) * k\n}\nrun r {\n  m = M(2)([1.0, 2])\n}\n',
    );
    const tokens = semanticTokensOf(checked).map(
      ({ span, type, modifiers }) => `${text.slice(span.start, span.end)} ${[type, ...modifiers].join(".")}`,
    );
    assert.deepEqual(tokens, [
      "Linear class.defaultLibrary",
      "M class.declaration",
      "k parameter.declaration.readonly",
      "x parameter.declaration",
      "N typeParameter.declaration.readonly",
      "w property.declaration",
      "N typeParameter.readonly",
      "zeros function.defaultLibrary",
      "sum function.defaultLibrary",
      "w property",
      "x parameter",
      "k parameter.readonly",
      "r namespace.declaration",
      "m variable.declaration",
      "M class",
    ]);
  });
});

suite("features: signatures", () => {
  function active(marked: string): string {
    const { checked, cursor } = check(marked);
    const found = signatureAt(checked, cursor);
    if (found === undefined) return "";
    const parameter = found.active === undefined ? undefined : found.parameters[found.active];
    return `${found.label} → ${parameter === undefined ? "none" : found.label.slice(parameter.start, parameter.end)}`;
  }
  const net = "net M(n, k = 2)(x: [N, n]) -> [] {\n  return k * sum(x)\n}\n";

  for (const [what, marked, expected] of [
    ["an operator, half-typed", "run r {\n  y = dot(‸\n}\n", "dot(x, y) → x"],
    ["its second argument", "run r {\n  y = dot([1.0], ‸[2.0])\n}\n", "dot(x, y) → y"],
    ["a comma inside brackets", "run r {\n  y = dot([1.0, 2‸], [2.0, 1])\n}\n", "dot(x, y) → x"],
    ["hyperparameters", `${net}run r {\n  m = M(3, ‸)\n}\n`, "M(n, k = 2) → k = 2"],
    ["a named one", `${net}run r {\n  m = M(k = ‸1, n = 3)\n}\n`, "M(n, k = 2) → k = 2"],
    [
      "a named one whose value is still to be written",
      "run r {\n  y = sum([[1.0]], keepdim = ‸)\n}\n",
      "sum(x, dim = none, keepdim = false) → keepdim = false",
    ],
    ["tensors of a net", `${net}run r {\n  m = M(3)(‸)\n}\n`, "M(x: [N, n]) → x: [N, n]"],
    ["tensors of a layer", `${net}run r {\n  fc = M(3)\n  m = fc(‸)\n}\n`, "M(x: [N, n]) → x: [N, n]"],
    ["behind the closing bracket", "run r {\n  y = exp(1.0)‸\n}\n", ""],
  ] as const) {
    test(what, () => assert.equal(active(marked), expected));
  }
});

suite("features: what the inspector follows", () => {
  const net = "net M(x: [N]) -> [] {\n  z[1] = x\n  y = z[1]\n  return sum(y)\n}\n";
  for (const [what, marked, expected] of [
    ["a member of an instance", `${net}run r {\n  m = M([1.0])\n  show m.‸y\n}\n`, "m.y"],
    ["a gradient", `${net}run r {\n  m = M([1.0])\n  d = backward(m)\n  show d.‸y\n}\n`, "d.y"],
    ["a node in its net", "net M(x: [N]) -> [] {\n  ‸z = x\n  return sum(z)\n}\n", "z"],
    ["a member of a family", "net M(x: [N]) -> [] {\n  z[1] = x\n  return sum(‸z[1])\n}\n", "z[1]"],
    ["a builtin", "run r {\n  y = ‸exp(1.0)\n}\n", undefined],
    ["a net", `${net}run r {\n  m = ‸M([1.0])\n}\n`, undefined],
  ] as const) {
    test(what, () => {
      const { checked, cursor } = check(marked);
      assert.equal(followedAt(checked, cursor)?.path, expected);
    });
  }
});
