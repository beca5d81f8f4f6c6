import assert from "node:assert/strict";
import { parse, syntaxCodes, syntaxMessage, walk } from "../../../src/language/syntax";
import { applyFix, checkProblem, show, statementsOf } from "./tree-text";

/** A statement in a run, before and after its fix. */
function checkStatement(marked: string, code: string, fixed?: string): string {
  const around = (statement: string): string => `run r {\n  ${statement}\n  after = 1\n}`;
  return syntaxMessage(
    checkProblem(around(marked), code, fixed === undefined ? {} : { fixed: around(fixed) }),
  );
}

suite("recovery: habits from elsewhere", () => {
  test("** is read as ^, and one fix mends all of a statement", () => {
    const message = checkStatement("x = a⟦**⟧2 + b**2**3", "NN107", "x = a^2 + b^2^3");
    assert.match(message, /`\*\*`.*`x\^2`/);
  });
  test("= in a condition", () => checkStatement("check a ⟦=⟧ b", "NN111", "check a == b"));
  test("== in an assignment", () => checkStatement("x ⟦==⟧ 3", "NN112", "x = 3"));
  test(":=", () => checkStatement("x ⟦:=⟧ 3", "NN112", "x = 3"));
  test("+=", () => assert.match(checkStatement("x ⟦+=⟧ 3", "NN112"), /gets its value once/));
  test("True", () => checkStatement("x = f(keepdim = ⟦True⟧)", "NN113", "x = f(keepdim = true)"));
  test("None", () => assert.match(checkStatement("x = f(dim = ⟦None⟧)", "NN113"), /leave the argument out/));
  test("&& and ||", () => checkStatement("check a ⟦&&⟧ b", "NN114", "check a and b"));
  test("!", () => checkStatement("check ⟦!⟧a", "NN114", "check not a"));
  test("===", () => checkStatement("check a ⟦===⟧ b", "NN114", "check a == b"));
  test("//", () => assert.match(checkStatement("x = a ⟦//⟧ b", "NN114"), /floor/));
  test("// as a comment", () => checkStatement("⟦//⟧", "NN114", "#"));
  test("%", () => checkStatement("x = a ⟦%⟧ b", "NN114"));
  test("lambda", () => checkStatement("x = map(⟦lambda y⟧: y)", "NN115"));
  test("single quotes", () => checkStatement("x = npy(⟦'a.npy'⟧)", "NN126", 'x = npy("a.npy")'));
  test("look-alike operators", () => checkStatement("check a ⟦≤⟧ b", "NN127", "check a <= b"));
  test("a minus sign from a paper", () => checkStatement("x = a ⟦−⟧ b", "NN127", "x = a - b"));
  test("a tuple", () => checkStatement("x = ones(⟦(2, 3)⟧)", "NN136", "x = ones([2, 3])"));
  test("a tuple of one", () => checkStatement("x = ones(⟦(2,)⟧) + 1", "NN136"));
  test("let", () => checkStatement("⟦let⟧ x = 2", "NN113"));
  test("assert", () => checkStatement("⟦assert⟧ x == 2", "NN113", "check x == 2"));
  test("print", () => checkStatement("⟦print⟧(x)", "NN113", "show(x)"));
  test("x if y else z", () =>
    assert.match(checkStatement("x = a ⟦if⟧ b else c", "NN113"), /where\(condition/));
  test("a body under if keeps its names", () => {
    checkProblem("run r {\n  ⟦if⟧ a {\n    x = 1\n  }\n  y = 2\n}", "NN113");
  });
  test("from … import", () => checkProblem('⟦from⟧ "lib.nnspec" import { a }', "NN113"));
  test("def is read as op, and its name is kept", () => {
    const text = "def relu(x: [...]) -> [...] {\n  return x\n}";
    checkProblem(`⟦def⟧${text.slice(3)}`, "NN113", { fixed: `op${text.slice(3)}` });
    const [op] = parse(text).declarations;
    assert.ok(op?.kind === "op" && op.name.name === "relu" && op.inputs.length === 1);
  });
  test("an unknown character", () => assert.match(checkStatement("x = a ⟦$⟧ b", "NN101"), /`\$`/));
  test("a misspelt head is read as what was meant", () => {
    checkStatement("⟦chekc⟧ a == b", "NN128", "check a == b");
    checkStatement("⟦pram⟧ W: [2] = zeros()", "NN128", "param W: [2] = zeros()");
  });
});

suite("recovery: what is missing", () => {
  test("an operand", () =>
    assert.match(checkStatement("x = a +⟦⟧", "NN103"), /needed here; found the end of the line/));
  test("a value", () => checkStatement("x =⟦⟧", "NN103"));
  test("a member's name", () => checkStatement("x = m.⟦⟧", "NN109"));
  test("=", () => checkStatement("x ⟦3⟧", "NN104"));
  test("a closing bracket", () => checkStatement("x = f(a, [1, 2]⟦⟧", "NN105", "x = f(a, [1, 2])"));
  test("a closing bracket before the tolerance", () =>
    checkStatement("check a ~= [1, 2 ⟦within⟧ 1e-8", "NN105"));
  test("a row's bracket, where the numbers end and the rows begin", () => {
    checkStatement("x = [[1, 2⟦⟧, [3, 4], [5, 6]]", "NN105", "x = [[1, 2], [3, 4], [5, 6]]");
  });
  test("the wrong closing bracket", () => checkStatement("x = f(a⟦]⟧", "NN105", "x = f(a)"));
  test("an opening bracket", () => checkStatement("x = a⟦)⟧ + 2", "NN106"));
  test("a comma", () => checkStatement("x = [1 ⟦2⟧, 3]", "NN116", "x = [1, 2, 3]"));
  test("a quote", () => checkStatement('x = npy(⟦"a.npy)⟧', "NN102"));
  test("a name for an expression", () => checkStatement("⟦relu(x)⟧", "NN110"));
  test("a condition", () => checkStatement("check⟦⟧", "NN103"));
  test("a shape", () => checkStatement("x: ⟦3⟧ = 2", "NN121"));
  test("the generator", () => checkStatement("seed ⟦3⟧", "NN123"));
  test("the element type", () => checkStatement("dtype ⟦float16⟧", "NN124"));
  test("a digit behind an underscore", () => checkStatement("x = ⟦1_⟧ + 2", "NN125"));
  test("the rest of a for", () => {
    const message = syntaxMessage(
      checkProblem("run r {\n  for l in 1 to⟦⟧ {\n    z[l] = 1\n  }\n  y = 1\n}", "NN103"),
    );
    assert.match(message, /found `{`/);
  });
  test("the arrow before a result's shape", () => {
    checkProblem("net N(x: [n])⟦⟧ [n] {\n}", "NN104", { fixed: "net N(x: [n]) -> [n] {\n}" });
  });
  test("the brackets of a scalar's shape", () => checkStatement("x: ⟦int⟧ = 3", "NN121", "x: int[] = 3"));
  test("a line break before }", () => checkProblem("run r { x = 1\n  y = 2 ⟦}⟧\nrun s {\n}", "NN119"));
  test("a declaration inside of another is one problem", () => {
    const text = "run r {\n  ⟦run⟧ s {\n    x = 1\n  }\n  y = 2\n}\nrun t {\n}";
    checkProblem(text, "NN134");
    assert.equal(parse(text.replace(/[⟦⟧]/g, "")).declarations.length, 2);
  });
  test("the colon before an input's shape", () => {
    checkProblem("net N(x⟦⟧ [n]) -> [] {\n}", "NN104", { fixed: "net N(x: [n]) -> [] {\n}" });
  });
  test("{", () =>
    checkProblem("run r⟦⟧\n  x = 1\n}\nrun s {\n}", "NN117", { fixed: "run r {\n  x = 1\n}\nrun s {\n}" }));
  test("}", () => {
    checkProblem("run r {\n  x = 1⟦⟧\nrun s {\n}", "NN118");
    assert.equal(parse("run r {\n  x = 1\nrun s {\n}").declarations.length, 2);
  });
  test("the } of an inner body, told by indentation", () => {
    const text = "run r {\n  for l in 1 to 2 {\n    z[l] = 1⟦⟧\n  y = 1\n}\nrun s {\n}";
    checkProblem(text, "NN118");
    const file = parse(text.replace(/[⟦⟧]/g, ""));
    assert.equal(file.declarations.length, 2);
    assert.deepEqual(
      statementsOf(file).map(({ kind }) => kind),
      ["for", "assignment"],
    );
  });
  test("a declaration around statements: reported once, and a value is kept as a constant", () => {
    const file = parse("x = 1\ny = 2\nrun r {\n}");
    assert.deepEqual(
      file.errors.map(({ code }) => code),
      ["NN120"],
    );
    assert.deepEqual(
      file.declarations.map(({ kind }) => kind),
      ["const", "const", "run"],
    );
    assert.equal(applyFix("x = 1", parse("x = 1").errors[0] ?? assert.fail()), "const x = 1");
  });
  test("the head of a body", () => {
    const file = parse("run a {\n}\n\n  x = 1\n  y = 2\n}\nrun b {\n}");
    assert.deepEqual(
      file.errors.map(({ code }) => code),
      ["NN133"],
    );
    assert.equal(file.declarations.length, 3);
  });
});

suite("recovery: what is kept", () => {
  test("what follows a damaged statement is read as if nothing had happened", () => {
    const file = parse("run r {\n  x = (((\n  y = ]\n  z = 3\n}\nnet N(x: [n]) {\n}");
    assert.deepEqual(file.errors.length, 2);
    const [, , third] = statementsOf(file);
    assert.ok(third?.kind === "assignment" && third.target.name.name === "z" && show(third.value) === "3");
    assert.equal(file.declarations.length, 2);
  });

  test("a half-typed call keeps what is there, for completion", () => {
    const file = parse("run r {\n  x = f(m.W, a = \n  y = m.\n}");
    const members: string[] = [];
    walk(file, ({ kind, node }) => {
      if (kind === "member") members.push(node.name.name);
    });
    assert.deepEqual(members, ["W", ""]);
  });

  test("a lost input keeps the others", () => {
    const [net] = parse("net N(x [n], y: [n]) -> [] {\n}").declarations;
    assert.ok(net?.kind === "net");
    assert.deepEqual(
      net.inputs.map(({ name }) => name.name),
      ["x", "y"],
    );
  });

  test("related places say where a bracket was opened", () => {
    const [problem] = parse("run r {\n  x = f(a\n}").errors;
    assert.deepEqual(
      problem?.related?.map(({ start, end }) => [start, end]),
      [[15, 16]],
    );
  });
});

suite("catalogue", () => {
  test("every problem that a damaged text can have has a text without blanks", () => {
    const texts = ["x = $", "run {", "net N(", "import { a from", "run r {\n  x = a ** 2\n  seed 1\n}", "}"];
    for (const text of texts) {
      for (const error of parse(text).errors) {
        assert.ok(
          syntaxCodes().some(({ code }) => code === error.code),
          error.code,
        );
        assert.doesNotMatch(syntaxMessage(error), /undefined|\[object/);
      }
    }
  });

  test("codes are NN101, NN102, … without gaps", () => {
    assert.deepEqual(
      syntaxCodes().map(({ code }) => code),
      syntaxCodes().map((_, i) => `NN${101 + i}`),
    );
  });
});
