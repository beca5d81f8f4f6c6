/** Questions to the engine and their answers: each to who asked, read before it is believed, none after a new run. */
import assert from "node:assert/strict";
import { QuestionDesk } from "../../src/hosts/webview/state/questions";
import type { GraphReport, Question } from "../../src/protocol";

const question = { kind: "graph", target: "one", root: null, norms: false } as const;
const place = { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } };
const node = {
  named: 4,
  name: "x",
  text: "",
  group: null,
  role: "value",
  op: "add",
  shape: [2, 3],
  dtype: "float64",
  range: place,
  file: null,
} as const;
const report: GraphReport = {
  root: 4,
  nodes: [
    { ...node, group: 0, gradient: "flows", norm: 1.5 },
    { ...node, named: null, role: "operator", range: null, gradient: "zero", norm: null },
  ],
  groups: [{ kind: "net", name: "m", of: "MLP", parent: null, result: 1 }],
  edges: [{ from: 0, to: 1, input: "a" }],
  flows: [{ from: 1, to: 0, rule: "vjp x", norm: null }],
  omitted: 0,
};

function setUp() {
  const posted: { readonly requestId: number; readonly question: Question }[] = [];
  const warnings: string[] = [];
  const desk = new QuestionDesk(
    (requestId, asked) => posted.push({ requestId, question: asked }),
    (problem) => warnings.push(problem),
  );
  return { desk, posted, warnings };
}

suite("questions to the engine", () => {
  test("answers find who asked, in any order", async () => {
    const { desk, posted } = setUp();
    const first = desk.ask(question);
    const second = desk.ask({ ...question, root: 4 });
    assert.deepEqual(
      posted.map((each) => each.question),
      [question, { ...question, root: 4 }],
    );
    desk.receive(posted[1]!.requestId, report);
    desk.receive(posted[0]!.requestId, null);
    assert.deepEqual(await second, report);
    assert.equal(await first, null);
  });

  test("numbers that JSON cannot carry come by name", async () => {
    const { desk, posted } = setUp();
    const asked = desk.ask(question);
    const nodes = [{ ...report.nodes[0], norm: "Infinity" }, report.nodes[1]];
    desk.receive(posted[0]!.requestId, { ...report, nodes });
    assert.equal((await asked)?.nodes[0]?.norm, Infinity);
  });

  test("what does not fit is no answer, and is named", async () => {
    const { desk, posted, warnings } = setUp();
    for (const broken of [
      { ...report, edges: [{ from: 0, to: 2, input: "a" }] },
      { ...report, nodes: [{ ...node, name: 3, gradient: null, norm: null }] },
      { ...report, groups: [{ ...report.groups[0], parent: 0 }] },
      { ...report, groups: [] },
      "graph",
    ]) {
      const asked = desk.ask(question);
      desk.receive(posted.at(-1)!.requestId, broken);
      assert.equal(await asked, null);
    }
    assert.deepEqual(warnings, [
      "graph is not a graph: an edge has no such node",
      "graph.nodes[0].name is not a text",
      "graph is not a graph: a group is not inside an earlier one",
      "graph is not a graph: a node has no such group",
      "graph is not an object",
    ]);
  });

  test("a new run leaves them unanswered, and a late answer is nobody's", async () => {
    const { desk, posted } = setUp();
    const before = desk.ask(question);
    desk.reset();
    assert.equal(await before, null);
    desk.receive(posted[0]!.requestId, report);
    const after = desk.ask(question);
    desk.receive(posted[1]!.requestId, report);
    assert.deepEqual(await after, report);
  });
});
