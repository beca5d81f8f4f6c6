import assert from "node:assert/strict";
import { parse, type Statement } from "../../../src/language/syntax";
import { checkProblem, show, showIndex, showType, soundStatements } from "./tree-text";

function only(body: string): Statement {
  const statements = soundStatements(`  ${body}`);
  assert.equal(statements.length, 1);
  return statements[0] ?? assert.fail();
}

suite("statements", () => {
  test("an assignment to a family member, with a shape", () => {
    const statement = only("z[l][k + 1]: [N, 2 * d, ..., ?] = x");
    assert.equal(statement.kind, "assignment");
    assert.equal(statement.target.name.name, "z");
    assert.deepEqual(statement.target.indices.map(showIndex), ["[l]", "[(+ k 1)]"]);
    assert.equal(showType(statement.type), "float[N, (* 2 d), ..., ?]");
    assert.equal(statement.constant, false);
  });

  test("a constant", () => {
    const statement = only("const n = [24 * 24, 16, 10]");
    assert.ok(statement.kind === "assignment" && statement.constant);
  });

  test("parameters with and without a value", () => {
    const [first, second] = soundStatements("  param W[l]: [n, m] = randn()\n  param z: int[3]");
    assert.ok(first?.kind === "param" && first.value?.kind === "call");
    assert.ok(second?.kind === "param" && second.value === undefined);
    assert.equal(showType(second.type), "int[3]");
  });

  test("iterate", () => {
    const statement = only("iterate y = x * 2 while norm(y) < 1000 do y * 2");
    assert.equal(statement.kind, "iterate");
    const parts = [statement.initial, statement.condition, statement.next].map(show);
    assert.deepEqual([statement.name.name, ...parts], ["y", "(* x 2)", "(norm(y) < 1000)", "(* y 2)"]);
  });

  test("rules for inputs and family members", () => {
    const [jvp, vjp] = soundStatements("  jvp x(dx) = W @ dx\n  vjp W[l](u) = u");
    assert.ok(jvp?.kind === "rule" && vjp?.kind === "rule");
    assert.deepEqual([jvp.mode, jvp.target.name.name, jvp.argument.name], ["jvp", "x", "dx"]);
    assert.deepEqual([vjp.mode, vjp.target.indices.map(showIndex), vjp.argument.name], ["vjp", ["[l]"], "u"]);
  });

  test("return, sample, seed, dtype, show, plot", () => {
    const body =
      "return x + 1\n  sample y = randn([3])\n  seed numpy 1\n  dtype float32\n  show a, b.W\n  plot x, jvp(x, v).y";
    const kinds = soundStatements(`  ${body}`).map((statement) => statement.kind);
    assert.deepEqual(kinds, ["return", "sample", "seed", "dtype", "show", "plot"]);
  });

  test("checks: label, tolerance for both, tolerance for each", () => {
    const [plain, labelled, pair, grouped] = soundStatements(
      '  check a == b\n  check "5.3 \\"L\\"": a ~= b within 1e-6\n  check a ~= b within (5e-5, 0)\n  check a ~= b within (1 + 2) * t',
    );
    assert.ok(plain?.kind === "check" && plain.label === undefined && plain.within === undefined);
    assert.ok(labelled?.kind === "check" && labelled.label?.value === '5.3 "L"');
    assert.ok(labelled.within !== undefined && labelled.within.absolute === labelled.within.relative);
    assert.ok(pair?.kind === "check" && pair.within !== undefined);
    assert.deepEqual([show(pair.within.absolute), show(pair.within.relative)], ["0.00005f", "0"]);
    assert.ok(grouped?.kind === "check" && grouped.within !== undefined);
    assert.equal(show(grouped.within.absolute), "(* {(+ 1 2)} t)");
  });

  test("gradcheck with wrt and within", () => {
    const statement = only("gradcheck m.J wrt m.W, b[1] within 1e-6");
    assert.equal(statement.kind, "gradcheck");
    assert.deepEqual([show(statement.of), ...statement.wrt.map(show)], ["m.J", "m.W", "b[1]"]);
    assert.ok(statement.within);
  });

  test("for over ranges and lists, with bodies on one line or several", () => {
    const [up, down, list] = soundStatements(
      "  for l in 1 to L {\n    z[l] = l\n  }\n  for l in L - 1 downto 1 { z[l] = l; y[l] = z[l] }\n  for f in [relu] {\n  }",
    );
    assert.ok(up?.kind === "for" && down?.kind === "for" && list?.kind === "for");
    assert.deepEqual(
      [up, down, list].map(({ over }) => over.direction),
      ["to", "downto", "list"],
    );
    assert.deepEqual(
      [up, down, list].map(({ body }) => body.statements.length),
      [1, 2, 0],
    );
  });

  for (const head of [
    "net",
    "op",
    "run",
    "param",
    "const",
    "sample",
    "seed",
    "dtype",
    "for",
    "check",
    "gradcheck",
  ]) {
    test(`\`${head}\` names a value where =, : or […] = follows`, () => {
      const [plain, typed, member] = soundStatements(
        `  ${head} = 1\n  ${head}: [3] = x\n  ${head}[0][i] = ${head}`,
      );
      for (const statement of [plain, typed, member]) {
        assert.ok(statement?.kind === "assignment" && statement.target.name.name === head);
      }
    });
  }

  for (const name of [
    "do",
    "to",
    "in",
    "while",
    "within",
    "wrt",
    "as",
    "from",
    "downto",
    "torch",
    "T",
    "lambda",
  ]) {
    test(`\`${name}\` is an ordinary name`, () => {
      const [first, second] = soundStatements(`  ${name} = 1\n  x = ${name} + ${name}`);
      assert.ok(first?.kind === "assignment" && first.target.name.name === name);
      assert.ok(second?.kind === "assignment" && show(second.value) === `(+ ${name} ${name})`);
    });
  }

  test("a head whose operand is a list is a head", () => {
    const [first, second] = soundStatements("  show [a, b]\n  check [1, 2] == x");
    assert.deepEqual([first?.kind, second?.kind], ["show", "check"]);
  });

  for (const word of ["and", "or", "not"]) {
    test(`\`${word}\` cannot be a name`, () => {
      assert.notEqual(parse(`run r {\n  ${word} = 1\n}`).errors.length, 0);
      checkProblem(`net N(⟦${word}⟧)(x: [N]) -> [] {\n}`, "NN132");
    });
  }

  test("comments directly above are documentation, of statements too", () => {
    const [first, second, third] = soundStatements(
      "  # far away\n\n  # One.\n  # Two.\n  x = 1  # not this\n  y = 2\n  #third\n  show x; show y",
    );
    assert.deepEqual(
      [first?.documentation, second?.documentation, third?.documentation],
      ["One.\nTwo.", "", "third"],
    );
  });
});
