// Outline, folds and selections: from the tree alone.
import assert from "node:assert/strict";
import { foldsOf, outlineOf, selectionsAt, type OutlineItem } from "../../../src/language/features";
import { parse } from "../../../src/language/syntax";
import { readMarks, slices } from "./marked";

function lines(items: readonly OutlineItem[], indent = ""): readonly string[] {
  return items.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name}${detail === "" ? "" : ` | ${detail}`}`,
    ...lines(children, `${indent}  `),
  ]);
}

suite("features: outline", () => {
  test("declarations hold their inputs, parameters, nodes, rules and checks", () => {
    const text = `import { l2 } from "lib.nnspec"
const k = 3
net M(n, lambda = 0.1)(X: [N, n]) -> [] {
  param W: [n] = zeros()
  for l in 1 to 2 { z[l] = X @ W }
  J: [] = sum(z[1])
  return J
}
op f(x: [N]) -> [N] {
  return x
  vjp x(u) = u
}
run one {
  const n = 2
  m = M(n)(zeros([3, 2]))
  check "is zero": m.J == 0
  check m.J >= 0
  gradcheck m.J
}
`;
    assert.deepEqual(lines(outlineOf(parse(text))), [
      "constant k",
      "net M | -> []",
      "  hyperparameter n",
      "  hyperparameter lambda",
      "  input X | [N, n]",
      "  parameter W | [n]",
      "  loop for l in 1 to 2",
      "    node z[l]",
      "  node J | []",
      "op f | -> [N]",
      "  input x | [N]",
      "  rule vjp x(u)",
      "run one",
      "  constant n",
      "  node m",
      "  check is zero | m.J == 0",
      "  check m.J >= 0",
      "  gradcheck gradcheck m.J",
    ]);
  });

  test("every selection lies in its span, also in half-typed text", () => {
    const text = "net M(x: [N]) -> {\n  param \n  z[ = \n  check \n";
    const visit = (items: readonly OutlineItem[]): void => {
      for (const { span, selection, children, name } of items) {
        assert.ok(span.start <= selection.start && selection.end <= span.end, name);
        assert.notEqual(name, "");
        visit(children);
      }
    };
    visit(outlineOf(parse(text)));
  });
});

suite("features: folding", () => {
  test("bodies, long statements, comment blocks and imports fold; one line does not", () => {
    const text = `import { a } from "x.nnspec"
import { b } from "y.nnspec"

# Two lines
# of comment.
run one {
  x = [1,
    2]
  y = 1 # not a block
  # a single line
}
`;
    const folds = foldsOf(parse(text));
    assert.deepEqual(
      folds.map(({ kind, start, end }) => `${kind} ${JSON.stringify(text.slice(start, end).slice(0, 8))}`),
      ['imports "import {"', 'comment "# Two li"', 'region "run one "', 'region "x = [1,\\n"'],
    );
  });
});

suite("features: expanding the selection", () => {
  test("goes from the word to the file, each step larger", () => {
    const { text, cursor } = readMarks("run one {\n  x = a + f(b‸)\n}\n");
    const found = selectionsAt(parse(text), cursor);
    assert.deepEqual(slices(text, found).slice(0, 4), ["b", "f(b)", "a + f(b)", "x = a + f(b)"]);
    for (const [i, span] of found.entries()) {
      const inner = found[i - 1];
      if (inner !== undefined) assert.ok(span.start <= inner.start && inner.end <= span.end);
    }
  });
});
