/**
 * The built-in picture set: digits as if written by hand, drawn by a random generator of its own so that they need no file and never
 * disturb a run's draws. Knows nothing of the language or of nets.
 */
import {
  cast,
  tensor,
  torchGenerator,
  type FloatDType,
  type Generator,
  type Tensor,
} from "../runtime/tensor";
import { handwriting, pathOf, type Point } from "./digit-strokes";

export interface DigitsOptions {
  /** How many images. */
  readonly count: number;
  /** The images' width and height in pixels, 28 if left out. */
  readonly size?: number;
  readonly seed?: number;
  readonly dtype: FloatDType;
}

export interface Digits {
  /** [count, size, size], 0 (paper) … 1 (ink). */
  readonly images: Tensor;
  /** int[count], 0 … 9. */
  readonly classes: Tensor;
}

/**
 * Draws the set. Images 0 to 9, 10 to 19 and so on hold each digit once, in random order; a longer set begins with the shorter one of the
 * same seed.
 */
export function digits({ count, size = 28, seed = 0, dtype }: DigitsOptions): Digits {
  const generator = torchGenerator(seed);
  const random = uniformDraws(generator);
  const classes = new Float64Array(count);
  const pixels = new Float64Array(count * size * size);
  let order: ArrayLike<number> = [];
  for (let image = 0; image < count; image++) {
    if (image % 10 === 0) order = generator.randperm(10).data;
    const digit = order[image % 10]!;
    classes[image] = digit;
    drawDigit(pixels.subarray(image * size * size, (image + 1) * size * size), size, digit, random);
  }
  const images = tensor("float64", [count, size, size], pixels);
  return { images: cast(images, dtype), classes: tensor("int", [count], classes) };
}

type Random = (low: number, high: number) => number;

/** Single numbers, uniform between two bounds, fetched from the generator many at a time. */
function uniformDraws(generator: Generator): Random {
  const batch = 1024;
  let numbers: ArrayLike<number> = [];
  let next = batch;
  return (low, high) => {
    if (next === batch) {
      numbers = generator.rand([batch], "float64").data;
      next = 0;
    }
    return low + (high - low) * numbers[next++]!;
  };
}

/** How far, in units of the square, a hand misses each point of a stroke. */
const tremor = 0.03;
const margin = 0.14;

function drawDigit(pixels: Float64Array, size: number, digit: number, random: Random): void {
  const ways = handwriting[digit]!;
  const strokes = ways[Math.floor(random(0, ways.length))]!;
  const place = randomPlacement(random);
  const radius = Math.max(random(0.03, 0.055) * size, 0.5);
  for (const { line, points } of strokes) {
    const shaken = points.map(([x, y]): Point => [x + random(-tremor, tremor), y + random(-tremor, tremor)]);
    const path = pathOf({ line, points: shaken }).map(place);
    for (let i = 0; i + 1 < path.length; i++) drawSegment(pixels, size, radius, path[i]!, path[i + 1]!);
  }
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] !== 0) pixels[i] = pixels[i]! * random(0.85, 1);
  }
}

/** A random affine map about the middle of the square: stretched, slanted, turned and moved a little. */
function randomPlacement(random: Random): (point: Point) => Point {
  const inner = 1 - 2 * margin;
  const width = inner * random(0.75, 1.15);
  const height = inner * random(0.85, 1.1);
  const slant = random(-0.35, 0.2);
  const turn = random(-0.2, 0.2);
  const [moveX, moveY] = [random(-0.06, 0.06), random(-0.05, 0.05)];
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  return ([x, y]) => {
    const v = (y - 0.5) * height;
    const u = (x - 0.5) * width + slant * v;
    return [0.5 + cosine * u - sine * v + moveX, 0.5 + sine * u + cosine * v + moveY];
  };
}

/** Inks the pixels near a segment: fully inside the pen's radius, fading over one pixel's width at its edge. */
function drawSegment(pixels: Float64Array, size: number, radius: number, from: Point, to: Point): void {
  const [x0, y0, x1, y1] = [from[0] * size, from[1] * size, to[0] * size, to[1] * size];
  const reach = radius + 0.5;
  const lengthSquared = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const first = (a: number, b: number): number => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const last = (a: number, b: number): number => Math.min(size - 1, Math.ceil(Math.max(a, b) + reach));
  for (let row = first(y0, y1); row <= last(y0, y1); row++) {
    for (let column = first(x0, x1); column <= last(x0, x1); column++) {
      const dx = column + 0.5 - x0;
      const dy = row + 0.5 - y0;
      const along = lengthSquared === 0 ? 0 : (dx * (x1 - x0) + dy * (y1 - y0)) / lengthSquared;
      const nearest = Math.min(1, Math.max(0, along));
      const distance = Math.sqrt((dx - nearest * (x1 - x0)) ** 2 + (dy - nearest * (y1 - y0)) ** 2);
      const ink = Math.min(1, Math.max(0, reach - distance));
      const pixel = row * size + column;
      pixels[pixel] = Math.max(pixels[pixel]!, ink);
    }
  }
}
