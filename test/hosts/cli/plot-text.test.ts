/** Plots as text: the curve goes where its points are. */
import assert from "node:assert/strict";
import { colored } from "../../../src/hosts/cli/report/paint";
import { plotText } from "../../../src/hosts/cli/report/plot-text";
import type { PlotReport } from "../../../src/protocol";
import { pageOf, rangeAt } from "./hand-made-reports";

function plotOf(series: Readonly<Record<string, readonly number[]>>): PlotReport {
  const values = Object.entries(series).map(([name, data]) => {
    return { name, shape: [data.length], dtype: "float64" as const, data, range: rangeAt(0, 0) };
  });
  return { range: rangeAt(0, 0), at: null, series: values };
}

/** The drawing alone: what stands right of the axis. */
function drawing(lines: readonly string[]): string[] {
  return lines.filter((line) => /[┤│]/.test(line)).map((line) => line.replace(/^.*?[┤│]/, ""));
}

suite("command line: plots", () => {
  test("a rising line goes from the bottom left to the top right, with the axes' ends beside it", () => {
    const lines = plotText(pageOf({}), plotOf({ y: [0, 1, 2, 3] }));
    assert.equal(lines[0], "y");
    const rows = drawing(lines);
    assert.equal(rows.length, 10);
    assert.match(rows[0] ?? "", /^ +[⠀-⣿]+$/u);
    assert.match(rows.at(-1) ?? "", /^[⠀-⣿]+$/u);
    const left = rows.map((row) => row.search(/[⠀-⣿]/u));
    for (let i = 1; i < left.length; i++)
      assert.ok(left[i]! < left[i - 1]!, "every row further left than the one above");
    assert.match(lines[1] ?? "", /^3 ┤/);
    assert.match(lines[10] ?? "", /^0 ┤/);
    assert.match(lines[11] ?? "", /^ +0 +3$/);
  });

  test("the first of several is the abscissa; without colours curves are letters, with a legend", () => {
    const plot = plotOf({ x: [-1, 0, 1], up: [-1, 0, 1], down: [1, 0, -1] });
    const lines = plotText(pageOf({}), plot);
    assert.equal(lines[0], "up, down against x");
    assert.match(lines.at(-1) ?? "", /o up {3}x down/);
    const rows = drawing(lines);
    assert.match(rows[0] ?? "", /^x+ +o+$/);
    assert.match(rows.at(-1) ?? "", /^o+ +x+$/);
    assert.match(plotText(pageOf({}, colored), plot).join("\n"), /[⠀-⣿]/u);
  });

  test("points that are not finite are left out and counted; a plot of none says so", () => {
    const lines = plotText(pageOf({}), plotOf({ y: [0, NaN, Infinity, 1] }));
    assert.match(lines.at(-1) ?? "", /2 of the points are NaN or infinite/);
    assert.deepEqual(plotText(pageOf({}), plotOf({ y: [] })), ["y", "nothing to draw"]);
  });

  test("constants, single points and the whole range of numbers are drawn within the frame", () => {
    for (const data of [[1, 1, 1], [5], [-Number.MAX_VALUE, Number.MAX_VALUE], [0, Number.MIN_VALUE]]) {
      const rows = drawing(plotText(pageOf({}), plotOf({ y: data })));
      assert.equal(rows.length, 10);
      assert.ok(
        rows.some((row) => /[⠀-⣿]/u.test(row)),
        String(data),
      );
      for (const row of rows) assert.ok([...row].length <= 60);
    }
  });
});
