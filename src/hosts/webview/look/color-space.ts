/** Colours as numbers: parsing CSS colours and mixing them evenly to the eye (OKLab). Knows no scale and no theme. */

/** Red, green, blue: 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Lightness 0 to 1, green–red, blue–yellow. */
type Oklab = readonly [number, number, number];

/** Reads `#rgb`, `#rrggbb` (with or without alpha, which is ignored), `rgb(…)` and `rgba(…)`; else null. */
export function parseColor(text: string): Rgb | null {
  const trimmed = text.trim();
  const hex = /^#([0-9a-f]{3,8})$/i.exec(trimmed)?.[1];
  if (hex !== undefined) {
    const short = hex.length === 3 || hex.length === 4;
    if (!short && hex.length !== 6 && hex.length !== 8) return null;
    const channel = (i: number): number =>
      short ? parseInt(hex[i]! + hex[i]!, 16) : parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    return [channel(0), channel(1), channel(2)];
  }
  const numbers = /^rgba?\(([^)]*)\)$/i.exec(trimmed)?.[1]?.match(/[\d.]+/g);
  if (numbers === undefined || numbers === null || numbers.length < 3) return null;
  return [Number(numbers[0]), Number(numbers[1]), Number(numbers[2])];
}

function toLinear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function fromLinear(c: number): number {
  const clipped = Math.min(1, Math.max(0, c));
  return 255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055);
}

/** Source of the matrices: Björn Ottosson, "A perceptual color space for image processing", 2020. */
function toOklab([red, green, blue]: Rgb): Oklab {
  const r = toLinear(red);
  const g = toLinear(green);
  const b = toLinear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The colour `share` of the way from one to the other, in OKLab. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const a = toOklab(from);
  const b = toOklab(to);
  const between = (i: 0 | 1 | 2): number => a[i] + (b[i] - a[i]) * share;
  return fromOklab([between(0), between(1), between(2)]);
}

/** Relative luminance, 0 to 1, as WCAG 2 defines it. */
function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
}

/** Black or white, whichever contrasts more with the background. */
export function inkOn(background: Rgb): Rgb {
  const light = luminance(background);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? [0, 0, 0] : [255, 255, 255];
}

export function cssColor([red, green, blue]: Rgb): string {
  return `rgb(${String(Math.round(red))}, ${String(Math.round(green))}, ${String(Math.round(blue))})`;
}
