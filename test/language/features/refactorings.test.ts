// Refactorings: what each makes of a text, on right, half-typed and broken code; what they make still means the same.
import assert from "node:assert/strict";
import { refactoringsIn, type Refactoring } from "../../../src/language/features";
import { runText, troubles } from "../../engine/run-text";
import { check } from "./marked";

function offered(marked: string): { readonly text: string; readonly all: readonly Refactoring[] } {
  const { checked, text, cursor, ranges } = check(marked);
  return { text, all: refactoringsIn(checked, ranges[0] ?? { start: cursor, end: cursor }) };
}

/** The text after the only refactoring of that kind. */
function apply(marked: string, kind: Refactoring["kind"], title = /./): string {
  const { text, all } = offered(marked);
  const found = all.filter((each) => each.kind === kind && title.test(each.title));
  assert.equal(found.length, 1, all.map((each) => each.title).join("; ") || "nothing is offered");
  const edits = [...found[0]!.edits].sort((a, b) => b.start - a.start || b.end - a.end);
  return edits.reduce(
    (sofar, { start, end, newText }) => sofar.slice(0, start) + newText + sofar.slice(end),
    text,
  );
}

function titles(marked: string, kind: Refactoring["kind"]): readonly string[] {
  return offered(marked).all.flatMap((each) => (each.kind === kind ? [each.title] : []));
}

suite("features: extract a node", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "an operand of an assignment",
      "net M(x: [N]) -> [] {\n  y = exp(⟦x * 2⟧) + 1\n  return sum(y)\n}\n",
      "net M(x: [N]) -> [] {\n  value = x * 2\n  y = exp(value) + 1\n  return sum(y)\n}\n",
    ],
    [
      "of a result, blanks of the selection aside",
      "op f(x: [N]) -> [N] {\n  return⟦ relu(x)⟧ * 2\n}\n",
      "op f(x: [N]) -> [N] {\n  value = relu(x)\n  return value * 2\n}\n",
    ],
    [
      "in a loop, inside of it",
      "run r {\n  x = [1.0]\n  for i in 1 to 3 {\n    z[i] = ⟦x * i⟧ + 1\n  }\n}\n",
      "run r {\n  x = [1.0]\n  for i in 1 to 3 {\n    value = x * i\n    z[i] = value + 1\n  }\n}\n",
    ],
    [
      "on a line with other statements",
      "run r { x = [1.0]; y = ⟦x * 2⟧ + 1 }\n",
      "run r { x = [1.0]; value = x * 2; y = value + 1 }\n",
    ],
    [
      "with a name that is free",
      "run r {\n  value = [1.0]\n  y = ⟦value * 2⟧ + 1\n}\n",
      "run r {\n  value = [1.0]\n  inner = value * 2\n  y = inner + 1\n}\n",
    ],
    [
      "of a rule, what does not use its cotangent",
      "op f(x: [N]) -> [N] {\n  return exp(x)\n  vjp x(u) = u * ⟦exp(x)⟧\n}\n",
      "op f(x: [N]) -> [N] {\n  return exp(x)\n  value = exp(x)\n  vjp x(u) = u * value\n}\n",
    ],
    [
      "of sizes and numbers alone, as a constant",
      "run r {\n  x = randn([3, 4])\n  y = reshape(x, ⟦[2 * 3, shape(x)[1] / 2]⟧)\n}\n",
      "run r {\n  x = randn([3, 4])\n  const value = [2 * 3, shape(x)[1] / 2]\n  y = reshape(x, value)\n}\n",
    ],
    [
      "of a family's index, as a constant",
      "run r {\n  z[0] = [1.0]\n  for l in 1 to 3 {\n    z[l] = 2 * z[⟦l - 1⟧]\n  }\n}\n",
      "run r {\n  z[0] = [1.0]\n  for l in 1 to 3 {\n    const value = l - 1\n    z[l] = 2 * z[value]\n  }\n}\n",
    ],
    [
      "beside a statement that is half-typed",
      "run r {\n  x = [1.0]\n  y = ⟦x * 2⟧ + 1\n  z = relu(\n}\n",
      "run r {\n  x = [1.0]\n  value = x * 2\n  y = value + 1\n  z = relu(\n}\n",
    ],
  ];
  for (const [title, before, after] of cases)
    test(title, () => assert.equal(apply(before, "extract"), after));

  test("not what uses a cotangent, a part of an expression, a type, what is half-typed, or nothing", () => {
    for (const marked of [
      "op f(x: [N]) -> [N] {\n  return exp(x)\n  vjp x(u) = ⟦u * exp(x)⟧\n}\n",
      "run r {\n  x = [1.0]\n  y = x ⟦* 2⟧\n}\n",
      "run r {\n  y: [⟦2 * 1⟧] = [1.0, 2]\n}\n",
      "run r {\n  x = [1.0]\n  ⟦x.T⟧\n}\n",
      "run r {\n  x = [1.0]\n  y = ⟦x.⟧\n}\n",
      "run r {\n  x = [1.0]\n  check ⟦x ~= x⟧\n}\n",
      "run r {\n  y = [[⟦i + j⟧ for j in 0 to 2] for i in 0 to 4]\n}\n",
      "run r {\n  y = 1‸\n}\n",
      "⟦run r {⟧\n}\n",
    ])
      assert.deepEqual(titles(marked, "extract"), [], marked);
  });
});

suite("features: inline a node", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "into every use, in brackets where they are needed",
      "net M(x: [N]) -> [] {\n  ‸z = x + 1\n  y = z * z\n  return sum(z)\n}\n",
      "net M(x: [N]) -> [] {\n  y = (x + 1) * (x + 1)\n  return sum(x + 1)\n}\n",
    ],
    [
      "from one of its uses",
      "run r {\n  a = exp([1.0])\n  b = ‸a * 2\n}\n",
      "run r {\n  b = exp([1.0]) * 2\n}\n",
    ],
    [
      "and its comment stays where it was",
      "run r {\n  ‸a = exp([1.0])    # of one\n  b = a * 2\n}\n",
      "run r {\n  # of one\n  b = exp([1.0]) * 2\n}\n",
    ],
    [
      "from the middle of a line",
      "run r { x = [1.0]; ‸y = x * 2; z = y + 1 }\n",
      "run r { x = [1.0]; z = (x * 2) + 1 }\n",
    ],
  ];
  for (const [title, before, after] of cases) test(title, () => assert.equal(apply(before, "inline"), after));

  test("not what is read through an instance or a pass, drawn twice, a family, or never used", () => {
    for (const marked of [
      "net M(x: [N]) -> [] {\n  ‸z = x + 1\n  return sum(z)\n}\nrun r {\n  m = M([1.0])\n  show m.z\n}\n",
      "run r {\n  ‸x = randn([2])\n  y = x + x\n}\n",
      "run r {\n  ‸z[1] = [1.0]\n  y = z[1]\n}\n",
      "run r {\n  ‸x = [1.0]\n  y = 2 * x\n  t = jvp(x, [1.0])\n}\n",
      "run r {\n  ‸x = [1.0]\n  y = sum(2 * x)\n  gradcheck y wrt x\n}\n",
      "run r {\n  ‸x = [1.0]\n}\n",
      "run r {\n  ‸x = \n  y = x\n}\n",
    ])
      assert.deepEqual(titles(marked, "inline"), [], marked);
  });
});

suite("features: rules", () => {
  test("a hand-derived gradient of a scalar net becomes the rule for its parameter", () => {
    assert.equal(
      apply(
        "net M(x: [N, n], y: [N]) -> [] {\n  param w: [n] = zeros()\n  e = x @ w - y\n  return sum(e^2) / 2\n  ‸dw = x.T @ e\n}\n",
        "rewrite",
        /Turn/,
      ),
      "net M(x: [N, n], y: [N]) -> [] {\n  param w: [n] = zeros()\n  e = x @ w - y\n  return sum(e^2) / 2\n  vjp w(u) = u * (x.T @ e)\n}\n",
    );
  });

  test("the rule is right: its gradcheck passes", async () => {
    const made = apply(
      "net M(x: [N, n], y: [N]) -> [] {\n  param w: [n] = randn()\n  e = x @ w - y\n  ‸dw = x.T @ e\n  return sum(e^2) / 2\n}\nrun r {\n  m = M(randn([4, 3]), randn([4]))\n  gradcheck m\n}\n",
      "rewrite",
      /Turn/,
    );
    assert.match(made, /vjp w\(u\) = u \* \(x\.T @ e\)/);
    assert.deepEqual(troubles(await runText(made)), []);
  });

  test("a node that others use stays, with the rule below it", () => {
    assert.match(
      apply(
        "net M(x: [N]) -> [] {\n  param w: [] = zeros()\n  ‸dw = sum(x)\n  q = dw * 2\n  return w * sum(x)\n}\n",
        "rewrite",
        /Turn/,
      ),
      / {2}dw = sum\(x\)\n {2}vjp w\(u\) = u \* dw\n/,
    );
  });

  test("the rules that are missing are inserted as holes", () => {
    assert.equal(
      apply(
        "op f(‸x: [p, N], W: [m, p]) -> [m, N] {\n  return W @ x\n  vjp x(u) = W.T @ u\n}\n",
        "rewrite",
        /vjp/,
      ),
      "op f(x: [p, N], W: [m, p]) -> [m, N] {\n  return W @ x\n  vjp x(u) = W.T @ u\n  vjp W(u) = ?\n}\n",
    );
    assert.equal(
      apply("op ‸f(x: [N], k: int[N]) -> [N] {\n  return x * k\n}\n", "rewrite", /jvp/),
      "op f(x: [N], k: int[N]) -> [N] {\n  return x * k\n  jvp x(dx) = ?\n}\n",
    );
  });

  test("on the name of an op that has some, its hint offers them, and nobody twice", () => {
    assert.deepEqual(
      titles("op ‸f(x: [p, N], W: [m, p]) -> [m, N] {\n  return W @ x\n  vjp x(u) = W.T @ u\n}\n", "rewrite"),
      ["Insert the missing jvp rules for x, W"],
    );
  });

  test("not where none is missing, in a run, or while the body is not closed", () => {
    for (const marked of [
      "op ‸f(x: [N]) -> [N] {\n  return x\n  vjp x(u) = u\n  jvp x(dx) = dx\n}\n",
      "run ‸r {\n  x = [1.0]\n}\n",
      "op ‸f(x: [N]) -> [N] {\n  return x\n",
    ])
      assert.deepEqual(titles(marked, "rewrite"), [], marked);
  });
});
