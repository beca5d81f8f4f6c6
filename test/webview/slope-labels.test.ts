/** Labels of guide lines find a place on nothing that is drawn, or none. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Box, isFree, labelPlace, type Spot } from "../../src/hosts/webview/reports/label-place";

const inside: Box = { x: 40, y: 10, width: 260, height: 170 };
const size = { width: 44, height: 11, side: "below" } as const;
const spot: fc.Arbitrary<Spot> = fc.record({
  x: fc.double({ min: 40, max: 300, noNaN: true }),
  y: fc.double({ min: 10, max: 180, noNaN: true }),
});

/** Many points of a polyline: an independent way to see whether it runs through a box. */
function pointsAlong(line: readonly Spot[]): Spot[] {
  return line.slice(1).flatMap((to, i) =>
    Array.from({ length: 101 }, (_, k) => {
      const from = line[i]!;
      return { x: from.x + ((to.x - from.x) * k) / 100, y: from.y + ((to.y - from.y) * k) / 100 };
    }),
  );
}

function isIn({ x, y }: Spot, box: Box): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

suite("labels of the slope plot", () => {
  test("no line runs through a label, and it stays inside", () => {
    fc.assert(
      fc.property(fc.array(spot, { minLength: 2, maxLength: 15 }), spot, spot, (curve, from, to) => {
        const guide = [from, to] as const;
        const box = labelPlace(guide, size, inside, { lines: [curve, guide], boxes: [] });
        if (box === null) return;
        assert.ok(box.x >= inside.x && box.x + box.width <= inside.x + inside.width);
        assert.ok(box.y >= inside.y && box.y + box.height <= inside.y + inside.height);
        for (const line of [curve, guide])
          assert.ok(
            pointsAlong(line).every((each) => !isIn(each, box)),
            JSON.stringify({ curve, guide, box }),
          );
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  test("a curve on its guide leaves the label beside both", () => {
    const guide = [
      { x: 60, y: 170 },
      { x: 290, y: 20 },
    ] as const;
    assert.notEqual(labelPlace(guide, size, inside, { lines: [guide, guide], boxes: [] }), null);
  });

  test("where there is no room there is no label", () => {
    const guide = [
      { x: 60, y: 170 },
      { x: 290, y: 20 },
    ] as const;
    const rows = Array.from({ length: 18 }, (_, i) => [
      { x: 40, y: 10 + 10 * i },
      { x: 300, y: 10 + 10 * i },
    ]);
    assert.equal(labelPlace(guide, size, inside, { lines: rows, boxes: [] }), null);
    assert.equal(labelPlace(guide, size, inside, { lines: [], boxes: [inside] }), null);
  });

  test("a segment that ends inside, one that passes, and one beside", () => {
    const box = { x: 100, y: 100, ...size };
    const free = (from: Spot, to: Spot): boolean => isFree(box, { lines: [[from, to]], boxes: [] });
    assert.equal(free({ x: 0, y: 0 }, { x: 120, y: 105 }), false);
    assert.equal(free({ x: 122, y: 0 }, { x: 122, y: 300 }), false);
    assert.equal(free({ x: 90, y: 0 }, { x: 90, y: 300 }), true);
  });
});
