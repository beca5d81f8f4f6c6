import assert from "node:assert/strict";
import { parse, type Statement } from "../../../src/language/syntax";
import { checkProblem, soundStatements, statementsOf } from "./tree-text";

function names(statements: readonly Statement[]): readonly string[] {
  return statements.map((statement) =>
    statement.kind === "assignment" ? statement.target.name.name : statement.kind,
  );
}

suite("layout rule", () => {
  test("a line indented deeper than the statement continues it", () => {
    assert.deepEqual(names(soundStatements("  x = a +\n    b\n     - c\n  y = f(\n    x,\n   2)")), [
      "x",
      "y",
    ]);
  });

  test("a line indented no deeper begins another statement, even inside an open bracket", () => {
    const file = parse("run r {\n  x = f(a,\n  y = 2\n}");
    assert.deepEqual(names(statementsOf(file)), ["x", "y"]);
    assert.deepEqual(
      file.errors.map(({ code }) => code),
      ["NN105"],
    );
  });

  test("a line that begins with the closer of the statement's own bracket continues it", () => {
    assert.deepEqual(
      names(soundStatements("  m = chain([\n    Linear(2, 3),\n    relu,\n  ])(\n    X\n)\n  y = m")),
      ["m", "y"],
    );
  });

  test("a closer that the statement is not waiting for does not continue it", () => {
    checkProblem("run r {\n  x = 1\n⟦)⟧\n}", "NN106");
  });

  test("white space is free but for that: flat bodies and odd indentation are fine", () => {
    assert.deepEqual(
      names(soundStatements("      x = 1\n    y = f(x)\n   z = 2\nfor l in 1 to 2 {\nw[l] = 1\n}")),
      ["x", "y", "z", "for"],
    );
  });

  test("; ends a statement", () => {
    assert.deepEqual(names(soundStatements("  a = 1; b = 2;; c = 3;")), ["a", "b", "c"]);
  });

  test("} ends a body first on its line, at any column, or on the line of its {", () => {
    const file = parse(
      "run a {\n  x = 1\n      }\nrun b { y = 1 }\nrun c {\n  for i in 1 to 2 { z[i] = i }\n}",
    );
    assert.deepEqual(file.errors, []);
    assert.equal(file.declarations.length, 3);
  });

  test("a } behind a statement ends nothing", () => {
    checkProblem("run a {\n  x = 1⟦}⟧\n  y = 2\n}", "NN119");
  });

  test("tabs count as indentation", () => {
    assert.deepEqual(names(soundStatements("\tx = f(\n\t\ta,\n\t)\n\ty = x")), ["x", "y"]);
  });

  test("\\r\\n and \\r end lines", () => {
    const file = parse("run r {\r\n  x = 1\r  y = 2\r\n}\r\n");
    assert.deepEqual(file.errors, []);
    assert.deepEqual(names(statementsOf(file)), ["x", "y"]);
  });

  test("comments inside of a statement change nothing", () => {
    assert.deepEqual(names(soundStatements("  x = f(a, # one\n# at the margin\n    b)  # two\n  y = 1")), [
      "x",
      "y",
    ]);
  });

  test("a line indented deeper by mistake is a statement of its own, and said to be", () => {
    const file = parse("run r {\n  x = 1\n   y = 2\n  z = 3\n}");
    assert.deepEqual(names(statementsOf(file)), ["x", "y", "z"]);
    checkProblem("run r {\n  x = 1\n   ⟦y⟧ = 2\n  z = 3\n}", "NN130");
  });

  test("a line indented less than its neighbours does not swallow them, and is said to", () => {
    const text = "run r {\n  w = 0\n ⟦x⟧ = 1\n  y = 2\n  z = 3\n}";
    checkProblem(text, "NN131");
    assert.deepEqual(names(statementsOf(parse(text.replace(/[⟦⟧]/g, "")))), ["w", "x", "y", "z"]);
  });
});
