/** Cameras, walking, lines and the SVG file: the numbers behind the drawing of a graph. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bringIntoView,
  type Camera,
  fitAll,
  keepInReach,
  seenBy,
  toDrawing,
  toPixels,
  zoomAround,
} from "../../src/hosts/webview/graph/camera";
import { boxAt, type Drawing, type PlacedBox, type PlacedLine } from "../../src/hosts/webview/graph/drawing";
import type { Box, Line } from "../../src/hosts/webview/graph/folded-graph";
import type { GraphLook } from "../../src/hosts/webview/graph/graph-look";
import { arrowPath, linePath, widthsByNorm } from "../../src/hosts/webview/graph/line-paths";
import { makeScene } from "../../src/hosts/webview/graph/scene";
import { commandOf } from "../../src/hosts/webview/graph/stage-keys";
import { sceneSvg } from "../../src/hosts/webview/graph/svg-export";
import { nextBox } from "../../src/hosts/webview/graph/walk";

function box(key: string, more: Partial<Box> = {}): Box {
  return {
    key,
    kind: "node",
    title: key,
    what: "",
    node: null,
    members: [],
    named: 1,
    parent: null,
    fold: null,
    container: null,
    ...more,
  };
}

function placed(key: string, x: number, y: number, more: Partial<PlacedBox> = {}): PlacedBox {
  return { box: box(key), depth: 0, x, y, width: 80, height: 40, ...more };
}

function line(from: string, to: string, norm: number | null = null): Line {
  return { key: `${from}→${to}`, from, to, shapes: ["[2]"], norm };
}

function route(from: string, to: string, norm: number | null = null): PlacedLine {
  return {
    line: line(from, to, norm),
    points: [
      { x: 40, y: 40 },
      { x: 40, y: 70 },
      { x: 140, y: 70 },
      { x: 140, y: 100 },
    ],
    label: { x: 60, y: 60, width: 30, height: 16, text: "[2]" },
  };
}

const drawing: Drawing = {
  width: 300,
  height: 200,
  direction: "down",
  boxes: [
    placed("m", 0, 80, { box: box("m", { fold: "open" }), width: 300, height: 120 }),
    placed("a", 0, 0),
    placed("b", 100, 0),
    placed("c", 100, 100, { box: box("c", { parent: "m" }), depth: 1 }),
    placed("d", 210, 100, { box: box("d", { parent: "m" }), depth: 1 }),
  ],
  edges: [route("a", "c", null)],
  flows: [{ ...route("c", "a", 2), points: route("a", "c").points.toReversed() }],
};
const space = { width: 600, height: 400 };
const camera = fc.record({
  x: fc.double({ min: -500, max: 500, noNaN: true }),
  y: fc.double({ min: -500, max: 500, noNaN: true }),
  scale: fc.double({ min: 0.05, max: 3, noNaN: true }),
});
const point = fc.record({ x: fc.integer({ min: 0, max: 600 }), y: fc.integer({ min: 0, max: 400 }) });

function near(a: number, b: number): void {
  assert.ok(Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(a)), `${String(a)} is not ${String(b)}`);
}

suite("the camera on a graph", () => {
  test("fitting shows all of it, centred, and never larger than it is", () => {
    for (const extent of [drawing, { width: 5000, height: 300 }, { width: 200, height: 9000 }]) {
      const fitted = fitAll(extent, space);
      const seen = seenBy(fitted, space);
      assert.ok(fitted.scale <= 1);
      assert.ok(seen.x <= 0 && seen.y <= 0);
      assert.ok(seen.x + seen.width >= extent.width && seen.y + seen.height >= extent.height);
      near(seen.x + seen.width / 2, extent.width / 2);
      near(seen.y + seen.height / 2, extent.height / 2);
    }
  });

  test("zooming leaves what is under the pointer there", () => {
    fc.assert(
      fc.property(camera, point, fc.double({ min: 0.2, max: 5, noNaN: true }), (from, at, factor) => {
        const to = zoomAround(from, at, factor);
        const back = toPixels(to, toDrawing(from, at));
        near(back.x, at.x);
        near(back.y, at.y);
      }),
      { seed: 42 },
    );
  });

  test("what is in view stays where it is; what is not comes in by the shortest way", () => {
    const at: Camera = { x: 0, y: 0, scale: 1 };
    assert.deepEqual(bringIntoView(at, { x: 100, y: 100, width: 80, height: 40 }, space), at);
    const right = bringIntoView(at, { x: 900, y: 100, width: 80, height: 40 }, space);
    assert.deepEqual(right, { x: 900 + 80 + 16 - 600, y: 0, scale: 1 });
  });

  test("the drawing cannot be lost", () => {
    fc.assert(
      fc.property(camera, (from) => {
        const seen = seenBy(keepInReach(from, drawing, space), space);
        assert.ok(seen.x < drawing.width && seen.x + seen.width > 0);
        assert.ok(seen.y < drawing.height && seen.y + seen.height > 0);
      }),
      { seed: 42 },
    );
  });
});

suite("walking on a graph", () => {
  const next = (from: string, step: "up" | "down" | "left" | "right"): string | undefined =>
    nextBox(
      drawing,
      drawing.boxes.find((each) => each.box.key === from)!,
      step,
    )?.box.key;

  test("to the nearest box in a direction, never to the container around it", () => {
    assert.equal(next("a", "right"), "b");
    assert.equal(next("b", "left"), "a");
    assert.equal(next("c", "right"), "d");
    assert.equal(next("c", "up"), "b");
    assert.equal(next("d", "right"), undefined);
  });

  test("a pointer is on the innermost box", () => {
    assert.equal(boxAt(drawing, { x: 120, y: 120 })?.box.key, "c");
    assert.equal(boxAt(drawing, { x: 10, y: 190 })?.box.key, "m");
    assert.equal(boxAt(drawing, { x: 90, y: 20 }), null);
  });

  test("keys with Ctrl, Alt or Meta are the editor's", () => {
    const key = { key: "ArrowDown", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
    assert.deepEqual(commandOf(key), { kind: "walk", step: "down" });
    assert.deepEqual(commandOf({ ...key, shiftKey: true })?.kind, "pan");
    assert.equal(commandOf({ ...key, ctrlKey: true }), null);
    assert.equal(commandOf({ ...key, key: "x" }), null);
  });
});

suite("the lines of a graph", () => {
  test("a line goes through its corners, rounded, and leaves room for its head", () => {
    const path = linePath(route("a", "c").points);
    assert.equal(path, "M40 40L40 64Q40 70 46 70L134 70Q140 70 140 76L140 93");
  });

  test("the head ends where the line is to end, and is wider on wider lines", () => {
    const points = [
      { x: 0, y: 0 },
      { x: 0, y: 50 },
    ];
    assert.match(arrowPath(points, 1), /^M0 50L/);
    const width = (path: string): number => {
      const xs = [...path.matchAll(/L(-?[\d.]+) /g)].map(([, x]) => Number(x));
      return Math.max(...xs) - Math.min(...xs);
    };
    assert.ok(width(arrowPath(points, 6)) > width(arrowPath(points, 1)) + 4);
  });

  test("widths grow with the logarithm of the norm over four decades", () => {
    const lines = [1, 100, 1e-2, 1e-9, 0, NaN, null].map((norm) => route("a", "c", norm));
    const widthOf = widthsByNorm(lines);
    assert.deepEqual(lines.map(widthOf), [4, 7, 1, 1, 1, 1, 1]);
  });
});

suite("a graph as an SVG file", () => {
  const look: GraphLook = {
    kind: "light",
    background: "#ffffff",
    card: "#f6f6f7",
    container: "#00000008",
    border: "#c8c8c8",
    text: "#3b3b3b",
    faint: "#666666",
    line: "#8a8f98",
    flow: "#b5620b",
    focus: "#005fb8",
    selected: "#e4e6f1",
    match: "#bf8803",
    family: '"Some Mono", monospace',
    accents: {
      parameter: "#388a34",
      input: "#1a85ff",
      value: "#8a8f98",
      operator: "transparent",
      body: "#652d90",
    },
  };

  test("it has every box and line, stands by itself and escapes what it quotes", () => {
    const named = { ...drawing, boxes: [...drawing.boxes, placed("x", 0, 0, { box: box('a < b & "c"') })] };
    const svg = sceneSvg(makeScene(named, "forward", false), look, "graph of <m>");
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="324" height="224"/);
    for (const title of ["a", "b", "c", "d", "m"]) assert.ok(svg.includes(`>${title}</text>`), title);
    assert.ok(svg.includes("a &#60; b &#38; &#34;c&#34;</text>"));
    assert.ok(svg.includes("<title>graph of &#60;m&#62;</title>"));
    assert.ok(svg.includes(linePath(route("a", "c").points)));
    assert.ok(!/href|<script|<style|url\(/.test(svg));
    assert.equal(svg.split("<g>").length, svg.split("</g>").length);
  });

  test("backward it has the flows instead, as wide as they are large", () => {
    const svg = sceneSvg(makeScene(drawing, "backward", true), look, "graph");
    assert.ok(svg.includes(linePath(drawing.flows[0]!.points)));
    assert.ok(svg.includes(`stroke="${look.flow}" stroke-width="7"`));
    assert.ok(!svg.includes(look.line));
  });
});
