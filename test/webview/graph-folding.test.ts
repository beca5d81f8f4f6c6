/** What of a graph is drawn: folding by nets, ops and families, what lines stand for, what a search finds. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Containers } from "../../src/hosts/webview/graph/containers";
import { type Detail, foldGraph, type FoldedGraph } from "../../src/hosts/webview/graph/folded-graph";
import { graphSearch } from "../../src/hosts/webview/graph/graph-search";
import { opening } from "../../src/hosts/webview/graph/first-opening";
import { kinOf } from "../../src/hosts/webview/graph/walk";
import type { GraphReport } from "../../src/protocol";
import { graphReport } from "./fixture-graph";

function fold(
  report: GraphReport,
  open: readonly string[] | "all" = [],
  detail: Detail = "names",
): FoldedGraph {
  const isOpen = ({ key }: { readonly key: string }): boolean => open === "all" || open.includes(key);
  return foldGraph(report, new Containers(report), detail, isOpen);
}

function titles({ boxes }: FoldedGraph): string[] {
  return boxes.map(({ title, fold: state }) => (state === null ? title : `${title} ${state}`));
}

function lines(graph: FoldedGraph, which: "edges" | "flows" = "edges"): string[] {
  const title = (key: string): string => graph.boxes.find((box) => box.key === key)!.title;
  return graph[which].map(({ from, to }) => `${title(from)} → ${title(to)}`).sort();
}

/** x → (a step) → m.z → m.h → s, W into the step; the step and h in the net m. */
const net = graphReport(
  [
    { name: "x" },
    { name: "W", group: 0, role: "parameter", shape: [3, 4] },
    { name: null, inputs: [0, 1], group: 0, op: "matmul" },
    { name: "z", inputs: [2], group: 0 },
    { name: "h", inputs: [3], group: 0, op: "tanh" },
    { name: "s", inputs: [4], op: "sum", shape: [] },
  ],
  [{ name: "m", of: "Net", result: 4 }],
);

suite("folding a graph", () => {
  test("a closed net is one box; lines go to it and from it", () => {
    const graph = fold(net);
    assert.deepEqual(titles(graph), ["x", "m closed", "s"]);
    assert.deepEqual(lines(graph), ["m → s", "x → m"]);
    assert.deepEqual(lines(graph, "flows"), ["m → x", "s → m"]);
    assert.equal(graph.boxes[1]!.named, 3);
  });

  test("an open one holds its nodes; nameless steps hand on what comes to them", () => {
    const graph = fold(net, "all");
    assert.deepEqual(titles(graph), ["x", "m open", "W", "z", "h", "s"]);
    assert.deepEqual(lines(graph), ["W → z", "h → s", "x → z", "z → h"]);
    assert.deepEqual(lines(graph, "flows"), ["h → z", "s → h", "z → W", "z → x"]);
    assert.deepEqual(
      graph.boxes.map(({ parent }) => parent),
      [null, null, "net:m", "net:m", "net:m", null],
    );
  });

  test("with operators every step is a box", () => {
    assert.deepEqual(lines(fold(net, "all", "operators")), [
      "W → matmul",
      "h → s",
      "matmul → z",
      "x → matmul",
      "z → h",
    ]);
  });

  test("edges carry the shape of what goes along them, flows that of the cotangent that arrives", () => {
    const graph = fold(net, "all");
    const shapeOf = (which: "edges" | "flows", from: string, to: string): readonly string[] | undefined => {
      const key = (title: string): string => graph.boxes.find((box) => box.title === title)!.key;
      return graph[which].find((line) => line.from === key(from) && line.to === key(to))?.shapes;
    };
    assert.deepEqual(shapeOf("edges", "W", "z"), ["[3, 4]"]);
    assert.deepEqual(shapeOf("flows", "z", "W"), ["[3, 4]"]);
    assert.deepEqual(shapeOf("flows", "s", "h"), ["[2, 3]"]);
  });

  test("the norms of merged flows add up as norms do", () => {
    const report = graphReport(
      [{ name: "x" }, { name: "a", inputs: [0], group: 0 }, { name: "b", inputs: [0], group: 0 }],
      [{}],
    );
    // Flows of norm 2 and 3 go from the net to x.
    assert.equal(fold(report).flows[0]?.norm, Math.sqrt(2 ** 2 + 3 ** 2));
  });

  test("families of three and more are one box, with the steps between their members; fewer are not", () => {
    const family = graphReport([
      { name: "z[0]" },
      { name: null, inputs: [0] },
      { name: "z[1]", inputs: [1] },
      { name: "z[2]", inputs: [2] },
      { name: "b[0]" },
      { name: "b[1]", inputs: [3] },
    ]);
    assert.deepEqual(titles(fold(family)), ["z[…] closed", "b[0]", "b[1]"]);
    assert.equal(fold(family).boxes[0]!.named, 3);
    assert.deepEqual(lines(fold(family)), ["z[…] → b[1]"]);
    const open = fold(family, "all", "operators");
    assert.deepEqual(titles(open), ["z[…] open", "z[0]", "add", "z[1]", "z[2]", "b[0]", "b[1]"]);
    assert.equal(open.boxes[2]!.parent, "family:z");
  });

  test("nets of one name in one place have keys of their own, and families of nets fold too", () => {
    const blocks = [0, 1, 2].map((i) => ({ name: `layers[${String(i)}]`, of: "Linear" }));
    const report = graphReport(
      [0, 1, 2].map((i) => ({ name: "o", group: i, inputs: i === 0 ? [] : [i - 1] })),
      blocks,
    );
    assert.deepEqual(titles(fold(report)), ["layers[…] closed"]);
    assert.deepEqual(titles(fold(report, ["family:layers"])), [
      "layers[…] open",
      "layers[0] closed",
      "layers[1] closed",
      "layers[2] closed",
    ]);
    const twins = graphReport(
      [
        { name: "o", group: 0 },
        { name: "o", group: 1 },
      ],
      [{}, {}],
    );
    assert.equal(new Set(fold(twins).boxes.map(({ key }) => key)).size, 2);
  });

  test("a closed op is its result, which opens it", () => {
    const report = graphReport(
      [
        { name: "x" },
        { name: null, inputs: [0], group: 0, op: "mul" },
        { name: "y", inputs: [1], op: "cube" },
      ],
      [{ kind: "op", name: "cube", of: "cube", result: 2 }],
    );
    const shut = fold(report, [], "operators");
    assert.deepEqual(titles(shut), ["x", "y closed"]);
    assert.deepEqual(lines(shut), ["x → y"]);
    const open = fold(report, "all", "operators");
    assert.deepEqual(titles(open), ["x", "cube open", "mul", "y"]);
  });

  test("at first nets are open as long as there is room", () => {
    const many = Array.from({ length: 61 }, (_, i) => ({ name: `v${String(i)}`, group: 0 }));
    const few = many.slice(0, 5);
    const opened = (report: GraphReport) => [...opening(report, new Containers(report), "names")];
    assert.deepEqual(opened(graphReport(few, [{}])), ["net:m"]);
    assert.deepEqual(opened(graphReport(many, [{}])), []);
  });

  test("whatever is open, every line joins two boxes that are there, and none is lost", () => {
    const keys = ["net:a", "net:a/net:b", "net:c", "family:y"];
    const report = graphReport(
      [
        { name: "x" },
        { name: "p", group: 0, inputs: [0] },
        { name: null, group: 1, inputs: [1] },
        { name: "q", group: 1, inputs: [2] },
        { name: "y[0]", inputs: [3] },
        { name: "y[1]", inputs: [4, 1] },
        { name: "y[2]", inputs: [5] },
        { name: "r", group: 2, inputs: [6, 0] },
        { name: "s", inputs: [7] },
      ],
      [{ name: "a" }, { name: "b", parent: 0 }, { name: "c" }],
    );
    fc.assert(
      fc.property(fc.subarray(keys), fc.constantFrom<Detail>("names", "operators"), (open, detail) => {
        const graph = fold(report, open, detail);
        const present = new Set(graph.boxes.map(({ key }) => key));
        for (const { from, to } of [...graph.edges, ...graph.flows])
          assert.ok(present.has(from) && present.has(to));
        for (const { parent } of graph.boxes) assert.ok(parent === null || present.has(parent));
        // Everything leads to s, whatever stands for it.
        const all = kinOf(graph, graph.boxOf[8]!, "ancestors").boxes.length;
        assert.equal(all, graph.boxes.length);
      }),
      { seed: 42 },
    );
  });
});

suite("kin and search in a graph", () => {
  const open = fold(net, "all");
  const key = (title: string): string => open.boxes.find((box) => box.title === title)!.key;

  test("ancestors and descendants, with the containers around them", () => {
    assert.deepEqual(titles(kinOf(open, key("z"), "ancestors")), ["x", "m open", "W", "z"]);
    assert.deepEqual(titles(kinOf(open, key("h"), "descendants")), ["m open", "h", "s"]);
    assert.deepEqual(lines(kinOf(open, key("h"), "descendants"), "flows"), ["s → h"]);
  });

  test("by name, operator, body and shape; what is folded away is found in its box", () => {
    const found = (graph: FoldedGraph, sought: string): string[] =>
      graphSearch({ report: net, graph }, sought).map(
        (each) => graph.boxes.find((box) => box.key === each)!.title,
      );
    assert.deepEqual(found(open, "TANH"), ["h"]);
    assert.deepEqual(found(open, "[3, 4]"), ["W"]);
    assert.deepEqual(found(open, "m z"), ["z"]);
    assert.deepEqual(found(fold(net), "tanh"), ["m"]);
    assert.deepEqual(found(open, "nothing of the kind"), []);
    assert.deepEqual(found(open, "  "), []);
  });
});
