// Passes that the panel begins, and the summands of gradients, against closed forms and the properties of both.
import assert from "node:assert/strict";
import { literalOf, readNumbers } from "../../../src/engine/answers/seed-numbers";
import type { Session } from "../../../src/engine";
import type { DeriveReport, Question, SeedChoice } from "../../../src/protocol";
import { runText, troubles } from "../run-text";

const run = `run one {
  seed torch 0
  seed torch 0
  x = [1.0, 2.0, 3.0]
  y = x * x
  s = sum(y + x)
  q = sum(y * y)
  k = randint(2, [2])
}
`;

async function session(spec = run): Promise<Session> {
  const made = await runText(spec);
  assert.deepEqual(troubles(made), []);
  return made;
}

function idOf(made: Session, name: string): number {
  const found = made.outcome.targets[0]!.nodes.find((node) => node.name === name);
  assert.ok(found, name);
  return found.id;
}

function derive(
  made: Session,
  direction: Question<"derive">["direction"],
  name: string,
  seed: SeedChoice,
): DeriveReport {
  const report = made.answer({ kind: "derive", target: "one", direction, node: idOf(made, name), seed });
  assert.ok(report);
  return report;
}

/** The gradient or tangent of a pass at a node, element by element. */
function numbers(made: Session, pass: number | null, name: string): readonly number[] {
  const slice = made.slice({
    node: idOf(made, name),
    of: "gradient",
    root: pass,
    leading: [],
    rows: { from: 0, to: 1 },
    columns: { from: 0, to: 3 },
    limit: 100,
  });
  return [...(slice?.data ?? [])];
}

suite("engine: passes that the panel begins", () => {
  test("backward from any node with ones, one element, pasted numbers, and what comes from above", async () => {
    const made = await session();
    const ones = derive(made, "backward", "y", { kind: "ones" });
    assert.equal(ones.line, "backward(y, ones([3]))");
    assert.deepEqual(numbers(made, ones.pass, "x"), [2, 4, 6]);
    assert.deepEqual(
      ones.rows.map(({ node }) => node),
      [idOf(made, "x"), idOf(made, "y")],
    );
    const one = derive(made, "backward", "y", { kind: "one-hot", index: [1] });
    assert.equal(one.line, "backward(y, [0, 1, 0])");
    assert.deepEqual(numbers(made, one.pass, "x"), [0, 4, 0]);
    const pasted = derive(made, "backward", "y", { kind: "numbers", text: "array([10., -1.,  0.5])" });
    assert.deepEqual(numbers(made, pasted.pass, "x"), [20, -4, 3]);
    // ∂q/∂y = 2y
    const above = derive(made, "backward", "y", { kind: "upstream", root: idOf(made, "q") });
    assert.equal(above.line, "backward(y, backward(q)[y])");
    assert.deepEqual(numbers(made, above.pass, "x"), [4, 32, 108]);
    // The earlier ones are still there, and who asks again is told of the same.
    assert.deepEqual(numbers(made, ones.pass, "x"), [2, 4, 6]);
    assert.equal(derive(made, "backward", "y", { kind: "ones" }).pass, ones.pass);
    assert.equal(new Set([ones, one, pasted, above].map(({ pass }) => pass)).size, 4);
  });

  test("forward along a tangent, and the product with a backward pass is the same from both sides", async () => {
    const made = await session();
    const tangent = [0.5, -1, 2];
    const forward = derive(made, "forward", "x", { kind: "numbers", text: "[0.5, -1, 2]" });
    assert.equal(forward.line, "jvp(x, [0.5, -1, 2])");
    const moved = numbers(made, forward.pass, "y");
    assert.deepEqual(moved, [1, -4, 12]);
    const cotangent = [3, 5, 7];
    const back = derive(made, "backward", "y", { kind: "numbers", text: "[3, 5, 7]" });
    const gradient = numbers(made, back.pass, "x");
    const dot = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, each, i) => sum + each * b[i]!, 0);
    assert.equal(dot(cotangent, moved), dot(gradient, tangent));
  });

  test("a line written into the run computes what the panel showed", async () => {
    const made = await session();
    const random = derive(made, "backward", "y", { kind: "random", seed: 7 });
    const shown = numbers(made, random.pass, "x");
    const written = await session(run.replace("  k = ", `  d = ${random.line ?? ""}\n  g = d.x\n  k = `));
    const slice = written.slice({
      node: idOf(written, "g"),
      of: "value",
      root: null,
      leading: [],
      rows: { from: 0, to: 1 },
      columns: { from: 0, to: 3 },
      limit: 100,
    });
    assert.deepEqual([...slice!.data], shown);
  });

  test("what cannot be a seed is refused with its reason", async () => {
    const made = await session();
    const problem = (name: string, seed: SeedChoice): string | null =>
      derive(made, "backward", name, seed).problem;
    assert.match(problem("k", { kind: "ones" })!, /whole numbers/);
    assert.match(problem("y", { kind: "one-hot", index: [3] })!, /no index of a tensor of shape \[3\]/);
    assert.match(problem("y", { kind: "numbers", text: "[1, 2]" })!, /shape \[2\], not \[3\]/);
    assert.match(problem("y", { kind: "numbers", text: "[1, 2" })!, /not closed/);
    assert.match(problem("y", { kind: "numbers", text: "[1, two, 3]" })!, /«two» is no number/);
    assert.match(problem("y", { kind: "upstream", root: idOf(made, "x") })!, /does not depend/);
    assert.equal(derive(made, "forward", "x", { kind: "upstream", root: 0 }).pass, null);
  });
});

suite("engine: the summands of a gradient", () => {
  test("each path's part, its share, and what is left without it", async () => {
    const made = await session();
    // s = Σ(y + x), y = x·x: 1 by way of s itself, 2x by way of y.
    const report = made.answer({
      kind: "contributions",
      target: "one",
      root: idOf(made, "s"),
      node: idOf(made, "x"),
    });
    assert.ok(report);
    assert.deepEqual([...report.total!.data], [3, 5, 7]);
    const sums = [0, 1, 2].map((i) =>
      report.parts.reduce((sum, { value }) => sum + (value?.data[i] ?? NaN), 0),
    );
    assert.deepEqual(sums, [3, 5, 7]);
    const byWayOf = new Map<string, number>();
    for (const { through, share } of report.parts) {
      const name = through ?? "seed";
      byWayOf.set(name, (byWayOf.get(name) ?? 0) + (share ?? NaN));
    }
    // ⟨(1,1,1), (3,5,7)⟩ / 83 and ⟨(2,4,6), (3,5,7)⟩ / 83
    assert.ok(Math.abs(byWayOf.get("s")! - 15 / 83) < 1e-15);
    assert.ok(Math.abs(byWayOf.get("y")! - 68 / 83) < 1e-15);
    for (const { value, rest } of report.parts)
      assert.deepEqual(
        [0, 1, 2].map((i) => value!.data[i]! + rest!.data[i]!),
        [3, 5, 7],
      );
  });
});

suite("engine: numbers as people paste them", () => {
  test("NumPy's, PyTorch's, JSON's and the language's ways of writing", () => {
    const square = { shape: [2, 2], data: [1, -2, 0.5, 30] };
    for (const written of [
      "[[1, -2], [.5, 3e1]]",
      "array([[ 1. , -2. ],\n       [ 0.5, 30. ]])",
      "np.array([[1, -2], [0.5, 30]], dtype=float32)",
      "tensor([[1., -2.],\n        [0.5, 30.]], requires_grad=True)",
      "tensor([[1., -2.], [0.5, 30.]], dtype=torch.float64, grad_fn=<MulBackward0>)",
      "[[1 -2]\n [0.5 30]]",
    ])
      assert.deepEqual(readNumbers(written), square, written);
    assert.deepEqual(readNumbers("-4"), { shape: [], data: [-4] });
    assert.deepEqual(readNumbers("[nan, -inf]"), { shape: [2], data: [NaN, -Infinity] });
    assert.deepEqual(readNumbers("[]"), { shape: [0], data: [] });
    for (const wrong of ["", "[1, [2]]", "[1] 2", "]", "[[1, 2], [3]]", "[1,, 2]", "[1e400]"])
      assert.equal(typeof readNumbers(wrong), "string", wrong);
  });

  test("lines of a table, as CSV or from a spreadsheet, in the shape that is wanted", () => {
    const square = { shape: [2, 2], data: [1, -2, 0.5, 30] };
    for (const table of ["1,-2\n0.5,30\n", "1\t-2\r\n0.5\t3e1", " 1 -2\n .5 30", "1; -2\n0.5; 30"])
      assert.deepEqual(readNumbers(table, [2, 2]), square, table);
    assert.deepEqual(readNumbers("1, 2, nan", [3]), { shape: [3], data: [1, 2, NaN] });
    assert.deepEqual(readNumbers("1\n2\n3\n", [3]), { shape: [3], data: [1, 2, 3] });
    assert.deepEqual(readNumbers("1\n2\n3\n", [3, 1]), { shape: [3, 1], data: [1, 2, 3] });
    assert.deepEqual(readNumbers("1,2,3", [1, 3]), { shape: [1, 3], data: [1, 2, 3] });
    assert.deepEqual(readNumbers("7", [1, 1]), { shape: [1, 1], data: [7] });
    assert.equal(readNumbers("1,2\n3", [2, 2]), "The rows are not equally long.");
    assert.equal(readNumbers("1,,2", [3]), "A number is missing beside a comma.");
    assert.equal(readNumbers("one, 2", [2]), "«one» is no number.");
  });

  test("a literal reads back", () => {
    const numbers = { shape: [2, 3], data: [1, -2.5, 1e-7, 4, 5e20, 6] };
    assert.deepEqual(readNumbers(literalOf(numbers)!), numbers);
    const special = { shape: [3], data: [NaN, Infinity, -Infinity] };
    assert.equal(literalOf(special), "[nan, inf, -inf]");
    assert.deepEqual(readNumbers("[nan, inf, -inf]"), special);
    assert.equal(literalOf({ shape: [65], data: Array<number>(65).fill(1) }), undefined);
  });
});
