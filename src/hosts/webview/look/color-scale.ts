/**
 * From a number to a colour: the zero-centred diverging scale and the sequential one, for each kind of theme.
 * Zero is the editor's background, so that empty looks empty. Knows nothing of canvases.
 */
import { mix, type Rgb } from "./color-space";

export type ThemeKind = "light" | "dark" | "high-contrast" | "high-contrast-light";

export interface Palette {
  readonly negative: Rgb;
  readonly zero: Rgb;
  readonly positive: Rgb;
  readonly nan: Rgb;
  readonly positiveInfinity: Rgb;
  readonly negativeInfinity: Rgb;
}

export type ScaleMode = "diverging" | "sequential";

export interface ColorScale {
  readonly mode: ScaleMode;
  /** The values at the ends; a diverging scale has low = -high. */
  readonly low: number;
  readonly high: number;
  /** `rampLength` colours, three bytes each, from low to high; a diverging scale's zero is the middle one exactly. */
  readonly ramp: Uint8ClampedArray;
  readonly palette: Palette;
}

/** Odd, so that there is a middle. */
export const rampLength = 513;

/** Both ends of a scale are equally far from the background in lightness, so that neither sign looks larger. */
const ends: Readonly<Record<ThemeKind, Omit<Palette, "zero">>> = {
  light: {
    negative: [10, 84, 171],
    positive: [176, 29, 37],
    nan: [190, 0, 190],
    positiveInfinity: [122, 82, 0],
    negativeInfinity: [0, 105, 92],
  },
  dark: {
    negative: [92, 178, 255],
    positive: [255, 130, 108],
    nan: [240, 80, 240],
    positiveInfinity: [255, 214, 10],
    negativeInfinity: [38, 222, 170],
  },
  "high-contrast": {
    negative: [120, 200, 255],
    positive: [255, 150, 120],
    nan: [255, 80, 255],
    positiveInfinity: [255, 230, 0],
    negativeInfinity: [0, 255, 180],
  },
  "high-contrast-light": {
    negative: [0, 62, 146],
    positive: [150, 0, 20],
    nan: [170, 0, 170],
    positiveInfinity: [100, 65, 0],
    negativeInfinity: [0, 85, 75],
  },
};

/** Viridis (Smith and van der Walt, matplotlib 1.5, CC0), nine of its colours. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

export function paletteFor(theme: ThemeKind, background: Rgb): Palette {
  return { ...ends[theme], zero: background };
}

/** The scale for values between min and max (finite, or NaN where there is no finite value). */
export function colorScale(palette: Palette, mode: ScaleMode, min: number, max: number): ColorScale {
  if (mode === "diverging") {
    const limit = Math.max(Math.abs(min), Math.abs(max));
    const high = Number.isFinite(limit) && limit > 0 ? limit : 1;
    return {
      mode,
      low: -high,
      high,
      ramp: rampOf([palette.negative, palette.zero, palette.positive]),
      palette,
    };
  }
  const low = Number.isFinite(min) ? min : 0;
  const high = Number.isFinite(max) && max > low ? max : low + 1;
  return { mode, low, high, ramp: rampOf(viridis), palette };
}

/** `rampLength` colours through equally spaced stops. */
function rampOf(stops: readonly Rgb[]): Uint8ClampedArray {
  const ramp = new Uint8ClampedArray(3 * rampLength);
  for (let i = 0; i < rampLength; i++) {
    const place = (i / (rampLength - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(place), stops.length - 2);
    ramp.set(mix(stops[left]!, stops[left + 1]!, place - left), 3 * i);
  }
  return ramp;
}

/** A value this many root mean squares (or deviations) out is an outlier that a clipped scale leaves to its ends. */
const clipAt = 3;

/** The range that a scale covers: all of the values, or all but outliers. */
export function scaleRange(
  { min, max, mean, deviation }: Readonly<Record<"min" | "max" | "mean" | "deviation", number>>,
  mode: ScaleMode,
  clip: boolean,
): { readonly min: number; readonly max: number } {
  if (!clip || !Number.isFinite(deviation)) return { min, max };
  if (mode === "sequential")
    return { min: Math.max(min, mean - clipAt * deviation), max: Math.min(max, mean + clipAt * deviation) };
  const limit = clipAt * Math.hypot(mean, deviation);
  return { min: Math.max(min, -limit), max: Math.min(max, limit) };
}

/** Where a finite value stands on the scale: 0 at low, 1 at high; values beyond stay at the ends. */
export function placeOnScale(scale: ColorScale, value: number): number {
  // Halved first: high - low of the largest doubles overflows.
  const place = (value / 2 - scale.low / 2) / (scale.high / 2 - scale.low / 2);
  return Math.min(1, Math.max(0, place));
}

export function colorOf(scale: ColorScale, value: number): Rgb {
  if (Number.isNaN(value)) return scale.palette.nan;
  if (value === Infinity) return scale.palette.positiveInfinity;
  if (value === -Infinity) return scale.palette.negativeInfinity;
  const at = 3 * Math.round(placeOnScale(scale, value) * (rampLength - 1));
  return [scale.ramp[at]!, scale.ramp[at + 1]!, scale.ramp[at + 2]!];
}

/** A range of values that is singled out; the rest is painted as in the distance. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

/** What remains of the colour of what is not singled out. */
const distant = 0.18;

/** The colour that a value is painted in while some are singled out. */
export function brushedColor(scale: ColorScale, value: number, brush: Brush | null): Rgb {
  const color = colorOf(scale, value);
  const isNear = brush === null || (value >= brush.from && value <= brush.to);
  return isNear ? color : mix(scale.palette.zero, color, distant);
}

/** Colours of many values as RGBA bytes, opaque. `pixels` holds four bytes a value. */
export function paintValues(
  scale: ColorScale,
  values: ArrayLike<number>,
  pixels: Uint8ClampedArray,
  brush: Brush | null = null,
): void {
  // One number a pixel: a million of them are painted while a person drags.
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, values.length);
  const near = packedRamp(scale, 1);
  const far = brush === null ? near : packedRamp(scale, distant);
  const special = (value: number): number => packed(brushedColor(scale, value, brush));
  const specials = { nan: special(NaN), positive: special(Infinity), negative: special(-Infinity) };
  // Halved first: high - low of the largest doubles overflows.
  const low = scale.low / 2;
  const steps = (rampLength - 1) / (scale.high / 2 - low);
  const [from, to] = brush === null ? [-Infinity, Infinity] : [brush.from, brush.to];
  for (let i = 0; i < words.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) {
      words[i] = value > 0 ? specials.positive : value < 0 ? specials.negative : specials.nan;
      continue;
    }
    const place = (value / 2 - low) * steps;
    const at = place <= 0 ? 0 : place >= rampLength - 1 ? rampLength - 1 : Math.round(place);
    words[i] = value >= from && value <= to ? near[at]! : far[at]!;
  }
}

const packedRamps = new WeakMap<ColorScale, Map<number, Uint32Array>>();

/** The ramp with a pixel a word, with that much of its colour over the background. */
function packedRamp(scale: ColorScale, strength: number): Uint32Array {
  const known = packedRamps.get(scale) ?? new Map<number, Uint32Array>();
  packedRamps.set(scale, known);
  let words = known.get(strength);
  if (words === undefined) {
    words = new Uint32Array(rampLength);
    for (let i = 0; i < rampLength; i++) {
      const color: Rgb = [scale.ramp[3 * i]!, scale.ramp[3 * i + 1]!, scale.ramp[3 * i + 2]!];
      words[i] = packed(strength === 1 ? color : mix(scale.palette.zero, color, strength));
    }
    known.set(strength, words);
  }
  return words;
}

/** Through bytes, so that the order in a word is the machine's. */
function packed([red, green, blue]: Rgb): number {
  return new Uint32Array(Uint8ClampedArray.of(red, green, blue, 255).buffer)[0]!;
}
