/** Where cells stand: fitting, zooming, panning, cursor keys, and a tensor's layout as a matrix. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { movedCell, zoomCentre } from "../../src/hosts/webview/tensor/cursor-keys";
import {
  elementName,
  fullIndex,
  leadingIndices,
  matrixOf,
  placeOfIndex,
} from "../../src/hosts/webview/tensor/tensor-axes";
import { TensorLook } from "../../src/hosts/webview/tensor/tensor-look";
import {
  bringIntoView,
  cellAt,
  clamp,
  fit,
  fittedHeight,
  isFitted,
  pan,
  tickEvery,
  type Viewport,
  visibleCells,
  zoomAt,
} from "../../src/hosts/webview/tensor/viewport";

const space = { width: 600, height: 400 };
const grids = fc.record({
  rows: fc.integer({ min: 1, max: 5000 }),
  columns: fc.integer({ min: 1, max: 5000 }),
});

/** The place of a cell's left upper corner, in pixels. */
function corner(view: Viewport, row: number, column: number): readonly [number, number] {
  return [(column - view.left) * view.cellWidth, (row - view.top) * view.cellHeight];
}

suite("viewport", () => {
  test("a fitted matrix is wholly in view, at the top left", () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const view = fit(grid, space);
        assert.ok(grid.columns * view.cellWidth <= space.width * 1.001 + 1e-6);
        assert.ok(grid.rows * view.cellHeight <= space.height * 1.001 + 1e-6);
        assert.deepEqual(visibleCells(view, grid, space), {
          fromRow: 0,
          toRow: grid.rows,
          fromColumn: 0,
          toColumn: grid.columns,
        });
        assert.ok(isFitted(view, grid, space));
        assert.ok(fittedHeight(grid, space) <= space.height);
      }),
      { seed: 42 },
    );
  });

  test("small matrices have cells for numbers, larger ones squares, vectors strips", () => {
    const small = fit({ rows: 5, columns: 3 }, space);
    assert.ok(small.cellWidth >= 44 && small.cellHeight >= 20);
    const image = fit({ rows: 28, columns: 28 }, space);
    assert.equal(image.cellWidth, image.cellHeight);
    assert.ok(fit({ rows: 1, columns: 784 }, space).cellHeight >= 30);
    assert.ok(fit({ rows: 4000, columns: 2 }, space).cellWidth * 2 >= 12, "a thin matrix stays visible");
  });

  test("zooming keeps the point under the pointer, where the edges allow it", () => {
    const grid = { rows: 1000, columns: 1000 };
    const view = clamp({ left: 400, top: 300, cellWidth: 4, cellHeight: 4 }, grid, space);
    const zoomed = zoomAt(view, { grid, space, factor: 2, x: 123, y: 77 });
    assert.equal(zoomed.cellWidth, 8);
    const before = [view.left + 123 / view.cellWidth, view.top + 77 / view.cellHeight];
    const after = [zoomed.left + 123 / zoomed.cellWidth, zoomed.top + 77 / zoomed.cellHeight];
    before.forEach((at, i) => assert.ok(Math.abs(at - after[i]!) < 1e-9));
  });

  test("zooming out ends at the fit, zooming in at cells of 96 pixels", () => {
    const grid = { rows: 1000, columns: 1000 };
    const start = fit(grid, space);
    const out = zoomAt(start, { grid, space, factor: 0.1, x: 10, y: 10 });
    assert.deepEqual(out, start);
    let view = start;
    for (let i = 0; i < 40; i++) view = zoomAt(view, { grid, space, factor: 1.5, x: 10, y: 10 });
    assert.equal(view.cellWidth, 96);
    const strip = zoomAt(fit({ rows: 1, columns: 784 }, space), {
      grid: { rows: 1, columns: 784 },
      space,
      factor: 3,
      x: 0,
      y: 0,
    });
    assert.equal(
      strip.cellHeight,
      fit({ rows: 1, columns: 784 }, space).cellHeight,
      "a vector only gets longer",
    );
  });

  test("panning moves by pixels and stops at the edges", () => {
    const grid = { rows: 100, columns: 100 };
    const view = { left: 10, top: 10, cellWidth: 20, cellHeight: 20 };
    assert.deepEqual(pan(view, grid, space, 40, -20), { ...view, left: 8, top: 11 });
    assert.deepEqual(pan(view, grid, space, 1e6, 1e6), { ...view, left: 0, top: 0 });
    assert.deepEqual(pan(view, grid, space, -1e6, -1e6), { ...view, left: 70, top: 80 });
  });

  test("a point finds the cell that is drawn there", () => {
    fc.assert(
      fc.property(
        fc.nat(99),
        fc.nat(99),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (row, column, inside) => {
          const grid = { rows: 100, columns: 100 };
          const view = { left: 3.25, top: 7.5, cellWidth: 13, cellHeight: 9 };
          const [x, y] = corner(view, row, column);
          assert.deepEqual(cellAt(view, grid, x + inside * 13, y + inside * 9), { row, column });
        },
      ),
      { seed: 42 },
    );
    assert.equal(
      cellAt({ left: 0, top: 0, cellWidth: 10, cellHeight: 10 }, { rows: 2, columns: 2 }, 21, 5),
      null,
    );
  });

  test("a cell out of view is brought in whole, one in view moves nothing", () => {
    const grid = { rows: 100, columns: 100 };
    const view = { left: 10, top: 10, cellWidth: 20, cellHeight: 20 };
    assert.equal(bringIntoView(view, grid, space, { row: 15, column: 15 }).left, 10);
    const moved = bringIntoView(view, grid, space, { row: 60, column: 5 });
    assert.deepEqual([moved.left, moved.top], [5, 41]);
  });

  test("axis ticks go by 1, 2, 5", () => {
    assert.deepEqual(
      [100, 14, 10, 5, 3, 1, 0.1].map((cell) => tickEvery(cell, 25)),
      [1, 2, 5, 5, 10, 50, 500],
    );
  });
});

suite("cursor keys", () => {
  const grid = { rows: 3, columns: 40 };
  test("arrows move, shift moves far, nothing leaves the matrix", () => {
    const at = { row: 1, column: 20 };
    assert.deepEqual(movedCell("ArrowDown", false, at, grid), { row: 2, column: 20 });
    assert.deepEqual(movedCell("ArrowUp", true, at, grid), { row: 0, column: 20 });
    assert.deepEqual(movedCell("ArrowRight", true, at, grid), { row: 1, column: 30 });
    assert.deepEqual(movedCell("Home", false, at, grid), { row: 1, column: 0 });
    assert.deepEqual(movedCell("End", false, at, grid), { row: 1, column: 39 });
    assert.equal(movedCell("Enter", false, at, grid), null);
  });

  test("the first key shows the cursor where it starts", () => {
    assert.deepEqual(movedCell("ArrowRight", false, null, grid), { row: 0, column: 0 });
  });

  test("zooming by key is centred on the cursor, without one on the middle", () => {
    const view = { left: 10, top: 0, cellWidth: 10, cellHeight: 10 };
    assert.deepEqual(zoomCentre(view, space, null), { x: 300, y: 200 });
    assert.deepEqual(zoomCentre(view, space, { row: 1, column: 12 }), { x: 25, y: 15 });
    assert.deepEqual(zoomCentre(view, space, { row: 1, column: 2 }), { x: 0, y: 15 });
  });
});

suite("tensor look", () => {
  test("it fits until told otherwise, follows its cursor, and forgets with another tensor", () => {
    let changes = 0;
    const look = new TensorLook(() => changes++);
    look.layOut({ rows: 400, columns: 400 }, space);
    assert.deepEqual(look.view, fit({ rows: 400, columns: 400 }, space));
    for (let i = 0; i < 12; i++) look.zoom(2);
    assert.equal(look.view.cellWidth, 96);
    look.moveTo({ row: 399, column: 0 });
    const { fromRow, toRow } = visibleCells(look.view, { rows: 400, columns: 400 }, look.space);
    assert.ok(fromRow <= 399 && toRow === 400);
    assert.deepEqual(look.cell, { row: 399, column: 0 });
    look.point({ row: 1, column: 1 });
    assert.deepEqual(look.cell, { row: 1, column: 1 }, "the pointer is read out before the cursor");
    look.reset();
    assert.deepEqual([look.cell, look.view], [null, fit({ rows: 400, columns: 400 }, space)]);
    assert.equal(changes, 14);
  });
});

suite("tensor axes", () => {
  test("the last two dimensions are rows and columns", () => {
    assert.deepEqual([[], [7], [5, 3], [8, 3, 32, 16]].map(matrixOf), [
      { rows: 1, columns: 1 },
      { rows: 1, columns: 7 },
      { rows: 5, columns: 3 },
      { rows: 32, columns: 16 },
    ]);
  });

  test("leading indices are kept as far as the shape allows", () => {
    assert.deepEqual(leadingIndices([8, 3, 32, 32], [9, 1]), [7, 1]);
    assert.deepEqual(leadingIndices([8, 3, 32, 32], []), [0, 0]);
    assert.deepEqual(leadingIndices([5, 3], [4, 4]), []);
  });

  test("an index leads to its place and back", () => {
    const shape = [4, 3, 5, 6];
    const place = placeOfIndex(shape, [3, 2, 4, 1]);
    assert.deepEqual(place, { leading: [3, 2], cell: { row: 4, column: 1 } });
    assert.deepEqual(fullIndex(shape, place.leading, place.cell), [3, 2, 4, 1]);
    assert.deepEqual(fullIndex([5], [], { row: 0, column: 2 }), [2]);
    assert.deepEqual(placeOfIndex([], []), { leading: [], cell: { row: 0, column: 0 } });
    for (const wrong of [[1], [4, 0, 0, 0], [0, 0, 0, -1], [0, 0, 0.5, 0]])
      assert.equal(placeOfIndex(shape, wrong), null);
    assert.deepEqual([elementName("z", [3, 1]), elementName("J", [])], ["z[3, 1]", "J"]);
  });
});
