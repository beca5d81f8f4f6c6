import assert from "node:assert/strict";
import { parse, syntaxMessage, type Declaration } from "../../../src/language/syntax";
import { show, showType } from "./tree-text";

function declarations(text: string): readonly Declaration[] {
  const file = parse(text);
  assert.deepEqual(file.errors.map(syntaxMessage), []);
  return file.declarations;
}

suite("declarations", () => {
  test("imports with aliases, over several lines", () => {
    const [first, second] = declarations(
      'import { a, relu as torch_relu, } from "std"\nimport {\n  b,\n  c\n} from "./lib.nnspec"',
    );
    assert.ok(first?.kind === "import" && second?.kind === "import");
    assert.deepEqual(
      first.names.map(({ imported, local }) => [imported.name, local.name]),
      [
        ["a", "a"],
        ["relu", "torch_relu"],
      ],
    );
    assert.equal(first.names[0]?.imported, first.names[0]?.local);
    assert.deepEqual([first.from?.value, second.from?.value], ["std", "./lib.nnspec"]);
    assert.deepEqual(
      second.names.map(({ local }) => local.name),
      ["b", "c"],
    );
  });

  test("constants", () => {
    const [first] = declarations("const layers = [2, 3]");
    assert.ok(first?.kind === "const" && show(first.value) === "[2 3]");
  });

  test("an op with typed inputs, hyperparameters and a result", () => {
    const [op] = declarations("op f(x: [..., n], i: int[N], slope = 0.01) -> [...] { return x }");
    assert.equal(op?.kind, "op");
    assert.deepEqual(
      op.inputs.map(({ name, type }) => [name.name, showType(type)]),
      [
        ["x", "float[..., n]"],
        ["i", "int[N]"],
        ["slope", "none"],
      ],
    );
    assert.equal(showType(op.result), "float[...]");
    assert.equal(op.body.statements.length, 1);
  });

  test("a net with and without hyperparameters, with and without a result", () => {
    const [both, one, none] = declarations(
      "net A(n, k = 2)(x: [n]) -> [] {\n}\nnet B(x: [n]) {\n}\nnet C()(x: [n]) -> [n] {\n}",
    );
    assert.ok(both?.kind === "net" && one?.kind === "net" && none?.kind === "net");
    assert.deepEqual(
      both.hyperparameters?.map(({ name }) => name.name),
      ["n", "k"],
    );
    assert.deepEqual([both.inputs.length, one.inputs.length], [1, 1]);
    assert.equal(one.hyperparameters, undefined);
    assert.equal(one.result, undefined);
    assert.deepEqual(none.hyperparameters, []);
  });

  test("a head may take several lines", () => {
    const [net] = declarations("net Long(\n  n,\n  m = 2\n)(\n  x: [N, n]\n) -> [N, m] {\n  return x\n}");
    assert.ok(net?.kind === "net" && net.inputs.length === 1 && net.hyperparameters?.length === 2);
    assert.equal(net.body.statements.length, 1);
  });

  test("comments directly above are documentation, and their first space is not part of it", () => {
    const [first, second] = declarations(
      "# About the file.\n\n# Half the norm.\n#  - a list\nop l2(w: [...]) -> [] {\n}\nrun r {\n}",
    );
    assert.ok(first?.kind === "op" && second?.kind === "run");
    assert.equal(first.documentation, "Half the norm.\n - a list");
    assert.equal(second.documentation, "");
  });

  test("every character of the text is in its tokens", () => {
    const text = '\uFEFF# ∂\r\nrun\u00a0r {\r\n\tx = "a\\"" ~= λ₁ ; $ 𝛼 = \'q\'\r}\n\n';
    assert.equal(
      parse(text)
        .tokens.map((token) => token.text)
        .join(""),
      text,
    );
  });

  test("the empty file, and a file of comments, have no declarations and no problems", () => {
    for (const text of ["", "\n", "  ", "# only\n# comments"]) assert.deepEqual(declarations(text), []);
  });
});
