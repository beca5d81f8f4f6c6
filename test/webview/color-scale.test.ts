/** Colours: mixing, the two scales, ink. Numbers are closed forms; the browser suite compares with the browser's own. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  brushedColor,
  colorOf,
  colorScale,
  paintValues,
  paletteFor,
  placeOnScale,
  rampLength,
} from "../../src/hosts/webview/look/color-scale";
import { inkOn, mix, parseColor, type Rgb } from "../../src/hosts/webview/look/color-space";

const dark = paletteFor("dark", [31, 31, 31]);

function close(actual: Rgb, expected: Rgb, within: number): void {
  actual.forEach((channel, i) =>
    assert.ok(Math.abs(channel - expected[i]!) <= within, `${String(actual)} is not ${String(expected)}`),
  );
}

suite("colour space", () => {
  test("CSS colours are read in every form that a theme may use", () => {
    assert.deepEqual(parseColor(" #1f1f1f"), [31, 31, 31]);
    assert.deepEqual(parseColor("#fff"), [255, 255, 255]);
    assert.deepEqual(parseColor("#11223380"), [17, 34, 51]);
    assert.deepEqual(parseColor("rgba(1, 2, 3, 0.5)"), [1, 2, 3]);
    assert.deepEqual(parseColor("rgb(1 2 3)"), [1, 2, 3]);
    for (const wrong of ["", "#12345", "red", "rgb(1, 2)"]) assert.equal(parseColor(wrong), null);
  });

  test("a mix starts and ends at its colours, and greys mix by lightness", () => {
    close(mix([10, 84, 171], [255, 0, 3], 0), [10, 84, 171], 0.01);
    close(mix([10, 84, 171], [255, 0, 3], 1), [255, 0, 3], 0.01);
    // Between black and white L = 0.5, so each linear channel is 0.5³; sRGB of 0.125 is 0.3886.
    close(mix([0, 0, 0], [255, 255, 255], 0.5), [99.1, 99.1, 99.1], 0.1);
  });

  test("ink always contrasts at least 4.5 to 1", () => {
    const linear = (c: number): number =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]: Rgb): number =>
      0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (r, g, b) => {
        const [low, high] = [luminance([r, g, b]), luminance(inkOn([r, g, b]))].sort((a, c) => a - c);
        assert.ok((high! + 0.05) / (low! + 0.05) >= 4.5);
      }),
      { seed: 42 },
    );
  });
});

suite("colour scale", () => {
  test("zero on a diverging scale is exactly the background, its ends the two signs", () => {
    const scale = colorScale(dark, "diverging", -1, 4);
    assert.deepEqual([scale.low, scale.high], [-4, 4]);
    assert.deepEqual(colorOf(scale, 0), [31, 31, 31]);
    close(colorOf(scale, 4), dark.positive, 1);
    close(colorOf(scale, -4), dark.negative, 1);
    close(colorOf(scale, 99), dark.positive, 1);
  });

  test("NaN and infinities have colours of their own", () => {
    const scale = colorScale(dark, "diverging", -1, 1);
    assert.deepEqual(
      [NaN, Infinity, -Infinity].map((value) => colorOf(scale, value)),
      [dark.nan, dark.positiveInfinity, dark.negativeInfinity],
    );
  });

  test("a sequential scale spans min to max", () => {
    const scale = colorScale(dark, "sequential", 2, 3);
    assert.deepEqual([scale.low, scale.high, placeOnScale(scale, 2.5)], [2, 3, 0.5]);
    // The ends of viridis, as matplotlib has them.
    close(colorOf(scale, 2), [68, 1, 84], 1);
    close(colorOf(scale, 3), [253, 231, 37], 1);
  });

  test("constant, absent and enormous values still make a scale", () => {
    for (const [min, max] of [
      [0, 0],
      [NaN, NaN],
      [5, 5],
      [-1.7e308, 1.7e308],
    ] as const) {
      for (const mode of ["diverging", "sequential"] as const) {
        const scale = colorScale(dark, mode, min, max);
        const place = placeOnScale(scale, 0);
        assert.ok(
          scale.high > scale.low && place >= 0 && place <= 1,
          `${mode} ${String(min)} ${String(max)}`,
        );
      }
    }
    assert.equal(placeOnScale(colorScale(dark, "diverging", -1.7e308, 1.7e308), 0), 0.5);
  });

  test("larger means farther along the scale, and lightness rises evenly to both ends", () => {
    const { ramp } = colorScale(dark, "diverging", -1, 1);
    const sum = (i: number): number => ramp[3 * i]! + ramp[3 * i + 1]! + ramp[3 * i + 2]!;
    const middle = (rampLength - 1) / 2;
    for (let i = 8; i <= middle; i += 8) {
      assert.ok(sum(middle + i) > sum(middle + i - 8));
      assert.ok(sum(middle - i) > sum(middle - i + 8));
    }
  });

  test("painting fills four opaque bytes for each value", () => {
    const pixels = new Uint8ClampedArray(8);
    paintValues(colorScale(dark, "diverging", -1, 1), [0, NaN], pixels);
    assert.deepEqual([...pixels], [31, 31, 31, 255, 240, 80, 240, 255]);
  });

  test("what is not singled out is painted, and written on, as it looks", () => {
    const scale = colorScale(paletteFor("light", [255, 255, 255]), "diverging", -2, 2);
    const values = [-2, -1, 0.5, 2, NaN, Infinity];
    const brush = { from: -1, to: 1 };
    const pixels = new Uint8ClampedArray(4 * values.length);
    paintValues(scale, values, pixels, brush);
    for (const [i, value] of values.entries())
      close([pixels[4 * i]!, pixels[4 * i + 1]!, pixels[4 * i + 2]!], brushedColor(scale, value, brush), 1);
    // White on the deep colour of the largest, black on what is left of it.
    assert.deepEqual(inkOn(brushedColor(scale, 2, null)), [255, 255, 255]);
    assert.deepEqual(inkOn(brushedColor(scale, 2, brush)), [0, 0, 0]);
  });
});
