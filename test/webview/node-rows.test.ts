/** The table of values: grouping, filtering, sorting; and what is unhealthy in it. */
import assert from "node:assert/strict";
import type { NodeSummary } from "../../src/protocol";
import { gradientSummary, healthOf } from "../../src/hosts/webview/state/node-health";
import {
  familyOf,
  nextSort,
  type NodeRow,
  nodeRows,
  nodeTitle,
  type RowOptions,
} from "../../src/hosts/webview/state/node-rows";
import { tableLayout } from "../../src/hosts/webview/values/table-layout";
import { failedTarget } from "./fixture-failed";
import { passedTarget } from "./fixture-passed";
import { deepTarget, shapesTarget } from "./fixture-shapes";
import { noise, nodesOf, tensorOf } from "./fixture-tensors";

const plain: RowOptions = { filter: "", grouping: "none", sort: null, collapsed: new Set() };

function nodes(target: {
  readonly nodes: readonly { readonly summary: NodeSummary }[];
}): readonly NodeSummary[] {
  return target.nodes.map((node) => node.summary);
}

function sketch(rows: readonly NodeRow[]): readonly string[] {
  return rows.map((row) =>
    row.kind === "group"
      ? `${row.expanded ? "▾" : "▸"} ${row.label} (${String(row.nodes.length)})`
      : nodeTitle(row.node),
  );
}

suite("rows of values", () => {
  const passed = nodes(passedTarget());
  const failed = nodes(failedTarget());

  test("without groups they stand in source order", () => {
    assert.deepEqual(sketch(nodeRows(passed, plain)).slice(0, 4), ["X", "y", "m.W1", "m.b1"]);
  });

  test("grouped by net, a group stands where its first member does and folds", () => {
    const collapsed = new Set(["net:m"]);
    assert.deepEqual(sketch(nodeRows(passed, { ...plain, grouping: "net", collapsed })), [
      "▾  (3)",
      "X",
      "y",
      "do_dW2",
      "▸ m (10)",
    ]);
  });

  test("grouped by family, lone nodes stay alone", () => {
    const family = nodesOf(
      ["x", "z[1]", "a[1]", "z[2]", "a[2]", "loss"].map((name) => ({
        name,
        op: "add",
        value: tensorOf([], [1]),
      })),
    ).map((node) => node.summary);
    assert.deepEqual(sketch(nodeRows(family, { ...plain, grouping: "family" })), [
      "x",
      "▾ z (2)",
      "z[1]",
      "z[2]",
      "▾ a (2)",
      "a[1]",
      "a[2]",
      "loss",
    ]);
    assert.equal(familyOf("m.H[2][tanh]"), "m.H");
  });

  test("the turns of a loop are told apart, and are a family", () => {
    const rows = nodeRows(nodes(shapesTarget()), { ...plain, grouping: "family", filter: "h tanh" });
    assert.deepEqual(sketch(rows), ["▾ h (2)", "h (i = 1)", "h (i = 2)"]);
  });

  test("every word of the filter must be found, in the name, the op, the role or the shape", () => {
    const found = (filter: string): readonly string[] => sketch(nodeRows(passed, { ...plain, filter }));
    assert.deepEqual(found("PARAM w"), ["m.W1", "m.W2"]);
    assert.deepEqual(found("[5, 2"), ["m.o", "do_dW2"]);
    assert.deepEqual(found("[5,2"), ["m.o", "do_dW2"]);
    assert.deepEqual(found("cross"), ["m.L"]);
    assert.deepEqual(found("cross relu"), []);
  });

  test("a sort runs across groups, both ways, and puts what has no number last", () => {
    const sorted = (
      column: "value.max" | "gradient.mean" | "name" | "shape",
      direction: "ascending" | "descending",
    ): readonly string[] =>
      sketch(nodeRows(failed, { ...plain, grouping: "net", sort: { column, direction } }));
    assert.deepEqual(sorted("value.max", "descending").slice(-2), ["m.r", "J"]);
    assert.deepEqual(sorted("value.max", "ascending").slice(-2), ["m.r", "J"]);
    const up = sorted("value.max", "ascending").slice(0, 8);
    assert.deepEqual(sorted("value.max", "descending").slice(0, 8), [...up].reverse());
    assert.equal(sorted("shape", "ascending")[0], "J");
    assert.deepEqual(sorted("name", "ascending").slice(0, 3), ["J", "m.a", "m.g"]);
  });

  test("names sort by number where they have one", () => {
    const names = nodesOf(
      ["z[10]", "z[9]", "z[1]"].map((name) => ({ name, op: "add", value: tensorOf([], [1]) })),
    ).map((node) => node.summary);
    assert.deepEqual(
      sketch(nodeRows(names, { ...plain, sort: { column: "name", direction: "ascending" } })),
      ["z[1]", "z[9]", "z[10]"],
    );
  });

  test("a heading sorts one way, the other way, and no longer", () => {
    const first = nextSort(null, "value.mean");
    assert.deepEqual(first, { column: "value.mean", direction: "descending" });
    const second = nextSort(first, "value.mean");
    assert.equal(second?.direction, "ascending");
    assert.equal(nextSort(second, "value.mean"), null);
    assert.deepEqual(nextSort(first, "name"), { column: "name", direction: "ascending" });
  });
});

suite("columns of values", () => {
  const shown = (width: number, gradient = true): string => {
    const { op, shape, figures } = tableLayout(width, gradient);
    return [...(op ? ["op"] : []), ...(shape ? ["shape"] : []), ...figures.map(({ label }) => label)].join(
      " ",
    );
  };

  test("they give way one group at a time as the panel narrows", () => {
    assert.equal(shown(1500), "op shape μ σ min max zeros NaN ∞");
    assert.equal(shown(1280), "op shape μ σ min max");
    assert.equal(shown(900), "op shape μ σ");
    assert.equal(shown(660), "shape σ");
    assert.equal(shown(500), "shape");
    assert.equal(shown(300), "");
    assert.equal(shown(660, false), "op shape μ σ");
  });
});

suite("health", () => {
  const marks = (all: readonly NodeSummary[]): Readonly<Record<string, readonly string[]>> => {
    const found = healthOf(all);
    return Object.fromEntries(
      all
        .filter(({ id }) => found.has(id))
        .map((node) => [node.name, found.get(node.id)!.map(({ of, label }) => `${of}: ${label}`)]),
    );
  };

  test("a healthy run has no marks", () => {
    assert.deepEqual(marks(nodes(passedTarget())), {});
  });

  test("NaN is followed to where it starts, forward by inputs, backward by consumers", () => {
    const found = marks(nodes(failedTarget()));
    assert.deepEqual(found["m.g"], ["value: NaN starts here", "gradient: NaN starts here"]);
    assert.deepEqual(found["m.q"], ["value: NaN"]);
    assert.deepEqual(found["J"], ["value: NaN"]);
    assert.deepEqual(found["m.W"], ["gradient: Infinity starts here"]);
  });

  test("a gradient's NaN is inherited from what the node feeds", () => {
    const all = nodesOf([
      { name: "a", op: "exp", value: tensorOf([2], [1, 2]), gradient: tensorOf([2], [NaN, 1]) },
      { name: "b", op: "log", parents: [0], value: tensorOf([2], [1, 2]), gradient: tensorOf([2], [NaN, 1]) },
    ]).map((node) => node.summary);
    assert.deepEqual(marks(all), { a: ["gradient: NaN"], b: ["gradient: NaN starts here"] });
  });

  test("dead, saturated, and exactly zero", () => {
    const found = marks(nodes(failedTarget()));
    assert.deepEqual(found["m.a"], ["value: dead 94 %", "gradient: all 0"]);
    assert.deepEqual(found["m.unused"], ["value: saturated 100 %"]);
  });

  test("a relu that passes a third, and a structural zero, are healthy", () => {
    const all = nodesOf([
      { name: "h", op: "relu", value: tensorOf([9], (i) => (i % 3 === 0 ? 1 : 0)), gradient: "zero" },
      { name: "t", op: "tanh", value: tensorOf([9], (i) => i / 12), gradient: "pending" },
    ]).map((node) => node.summary);
    assert.deepEqual(marks(all), {});
    assert.equal(gradientSummary(all[0]!), null);
  });

  test("gradients far from the median vanish or explode", () => {
    const found = marks(nodes(deepTarget()));
    const layers = Object.keys(found).map((name) => Number(/\[(\d+)\]/.exec(name)?.[1]));
    // 0.9 decades a layer and the median in layer 6: four decades below it is layer 1.
    assert.deepEqual([...new Set(layers)], [1, 11]);
    const few = nodesOf(
      [1, 1e-9, 1].map((size, i) => ({
        name: `g${String(i)}`,
        op: "add",
        value: tensorOf([4], noise(1)),
        gradient: tensorOf([4], () => size),
      })),
    ).map((node) => node.summary);
    assert.deepEqual(marks(few), {}, "three gradients have no telling median");
  });
});
