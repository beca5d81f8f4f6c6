/** Gradients from layer to layer: closed forms. */
import assert from "node:assert/strict";
import { layerMarks, layerRatio, ratioText } from "../../src/hosts/webview/state/layer-ratio";
import { rowWindow, scrollToRow } from "../../src/hosts/webview/values/row-window";
import { nodesOf, tensorOf } from "./fixture-tensors";

function family(sizes: readonly number[]): ReturnType<typeof nodesOf>[number]["summary"][] {
  const specs = sizes.map((size, i) => ({
    name: `m.W[${String(i + 1)}]`,
    op: "randn",
    value: tensorOf([2], [1, 2], "float64"),
    gradient: tensorOf([2], [size, -size], "float64"),
  }));
  return nodesOf(specs).map(({ summary }) => summary);
}

suite("gradients from layer to layer", () => {
  test("the factor is the geometric mean on the way back", () => {
    const ratio = layerRatio(family([1e-4, 1e-3, 1e-2, 0.1]))!;
    assert.ok(Math.abs(ratio.factor - 0.1) < 1e-12);
    assert.ok(Math.abs(ratio.whole - 1e-3) < 1e-12);
    assert.equal(ratioText(ratio), "∂ × 0.10 a layer");
    assert.equal(layerRatio(family([1])), null);
    assert.equal(layerRatio(family([0, 1])), null, "a gradient of 0 has no ratio");
  });

  test("a family that fades or grows far in all is marked at its first layer", () => {
    const fades = family([1e-5, 1e-3, 0.1]);
    assert.equal(layerMarks(fades).get(0)?.label, "fades × 0.010 a layer");
    assert.equal(layerMarks(family([1e3, 10, 0.1])).get(0)?.kind, "exploding");
    assert.equal(layerMarks(family([0.2, 0.4, 0.3])).size, 0);
    assert.equal(layerMarks(family([1e-9, 1])).size, 0, "two layers are no trend");
  });
});

suite("rows of a long table", () => {
  test("a short table is whole, of a long one what is in view and some around it", () => {
    assert.deepEqual(rowWindow(200, { top: 900, height: 300, rowHeight: 24 }), {
      from: 0,
      to: 200,
      above: 0,
      below: 0,
    });
    for (const top of [0, 1, 500, 12_345, 23_700]) {
      const { from, to, above, below } = rowWindow(1000, { top, height: 300, rowHeight: 24 });
      assert.ok(
        from * 24 <= top && to * 24 >= Math.min(top + 300, 24_000),
        `${String(from)}–${String(to)} at ${String(top)}`,
      );
      assert.ok(to - from <= 80);
      assert.equal(above + (to - from) * 24 + below, 24_000);
    }
  });

  test("a row is brought in view by the shortest way, under the head", () => {
    const view = { top: 240, height: 300, rowHeight: 24 };
    assert.equal(scrollToRow(12, view, 48), null);
    assert.equal(scrollToRow(5, view, 48), 120);
    assert.equal(scrollToRow(30, view, 48), 31 * 24 - 252);
  });
});
