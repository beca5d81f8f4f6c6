// One step of a backward pass, against closed forms.
import assert from "node:assert/strict";
import { pictureOf, sumOf } from "../../../src/engine/answers/picture";
import type { StepReport } from "../../../src/protocol";
import { runText, troubles } from "../run-text";

const text = `run one {
  x = [1.0, 2.0, 3.0]
  y = x * x
  s = sum(y + x)
  d = backward(s)
}
`;

async function stepOf(
  spec: string,
  node: number,
  through: readonly number[],
): Promise<StepReport | undefined> {
  const session = await runText(spec);
  assert.deepEqual(troubles(session), []);
  return session.answer({ kind: "step", target: "one", root: null, node, through });
}

suite("engine: answering with a step of a backward pass", () => {
  test("what arrives, what it is multiplied with, and what it adds to", async () => {
    // x, y, the step y + x, s: the cotangent of s comes to y and x through the step.
    const first = await stepOf(text, 3, [3, 2]);
    assert.ok(first);
    assert.deepEqual([first.cotangent.name.text, ...(first.cotangent.picture?.data ?? [])], ["∂s/∂s", 1]);
    assert.deepEqual(
      first.terms.map(({ to, before, value, after, isComplete }) => [
        to,
        before,
        [...value!.data],
        [...after!.data],
        isComplete,
      ]),
      [
        [0, null, [1, 1, 1], [1, 1, 1], false],
        [1, null, [1, 1, 1], [1, 1, 1], true],
      ],
    );
    // y gives x twice its value: both sides of the product in one share.
    const second = await stepOf(text, 1, [1]);
    const [term] = second?.terms ?? [];
    assert.ok(term);
    assert.equal(second?.terms.length, 1);
    assert.deepEqual([...term.before!.data], [1, 1, 1]);
    assert.deepEqual([...term.value!.data], [2, 4, 6]);
    assert.deepEqual([...term.after!.data], [3, 5, 7]);
    assert.equal(term.isComplete, true);
    assert.equal(term.gradient.text, "∂s/∂x");
    assert.match(term.share.text, /2 ∂s/);
    assert.match(term.share.tex, /\\partial/);
    assert.deepEqual(
      term.factors.map(({ name, picture }) => [name.text, ...picture!.data]),
      [["x", 1, 2, 3]],
    );
  });

  test("a step without a name is told by its text", async () => {
    const step = await stepOf(text, 2, [2]);
    assert.equal(step?.cotangent.name.text, "u");
    const sum = await stepOf(text, 3, [3]);
    assert.deepEqual(
      sum?.terms.map(({ gradient }) => gradient),
      [{ text: "∂s/∂(y + x)", tex: "\\frac{\\partial s}{\\partial \\left(\\mathtt{y\\ +\\ x}\\right)}" }],
    );
  });

  test("a hand-written rule says its name", async () => {
    const op = "op twice(a: [...]) -> [...] {\n  return a + a\n  vjp a(u) = 2 * u\n}\n";
    const step = await stepOf(
      `${op}run one {\n  x = [1.0, 2.0]\n  y = twice(x)\n  s = sum(y)\n  d = backward(s)\n}\n`,
      1,
      [1],
    );
    assert.deepEqual(
      step?.terms.map(({ rule, value }) => [rule, ...value!.data]),
      [["vjp a", 2, 2]],
    );
  });

  test("a hole leaves no numbers, and a node that is not there no answer", async () => {
    const op = "op twice(a: [...]) -> [...] {\n  return a + a\n  vjp a(u) = ?\n}\n";
    const spec = `${op}run one {\n  x = [1.0, 2.0]\n  y = twice(x)\n  s = sum(y)\n  d = backward(s)\n}\n`;
    assert.deepEqual((await stepOf(spec, 1, [1]))?.terms, []);
    assert.equal(await stepOf(text, 99, [99]), undefined);
  });
});

suite("engine: tensors as thumbnails", () => {
  test("a small tensor is there whole, all dimensions but the last stacked", () => {
    const { rows, columns, data, whole, norm } = pictureOf({ shape: [2, 1, 2], data: [1, 2, 3, 4] });
    assert.deepEqual([rows, columns, whole, [...data]], [2, 2, true, [1, 2, 3, 4]]);
    assert.ok(Math.abs(norm - Math.sqrt(30)) < 1e-12);
    assert.deepEqual([...pictureOf({ shape: [], data: [7] }).data], [7]);
    assert.deepEqual([...pictureOf({ shape: [0, 3], data: [] }).data], []);
    assert.deepEqual([...pictureOf({ shape: [3, 0], data: [] }).data], []);
  });

  test("of a large one no outlier and no NaN is lost", () => {
    const data = new Float64Array(500 * 300);
    data[123 * 300 + 7] = -9;
    data[400 * 300 + 299] = NaN;
    const picture = pictureOf({ shape: [500, 300], data });
    assert.equal(picture.whole, false);
    assert.ok(picture.rows <= 24 && picture.columns <= 24);
    assert.ok(picture.data.includes(-9));
    assert.equal(picture.data.filter((each) => Number.isNaN(each)).length, 1);
  });

  test("sums are elementwise, of doubles", () => {
    const parts = [
      { shape: [2], data: new Float32Array([1, 2]) },
      { shape: [2], data: new Float64Array([0.5, -2]) },
    ];
    assert.deepEqual(sumOf(parts), { shape: [2], data: new Float64Array([1.5, 0]) });
    assert.equal(sumOf([]), null);
  });
});
