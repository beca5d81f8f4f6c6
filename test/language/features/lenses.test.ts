// Lenses: which stand over which declaration, whatever state the text is in.
import assert from "node:assert/strict";
import { lensesOf, targetAt } from "../../../src/language/features";
import { parse } from "../../../src/language/syntax";
import { readMarks } from "./marked";

function titles(text: string): readonly string[] {
  return lensesOf(parse(text)).map(({ title, target }) => `${title} ${target.kind} ${target.name}`);
}

suite("features: lenses", () => {
  test("a net and an op can be evaluated, differentiated, checked and inspected", () => {
    assert.deepEqual(
      titles("op f(x: [N]) -> [N] {\n  return x\n}\nnet M(x: [N]) -> [N] {\n  return x\n}\n"),
      [
        "▷ Forward op f",
        "◁ Backward op f",
        "✓ Gradcheck op f",
        "Inspect op f",
        "▷ Forward net M",
        "◁ Backward net M",
        "✓ Gradcheck net M",
        "Inspect net M",
      ],
    );
  });

  test("a run can be run, checked and inspected; constants and imports have no lens", () => {
    const text = 'import { l2 } from "lib.nnspec"\nconst k = 3\nrun one {\n  x = 1\n}\n';
    assert.deepEqual(titles(text), ["▷ Run run one", "✓ Gradcheck run one", "Inspect run one"]);
  });

  test("they stand on the name", () => {
    const { text, ranges } = readMarks("# doc\nnet ⟦Small⟧(x: [N]) -> [] {\n  return sum(x)\n}\n");
    for (const { span } of lensesOf(parse(text))) assert.deepEqual(span, ranges[0]);
  });

  test("a damaged body takes no lens away", () => {
    assert.equal(
      titles("net A(x: [N]) -> [] {\n  z = x @ \n  return (\n}\nrun b {\n  m = A(\n}\n").length,
      7,
    );
  });

  test("a declaration without a name has none", () => {
    assert.deepEqual(titles("run {\n}\n"), []);
  });

  for (const [where, marked, expected] of [
    ["a body", "run a {\n  x = 1‸\n}\nrun b {\n}\n", "run a"],
    ["a head", "run a {\n}\nne‸t M(x: [N]) -> [] {\n  return sum(x)\n}\n", "net M"],
    ["no declaration", "run a {\n}\n\n‸\nrun b {\n}\n", undefined],
  ] as const) {
    test(`the declaration at a cursor in ${where}`, () => {
      const { text, cursor } = readMarks(marked);
      const target = targetAt(parse(text), cursor);
      assert.equal(target && `${target.kind} ${target.name}`, expected);
    });
  }
});
