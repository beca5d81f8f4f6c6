/** What only values can show: each names the node at fault, its line and its inputs; other runs still run. */
import assert from "node:assert/strict";
import { runText } from "./run-text";

interface Told {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

async function told(text: string): Promise<readonly Told[]> {
  const session = await runText(`${text}\nrun untouched { check 1 == 1 }\n`);
  const last = session.outcome.report.runs?.at(-1);
  assert.deepEqual([last?.name, last?.status], ["untouched", "passed"]);
  return session.outcome.diagnostics
    .filter(({ code }) => code.startsWith("NN5"))
    .map(({ code, message, range }) => ({ line: range.start.line + 1, code, message }));
}

async function expectTold(
  text: string,
  expected: readonly (readonly [line: number, code: string, says: string])[],
) {
  const found = await told(text);
  assert.deepEqual(
    found.map(({ line, code }) => [line, code]),
    expected.map(([line, code]) => [line, code]),
    JSON.stringify(found),
  );
  expected.forEach(([, , says], index) => {
    assert.ok(found[index]?.message.includes(says), `«${found[index]?.message ?? ""}» should say «${says}»`);
  });
}

suite("errors at run time", () => {
  test("what a syntax error has told is not told again by the run", async () => {
    const { outcome } = await runText("run r {\n  q = True\n  v = None\n  k = nothing\n}\n");
    assert.deepEqual(
      outcome.diagnostics.map(({ code, range }) => [code, range.start.line + 1]),
      [
        ["NN113", 2],
        ["NN113", 3],
        ["NN201", 4],
      ],
    );
  });

  test("a NaN that a derivative makes is told of the derivative", () =>
    expectTold("run r {\n  x = [0.0, 4.0]\n  y = sum(sqrt(x) * 0)\n  d = backward(y)\n  show d.x\n}", [
      [3, "NN501", "the derivative of `sqrt(x)`"],
    ]));
  test("a NaN is told where it is born, inside an op too, and only there", () =>
    expectTold(
      `op safe_log(x: [n]) -> [n] {
  z = log(x)
  return z
}
run r {
  x = [1, -1]
  y = safe_log(x)
  z = y * 2
  w = sum(z)
}`,
      [[2, "NN501", "x = [ 1. -1.]"]],
    ));
  test("a NaN that only a check or a show asks for is told as well", () =>
    expectTold("run r {\n  x = [1, -1]\n  check sum(log(x)) == 0\n  show sqrt(x)\n}", [
      [3, "NN501", "log"],
      [4, "NN501", "sqrt"],
    ]));
  test("an infinity is no error until it makes a NaN", () =>
    expectTold("run r {\n  y = 1 / [1, 0]\n  z = y - y\n}", [[3, "NN501", "y = [ 1. inf]"]]));
  test("an index and a label out of range are told once, with the inputs", () =>
    expectTold(
      `net N(i: int[n]) -> [] {
  param E: [3, 2] = ones()
  h = embedding(i, E)
  return sum(h)
}
run r {
  m = N([0, 5])
  check m == 1
}
run s {
  o = ones([2, 3])
  y: int[2] = [0, 3]
  l = cross_entropy(o, y)
}`,
      [
        [3, "NN502", "`m.h`: index 5 is not one of 0 … 2. Inputs: index = [0 5]"],
        [13, "NN502", "`l`: label 3 is not one of 0 … 2. Inputs: o = [[1. 1. 1.] [1. 1. 1.]], y = [0 3]"],
      ],
    ));
  test("an endless loop is told with its last value", () =>
    expectTold("run r {\n  iterate y = 1 while y < 2 do y * 1\n}", [
      [2, "NN503", "`y` did not stop after 10000 turns; by then it is 1."],
    ]));
  test("memory is refused before it is taken: of sources and of results", () =>
    expectTold(
      `run a { x = zeros([100000, 100000]) }
run b {
  x = ones([40000])
  y = outer(x, x)
}
run c { x = arange(1000000000000) }
run d { x = linspace(0, 1, 1000000000000) }
run e { x = digits(100000000) }`,
      [
        [1, "NN504", "[100000, 100000] takes 74.5 GiB"],
        [4, "NN502", "[40000, 40000] takes 11.9 GiB"],
        [6, "NN504", "7450.6 GiB"],
        [7, "NN504", "7450.6 GiB"],
        [8, "NN504", "584.1 GiB"],
      ],
    ));
});
