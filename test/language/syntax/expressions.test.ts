import assert from "node:assert/strict";
import { parse } from "../../../src/language/syntax";
import { expressionText, soundStatements } from "./tree-text";

const cases: readonly (readonly [string, string, string])[] = [
  ["power binds tighter than a sign", "-x^2", "(- (^ x 2))"],
  ["an exponent may have a sign", "2^-1", "(^ 2 (- 1))"],
  ["power groups to the right", "2^3^2", "(^ 2 (^ 3 2))"],
  ["power groups to the right behind a sign", "2^-3^2", "(^ 2 (- (^ 3 2)))"],
  ["products bind tighter than sums", "a + b * c", "(+ a (* b c))"],
  ["products group to the left", "a / b @ c * d", "(* (@ (/ a b) c) d)"],
  ["sums group to the left", "a - b - c", "(- (- a b) c)"],
  ["a sign binds tighter than a product", "-a * b", "(* (- a) b)"],
  ["a factor may have a sign", "a * -b", "(* a (- b))"],
  ["signs add up", "- + -x", "(- (+ (- x)))"],
  ["comparisons chain", "a < b <= c", "(a < b <= c)"],
  ["comparisons take sums", "a + 1 ~= b * 2", "((+ a 1) ~= (* b 2))"],
  ["not is looser than a comparison", "not a == b", "(not (a == b))"],
  ["and is tighter than or", "a or b and not c", "(or a (and b (not c)))"],
  ["brackets group", "(a + b) * c", "(* {(+ a b)} c)"],
  ["members, calls and indices follow one another", "f(x)(y).W[1][0].T", "f(x)(y).W[1][0].T"],
  ["an index is tighter than power", "z[l]^2", "(^ z[l] 2)"],
  ["slices as in NumPy", "x[:, 1:3, ::2, ..., 0, a:b:-1, :]", "x[:, 1:3, ::2, ..., 0, a:b:(- 1), :]"],
  ["new dimensions as in NumPy", "x[:, None, ..., None]", "x[:, None, ..., None]"],
  ["an index may be computed", "n[l-1]", "n[(- l 1)]"],
  ["arguments by name, path and member", "m(a, k = 2, W[1] = w, fc.W = v,)", "m(a, k=2, W[1]=w, fc.W=v)"],
  ["an argument may be a comparison", "f(a == b)", "f((a == b))"],
  ["lists nest, with trailing commas", "[[1, 2,], [], [x]]", "[[1 2] [] [x]]"],
  ["a comprehension over a range", "[f(i, 0) for i in 0 to p - 1]", "[f(i, 0) for i in 0 to (- p 1)]"],
  [
    "comprehensions nest",
    "[[i + j for j in 0 to 2] for i in 4 downto 0]",
    "[[(+ i j) for j in 0 to 2] for i in 4 downto 0]",
  ],
  ["a comprehension over a list", "[g(1) for g in [relu, tanh]]", "[g(1) for g in [relu tanh]]"],
  ["a hole is an expression", "? + 1", "(+ ? 1)"],
  [
    "whole numbers and others",
    "[1, 1_000, 0.5, .5, 1., 1e-3, 2E5, 0x1F]",
    "[1 1000 0.5f 0.5f 1f 0.001f 200000f 31]",
  ],
  ["a number's members are no fraction", "x[1].T", "x[1].T"],
  ["strings with escapes", String.raw`"a \"b\" \\ \n ∂"`, String.raw`"a \"b\" \\ \\n ∂"`],
  ["words are names where an operand is needed", "to + do * within", "(+ to (* do within))"],
  ["heads are names in expressions", "jvp(sample, seed) + check", "(+ jvp(sample, seed) check)"],
  ["Greek, subscripts and primes", "λ₁' + x' * ŷ", "(+ λ₁' (* x' ŷ))"],
];

suite("expressions", () => {
  for (const [name, text, expected] of cases) {
    test(`${name}: ${text}`, () => assert.equal(expressionText(text), expected));
  }

  test("a range may count by words that are names elsewhere", () => {
    assert.equal(expressionText("[to for to in to to to]"), "[to for to in to to to]");
  });

  test("names are compared in NFC, and keep their places in the text as written", () => {
    const decomposed = "e\u0301";
    const [statement] = soundStatements(`  ${decomposed} = ${decomposed} + 1`);
    assert.equal(statement?.kind, "assignment");
    assert.equal(statement.target.name.name, "\u00e9");
    assert.equal(statement.target.name.end - statement.target.name.start, 2);
  });

  test("an operator knows its own place", () => {
    const text = "run r {\n  x = a  @ b\n}";
    const [run] = parse(text).declarations;
    assert.equal(run?.kind, "run");
    const [statement] = run.body.statements;
    assert.ok(statement?.kind === "assignment" && statement.value.kind === "binary");
    assert.equal(text.slice(statement.value.operatorSpan.start, statement.value.operatorSpan.end), "@");
  });

  test("spans hold exactly what was written", () => {
    const text = "run r {\n  x = f(a , b) [ 0 ] # c\n}";
    const [run] = parse(text).declarations;
    assert.equal(run?.kind, "run");
    const [statement] = run.body.statements;
    assert.ok(statement?.kind === "assignment" && statement.value.kind === "indexing");
    const { base, index, start, end } = statement.value;
    assert.equal(text.slice(start, end), "f(a , b) [ 0 ]");
    assert.equal(text.slice(base.start, base.end), "f(a , b)");
    assert.equal(text.slice(index.start, index.end), "[ 0 ]");
    assert.equal(text.slice(statement.start, statement.end), "x = f(a , b) [ 0 ]");
  });
});
