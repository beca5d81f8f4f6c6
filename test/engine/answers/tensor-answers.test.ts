/** What the engine tells of tensors when asked: comparisons, where NaN is born, files. Files are read back. */
import assert from "node:assert/strict";
import type { Session } from "../../../src/engine";
import { loadEntry, memoryFile, readHeader } from "../../../src/engine/data";
import type { CauseReport, ComparisonReport, TensorDifference, TensorRef } from "../../../src/protocol";
import { runText } from "../run-text";

function ref(session: Session, name: string, of: TensorRef["of"] = "value"): TensorRef {
  const target = session.outcome.targets[0]!;
  const node = target.nodes.find((each) => each.name === name);
  assert.ok(node !== undefined, name);
  return { node: node.id, of, root: of === "gradient" ? target.root : null };
}

function compare(session: Session, a: string, b: string, other?: Session): ComparisonReport | undefined {
  return session.answer(
    {
      kind: "compare",
      target: "r",
      tensor: ref(session, a),
      with: { ...ref(other ?? session, b), run: other === undefined ? null : 7 },
    },
    (run) => (run === 7 ? other : undefined),
  );
}

function rounded(x: number): number {
  return Number(x.toFixed(12));
}

/** By node: the largest difference and the relative one of value and gradient, or the word that is told instead. */
function differences(session: Session, other: Session): ReadonlyMap<string, readonly unknown[]> {
  const target = session.outcome.targets[0]!;
  const question = { kind: "differences", target: "r", run: 7, root: target.root } as const;
  const answer = session.answer(question, (run) => (run === 7 ? other : undefined))!;
  const told = (difference: TensorDifference | null): unknown =>
    difference === null || typeof difference === "string"
      ? difference
      : [difference.largest, rounded(difference.relative)];
  return new Map(
    answer.rows.map(({ node, value, gradient }) => [
      target.nodes.find(({ id }) => id === node)!.name,
      [told(value), told(gradient)],
    ]),
  );
}

function cause(session: Session, name: string, of: TensorRef["of"]): CauseReport | undefined {
  return session.answer({ kind: "cause", target: "r", tensor: ref(session, name, of) });
}

suite("answers about tensors", () => {
  test("two tensors are compared by their largest difference, cosine and relative distance", async () => {
    const session = await runText(`
run r {
  a = [[3.0, 4.0], [0.0, 0.0]]
  b = [[4.0, 3.0], [0.0, 0.5]]
  c = a + 0
  d = [1.0, 2.0]
  check a ~= c
}
`);
    const found = compare(session, "a", "b")!;
    // Closed form: a·b = 24, ‖a‖ = 5, ‖b‖² = 25.25, ‖a − b‖² = 2.25.
    assert.ok(Math.abs(found.cosine - 24 / (5 * Math.sqrt(25.25))) < 1e-12);
    assert.ok(Math.abs(found.relative - Math.sqrt(2.25 / 25.25)) < 1e-12);
    assert.deepEqual(found.largest, { index: [0, 0], difference: -1, value: 3, other: 4 });
    assert.equal(found.difference.min, -1);
    assert.equal(found.difference.max, 1);
    assert.equal(compare(session, "a", "c")?.largest, null);
    assert.equal(compare(session, "a", "d"), undefined, "shapes differ");
  });

  test("a tensor is compared with the one of another run", async () => {
    const before = await runText("run r {\n  a = [1.0, 2.0]\n  check a == a\n}\n");
    const after = await runText("run r {\n  a = [1.0, 2.5]\n  check a == a\n}\n");
    assert.deepEqual(compare(after, "a", "a", before)?.largest, {
      index: [1],
      difference: 0.5,
      value: 2.5,
      other: 2,
    });
  });

  test("every node is held against the one of its name in another run, and its gradient too", async () => {
    const run = (lines: string): string => `run r {\n${lines}  d = backward(s)\n  check s == s\n}\n`;
    // Lines above, so that equal names stand at other positions.
    const before = await runText(
      run("  z = 7.0\n  x = [3.0, 4.0]\n  w = [1.0, 1.0, 1.0]\n  s = sum(x^2) * z\n"),
    );
    const after = await runText(
      run("  x = [3.0, 5.0]\n  w = [1.0, 1.0]\n  f = log([0.0, 1.0])\n  s = sum(x^2) * 7.0\n"),
    );
    const found = differences(after, before);
    // x differs by (0, 1): 1 / max(5, √34). s: 7 · 34 − 7 · 25. The gradient 14 x: by (0, 14).
    assert.deepEqual(found.get("x"), [
      [1, rounded(Math.sqrt(1 / 34))],
      [14, rounded(Math.sqrt(1 / 34))],
    ]);
    assert.deepEqual(found.get("s")?.[0], [63, rounded(63 / 238)]);
    assert.deepEqual(found.get("s")?.[1], [0, 0]);
    assert.deepEqual(found.get("w"), ["reshaped", null], "no gradient reaches it");
    assert.deepEqual(found.get("f"), ["new", null]);
    assert.equal(found.has("z"), false, "what is gone has no row");
    assert.deepEqual(differences(after, after).get("f")?.[0], [0, 0], "equal infinities are no difference");
  });

  test("turns of a loop are held against the same turns, and NaN against a number is infinitely far", async () => {
    const text = (last: string): string =>
      `run r {\n  for i in 1 to 2 {\n    y = [1.0 * i, 2.0]\n    check sum(y) > 0\n  }\n  v = log([${last}, 1.0])\n  check v == v\n}\n`;
    const [before, after] = [await runText(text("1.0")), await runText(text("-1.0"))];
    const target = after.outcome.targets[0]!;
    const question = { kind: "differences", target: "r", run: 7, root: null } as const;
    const { rows } = after.answer(question, () => before)!;
    const largest = rows.map(({ value }) => (typeof value === "string" ? value : value.largest));
    assert.deepEqual(
      target.nodes.map(({ name }) => name),
      ["y", "y", "v"],
    );
    assert.deepEqual(largest, [0, 0, Infinity]);
    assert.equal(
      after.answer(question, () => undefined),
      undefined,
      "a run that is not kept",
    );
  });

  test("a NaN is traced to the operator that makes it and the numbers that meet there", async () => {
    const session = await runText(`
run r {
  x = [1.0, 0.0]
  y = x * log(x)
  z = sum(y)
  check x == x
}
`);
    const found = cause(session, "z", "value")!;
    assert.equal(found.pass, "forward");
    assert.equal(found.name, "y");
    assert.equal(found.inputs, "0 × −∞");
    assert.deepEqual(found.index, [1]);
    assert.equal(found.range?.start.line, 3);
    assert.equal(cause(session, "x", "value"), undefined);
  });

  test("0 · ∞ on the way back is told from a NaN on the way forward", async () => {
    const session = await runText(`
run r {
  x = [4.0, 0.0]
  s = sqrt(x)
  z = sum(s * [1.0, 0.0])
  d = backward(z)
  check z == 2
}
`);
    const found = cause(session, "x", "gradient")!;
    assert.equal(found.pass, "backward");
    assert.match(found.inputs, /^0 \/ 0$|^0 × ∞$/);
    assert.deepEqual(found.index, [1]);
  });

  test("a file that is read in parts is the file that is read whole", async () => {
    const session = await runText(`
run r {
  a = [[1.5, -2.25, 3.0], [0.0, 1e300, -0.0]]
  for i in 0 to 1 {
    b[i] = a * i
  }
  check a == a
}
`);
    const read = (tensor: TensorRef | null, stride: number): Buffer => {
      const parts: Uint8Array[] = [];
      for (let from = 0, total = 1; from < total; from += stride) {
        const part = session.answer({ kind: "file", target: "r", tensor, from, to: from + stride })!;
        total = part.total;
        parts.push(part.bytes);
      }
      return Buffer.concat(parts);
    };
    for (const tensor of [ref(session, "a"), ref(session, "b[1]"), null]) {
      const whole = read(tensor, 1 << 20);
      for (const stride of [7, 128, 1000]) assert.deepEqual(read(tensor, stride), whole);
    }
    const archive = memoryFile(new Uint8Array(read(null, 1 << 20)));
    const header = readHeader("npz", archive, { name: "all.npz" });
    assert.deepEqual(header.ok ? [...header.value.entries.keys()] : header.problem, ["a", "b[0]", "b[1]"]);
    const loaded = loadEntry("npz", archive, "a", { name: "all.npz" });
    assert.deepEqual(loaded.ok ? [...loaded.value.data] : loaded.problem, [1.5, -2.25, 3, 0, 1e300, -0]);
  });

  test("both sides of a check that failed can be read, in the shape in which they were compared", async () => {
    const session = await runText(`
run r {
  a = [[1.0, 2.0], [3.0, 4.0]]
  check a == a
  check a ~= 2
  check "one of two": a == a and a[0] ~= [1.0, 5.0]
  check not a == a
  check a[0, 0] ~= 3
}
`);
    const sides = (index: number): unknown => {
      const answer = session.answer({ kind: "check", target: "r", index });
      return (
        answer &&
        [answer.actual, answer.expected].map(({ node, summary }) => {
          const window = { rows: { from: 0, to: 2 }, columns: { from: 0, to: 2 }, leading: [], limit: 4 };
          const slice = session.slice({ node, of: "value", root: null, ...window });
          return [summary.shape, [...(slice?.data ?? [])]];
        })
      );
    };
    assert.equal(sides(0), undefined, "it holds");
    assert.deepEqual(sides(1), [
      [
        [2, 2],
        [1, 2, 3, 4],
      ],
      [
        [2, 2],
        [2, 2, 2, 2],
      ],
    ]);
    assert.deepEqual(sides(2), [
      [[2], [1, 2]],
      [[2], [1, 5]],
    ]);
    assert.equal(sides(3), undefined, "nothing is compared that should be equal");
    assert.deepEqual(sides(4), [
      [[], [1]],
      [[], [3]],
    ]);
    assert.equal(sides(9), undefined);
    const [first, again] = [1, 1].map((index) => session.answer({ kind: "check", target: "r", index }));
    assert.deepEqual(first, again, "they are kept once");
  });
});
