/** What the panel shows for a state: tabs, notices, the order of verdicts; and the geometry of its small drawings. */
import assert from "node:assert/strict";
import type { CheckReport, Status } from "../../src/protocol";
import { barsPath, binRange, zeroPlace } from "../../src/hosts/webview/look/histogram-shape";
import {
  decadesAround,
  guideLine,
  labelledDecades,
  placeOnAxis,
  plotPoints,
} from "../../src/hosts/webview/reports/log-plot";
import {
  bannersOf,
  clockText,
  nodeInView,
  phaseOf,
  tabsOf,
  targetInView,
} from "../../src/hosts/webview/state/panel-phase";
import {
  checksInOrder,
  gradchecksOf,
  standsApart,
  tallyText,
} from "../../src/hosts/webview/look/verdict-order";
import { failedTarget } from "./fixture-failed";
import { passedTarget } from "./fixture-passed";
import { deepTarget } from "./fixture-shapes";
import { check, panelState } from "./fixture-states";

const passed = passedTarget();

suite("phase of the panel", () => {
  test("each state has its page, and results stay in view while a new run is under way", () => {
    const without = (phase: "empty" | "running" | "finished" | "cancelled" | "crashed"): string =>
      phaseOf(panelState([], { phase }), false);
    assert.deepEqual((["empty", "running", "finished", "cancelled", "crashed"] as const).map(without), [
      "empty",
      "running",
      "empty",
      "cancelled",
      "crashed",
    ]);
    for (const phase of ["running", "finished", "cancelled"] as const)
      assert.equal(phaseOf(panelState([passed], { phase }), false), "results");
    assert.equal(phaseOf(panelState([passed], { phase: "crashed" }), false), "crashed");
    assert.equal(phaseOf(null, false), "connecting");
    assert.equal(phaseOf(panelState([passed]), true), "mismatch");
  });

  test("only tabs with something in them are there", () => {
    assert.deepEqual(tabsOf(passed.report), ["values", "tensor", "graph", "derive", "checks", "gradcheck"]);
    assert.deepEqual(tabsOf(deepTarget().report), ["values", "tensor", "graph", "derive"]);
    assert.deepEqual(tabsOf({ ...passed.report, run: null, nodes: [] }), []);
  });

  test("the named target is in view, else the first", () => {
    const state = panelState([passed, failedTarget()], { target: "broken" });
    assert.equal(targetInView(state)?.name, "broken");
    assert.equal(targetInView({ ...state, target: "gone" })?.name, "section_5_3");
    assert.equal(targetInView(panelState([])), null);
  });

  test("the selection is found again by name; without one a computed matrix with a gradient shows", () => {
    assert.equal(nodeInView(passed.report, "m.b2")?.name, "m.b2");
    assert.equal(nodeInView(passed.report, null)?.name, "m.z");
    assert.equal(nodeInView({ ...passed.report, nodes: [] }, "m.b2"), null);
  });

  test("banners say what must be known to read the results", () => {
    const texts = (more: Parameters<typeof panelState>[1]): readonly string[] =>
      bannersOf(panelState([passed], more), passed.report).map(({ text }) => text);
    assert.deepEqual(texts({}), []);
    assert.match(texts({ stale: true })[0]!, /changed/);
    assert.deepEqual(texts({ stale: true, phase: "running" }), []);
    assert.match(texts({ phase: "cancelled", stale: true })[0]!, /cancelled/);
    const failed = failedTarget().report;
    assert.match(bannersOf(panelState([failedTarget()]), failed)[0]!.text, /^NN501: /);
  });
});

suite("order of verdicts", () => {
  test("what needs attention comes first, equals in source order", () => {
    const of = (label: string, status: CheckReport["status"]): CheckReport => check(label, 1, { status });
    const checks = [
      of("a", "passed"),
      of("b", "failed"),
      of("c", "pending"),
      of("d", "failed"),
      of("e", "error"),
    ];
    assert.equal(
      checksInOrder(checks)
        .map(({ label }) => label)
        .join(""),
      "ebdca",
    );
    const statuses: readonly Status[] = checks.map(({ status }) => status);
    assert.equal(tallyText(statuses), "1 error, 2 failed, 1 pending, 1 passed");
  });

  test("a gradient check that the report holds twice is shown once", () => {
    const { report } = passed;
    const again = {
      ...report,
      gradchecks: report.run!.gradchecks,
      sampled: { name: "x", range: report.range, gradcheck: report.run!.gradchecks[0]! },
    };
    assert.equal(gradchecksOf(again).length, 1);
  });

  test("an answer stands apart when it misses by more than rounding", () => {
    assert.equal(standsApart(-0.44921, -0.4492100003), false);
    assert.equal(standsApart(1.3412, -0.8347), true);
    assert.equal(standsApart(NaN, 1), true);
    assert.equal(standsApart(NaN, NaN), false);
    assert.equal(standsApart(1e-12, 0), false);
  });
});

suite("small drawings", () => {
  test("bars stand on the floor, as high as their counts, and a lone element is visible", () => {
    assert.equal(barsPath([4, 0, 2, 0], 40, 8), "M0 8V0H10V8ZM20 8V4H30V8Z");
    assert.equal(barsPath([1000, 1], 20, 10), "M0 10V0H10V10ZM10 10V9H20V10Z");
    assert.equal(barsPath([0, 0], 20, 10), "");
  });

  test("zero and bins lie where the values do", () => {
    assert.deepEqual(
      [zeroPlace({ min: -1, max: 3 }), zeroPlace({ min: 1, max: 3 }), zeroPlace({ min: 0, max: 0 })],
      [0.25, null, null],
    );
    assert.deepEqual(binRange({ min: -1, max: 1, histogram: [1, 2, 3, 4] }, 1), { from: -0.5, to: 0 });
  });

  test("an earlier run is told by its time, and by its day where that is another", () => {
    const newest = new Date(2030, 0, 2, 0, 3, 22).getTime();
    assert.equal(clockText(newest), "00:03:22");
    assert.equal(clockText(new Date(2030, 0, 2, 0, 1, 5).getTime(), newest), "00:01:05");
    assert.equal(clockText(new Date(2030, 0, 1, 23, 59, 5).getTime(), newest), "Jan 1, 23:59:05");
  });

  test("decades enclose the values that have a logarithm", () => {
    assert.deepEqual(decadesAround([3e-5, 0.02, 0, NaN, Infinity]), { from: -5, to: -1 });
    assert.deepEqual(decadesAround([1e-3, 1e-3]), { from: -3, to: -2 });
    assert.equal(decadesAround([0, 0]), null);
    assert.equal(placeOnAxis({ from: -4, to: 0 }, 1e-3), 0.25);
    assert.deepEqual(labelledDecades({ from: -10, to: 0 }, 6), [-10, -8, -6, -4, -2, 0]);
  });

  test("points of a power law lie on the guide of its slope", () => {
    const steps = [1e-1, 1e-2, 1e-3, 0];
    const x = decadesAround(steps)!;
    const remainders = steps.map((h) => 5 * h ** 2);
    const y = decadesAround(remainders)!;
    const points = plotPoints(steps, remainders, x, y);
    assert.equal(points.length, 3, "a remainder of 0 has no logarithm");
    const { from, to } = guideLine(2, points[0]!, x, y);
    for (const point of points) {
      const onLine = from.y + ((point.x - from.x) / (to.x - from.x)) * (to.y - from.y);
      assert.ok(Math.abs(onLine - point.y) < 1e-9);
    }
    for (const end of [from, to]) assert.ok(end.y >= -1e-9 && end.y <= 1 + 1e-9);
  });
});
