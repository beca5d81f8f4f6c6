// What a file's tests would miss: every verdict is held against executing the mutated file in full, finite differences included.
import assert from "node:assert/strict";
import { testStrength } from "../../../src/engine";
import type { FileStrength, MutantReport, Range } from "../../../src/protocol";
import { hostFor, runText, troubles } from "../run-text";

const strength = (text: string, options: Parameters<typeof testStrength>[2] = {}): Promise<FileStrength> =>
  testStrength(
    // A slow clock: what is found does not depend on how busy the machine is.
    { ...hostFor(), now: () => performance.now() / 20 },
    { id: "/spec.nnspec", text, version: 1 },
    options,
  );

const linear = `op linear(x: [p, p], W: [p, p]) -> [p, p] {
  return W @ x
  vjp x(u) = W.T @ u
  vjp W(u) = u @ x.T
}
`;
const act = `op act(x: [N]) -> [N] {
  return relu(x)
  vjp x(u) = u * (x > 0)
}
`;
const net = `net Reg(X: [N, N], t: [N]) -> [] {
  param w: [N] = randn()
  r = X @ w - t
  loss = sum(r^2) / 2
  return loss
  dw = X.T @ r
}
`;

const weak = `${linear}
${act}
${net}
run weak {
  x = [[1, 2], [2, 1]]
  W = [[3, 1], [1, 3]]
  y = linear(x, W)
  d = backward(sum(y))
  check d.x ~= [[4, 4], [4, 4]]
  check d.W ~= [[3, 3], [3, 3]]
  a = [1, 2, 3]
  b = act(a)
  check backward(sum(b)).a ~= [1, 1, 1]
  m = Reg([[2, 0], [0, 1]], [1, 0])
  check backward(m.loss).w ~= m.dw
}
`;

suite("the strength of tests", function () {
  this.timeout(60_000);

  test("what symmetric data, cotangents of ones and inputs in one region hide is missed", async () => {
    const report = await strength(weak);
    const outcomes = outcomesOf(report);
    // Wᵀ·1 is W·1 for a symmetric W, u·xᵀ is uᵀ·xᵀ for u of ones, and a diagonal X is its own transpose.
    assert.equal(outcomes.get("linear vjp x: `W.T` without its transpose"), "missed");
    assert.equal(outcomes.get("linear vjp x: twice the whole"), "caught");
    assert.equal(outcomes.get("linear vjp W: `u` transposed"), "missed");
    assert.equal(outcomes.get("act vjp x: the factor `(x > 0)` left out"), "missed");
    assert.equal(outcomes.get("act vjp x: the factor `u` left out"), "missed");
    assert.equal(outcomes.get("Reg dw: `X.T` without its transpose"), "missed");
    assert.equal(outcomes.get("Reg dw: the other sign of the whole"), "caught");
  });

  test("what is missed passes when it is executed, what is caught does not, and suggestions catch it", async () => {
    const text = weak;
    const report = await strength(text);
    const mutants = report.subjects.flatMap((subject) => subject.mutants);
    assert.ok(mutants.filter(({ outcome }) => outcome === "missed").length >= 6);
    for (const mutant of mutants) {
      const mutated = mutate(text, mutant);
      const found = troubles(await runText(mutated));
      assert.equal(found.length > 0, mutant.outcome === "caught", `${mutant.title}: ${found.join()}`);
      assert.equal(mutant.suggestion !== null, mutant.outcome === "missed", mutant.title);
      if (mutant.suggestion === null) continue;
      assert.deepEqual(
        troubles(await runText(withSuggestion(text, mutant))),
        [],
        "it is right of the original",
      );
      const caught = troubles(await runText(withSuggestion(mutated, mutant)));
      assert.notDeepEqual(caught, [], `${mutant.title}: ${mutant.suggestion.text}`);
    }
  });

  test("inputs that would catch a mutant are written out, to be pasted", async () => {
    const report = await strength(weak);
    const missed = report.subjects
      .find(({ name }) => name === "act vjp x")
      ?.mutants.find(({ title }) => title === "the factor `(x > 0)` left out");
    assert.match(
      missed?.suggestion?.text ?? "",
      /^run check_act \{\n {2}x = \[.*-\d.*\]\n {2}y = act\(x\)\n {2}gradcheck y\n\}$/u,
    );
  });

  test("gradchecks on unequal sizes catch every mutant", async () => {
    const spec = `${linear.replaceAll("[p, p]", "[p, q]").replace("W: [p, q]) -> [p, q]", "W: [m, p]) -> [m, q]")}
${act}
run strong {
  y = linear(randn([2, 3]), randn([4, 2]))
  gradcheck y
  gradcheck act
}
`;
    const report = await strength(spec);
    assert.deepEqual(new Set(outcomesOf(report).values()), new Set(["caught"]));
    assert.equal(
      report.subjects
        .flatMap(({ mutants }) => mutants)
        .every(({ by }) => by?.kind === "gradcheck" && by.run === "strong"),
      true,
    );
    // `W @ u` has no shape for sizes in general.
    assert.ok(report.subjects.some(({ refused }) => refused > 0));
  });

  test("a mutant that gives the same for all inputs is equivalent", async () => {
    // An indicator is its own square, and the transpose of a [1, 1] is itself.
    const spec = `op twice(x: [N]) -> [N] {
  return relu(x)
  vjp x(u) = u * (x > 0) * (x > 0)
}

op one(x: [1, 1]) -> [1, 1] {
  return 3 * x
  vjp x(u) = 3 * u.T
}

run r {
  gradcheck twice
  gradcheck one
}
`;
    const outcomes = outcomesOf(await strength(spec));
    assert.equal(outcomes.get("one vjp x: `u.T` without its transpose"), "equivalent");
    assert.equal(outcomes.get("twice vjp x: the factor `(x > 0)` left out"), "equivalent");
    assert.equal(outcomes.get("one vjp x: the factor `3` left out"), "caught");
  });

  test("a gradcheck of an op samples it as when it is run", async () => {
    // With two elements the sampled `delta` is negative, for which the rule is not made.
    const spec = `op huber(x: [n], delta: []) -> [] {
  return mean(where(abs(x) <= delta, x^2 / 2, delta * (abs(x) - delta / 2)))
  vjp x(u) = u * maximum(minimum(x, delta), -delta) / n
  vjp delta(u) = u * mean(where(abs(x) <= delta, 0, abs(x) - delta))
}

run r {
  gradcheck huber
}
`;
    assert.deepEqual(troubles(await runText(spec)), []);
    assert.deepEqual(new Set(outcomesOf(await strength(spec)).values()), new Set(["caught"]));
  });

  test("where a test fails already, nothing is called equivalent", async () => {
    const spec = `${act}
run r {
  seed numpy 1
  x = randn([5])
  d = backward(sum(x^2))
  dx = 3 * x
  check "mine": d.x ~= dx
}

run s {
  gradcheck act
}
`;
    const report = await strength(spec);
    const mutants = report.subjects.flatMap(({ mutants }) => mutants);
    const masked = mutants.filter(({ outcome }) => outcome === "masked");
    assert.ok(masked.length > 0);
    assert.deepEqual(new Set(masked.map(({ by }) => by?.name)), new Set(["mine"]));
    assert.ok(mutants.every(({ outcome }) => outcome !== "equivalent"));
    // What the failing run does not touch is judged as ever.
    assert.ok(mutants.some(({ outcome, by }) => outcome === "caught" && by?.run === "s"));
  });

  test("a gradcheck that fails by a rule of the op asks nothing of the others, and is not suggested again", async () => {
    const spec = `op sq(x: [n]) -> [n] {
  return x^2
  vjp x(u) = 3 * u * x
  jvp x(t) = 2 * x * t
}

op lin(x: [n, d], W: [d, k]) -> [n, k] {
  return x @ W
  vjp x(u) = u @ W
}

run r {
  x = randn([3])
  J = sum(sq(x))
  gradcheck J
}
`;
    const { subjects } = await strength(spec);
    assert.deepEqual(
      subjects.map(({ name, mutants }) => [
        name,
        ...new Set(mutants.map(({ outcome, by }) => `${outcome} by ${by?.name ?? "an error"}`)),
      ]),
      [
        ["sq vjp x", "masked by J"],
        ["sq jvp x", "masked by J"],
        ["lin vjp x", "masked by an error"],
      ],
    );
  });

  test("a gradient that a run derives by hand is mutated in the run", async () => {
    const spec = `run r {
  X = [[1, 0], [0, 1]]
  W = [[1, 2], [3, 4]]
  y = X @ W
  L = sum(y^2) / 2
  dW = X.T @ y
  check backward(L).W ~= dW
}
`;
    const report = await strength(spec);
    const outcomes = outcomesOf(report);
    assert.equal(outcomes.get("r dW: `X.T` without its transpose"), "missed");
    assert.equal(outcomes.get("r dW: twice the whole"), "caught");
    const missed = report.subjects[0]?.mutants.find(({ outcome }) => outcome === "missed");
    assert.match(missed?.suggestion?.title ?? "", /random inputs/u);
  });

  test("holes and failing tests are no baseline, and files without derivations have no subjects", async () => {
    const spec = `${linear.replace("u @ x.T", "?")}\nrun r {\n  check 1 ~= 2\n  y = linear(randn([2, 2]), randn([2, 2]))\n  check backward(sum(y)).y ~= 1\n}\n`;
    const report = await strength(spec);
    assert.deepEqual(
      report.subjects.map(({ name }) => name),
      ["linear vjp x"],
    );
    const none = await strength("run r {\n  x = randn([2])\n  check x ~= x\n}\n");
    assert.deepEqual(none.subjects, []);
  });

  test("it tells its progress, stops when it is cancelled, and keeps within its time", async () => {
    const told: number[] = [];
    let clock = 0;
    const host = { ...hostFor(), now: () => (clock += 60) };
    const file = { id: "/spec.nnspec", text: weak, version: 1 };
    await testStrength(host, file, { limit: 1e9, onProgress: (done) => void told.push(done) });
    assert.ok(told.length > 3 && told.every((done, i) => i === 0 || done >= told[i - 1]!));
    await assert.rejects(testStrength(host, file, { cancelled: () => true }), { name: "CancelledError" });
    const report = await testStrength(host, file, { limit: 0 });
    assert.ok(report.untried > 10);
    assert.deepEqual(
      report.subjects.flatMap(({ mutants }) => mutants),
      [],
    );
  });
});

function outcomesOf({ subjects }: FileStrength): Map<string, MutantReport["outcome"]> {
  return new Map(
    subjects.flatMap(({ name, mutants }) =>
      mutants.map(({ title, outcome }) => [`${name}: ${title}`, outcome] as const),
    ),
  );
}

function mutate(text: string, { range, newText }: MutantReport): string {
  return text.slice(0, offset(text, range.start)) + newText + text.slice(offset(text, range.end));
}

/** The suggestion where it belongs: a statement at the end of the last run, or a run in the place of the one of its name. */
function withSuggestion(text: string, { suggestion }: MutantReport): string {
  const added = suggestion?.text ?? "";
  if (!added.startsWith("run ")) return text.replace(/\}\n$/u, `  ${added}\n}\n`);
  const name = /^run (\w+)/u.exec(added)?.[1] ?? "";
  const start = text.indexOf(`run ${name} {`);
  if (start < 0) return `${text}\n${added}\n`;
  return `${text.slice(0, start)}${added}\n`;
}

function offset(text: string, { line, character }: Range["start"]): number {
  const lines = text.split("\n");
  return lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
}
